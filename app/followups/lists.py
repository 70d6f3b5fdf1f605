"""Lists of follow-ups, and what the office does with many of them at once."""

import functools
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import forms
from app.auth import allow
from app.followups import Page, bp, people_options
from app.followups.schemas import ManySchema
from app.followups.shown import STAFF, around, taker
from app.language import local, say
from services.communities import regions
from services.core import permissions
from services.core.errors import N_, DomainError
from services.followups import bulk, life, lists, plans
from services.followups.models import LIVING, FollowUp

FILTERS = ("owner", "plan", "building", "month")
MONTHS = 6


@bp.get("/")
@allow("followups.read")
def index() -> Page:
    """What is due: the office sees all, a helper his own."""
    return _page({})


@bp.get("/overview")
@allow("followups.plans")
def overview() -> str:
    """How far the follow-ups of a month got, and how long the open ones are late; each number opens its list."""
    today = regions.today(g.actor.community_id)
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    month = _month(request.args.get("month", "")) or months[0]
    return render_template(
        "followups/overview.html",
        month=month,
        months=months,
        stages=lists.FUNNEL,
        funnel=lists.funnel(g.actor, lists.Wanted(month=month)),
        ages=lists.AGES,
        age_counts=lists.ages(g.actor),
    )


def _month(text: str) -> date | None:
    """The first day of a month written as 2026-11; None for anything else."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if 2000 <= month.year < 2100 else None


@bp.post("/many")
@allow("followups.act")
def many() -> Page:
    """Mark the ticked ones as done, or hand them over: all or none."""
    errors: forms.Errors = {}
    refused: Mapping[uuid.UUID, DomainError] = {}
    with forms.collect(errors):
        data = forms.read(ManySchema)
        try:
            flash(_act(data), "success")
        except bulk.Refused as error:
            refused = error.rows
            raise
        return redirect(_address(_chosen(), request.args.get("after")), 303)
    return _page(errors | _why(refused))


def _act(data: dict[str, Any]) -> str:
    """Do it; what to say then. Raises DomainError."""
    if not data["do"]:
        raise DomainError("do", N_("Please press one of the two buttons: done, or hand over."), field="do")
    common = {"follow_up_ids": data["shown" if data["all"] else "ids"], "note": data["note"]}
    if data["do"] == "done":
        number = bulk.finish(g.actor, **common)
        return ngettext("%(num)s follow-up is done.", "%(num)s follow-ups are done.", number)
    number = bulk.hand_over(g.actor, account_id=taker(data["to"]), **common)
    return ngettext("%(num)s follow-up is handed over.", "%(num)s follow-ups are handed over.", number)


def _why(refused: Mapping[uuid.UUID, DomainError]) -> forms.Errors:
    """A sentence for each that could not be, under its id."""
    rows = {row.id: row for row in lists.by_ids(g.actor, refused)}
    there = around(list(rows.values()))
    said: forms.Errors = {}
    for one, error in refused.items():
        subject = there["subjects"].get(rows[one].subject_id) if one in rows else None
        name = local(there["plans"][rows[one].plan_id]) if one in rows else _("A follow-up")
        about = subject.title if subject else _("Not shown to you")
        said[str(one)] = [_("%(task)s (%(about)s): %(why)s", task=name, about=about, why=say(error))]
    return said


def _page(errors: forms.Errors) -> Page:
    """The list that the address asks for."""
    everything = permissions.allowed(g.actor, "followups.plans")
    chosen = _chosen()
    wanted = lists.Wanted(
        chosen["owner"],
        forms.id_of(chosen["plan"]),
        forms.id_of(chosen["building"]),
        _month(chosen["month"]),
    )
    after = request.args.get("after")
    page = lists.find(g.actor, stage=chosen["stage"], age=chosen["age"], wanted=wanted, after=after)
    address = functools.partial(_address, chosen)
    text = render_template(
        "followups/index.html",
        rows=page.rows,
        chosen=chosen,
        filters={name: chosen[name] or None for name in FILTERS},
        stages=lists.STAGES,
        names_of_stages={**lists.STAGES, **lists.FUNNEL},
        month=wanted.month,
        counts=lists.counts(g.actor, wanted),
        ages=lists.AGES,
        age_counts=lists.ages(g.actor, wanted),
        everything=everything,
        next_url=address(page.next) if page.next else None,
        first_url=address() if after else None,
        takers=_takers(page.rows) if everything else [],
        form=request.form,
        errors=errors,
        **(_options() if everything else {}),
        **around(page.rows),
    )
    return text, 422 if errors else 200


def _chosen() -> dict[str, str]:
    """Which list the address asks for, with what is no choice left out."""
    asked = {name: request.args.get(name, "") for name in ("stage", "age", *FILTERS)}
    asked["stage"] = asked["stage"] if asked["stage"] in {**lists.STAGES, **lists.FUNNEL} else "open"
    asked["age"] = asked["age"] if asked["age"] in lists.AGES else ""
    for name in ("owner", "plan", "building"):
        if name != "owner" or asked[name] not in (STAFF, lists.MINE, lists.STANDING_IN):
            asked[name] = str(forms.id_of(asked[name]) or "")
    asked["month"] = asked["month"] if _month(asked["month"]) else ""
    if not permissions.allowed(g.actor, "followups.plans"):
        own = asked["owner"] if asked["owner"] in (lists.MINE, lists.STANDING_IN) else ""
        asked |= dict.fromkeys(FILTERS, "") | {"owner": own}
    return asked


def _address(chosen: dict[str, str], after: str | None = None) -> str:
    """The address of a list, from the cursor on."""
    values: dict[str, Any] = {name: value or None for name, value in chosen.items()}
    return url_for("followups.index", after=after, **values)


def _options() -> dict[str, object]:
    """What the office may look for."""
    return {
        "owner_options": people_options(lists.owner_ids(g.actor)),
        "plan_options": [(str(plan.id), local(plan)) for plan in plans.all_plans(g.actor)],
        "building_options": [
            (str(row.id), " ".join(filter(None, (row.estate, row.number)))) for row in regions.buildings()
        ],
    }


def _takers(rows: Sequence[FollowUp]) -> list[tuple[str, str]]:
    """Whom the office may hand some of the rows over to; none when nothing is open."""
    today = regions.today(g.actor.community_id)
    plan_ids = {row.plan_id for row in rows if row.state in LIVING}
    if not plan_ids:
        return []
    able = set().union(*(life.candidates(plan, today) for plan in plans.by_id(plan_ids).values()))
    return [(STAFF, _("The staff")), *people_options(able)]

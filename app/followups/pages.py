"""Follow-ups: what is due, one of them with its history, and what can be done about it."""

import functools
import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.followups import Page, bp
from app.followups import plans as plan_pages
from app.followups.schemas import DeputySchema, HandOverSchema, NoteSchema, PostponeSchema
from app.language import local
from services.communities import regions
from services.core import permissions
from services.core.errors import N_, DomainError
from services.followups import deputies, life, lists, occurrences, plans, subjects
from services.followups.models import LIVING, FollowUp
from services.people import accounts

__all__ = ["bp", "plan_pages"]

STATES = {
    "open": N_("To do"),
    "reminded": N_("Reminded"),
    "escalated": N_("Escalated"),
    "done": N_("Done"),
    "closed": N_("Closed"),
}
TONES = {"open": "plain", "reminded": "wait", "escalated": "bad", "done": "good", "closed": "plain"}
ACTIONS = {
    "made": N_("Planned"),
    "reminded": N_("Reminder sent"),
    "escalated": N_("Escalated"),
    "postponed": N_("Postponed"),
    "deputy": N_("Deputy named"),
    "handed_over": N_("Handed over"),
    "done": N_("Done"),
    "closed": N_("Closed"),
}
FILTERS = ("owner", "plan", "building")
STAFF = lists.STAFF


@bp.get("/")
@allow("followups.read")
def index() -> Page:
    """What is due: the office sees all, a helper his own."""
    everything = permissions.allowed(g.actor, "followups.plans")
    chosen = _chosen(everything)
    wanted = lists.Wanted(chosen["owner"], forms.id_of(chosen["plan"]), forms.id_of(chosen["building"]))
    after = request.args.get("after")
    page = lists.find(g.actor, stage=chosen["stage"], age=chosen["age"], wanted=wanted, after=after)
    address = functools.partial(_address, chosen)
    return render_template(
        "followups/index.html",
        rows=page.rows,
        chosen=chosen,
        filters={name: chosen[name] or None for name in FILTERS},
        stages=lists.STAGES,
        counts=lists.counts(g.actor, wanted),
        ages=lists.AGES,
        age_counts=lists.ages(g.actor, wanted),
        everything=everything,
        next_url=address(page.next) if page.next else None,
        first_url=address() if after else None,
        **(_options() if everything else {}),
        **_around(page.rows),
    )


def _chosen(everything: bool) -> dict[str, str]:
    """Which list the address asks for, with what is no choice left out."""
    asked = {name: request.args.get(name, "") for name in ("stage", "age", *FILTERS)}
    asked["stage"] = asked["stage"] if asked["stage"] in lists.STAGES else "open"
    asked["age"] = asked["age"] if asked["age"] in lists.AGES else ""
    for name in FILTERS:
        if (name, asked[name]) != ("owner", STAFF):
            asked[name] = str(forms.id_of(asked[name]) or "")
    if not everything:
        asked |= dict.fromkeys(FILTERS, "")
    return asked


def _address(chosen: dict[str, str], after: str | None = None) -> str:
    """The address of a list, from the cursor on."""
    values: dict[str, Any] = {name: value or None for name, value in chosen.items()}
    return url_for("followups.index", after=after, **values)


def _options() -> dict[str, object]:
    """What the office may look for."""
    return {
        "owner_options": _people(lists.owner_ids(g.actor)),
        "plan_options": [(str(plan.id), local(plan)) for plan in plans.all_plans(g.actor)],
        "building_options": [
            (str(row.id), " ".join(filter(None, (row.estate, row.number)))) for row in regions.buildings()
        ],
    }


@bp.get("/<uuid:follow_up_id>")
@allow("followups.read")
def show(follow_up_id: uuid.UUID) -> Page:
    """One follow-up."""
    return _show(follow_up_id, {})


@bp.post("/<uuid:follow_up_id>/done")
@allow("followups.act")
def finish(follow_up_id: uuid.UUID) -> Page:
    """Mark it as done."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        life.finish(g.actor, follow_up_id=follow_up_id, **forms.read(NoteSchema))
        flash(_("Done. Thank you."), "success")
        return redirect(url_for("followups.show", follow_up_id=follow_up_id), 303)
    return _show(follow_up_id, errors)


@bp.post("/<uuid:follow_up_id>/postpone")
@allow("followups.act")
def postpone(follow_up_id: uuid.UUID) -> Page:
    """Move it to a later day."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        life.postpone(g.actor, follow_up_id=follow_up_id, **forms.read(PostponeSchema))
        flash(_("It is postponed."), "success")
        return redirect(url_for("followups.show", follow_up_id=follow_up_id), 303)
    return _show(follow_up_id, errors)


@bp.post("/<uuid:follow_up_id>/hand-over")
@allow("followups.act")
def hand_over(follow_up_id: uuid.UUID) -> Page:
    """Give it to somebody else, or back to the staff."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(HandOverSchema)
        account_id = None if data["to"] == STAFF else forms.id_of(data["to"])
        if data["to"] != STAFF and account_id is None:
            raise DomainError("to", N_("Please choose one of the list."), field="to")
        life.hand_over(g.actor, follow_up_id=follow_up_id, account_id=account_id, note=data["note"])
        flash(_("It is handed over."), "success")
        return redirect(url_for("followups.index"), 303)
    return _show(follow_up_id, errors)


@bp.post("/<uuid:follow_up_id>/deputy")
@allow("followups.hand_over")
def name_deputy(follow_up_id: uuid.UUID) -> Page:
    """Say who stands in when it is late."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        chosen = forms.read(DeputySchema)["deputy"]
        account_id = forms.id_of(chosen)
        if chosen and account_id is None:
            raise DomainError("deputy", N_("Please choose one of the list."), field="deputy")
        deputies.name_deputy(g.actor, follow_up_id=follow_up_id, account_id=account_id)
        flash(_("The deputy is recorded."), "success")
        return redirect(url_for("followups.show", follow_up_id=follow_up_id), 303)
    return _show(follow_up_id, errors)


def _show(follow_up_id: uuid.UUID, errors: forms.Errors) -> Page:
    follow_up = life.get(g.actor, follow_up_id)
    entries = occurrences.history(follow_up.id)
    people = {entry.account_id for entry in entries} | {entry.to_id for entry in entries}
    living = follow_up.state in LIVING
    page = render_template(
        "followups/show.html",
        follow_up=follow_up,
        living=living,
        entries=entries,
        actions=ACTIONS,
        reasons=life.REASONS,
        latest=life.latest_day(follow_up),
        takers=_takers(follow_up) if living else [],
        deputies=_able(follow_up) if living and follow_up.owner_id else [],
        form=request.form,
        errors=errors,
        **_around([follow_up], people),
    )
    return page, 422 if errors else 200


def _around(rows: Sequence[FollowUp], people: set[uuid.UUID | None] | None = None) -> dict[str, object]:
    """What the rows need to be shown: their plans, subjects and owners' names."""
    people = (people or set()) | {row.owner_id for row in rows} | {row.deputy_id for row in rows}
    return {
        "plans": plans.by_id({row.plan_id for row in rows}),
        "subjects": subjects.of(g.actor, [(row.subject_kind, row.subject_id) for row in rows]),
        "names": accounts.names({one for one in people if one is not None}),
        "today": regions.today(g.actor.community_id),
        "states": STATES,
        "tones": TONES,
    }


def _takers(follow_up: FollowUp) -> list[tuple[str, str]]:
    """Who may take a follow-up over: for a helper the staff, for the office everybody suitable."""
    takers = [] if follow_up.owner_id is None else [(STAFF, _("The staff"))]
    return takers + _able(follow_up)


def _able(follow_up: FollowUp) -> list[tuple[str, str]]:
    """Whom the office may put in the owner's place, or beside him."""
    if not permissions.allowed(g.actor, "followups.hand_over"):
        return []
    plan = plans.by_id({follow_up.plan_id})[follow_up.plan_id]
    return _people(life.candidates(plan, regions.today(g.actor.community_id)) - {follow_up.owner_id})


def _people(account_ids: set[uuid.UUID]) -> list[tuple[str, str]]:
    names = accounts.names(account_ids)
    return sorted(((str(one), name) for one, name in names.items()), key=lambda pair: pair[1])

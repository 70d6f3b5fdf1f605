"""Follow-ups: what is due, one of them with its history, and what can be done about it."""

import functools
import uuid
from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.followups import Page, bp, people_options
from app.followups import absences as absence_pages
from app.followups import plans as plan_pages
from app.followups.schemas import DeputySchema, HandOverSchema, NoteSchema, PostponeSchema
from services.communities import regions
from services.core import permissions
from services.core.errors import N_, DomainError
from services.followups import absences, deputies, life, lists, occurrences, plans, subjects
from services.followups.models import LIVING, FollowUp
from services.people import accounts

__all__ = ["absence_pages", "bp", "plan_pages"]

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
    "moved": N_("Moved"),
    "reminded": N_("Reminder sent"),
    "escalated": N_("Escalated"),
    "postponed": N_("Postponed"),
    "deputy": N_("Deputy named"),
    "handed_over": N_("Handed over"),
    "done": N_("Done"),
    "closed": N_("Closed"),
}
STAFF = lists.STAFF


@bp.get("/")
@allow("followups.read")
def index() -> Page:
    """What is due: the office sees all, a helper his own."""
    stage = request.args.get("stage", "open")
    stage = stage if stage in lists.STAGES else "open"
    owner = request.args.get("owner", "")
    plan_id = forms.id_of(request.args.get("plan"))
    page = lists.find(g.actor, stage=stage, owner=owner, plan_id=plan_id, after=request.args.get("after"))
    address = functools.partial(url_for, "followups.index", stage=stage, owner=owner or None, plan=plan_id)
    everything = permissions.allowed(g.actor, "followups.plans")
    return render_template(
        "followups/index.html",
        rows=page.rows,
        stage=stage,
        stages=lists.STAGES,
        counts=lists.counts(g.actor),
        everything=everything,
        owner_options=people_options(lists.owner_ids(g.actor)) if everything else [],
        plan_options=plans.all_plans(g.actor) if everything else [],
        chosen={"owner": owner, "plan": str(plan_id or "")},
        next_url=address(after=page.next) if page.next else None,
        first_url=address() if request.args.get("after") else None,
        **_around(page.rows),
    )


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
    away = absences.of(follow_up.owner_id, regions.today(g.actor.community_id)) if living else None
    people |= {away.deputy_id} if away else set()
    page = render_template(
        "followups/show.html",
        follow_up=follow_up,
        living=living,
        away=away,
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
    return people_options(life.candidates(plan, regions.today(g.actor.community_id)) - {follow_up.owner_id})

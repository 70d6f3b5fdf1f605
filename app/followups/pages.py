"""One follow-up with its history, and what can be done about it."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.followups import Page, bp, people_options
from app.followups import absences as absence_pages
from app.followups import answers as answer_pages
from app.followups import feeds as feed_pages
from app.followups import lists as list_pages
from app.followups import plans as plan_pages
from app.followups.schemas import DeputySchema, HandOverSchema, NoteSchema, PostponeSchema
from app.followups.shown import STAFF, around, taker
from services.communities import regions
from services.core import permissions
from services.core.errors import N_, DomainError
from services.followups import absences, deputies, life, occurrences, plans
from services.followups.models import LIVING, FollowUp

__all__ = ["absence_pages", "answer_pages", "bp", "feed_pages", "list_pages", "plan_pages"]

ACTIONS = {
    "made": N_("Planned"),
    "moved": N_("Moved"),
    "reminded": N_("Reminder sent"),
    "escalated": N_("Escalated"),
    "agreed": N_("Another day agreed"),
    "can": N_("Said: I can"),
    "cannot": N_("Said: I cannot"),
    "taken_back": N_("Answer taken back"),
    "postponed": N_("Postponed"),
    "deputy": N_("Deputy named"),
    "handed_over": N_("Handed over"),
    "done": N_("Done"),
    "closed": N_("Closed"),
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
        account_id = taker(data["to"])
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
    named = {entry.account_id for entry in entries} | {entry.to_id for entry in entries}
    living = follow_up.state in LIVING
    away = absences.of(follow_up.owner_id, regions.today(g.actor.community_id)) if living else None
    named |= {away.deputy_id} if away else set()
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
        **around([follow_up], named),
    )
    return page, 422 if errors else 200


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

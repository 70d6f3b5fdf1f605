"""My household: what a helper needs at hand of one pairing, and the next visit."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import VisitPlanSchema
from services.communities import regions
from services.core import permissions
from services.followups import answers, appointments, plans
from services.households import disclosure, needs
from services.pairings import own
from services.visits import lists


@bp.get("/mine/<uuid:pairing_id>")
@allow("pairings.own")
def household(pairing_id: uuid.UUID) -> Page:
    """One household: call, what is next, what they need, when somebody was there last."""
    return _page(pairing_id, {})


@bp.post("/mine/<uuid:pairing_id>/plan")
@allow("pairings.own")
def plan_visit(pairing_id: uuid.UUID) -> Page:
    """Put the next visit in the calendar."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        own.plan_visit(g.actor, pairing_id=pairing_id, **forms.read(VisitPlanSchema))
        flash(_("The visit is planned. Linli reminds you the day before."), "success")
        return redirect(url_for("pairings.household", pairing_id=pairing_id), 303)
    return _page(pairing_id, errors)


@bp.post("/mine/<uuid:pairing_id>/plan/drop")
@allow("pairings.own")
def drop_visit(pairing_id: uuid.UUID) -> Page:
    """Take the planned visit out of the calendar."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        own.drop_visit(g.actor, pairing_id=pairing_id)
        flash(_("The visit is no longer planned."), "success")
        return redirect(url_for("pairings.household", pairing_id=pairing_id), 303)
    return _page(pairing_id, errors)


def _page(pairing_id: uuid.UUID, errors: forms.Errors) -> Page:
    found, relation = own.household_of(g.actor, pairing_id)
    due = answers.of_subject(g.actor, "pairing", pairing_id)
    page = render_template(
        "pairings/household.html",
        one=found,
        relation=relation,
        place=disclosure.place_label(found.household, g.actor.language),
        needs=needs.open_needs({found.household.id}),
        due=[row for row in due if row.agreed_at is None],
        plans=plans.by_id({row.plan_id for row in due}),
        planned=appointments.agreed("pairing", {pairing_id}).get(pairing_id),
        last=lists.last_contact(pairing_id),
        revealable=permissions.revealable("volunteer", relation),
        offered=own.next_day(g.actor),
        today=regions.today(g.actor.community_id),
        days_ahead=appointments.DAYS_AHEAD,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200

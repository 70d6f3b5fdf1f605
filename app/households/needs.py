"""A household's needs: added, changed and closed by the office."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.households import words
from app.households.blueprint import Page, bp
from app.households.files import file_page
from app.households.schemas import NeedChangeSchema, NeedCloseSchema, NeedSchema
from services.households import needs, registration
from services.households.models import Need


@bp.route("/<uuid:household_id>/needs/new", methods=["GET", "POST"])
@allow("households.write")
def add_need(household_id: uuid.UUID) -> Page:
    """Record what a household lacks."""
    household = registration.get_household(g.actor, household_id)
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            needs.add_need(g.actor, household_id=household_id, **forms.read(NeedSchema))
            flash(_("The need is recorded."), "success")
            return redirect(url_for(".show", household_id=household_id), 303)
    return form_page(household.id, household.name, None, errors)


@bp.route("/needs/<uuid:need_id>", methods=["GET", "POST"])
@allow("households.write")
def change_need(need_id: uuid.UUID) -> Page:
    """Change how much of a need there is; one the household asked for is taken up by it."""
    need = needs.get_need(g.actor, need_id)
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            needs.change_need(g.actor, need_id=need_id, **forms.read(NeedChangeSchema))
            flash(_("The need is recorded."), "success")
            return redirect(url_for(".show", household_id=need.household_id), 303)
    household = registration.get_household(g.actor, need.household_id)
    return form_page(household.id, household.name, need, errors)


def form_page(household_id: uuid.UUID, name: str, need: Need | None, errors: forms.Errors) -> Page:
    """The form of a need, new or known."""
    saved: dict[str, Any] = {"urgency": 3, "week": 0}
    if need:
        saved = {
            "hours": words.plain(need.hours),
            "times": need.times or "",
            "once": need.once,
            "urgency": need.urgency,
            "week": need.week or 0,
        }
    text = render_template(
        "households/need.html",
        household_id=household_id,
        name=name,
        need=need,
        saved=saved,
        mask=forms.mask_of(request.form, saved["week"]),
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
        words=words,
    )
    return text, 422 if errors else 200


@bp.post("/needs/<uuid:need_id>/close")
@allow("households.write")
def close_need(need_id: uuid.UUID) -> Page:
    """Close a need, with a reason."""
    need = needs.get_need(g.actor, need_id)
    errors: forms.Errors = {}
    with forms.collect(errors):
        needs.close_need(g.actor, need_id=need_id, **forms.read(NeedCloseSchema))
        flash(_("The need is closed."), "success")
        return redirect(url_for(".show", household_id=need.household_id), 303)
    return file_page(need.household_id, errors=errors)

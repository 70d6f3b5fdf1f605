"""A household moves away, somebody dies, or the office no longer serves it."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.households import words
from app.households.blueprint import Page, bp
from app.households.files import file_page
from app.households.schemas import CloseSchema
from services.communities import regions
from services.households import registration
from services.pairings import pairings
from services.wishes import leaving


@bp.route("/<uuid:household_id>/close", methods=["GET", "POST"])
@allow("households.write")
def close(household_id: uuid.UUID) -> Page:
    """Close a household: needs, pairings and reservations end with it. Always asked twice; about a death nobody gets a letter."""
    household = registration.get_household(g.actor, household_id)
    errors: forms.Errors = {}
    today = regions.today(g.community.id)
    reason = request.form.get("reason", "")
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(CloseSchema)
            day = data["day"] or today
            if data["sure"]:
                leaving.close_household(g.actor, household_id=household_id, reason=data["reason"], day=day)
                flash(_("It is recorded."))
                return redirect(url_for(".show", household_id=household_id), 303)
    text = render_template(
        "households/close.html",
        row=household,
        ask=request.method == "POST" and not errors,
        reason=reason,
        helpers=len(pairings.living(household_ids={household_id})),
        today=today,
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
        words=words,
    )
    return text, 422 if errors else 200


@bp.post("/<uuid:household_id>/reopen")
@allow("households.write")
def reopen(household_id: uuid.UUID) -> Page:
    """Take a mistaken closing back."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        registration.reopen_household(g.actor, household_id=household_id)
        flash(_("The household is served again. Record its needs anew."), "success")
        return redirect(url_for(".show", household_id=household_id), 303)
    return file_page(household_id, errors=errors)

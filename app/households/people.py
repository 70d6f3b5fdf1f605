"""Who lives in a household, what it agreed to, and its invitation to sign in."""

import uuid

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from app import auth, forms
from app.auth import allow
from app.households.blueprint import Page, bp
from app.households.files import file_page
from app.households.schemas import ConsentSchema, ResidentSchema
from app.people import joining
from services.households import invitation, registration, residents


@bp.post("/<uuid:household_id>/residents")
@allow("households.write")
def add_resident(household_id: uuid.UUID) -> Page:
    """Record somebody who lives there."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        resident = residents.add_resident(g.actor, household_id=household_id, **forms.read(ResidentSchema))
        flash(_("%(name)s is recorded.", name=resident.name), "success")
        return redirect(url_for(".show", household_id=household_id), 303)
    return file_page(household_id, errors=errors)


@bp.post("/residents/<uuid:resident_id>/remove")
@allow("households.write")
def remove_resident(resident_id: uuid.UUID) -> Page:
    """Somebody no longer lives there."""
    resident = residents.remove_resident(g.actor, resident_id=resident_id)
    flash(_("%(name)s is no longer recorded here.", name=resident.name), "success")
    return redirect(url_for(".show", household_id=resident.household_id), 303)


@bp.post("/<uuid:household_id>/consent")
@allow("households.write")
def give_consent(household_id: uuid.UUID) -> Page:
    """Record that the household agreed to be matched."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(ConsentSchema)
        registration.give_consent(
            g.actor, household_id=household_id, day=data["given_on"], evidence=data["evidence"]
        )
        flash(_("The consent is recorded."), "success")
        return redirect(url_for(".show", household_id=household_id), 303)
    return file_page(household_id, errors=errors)


@bp.post("/<uuid:household_id>/consent/withdraw")
@allow("households.write")
def withdraw_consent(household_id: uuid.UUID) -> Page:
    """Record that the household no longer agrees."""
    registration.withdraw_consent(g.actor, household_id=household_id)
    flash(_("The consent is withdrawn: the household is no longer matched."), "success")
    return redirect(url_for(".show", household_id=household_id), 303)


@bp.post("/<uuid:household_id>/invite")
@allow("people.invite")
def invite(household_id: uuid.UUID) -> Page:
    """Make a link by which the household opens an account; shown once."""
    secret = invitation.invite(g.actor, household_id=household_id)
    url = url_for(".join", secret=secret, _external=True)
    household = registration.get_household(g.actor, household_id)
    back = (household.name, url_for(".show", household_id=household_id))
    return joining.invitation_page(name=household.name, url=url, back=back)


@bp.route("/join/<secret>", methods=["GET", "POST"])
@auth.limiter.limit("20 per minute", methods=["POST"])
@allow("public")
def join(secret: str) -> Page:
    """The office's link: open an account for the household."""
    household = invitation.invited(secret)
    return joining.page(
        name=household.name,
        what=_("See who helps you, say what you need, and see who has looked at your data."),
        join=lambda actor, **typed: invitation.join(actor, secret=secret, **typed)[0],
        go=lambda: redirect(url_for(".mine"), 303),
    )

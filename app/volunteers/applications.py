"""Registering oneself as a helper, and the office's answer."""

import dataclasses
import uuid

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import auth, forms
from app.auth import allow
from app.volunteers import words
from app.volunteers.blueprint import Page, bp
from app.volunteers.files import file_page
from app.volunteers.schemas import DeclineSchema, ProfileSchema, RegisterSchema
from services.core.actor import Actor
from services.core.errors import N_, DomainError
from services.people import accounts
from services.people.models import Account
from services.volunteers import applications, profiles


@bp.route("/register", methods=["GET", "POST"])
@auth.limiter.limit("60 per hour", methods=["POST"])
@allow("volunteers.register_self")
def register() -> Page:
    """Become a helper: a stranger opens an account on the way. The office looks at every registration."""
    account = auth.account()
    own = profiles.own_volunteer(g.actor)
    if own and own.state not in ("left", "declined"):
        return redirect(url_for(".own"))
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            return _register(account)
    saved = words.shown(own, profiles.skills_of([own.id]).get(own.id, {})) if own else {}
    if account and not own:
        saved = {"name": account.name, "phone": account.phone or ""}
    text = render_template(
        "volunteers/register.html",
        account=account,
        saved=saved,
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
        mask=forms.mask_of(request.form, int(saved.get("week") or 0)),
    )
    return text, 422 if errors else 200


def _register(account: Account | None) -> Response:
    data = forms.read(ProfileSchema if account else RegisterSchema)
    if account is None:
        email, password = data.pop("email"), data.pop("password")
        opened = _account(data["name"], data["phone"], email, password)
        actor: Actor = dataclasses.replace(g.actor, account_id=opened.id)
        applications.apply(actor, account_id=opened.id, **data)
        session.clear()
        auth.start(opened)
    else:
        applications.apply(g.actor, account_id=account.id, **data)
    flash(_("Thank you. The community office will look at your registration and answer you."), "success")
    return redirect(url_for(".own"), 303)


def _account(name: str, phone: str | None, email: str, password: str) -> Account:
    """The stranger's new account, or his own when he knows its password."""
    for login in filter(None, (phone, email)):
        if accounts.find(login):
            try:
                return accounts.sign_in(login=login, password=password)
            except DomainError as error:
                raise DomainError(
                    "account_exists",
                    N_(
                        "There is already an account with this phone or e-mail address; this is not its password."
                    ),
                    field="password",
                ) from error
    return accounts.open_account(
        name=name,
        phone=accounts.normal_phone(phone) if phone else None,
        email=accounts.normal_email(email) if email else None,
        password_hash=accounts.hash_password(password),
        language=str(get_locale()),
    )


@bp.post("/<uuid:volunteer_id>/approve")
@allow("volunteers.write")
def approve(volunteer_id: uuid.UUID) -> Page:
    """Let an applicant help."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        volunteer = applications.approve(g.actor, volunteer_id=volunteer_id)
        flash(_("%(name)s is now a helper.", name=volunteer.name), "success")
        return redirect(url_for(".show", volunteer_id=volunteer_id), 303)
    return file_page(volunteer_id, errors=errors)


@bp.post("/<uuid:volunteer_id>/join-profiles")
@allow("volunteers.write")
def join_profiles(volunteer_id: uuid.UUID) -> Page:
    """The applicant is a helper the office already knows: make the two one."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        volunteer = applications.join_profiles(g.actor, volunteer_id=volunteer_id)
        flash(_("%(name)s now signs in to the profile the office had.", name=volunteer.name), "success")
        return redirect(url_for(".show", volunteer_id=volunteer.id), 303)
    return file_page(volunteer_id, errors=errors)


@bp.post("/<uuid:volunteer_id>/decline")
@allow("volunteers.write")
def decline(volunteer_id: uuid.UUID) -> Page:
    """Refuse a registration."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        applications.decline(g.actor, volunteer_id=volunteer_id, **forms.read(DeclineSchema))
        flash(_("The registration is refused; the person is told."), "success")
        return redirect(url_for(".index"), 303)
    return file_page(volunteer_id, errors=errors)

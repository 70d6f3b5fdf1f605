"""Joining by a one-time link: one page for helpers, households and units."""

from collections.abc import Callable

import segno
from flask import g, render_template, request, session
from flask_babel import get_locale
from werkzeug.wrappers import Response

from app import auth, forms
from app.people.schemas import JoinSchema
from services.core.actor import Actor
from services.core.errors import N_, DomainError, Forbidden
from services.people.models import Account

# (actor, *, name, login, password, language) → the account that joined
Join = Callable[..., Account]


def page(*, name: str, what: str, join: Join, go: Callable[[], Response]) -> str | Response | tuple[str, int]:
    """Show the page; on a good answer join, sign the account in and `go`.

    `name` is what the office calls the person, `what` says what he will see.
    """
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(JoinSchema)
            start(g.actor, data, join)
            return go()
    text = render_template("people/join.html", form=request.form, errors=errors, name=name, what=what)
    return text, 422 if errors else 200


def start(actor: Actor, data: dict[str, str], join: Join) -> None:
    """Join with what was typed and sign in on this browser. Raises DomainError, on the password for a wrong one."""
    try:
        account = join(actor, language=str(get_locale()), **data)
    except Forbidden as error:
        raise DomainError(
            "account_exists",
            N_("There is already an account with this phone or e-mail address; this is not its password."),
            field="password",
        ) from error
    session.clear()
    auth.start(account)


def invitation_page(*, name: str, url: str, back: tuple[str, str]) -> str:
    """A fresh link for `name`, as text and QR code, shown this once; `back` is where it came from (words, address)."""
    return render_template("people/invitation.html", name=name, url=url, picture=picture(url), back=back)


def picture(url: str) -> str:
    """The QR code of an address, as the address of an image that needs no request."""
    return segno.make(url, error="m").svg_data_uri(scale=5, border=3)

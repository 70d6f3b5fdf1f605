"""How Linli reaches me: channels in their order, quiet hours, one message a day, and what does not work."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.messages import Page, bp, words
from app.messages.schemas import AgainSchema, ReachSchema
from services.core import crypto
from services.core.errors import N_
from services.messages import channels, devices, gateway, preferences, push
from services.messages.models import Preference
from services.people import accounts

PLACES = {
    "first": N_("First"),
    "second": N_("If that does not work"),
    "third": N_("And if that fails too"),
    "fourth": N_("And at last"),
}


@bp.route("/c/<community>/messages/reach", methods=["GET", "POST"])
@allow("messages.read_own")
def reach() -> Page:
    """How this community's messages reach me."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            _save(forms.read(ReachSchema))
            flash(_("Saved. This is how Linli reaches you from now on."), "success")
            return redirect(url_for("messages.reach"), 303)
    return page(errors=errors)


def page(*, errors: forms.Errors | None = None, device_errors: forms.Errors | None = None) -> Page:
    """The page as it stands, or with what was wrong in one of its two forms."""
    own = preferences.own(g.actor)
    account = accounts.get_account(own.account_id)
    offered = {code: label for code, label in words.CHANNELS.items() if _is_offered(code)}
    html = render_template(
        "messages/reach.html",
        own=own,
        account=account,
        order=_order(own),
        places=PLACES,
        channels=words.CHANNELS,
        offered=offered,
        reachable=channels.reachable(account, own),
        sms=gateway.is_configured(),
        devices=[(row, crypto.digest(row.endpoint), push.kind(row.endpoint)) for row in devices.own(g.actor)],
        most=devices.MOST,
        push_key=push.public_key(),
        kinds=words.BROWSERS,
        form=request.form if errors else {},
        errors=errors or {},
        device_errors=device_errors or {},
    )
    return html, 422 if errors or device_errors else 200


@bp.post("/c/<community>/messages/reach/again")
@allow("messages.read_own")
def reach_again() -> Page:
    """Use a channel again that did not work."""
    preferences.try_again(g.actor, **forms.read(AgainSchema))
    flash(_("Linli tries it again with the next message."), "success")
    return redirect(url_for("messages.reach"), 303)


def _save(data: dict) -> None:
    wanted = [data.pop(place) for place in PLACES]
    accounts.set_preferences(g.actor, language=data.pop("language"))
    digest = data.pop("digest") is not None
    preferences.save(g.actor, channels=[code for code in wanted if code], digest=digest, **data)


def _order(own: Preference) -> dict[str, str]:
    wanted = [code for code in own.channels if _is_offered(code)]
    return dict(zip(PLACES, [*wanted, *[""] * len(PLACES)], strict=False))


def _is_offered(channel: str) -> bool:
    return channel != "push" or push.is_configured()

"""How Linli reaches me: channels in their order, quiet hours, one message a day, and what does not work."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.messages import Page, bp, words
from app.messages.schemas import AgainSchema, ReachSchema
from services.core.errors import N_
from services.messages import channels, gateway, preferences
from services.messages.models import Preference
from services.people import accounts

PLACES = {"first": N_("First"), "second": N_("If that does not work"), "third": N_("And if that fails too")}


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
    own = preferences.own(g.actor)
    account = accounts.get_account(own.account_id)
    page = render_template(
        "messages/reach.html",
        own=own,
        account=account,
        order=_order(own),
        places=PLACES,
        channels=words.CHANNELS,
        reachable=channels.reachable(account, own),
        sms=gateway.is_configured(),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


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
    return dict(zip(PLACES, [*own.channels, "", "", ""], strict=False))

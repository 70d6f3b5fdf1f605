"""Signing in by the district's own platform: there, and back."""

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app import auth
from app.auth import allow
from app.language import say
from app.people.pages import own_path
from services.core.errors import DomainError
from services.people import oidc

# Not among the pages: where no platform is named, none of this exists.
platform_bp = Blueprint("platform", __name__, url_prefix="/sign-in/platform")

ERRAND = "platform"


@platform_bp.get("")
@auth.limiter.limit("20 per minute")
@allow("public")
def leave() -> Response:
    """Off to the platform; `next` is where to go when signed in."""
    target = own_path(request.args.get("next"))
    try:
        url, errand = oidc.set_out(_platform(), back=_back())
    except DomainError as error:
        return _refused(error, target)
    session[ERRAND] = {"errand": errand, "next": target}
    return redirect(url)


@platform_bp.get("/back")
@auth.limiter.limit("20 per minute")
@allow("public")
def back() -> Response:
    """From the platform, with its answer: signed in, or told why not."""
    platform = _platform()
    kept = session.pop(ERRAND, None) or {}
    target = kept.get("next")
    try:
        account = oidc.come_back(
            platform, back=_back(), errand=kept.get("errand"), answer=request.args.to_dict()
        )
    except DomainError as error:
        return _refused(error, target)
    session.clear()
    auth.start(account)
    return redirect(target or url_for("people.first"))


def _platform() -> oidc.Platform:
    config = current_app.config
    if not config.get("LINLI_OIDC_ISSUER"):
        abort(404)
    return oidc.Platform(
        issuer=config["LINLI_OIDC_ISSUER"],
        client_id=config["LINLI_OIDC_CLIENT_ID"],
        secret=config["LINLI_OIDC_SECRET"],
        name=config["LINLI_OIDC_NAME"],
    )


def _back() -> str:
    return current_app.config["LINLI_URL"].rstrip("/") + url_for("platform.back")


def _refused(error: DomainError, target: str | None) -> Response:
    # A page of its own: the platform's answer is good for once and leaves the address.
    flash(say(error), "error")
    return redirect(url_for("people.sign_in", next=target))

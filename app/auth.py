"""Who is signed in, and what each route says about who may call it."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select
from werkzeug.wrappers import Response

from services.core import permissions, scope
from services.core.db import db
from services.people.models import Account

csrf = CSRFProtect()
limiter = Limiter(
    get_remote_address, strategy="fixed-window", in_memory_fallback_enabled=True, swallow_errors=True
)
manager = LoginManager()

View = TypeVar("View", bound=Callable[..., Any])


class SignedIn(UserMixin):
    """flask-login's view of an account; its id carries the epoch, so raising the epoch signs out everywhere."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.id}.{self.account.epoch}"


def init(app: Flask) -> None:
    """Put sign-in, CSRF protection and rate limits on `app`."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"].replace("unix://", "redis+unix://")
    csrf.init_app(app)
    limiter.init_app(app)
    manager.init_app(app)
    manager.session_protection = None


@manager.user_loader
def _load(text: str) -> SignedIn | None:
    account_id, _, epoch = text.partition(".")
    try:
        wanted = uuid.UUID(account_id)
    except ValueError:
        return None
    scope.be_account(wanted)
    account = db.session.scalars(select(Account).where(Account.id == wanted)).one_or_none()
    if account is None or not account.active or str(account.epoch) != epoch:
        scope.be_account(None)
        return None
    return SignedIn(account)


@manager.unauthorized_handler
def _sign_in_first() -> Response:
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))


def start(account: Account) -> None:
    """Sign `account` in on this browser; the session is made anew."""
    login_user(SignedIn(account), remember=False)


def nobody() -> Any:
    """Whom a request is by when the database cannot be asked."""
    return manager.anonymous_user()


def caller() -> str:
    """Whom the rate limit counts: the token or the session, else the address."""
    known = request.headers.get("Authorization") or request.cookies.get(
        current_app.config["SESSION_COOKIE_NAME"]
    )
    if known is None:
        return request.remote_addr or ""
    return hashlib.blake2b(known.encode(errors="replace"), digest_size=16).hexdigest()


def account() -> Account | None:
    """The signed-in account, or None."""
    return current_user.account if current_user.is_authenticated else None


def allow(permission: str) -> Callable[[View], View]:
    """Declare who may call a view, by a row of the permission table. Raises KeyError for an unknown row."""
    permissions.PERMISSIONS[permission]

    def declare(view: View) -> View:
        view.__permission__ = permission  # type: ignore[attr-defined]
        return view

    return declare


def check() -> Response | None:
    """Before every request: the view's declared permission against the actor. Raises Forbidden."""
    view = view_of_request()
    if view is None:
        return None
    permission = permission_of(view)
    if permissions.allowed(g.actor, permission):
        return None
    if g.actor.account_id is None:
        if request.path.startswith("/api/"):  # a program is not sent to a page
            abort(401)
        return _sign_in_first()
    permissions.require(g.actor, permission)
    return None


def permission_of(view: Any) -> str:
    """The permission a view declares."""
    return view.__permission__


def view_of_request() -> Any:
    """The view this request goes to; None for static files and addresses that lead nowhere."""
    endpoint = request.endpoint
    return None if endpoint in (None, "static") else current_app.view_functions[endpoint]


def refuse_undeclared(app: Flask) -> None:
    """Raise RuntimeError when any route does not say who may call it."""
    bare = [
        e for e, view in app.view_functions.items() if e != "static" and not hasattr(view, "__permission__")
    ]
    if bare:
        raise RuntimeError(f"routes without a declared permission: {', '.join(sorted(bare))}")

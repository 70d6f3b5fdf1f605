"""Which community a request is about, and as whom the signed-in account acts there."""

import dataclasses
from typing import Any

from flask import Flask, abort, current_app, g, request

from app import auth, navigation
from services.access import tokens
from services.communities import regions
from services.core import permissions, scope
from services.core.actor import Actor, guest
from services.core.errors import NotFound
from services.messages import inbox
from services.people import memberships


def init(app: Flask) -> None:
    """Take `<community>` and `<int:region_id>` out of addresses, set `g.actor`, check the view's permission."""
    app.url_value_preprocessor(_take)
    app.url_defaults(_give)
    app.before_request(_enter)
    app.before_request(auth.check)
    app.context_processor(_context)


def _take(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.community_code = values.pop("community", None) if values else None
    g.region_id = values.pop("region_id", None) if values else None
    # What the addresses on the page are given, if they have a place for it.
    here = (("community", g.community_code), ("region_id", g.region_id))
    g.place = [(name, value) for name, value in here if value is not None]


def _give(endpoint: str, values: dict[str, Any]) -> None:
    for name, value in g.get("place", ()):
        if current_app.url_map.is_endpoint_expecting(endpoint, name):
            values.setdefault(name, value)


def _enter() -> None:
    g.community = g.region = None
    g.actor = guest()
    if request.blueprint == "health":  # answers without the database, whose browser ever asks
        return
    header = request.headers.get("Authorization") if request.path.startswith("/api/") else None
    if header and g.community_code is not None:
        _enter_by_token(g.community_code, header)
        return
    account = auth.account()
    if account is not None:
        g.actor = Actor(
            account.id, None, frozenset({"signed_in"}), language=account.language, name=account.name
        )
    if g.community_code is not None:
        _enter_community(g.community_code)
    elif g.region_id is not None:
        _enter_region(g.region_id)


def _enter_by_token(code: str, header: str) -> None:
    # One answer to whatever opens nothing here: a wrong token, an old one, another community's, no such community.
    kind, _space, secret = header.partition(" ")
    held = tokens.enter(code, secret.strip()) if kind.lower() == "bearer" else None
    if held is None:
        abort(401)
    account = held.account
    if request.method not in ("GET", "HEAD"):  # to read, the community's rows are enough
        scope.be_account(account.id)
    g.community, g.token = held.community, held.token
    g.actor = Actor(account.id, held.community.id, held.roles, language=account.language, name=account.name)


def _enter_community(code: str) -> None:
    account_id, roles = g.actor.account_id, None
    if account_id:
        community, held = memberships.standing(account_id, code)
        roles = held or None
    else:
        community = regions.community_by_code(code)
    g.actor = dataclasses.replace(g.actor, community_id=community.id, roles=roles or frozenset({"guest"}))
    # To outsiders a community's pages do not exist, but for the few that a one-time link opens.
    view = auth.view_of_request()
    if (
        roles is None
        and g.actor.account_id is not None
        and not permissions.allowed(g.actor, auth.permission_of(view))
    ):
        raise NotFound()
    scope.enter(community.id)
    g.community = community


def _enter_region(region_id: int) -> None:
    roles = memberships.regions_of(g.actor.account_id).get(region_id) if g.actor.account_id else None
    if g.actor.account_id and roles is None:
        raise NotFound()
    g.actor = dataclasses.replace(g.actor, region_id=region_id, roles=roles or frozenset({"guest"}))
    scope.be_region(region_id)
    g.region = regions.get_region(region_id)


def _context() -> dict[str, Any]:
    actor: Actor = g.get("actor") or guest()
    community = g.get("community")
    signed_in = actor.account_id is not None
    return {
        "actor": actor if signed_in else None,
        "community": community,
        "region": g.get("region"),
        "nav": navigation.items(actor, community),
        "unread": inbox.unread(actor) if signed_in and community and not actor.has("guest") else 0,
        "may": lambda permission: permissions.allowed(actor, permission),
    }

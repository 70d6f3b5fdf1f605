"""Tokens for programs: made by a person for himself, within chosen scopes, until a day; shown once."""

import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Date, cast, func, select

from services.access.models import AccessToken
from services.communities import regions
from services.communities.models import Community
from services.core import audit, clock, crypto, locks, paging, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.people import memberships
from services.people.models import Account, Membership

START = "linli_"
SHAPE = re.compile(START + r"([1-9][0-9]{0,8})_[\w-]{20,80}", re.ASCII)
LONGEST_DAYS = 366
SEEN_EVERY = timedelta(hours=1)
# Tokens of one account in one community at a time.
MOST = 20


@dataclass(frozen=True)
class Holder:
    """Whom a token stands for: the account, its roles in the community today, and what the token is for."""

    account: Account
    community: Community
    roles: frozenset[str]
    token: AccessToken


def make(
    actor: Actor,
    *,
    title: str,
    scopes: Collection[str],
    expires_on: date,
    known: Collection[str],
    within: AccessToken | None = None,
) -> tuple[AccessToken, str]:
    """A new token of the actor's, and its secret, which is not kept. `known` are the scopes there are.

    `within` is the token that asks for another: it gives on no more than it has. Raises Forbidden, DomainError naming the field.
    """
    permissions.require(actor, "access.own")
    account_id = _account_of(actor)
    wanted = sorted(set(scopes))
    if not title.strip():
        raise DomainError("title", N_("Please fill this in."), field="title")
    if not wanted or not set(wanted) <= set(known):
        raise DomainError("scopes", N_("Please choose from the list."), field="scopes")
    today = regions.today(actor.community_id)
    if not today <= expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise DomainError(
            "expires_on", N_("A token's last day lies within a year from today."), field="expires_on"
        )
    if within is not None:
        _refuse_more(within, wanted, expires_on)
    living = select(func.count()).where(
        AccessToken.account_id == account_id,
        AccessToken.revoked_at.is_(None),
        AccessToken.expires_on >= today,
    )
    if db.session.scalars(living).one() >= MOST:
        raise DomainError("many", N_("You have many tokens already. Switch off one that is not used."))
    # It says whose community it opens, so that its holder is found by one statement.
    start = f"{START}{actor.community_id}_"
    secret = start + secrets.token_urlsafe(32)
    token = AccessToken(
        account_id=account_id,
        title=title.strip(),
        prefix=secret[: len(start) + 4],
        digest=crypto.digest(secret),
        scopes=wanted,
        expires_on=expires_on,
    )
    db.session.add(token)
    db.session.flush()
    audit.record(actor, "token.made", "access_token", token.id, scopes=wanted)
    return token, secret


def _refuse_more(within: AccessToken, wanted: Collection[str], expires_on: date) -> None:
    if not set(wanted) <= set(within.scopes):
        raise DomainError("scopes", N_("A token gives on no more than it has itself."), field="scopes")
    if expires_on > within.expires_on:
        raise DomainError(
            "expires_on", N_("A token gives on no more than it has itself."), field="expires_on"
        )


def revoke(actor: Actor, *, token_id: uuid.UUID) -> AccessToken:
    """Switch a token off from this moment: one's own, or an administrator any of the community's. Raises Forbidden, NotFound."""
    permissions.require(actor, "access.own")
    token = _may_see(actor, locks.lock(AccessToken, token_id))
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        db.session.flush()
        audit.record(actor, "token.revoked", "access_token", token.id)
    return token


def own(actor: Actor, *, after: str | None = None, limit: int = 50) -> paging.Page[AccessToken]:
    """A page of the actor's tokens in this community, the newest first, also those that are over. Raises Forbidden."""
    permissions.require(actor, "access.own")
    mine = select(AccessToken).where(AccessToken.account_id == _account_of(actor))
    return paging.newest_first(mine, AccessToken.id, after=after, limit=limit)


def get_token(actor: Actor, token_id: uuid.UUID) -> AccessToken:
    """A token: one's own, or for an administrator any of the community's. Raises Forbidden, NotFound."""
    permissions.require(actor, "access.own")
    return _may_see(actor, locks.get(AccessToken, token_id))


def everybodys(actor: Actor, *, after: str | None = None, limit: int = 50) -> paging.Page[AccessToken]:
    """A page of the community's tokens that open something, the newest first, for its administrator. Raises Forbidden."""
    permissions.require(actor, "access.all")
    today = regions.today(actor.community_id)
    living = select(AccessToken).where(AccessToken.revoked_at.is_(None), AccessToken.expires_on >= today)
    return paging.newest_first(living, AccessToken.id, after=after, limit=limit)


def enter(code: str, secret: str) -> Holder | None:
    """Serve the community `code` as the holder of a token of that community; None when it opens nothing there (any more)."""
    told = SHAPE.fullmatch(secret)
    if told is None:
        return None
    scope.enter(int(told[1]))
    today = cast(func.timezone(Community.zone, clock.now()), Date)
    rows = db.session.execute(
        select(AccessToken, Account, Community, Membership.role)
        .join(Account, Account.id == AccessToken.account_id)
        .join(Community, Community.id == AccessToken.community_id)
        .join(Membership, (Membership.account_id == Account.id) & memberships.living(today))
        .where(
            AccessToken.digest == crypto.digest(secret),
            AccessToken.revoked_at.is_(None),
            AccessToken.expires_on >= today,
            Account.active,
            Community.code == code,
        )
    ).all()
    if not rows:
        return None
    token, account, community, _role = rows[0]
    if token.used_at is None or token.used_at < clock.now() - SEEN_EVERY:
        token.used_at = clock.now()
    return Holder(account, community, frozenset(row[3] for row in rows), token)


def _may_see(actor: Actor, token: AccessToken) -> AccessToken:
    if token.account_id != actor.account_id and not permissions.allowed(actor, "access.all"):
        raise NotFound()
    return token


def _account_of(actor: Actor) -> uuid.UUID:
    if actor.account_id is None:
        raise NotFound()
    return actor.account_id

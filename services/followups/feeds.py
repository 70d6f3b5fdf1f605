"""A person's follow-ups as a calendar that phones subscribe to: behind a secret link, without names or addresses."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select

from services.communities import regions
from services.core import audit, clock, crypto, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.followups import absences
from services.followups.models import LIVING, FollowUp, FollowUpEntry, Plan
from services.people import accounts, memberships, tokens
from services.people.models import Token

PURPOSE = "calendar"
DAYS = 365
# What has waited for longer than this, or was called off before, is no calendar's matter.
BACK = timedelta(days=30)
# What changes the entry in somebody's calendar, as a follow-up's history calls it.
CHANGES = ("moved", "agreed", "postponed", "closed")


@dataclass(frozen=True)
class Entry:
    """A follow-up in a calendar, with its plan: how often it has changed there, and when last."""

    follow_up: FollowUp
    plan: Plan
    sequence: int
    changed_at: datetime

    @property
    def called_off(self) -> bool:
        """Whether it stands there only to be taken out."""
        return self.follow_up.state not in LIVING


@dataclass(frozen=True)
class Feed:
    """What a link shows: what its owner has to do, or stands in for today, and what was called off; and his language."""

    id: uuid.UUID
    language: str
    entries: Sequence[Entry]


def make_link(actor: Actor) -> str:
    """A fresh secret for the actor's own calendar, good for a year; the one before it ends. Raises Forbidden."""
    _end(actor)
    secret = tokens.issue(
        actor, purpose=PURPOSE, subject_kind="account", subject_id=_account(actor), days=DAYS
    )
    audit.record(actor, "calendar.link_made", "account", actor.account_id)
    return secret


def switch_off(actor: Actor) -> None:
    """End the actor's link, if there is one. Raises Forbidden."""
    if _end(actor):
        audit.record(actor, "calendar.link_ended", "account", actor.account_id)


def link_of(actor: Actor) -> Token | None:
    """The actor's link that opens now, or None. Raises Forbidden."""
    return db.session.scalars(select(Token).where(_living(), Token.subject_id == _account(actor))).first()


def open_feed(actor: Actor, *, secret: str) -> Feed:
    """The calendar behind a secret, for whoever holds it.

    Raises NotFound when it is wrong or ended, or its account is closed or no longer has follow-ups here.
    """
    token = db.session.scalars(
        select(Token).where(_living(), Token.digest == crypto.digest(secret))
    ).one_or_none()
    if token is None:
        raise NotFound()
    account = accounts.get_account(token.subject_id)
    roles = memberships.communities_of(account.id).get(token.community_id, frozenset())
    reader = Actor(account.id, token.community_id, roles, language=account.language)
    if not account.active or not permissions.allowed(reader, "followups.read"):
        raise NotFound()
    return Feed(token.id, account.language, _entries(reader))


def _entries(reader: Actor) -> list[Entry]:
    in_charge = or_(
        FollowUp.owner_id == reader.account_id, FollowUp.owner_id.in_(absences.stood_in_for(reader))
    )
    if reader.has("staff", "admin"):
        in_charge = or_(in_charge, FollowUp.owner_id.is_(None))
    changes = _changes()
    lately = and_(FollowUp.state == "closed", changes.c.last >= clock.now() - BACK)
    statement = (
        select(FollowUp, Plan, changes.c.number, changes.c.last)
        .join(Plan, (Plan.community_id == FollowUp.community_id) & (Plan.id == FollowUp.plan_id))
        .outerjoin(changes, changes.c.follow_up_id == FollowUp.id)
        .where(
            in_charge,
            FollowUp.state.in_(LIVING) | lately,
            FollowUp.due_on >= regions.today(reader.community_id) - BACK,
        )
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    return [
        Entry(follow_up, plan, number or 0, last or follow_up.created_at)
        for follow_up, plan, number, last in db.session.execute(statement)
    ]


def _changes() -> Subquery:
    return (
        select(
            FollowUpEntry.follow_up_id,
            func.count().label("number"),
            func.max(FollowUpEntry.created_at).label("last"),
        )
        .where(FollowUpEntry.action.in_(CHANGES))
        .group_by(FollowUpEntry.follow_up_id)
        .subquery()
    )


def _end(actor: Actor) -> int:
    """End every link of the actor that still opens: how many did."""
    account_id = _account(actor)
    # Two at once must not leave two links.
    locks.advisory(PURPOSE, account_id.int % 2**31)
    rows = db.session.scalars(select(Token).where(_living(), Token.subject_id == account_id)).all()
    for token in rows:
        tokens.use(token)
    return len(rows)


def _living() -> ColumnElement[bool]:
    return (Token.purpose == PURPOSE) & Token.used_at.is_(None) & (Token.expires_at > clock.now())


def _account(actor: Actor) -> uuid.UUID:
    permissions.require(actor, "followups.read")
    if actor.account_id is None:
        raise NotFound()
    return actor.account_id

"""Telling somebody something: rows written with their cause, delivered by a job once that is committed."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.communities import regions
from services.core import audit, clock, jobs, locks, paging, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, NotFound
from services.messages import channels, delivery, preferences, templates, waiting
from services.messages.models import Message
from services.people import accounts
from services.people.models import Account


def tell(
    actor: Actor,
    *,
    account_id: uuid.UUID,
    template: str,
    params: dict,
    subject_kind: str,
    subject_id: uuid.UUID,
    key: str,
    path: str = "",
    due_at: datetime | None = None,
) -> list[Message]:
    """Tell an account something, once for each `key`: the rows, new or there already, the inbox's first.

    Inbox always, and the first channel that the person wants and can be reached by. `params` are text, days, or pairs {"zh": …, "en": …}; `path` is
    the page to open, without host; `due_at` is not before when. An account that is closed is told nothing.
    Raises KeyError or ValueError for words that do not fit the template, NotFound.
    """
    if set(params) != templates.placeholders(template):
        raise ValueError(f"message {template} needs {sorted(templates.placeholders(template))}")
    account = accounts.get_account(account_id)
    if not account.active:
        return []
    due_at = due_at or clock.now()
    row = {
        "community_id": scope.community_id(),
        "account_id": account_id,
        "template": template,
        "params": templates.in_language(params, account.language),
        "language": account.language,
        "key": key,
        "path": path,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "due_at": due_at,
    }
    # The inbox has the only say about what is new: who was told by SMS is not told by e-mail for another order.
    if _write(row | {"channel": "inbox", "state": "sent", "sent_at": due_at}):
        _send(row, account)
    rows = select(Message).where(Message.key == key).order_by(Message.channel != "inbox", Message.id)
    return list(db.session.scalars(rows))


def _send(row: dict[str, Any], account: Account) -> None:
    preference = preferences.of(account.id)
    ways = channels.reachable(account, preference)
    if not ways:
        return
    row = row | {"channel": ways[0], "state": "queued"}
    if preference.digest:
        zone = regions.zone_of(row["community_id"])
        row |= {"due_at": waiting.next_morning(row["due_at"], zone), "error": "digest"}
    made = _write(row)
    if made is not None and row["due_at"] <= clock.now():
        jobs.ring(delivery.SEND, row["community_id"], made)


def _write(row: dict[str, Any]) -> uuid.UUID | None:
    statement = insert(Message).values(row).on_conflict_do_nothing().returning(Message.id)
    return db.session.scalars(statement).one_or_none()


def is_lost() -> ColumnElement[bool]:
    """The condition that a message reached nobody outside of the product: it failed, and so did every other channel."""
    other = aliased(Message)
    helped = select(other.id).where(
        other.community_id == Message.community_id,
        other.key == Message.key,
        other.channel != "inbox",
        other.state != "failed",
    )
    return (Message.state == "failed") & ~helped.exists()


def sent(
    actor: Actor,
    *,
    state: str = "",
    message_id: uuid.UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> paging.Page[Message]:
    """What the community's people were told outside of the product, the newest first. Raises Forbidden.

    With `message_id` that message alone, by every channel it was tried by.
    """
    permissions.require(actor, "messages.outbox")
    statement = select(Message).where(Message.channel != "inbox")
    if message_id is not None:
        key = select(Message.key).where(Message.id == message_id).scalar_subquery()
        statement = statement.where(Message.key == key)
    if state:
        statement = statement.where(is_lost() if state == "failed" else Message.state == state)
    return paging.newest_first(statement, Message.id, after=after, limit=limit)


def get_sent(actor: Actor, message_id: uuid.UUID) -> Message:
    """One text that was to leave the product. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.outbox")
    message = locks.get(Message, message_id)
    if message.channel == "inbox":
        raise NotFound()
    return message


def lost(messages: Sequence[Message]) -> set[uuid.UUID]:
    """Which of these reached nobody by any channel."""
    ids = [message.id for message in messages]
    return set(db.session.scalars(select(Message.id).where(Message.id.in_(ids), is_lost())))


def counts(actor: Actor) -> dict[str, int]:
    """How many texts are queued, sent, delivered and (by every channel) failed; a state without any is left out.

    Raises Forbidden.
    """
    permissions.require(actor, "messages.outbox")
    rows = db.session.execute(
        select(Message.state, func.count())
        .where(Message.channel != "inbox", (Message.state != "failed") | is_lost())
        .group_by(Message.state)
    )
    return {state: count for state, count in rows}


def retry(actor: Actor, *, message_id: uuid.UUID) -> Message:
    """Send a failed message again from the start. Raises Forbidden, NotFound, Conflict when it has not failed."""
    permissions.require(actor, "messages.outbox")
    channels.alone_with(locks.get(Message, message_id).account_id)
    message = locks.lock(Message, message_id)
    if message.state != "failed":
        raise Conflict(
            "not_failed",
            N_("This message has not failed, so it is not sent again. The list shows how far it is."),
        )
    message.state, message.attempts, message.error = "queued", 0, None
    message.due_at, message.lease_until = clock.now(), None
    message.reference = message.noticed_at = None
    audit.record(actor, "message.retried", "message", message.id)
    db.session.flush()
    jobs.ring(delivery.SEND, message.community_id, message.id)
    return message

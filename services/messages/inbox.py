"""What a person has been told, and whether he has read it."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, func, select, update

from services.core import clock, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.messages import templates, wordings
from services.messages.models import Message


def unread(actor: Actor) -> int:
    """How many inbox messages of the actor wait to be read."""
    statement = _own(actor).where(Message.read_at.is_(None))
    return db.session.scalars(select(func.count()).select_from(statement.subquery())).one()


def page(actor: Actor, *, after: str | None = None, limit: int = 50) -> paging.Page[Message]:
    """The actor's inbox, the newest first. Raises Forbidden."""
    permissions.require(actor, "messages.read_own")
    return paging.newest_first(_own(actor), Message.id, after=after, limit=limit)


def words(messages: Sequence[Message]) -> list[templates.Text]:
    """Messages as their reader sees them; one whose words are gone shows its code."""
    spoken = wordings.spoken(messages)
    return [
        text or templates.Text(message.template, "") for message, text in zip(messages, spoken, strict=True)
    ]


def get_message(actor: Actor, message_id: uuid.UUID) -> Message:
    """One of the actor's own messages. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.read_own")
    found = db.session.scalars(_own(actor).where(Message.id == message_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def open_message(actor: Actor, *, message_id: uuid.UUID) -> Message:
    """Mark one of the actor's own messages as read. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.read_own")
    message = locks.lock(Message, message_id)
    if message.account_id != actor.account_id or message.channel != "inbox":
        raise NotFound()
    message.read_at = message.read_at or clock.now()
    db.session.flush()
    return message


def mark_all_read(actor: Actor) -> int:
    """Mark all of the actor's messages as read: how many that were. Raises Forbidden."""
    permissions.require(actor, "messages.read_own")
    now = clock.now()
    marked = db.session.scalars(
        update(Message)
        .where(
            Message.account_id == actor.account_id,
            Message.channel == "inbox",
            Message.read_at.is_(None),
            Message.due_at <= now,
        )
        .values(read_at=now)
        .returning(Message.id)
    )
    return len(marked.all())


def _own(actor: Actor) -> Select[Message]:
    return select(Message).where(
        Message.account_id == actor.account_id, Message.channel == "inbox", Message.due_at <= clock.now()
    )

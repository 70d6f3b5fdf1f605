"""How a person wants to be reached: what he sets himself, and which of his addresses do not exist."""

import uuid
from datetime import time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.core import clock, jobs, locks, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.messages import chat
from services.messages.models import EXTERNAL, Message, Preference

SEND = "messages.send"


def of(account_id: uuid.UUID) -> Preference:
    """An account's preference here; one with the defaults, not kept, when it has set none."""
    found = db.session.scalars(select(Preference).where(Preference.account_id == account_id)).one_or_none()
    return found or Preference(account_id=account_id, channels=list(EXTERNAL), digest=False, blocked=[])


def own(actor: Actor) -> Preference:
    """The actor's own preference. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.read_own")
    return of(account_of(actor))


def facts(actor: Actor) -> dict[str, Any]:
    """What `save` takes, as it is now. Raises Forbidden, NotFound."""
    row = own(actor)
    names = ("channels", "quiet_from", "quiet_until", "digest")
    return {name: getattr(row, name) for name in names} | {"chat_url": row.chat_url or ""}


def save(
    actor: Actor,
    *,
    channels: list[str],
    quiet_from: time | None,
    quiet_until: time | None,
    digest: bool,
    chat_url: str,
) -> Preference:
    """Change how the actor is reached; what waits for quiet hours or a digest is looked at again.

    Raises Forbidden, DomainError for a chat address that is none and for half of the quiet hours.
    """
    permissions.require(actor, "messages.read_own")
    if (quiet_from is None) != (quiet_until is None):
        raise DomainError(
            "quiet",
            N_("Quiet hours need a beginning and an end."),
            field="quiet_until" if quiet_from else "quiet_from",
        )
    address = chat.normal(chat_url) if chat_url else None
    wanted = list(dict.fromkeys(code for code in channels if code in EXTERNAL))
    row = kept(account_of(actor))
    if address != row.chat_url:
        row.blocked = [code for code in row.blocked if code != "chat"]
    row.channels, row.digest, row.chat_url = wanted, digest, address
    row.quiet_from, row.quiet_until = (None, None) if quiet_from == quiet_until else (quiet_from, quiet_until)
    db.session.flush()
    _look_again(row.account_id)
    return row


def try_again(actor: Actor, *, channel: str) -> None:
    """Use a channel of the actor's again that did not work. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.read_own")
    if channel not in EXTERNAL:
        raise NotFound()
    row = kept(account_of(actor))
    row.blocked = [code for code in row.blocked if code != channel]
    db.session.flush()


def block(account_id: uuid.UUID, channel: str) -> None:
    """Use a channel of an account no more: its address does not exist."""
    row = kept(account_id)
    if channel not in row.blocked:
        row.blocked = [*row.blocked, channel]
        db.session.flush()


def want_first(account_id: uuid.UUID, channel: str) -> None:
    """Reach an account by a channel that it did not want so far before all others; one that it wanted keeps its place."""
    row = kept(account_id)
    if channel not in row.channels:
        row.channels = [channel, *row.channels]
        db.session.flush()


def kept(account_id: uuid.UUID) -> Preference:
    """The row of an account's preference, made when there is none yet, locked."""
    row = {
        "community_id": scope.community_id(),
        "account_id": account_id,
        "channels": list(EXTERNAL),
        "digest": False,
        "blocked": [],
    }
    db.session.execute(insert(Preference).values(row).on_conflict_do_nothing())
    found = db.session.scalars(select(Preference.id).where(Preference.account_id == account_id)).one()
    return locks.lock(Preference, found)


def account_of(actor: Actor) -> uuid.UUID:
    """Whose preferences an actor's own are. Raises NotFound for one without an account."""
    if actor.account_id is None:
        raise NotFound()
    return actor.account_id


def _look_again(account_id: uuid.UUID) -> None:
    """What is held back by the person's own wish is due now; the send job asks anew."""
    freed = db.session.scalars(
        update(Message)
        .where(
            Message.account_id == account_id,
            Message.state == "queued",
            Message.error.in_(("quiet", "digest")),
        )
        .values(due_at=clock.now(), error=None)
        .returning(Message.id)
    ).all()
    for message_id in freed:
        jobs.ring(SEND, scope.community_id() or 0, message_id)

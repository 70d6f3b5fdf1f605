"""Telling somebody something: rows written with their cause, delivered by a job once that is committed."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.core import audit, clock, jobs, locks, paging, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.messages import delivery, templates
from services.messages.models import Message
from services.people import accounts


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
    """Tell an account something by every channel it has, once for each `key`: the rows, new or there already.

    Inbox always, e-mail when there is an address. `params` are text, days, or pairs {"zh": …, "en": …}; `path` is
    the page to open, without host; `due_at` is not before when. An account that is closed is told nothing.
    Raises KeyError or ValueError for words that do not fit the template, NotFound.
    """
    if set(params) != templates.placeholders(template):
        raise ValueError(f"message {template} needs {sorted(templates.placeholders(template))}")
    account = accounts.get_account(account_id)
    if not account.active:
        return []
    now = clock.now()
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
        "due_at": due_at or now,
    }
    rows = [row | {"channel": "inbox", "state": "sent", "sent_at": due_at or now}]
    if account.email:
        rows.append(row | {"channel": "email", "state": "queued", "sent_at": None})
    fresh = db.session.scalars(insert(Message).on_conflict_do_nothing().returning(Message), rows).all()
    for message in fresh:
        if message.channel == "email" and message.due_at <= now:
            jobs.ring(delivery.SEND, message.community_id, message.id)
    return list(
        db.session.scalars(select(Message).where(Message.key == key).order_by(Message.channel.desc()))
    )


def sent(actor: Actor, *, state: str = "", after: str | None = None) -> paging.Page[Message]:
    """What the community's people were told by e-mail, the newest first. Raises Forbidden."""
    permissions.require(actor, "messages.outbox")
    statement = select(Message).where(Message.channel == "email")
    if state:
        statement = statement.where(Message.state == state)
    return paging.newest_first(statement, Message.id, after=after)


def counts(actor: Actor) -> dict[str, int]:
    """How many e-mails are queued, sent and failed; a state without any is left out. Raises Forbidden."""
    permissions.require(actor, "messages.outbox")
    rows = db.session.execute(
        select(Message.state, func.count()).where(Message.channel == "email").group_by(Message.state)
    )
    return {state: count for state, count in rows}


def retry(actor: Actor, *, message_id: uuid.UUID) -> Message:
    """Send a failed message again from the start. Raises Forbidden, NotFound, Conflict when it has not failed."""
    permissions.require(actor, "messages.outbox")
    message = locks.lock(Message, message_id)
    if message.state != "failed":
        raise Conflict("not_failed", N_("This message has not failed."))
    message.state, message.attempts, message.error = "queued", 0, None
    message.due_at, message.lease_until = clock.now(), None
    audit.record(actor, "message.retried", "message", message.id)
    db.session.flush()
    jobs.ring(delivery.SEND, message.community_id, message.id)
    return message

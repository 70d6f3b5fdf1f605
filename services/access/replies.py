"""The same request twice has one effect and one answer: what was answered to a key is kept beside its effect."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from services.access.models import Reply
from services.core import clock, crypto
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError

KEPT = timedelta(days=1)
LONGEST = 200


@dataclass(frozen=True)
class Key:
    """A key as it is kept: whose, its digest, and the digest of the request that came with it."""

    account_id: uuid.UUID
    digest: str
    request: str


def begin(actor: Actor, *, key: str, request: bytes) -> tuple[Key, Reply | None]:
    """Hold an account's `key` until this transaction ends; the answer given to it before, if any within a day.

    Raises DomainError for a key that is no key or came with another request, Conflict while its first request is at work.
    """
    if actor.account_id is None or not 0 < len(key) <= LONGEST or not key.isprintable():
        raise DomainError("idempotency_key", N_("The key must have 1 to 200 printable characters."))
    asked = Key(
        actor.account_id,
        crypto.lookup_key("key", f"{actor.account_id} {key}"),
        # Keyed too: a short body could otherwise be guessed from what is kept.
        crypto.lookup_key("request", request.hex()),
    )
    held = func.pg_try_advisory_xact_lock(int(asked.digest[:15], 16))
    if not db.session.scalar(select(held)):
        raise Conflict(
            "in_flight", N_("The first request with this key is still at work. Ask again in a moment.")
        )
    found = db.session.scalars(
        select(Reply).where(
            Reply.account_id == asked.account_id,
            Reply.digest == asked.digest,
            Reply.created_at > clock.now() - KEPT,
        )
    ).one_or_none()
    if found is not None and found.request != asked.request:
        raise DomainError(
            "key_reused", N_("This key came with another request before. Use a new key for a new request.")
        )
    return asked, found


def keep(key: Key, *, status: int, headers: dict[str, str], body: bytes) -> None:
    """Keep what `key` is answered; with it goes what is too old in this community."""
    db.session.execute(delete(Reply).where(Reply.created_at <= clock.now() - KEPT))
    db.session.add(
        Reply(
            account_id=key.account_id,
            digest=key.digest,
            request=key.request,
            status=status,
            headers=headers,
            body=body,
        )
    )
    db.session.flush()

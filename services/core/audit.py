"""The record of who looked and who decided: append-only, each entry sealed to the one before it."""

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, String, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, SessionTransaction, mapped_column

from services.core import clock, locks
from services.core.actor import Actor
from services.core.db import Scoped, db

# Where a session keeps (the transaction, the community, the newest hash) of the entry it wrote last.
HEAD = "audit"


class AuditEntry(Scoped):
    """One entry of a community's audit. `details` holds codes and ids, never personal data."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


Hearer = Callable[[AuditEntry], None]
HEARERS: list[Hearer] = []


def hear(hearer: Hearer) -> Hearer:
    """Let the decorated function of an area above hear of every entry, in the transaction that writes it."""
    HEARERS.append(hearer)
    return hearer


def record(
    actor: Actor, action: str, subject_kind: str, subject_id: uuid.UUID | None, **details: object
) -> AuditEntry:
    """Append an entry, flushed before this returns; entries of a community form one hash chain."""
    if actor.community_id is None:
        raise ValueError("audit belongs to a community")
    entry = AuditEntry(
        community_id=actor.community_id,
        at=clock.now(),
        account_id=actor.account_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        details=details,
        previous=_newest(actor.community_id),
    )
    entry.hash = chained(entry)
    db.session.add(entry)
    db.session.flush()
    db.session().info[HEAD] = (_innermost(), actor.community_id, entry.hash)
    for hearer in HEARERS:
        hearer(entry)
    return entry


def _innermost() -> SessionTransaction | None:
    session = db.session()
    return session.get_nested_transaction() or session.get_transaction()


def _newest(community_id: int) -> str:
    """The hash to chain on. Who has written in this transaction holds the lock: nobody came in between."""
    transaction, community, known = db.session().info.get(HEAD, (None, None, ""))
    if transaction is not None and transaction is _innermost() and community == community_id:
        return str(known)
    locks.advisory("audit", community_id)
    newest = select(AuditEntry.hash).where(AuditEntry.community_id == community_id)
    return db.session.scalars(newest.order_by(AuditEntry.id.desc()).limit(1)).first() or ""


def chained(entry: AuditEntry) -> str:
    """The hash of an entry over its content and the hash before it."""
    content = [
        entry.community_id,
        entry.at.astimezone(UTC).isoformat(),
        str(entry.account_id),
        entry.action,
        entry.subject_kind,
        str(entry.subject_id),
        entry.details,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify(community_id: int) -> int | None:
    """The id of the first entry that does not fit the chain, or None when all of them do."""
    previous = ""
    entries = select(AuditEntry).where(AuditEntry.community_id == community_id).order_by(AuditEntry.id)
    for entry in db.session.scalars(entries):
        if entry.previous != previous or entry.hash != chained(entry):
            return entry.id
        previous = entry.hash
    return None

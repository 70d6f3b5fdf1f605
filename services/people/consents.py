"""What people agreed to, per purpose, and what they took back."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from services.core import audit
from services.core.actor import Actor
from services.core.db import among, db
from services.people.models import Consent


def give(
    actor: Actor, *, subject_kind: str, subject_id: uuid.UUID, purpose: str, given_on: date, evidence: str
) -> Consent:
    """Record a consent; one that still holds is kept as it is. `evidence`: paper, account, call."""
    found = current(subject_kind=subject_kind, subject_ids={subject_id}, purpose=purpose).get(subject_id)
    if found:
        return found
    consent = Consent(
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        given_on=given_on,
        evidence=evidence,
    )
    db.session.add(consent)
    db.session.flush()
    audit.record(actor, "consent.given", subject_kind, subject_id, purpose=purpose, evidence=evidence)
    return consent


def give_many(
    actor: Actor, *, subject_kind: str, purpose: str, given_on: dict[uuid.UUID, date], evidence: str
) -> None:
    """Record the consents of many subjects at once, by their day; the caller knows that none of them holds one.

    One audit entry says how many.
    """
    for subject_id, day in given_on.items():
        db.session.add(
            Consent(
                subject_kind=subject_kind,
                subject_id=subject_id,
                purpose=purpose,
                given_on=day,
                evidence=evidence,
            )
        )
    db.session.flush()
    if given_on:
        audit.record(
            actor,
            "consent.given",
            subject_kind,
            None,
            purpose=purpose,
            evidence=evidence,
            number=len(given_on),
        )


def withdraw(actor: Actor, *, subject_kind: str, subject_id: uuid.UUID, purpose: str, day: date) -> None:
    """Take a consent back from `day` on; without one nothing happens."""
    found = current(subject_kind=subject_kind, subject_ids={subject_id}, purpose=purpose).get(subject_id)
    if found:
        found.withdrawn_on = max(day, found.given_on)
        db.session.flush()
        audit.record(actor, "consent.withdrawn", subject_kind, subject_id, purpose=purpose)


def latest(*, subject_kind: str, purpose: str) -> dict[uuid.UUID, Consent]:
    """For each subject of a kind, the last consent given for `purpose`, whether it holds or was withdrawn."""
    statement = select(Consent).where(Consent.subject_kind == subject_kind, Consent.purpose == purpose)
    return {row.subject_id: row for row in db.session.scalars(statement.order_by(Consent.id))}


def agreed(*, subject_kind: str, purpose: str) -> set[uuid.UUID]:
    """Every subject of a kind whose consent for `purpose` holds."""
    return set(
        db.session.scalars(
            select(Consent.subject_id).where(
                Consent.subject_kind == subject_kind,
                Consent.purpose == purpose,
                Consent.withdrawn_on.is_(None),
            )
        )
    )


def current(*, subject_kind: str, subject_ids: set[uuid.UUID], purpose: str) -> dict[uuid.UUID, Consent]:
    """The consents for `purpose` that hold, by subject."""
    rows = db.session.scalars(
        select(Consent).where(
            Consent.subject_kind == subject_kind,
            among(Consent.subject_id, subject_ids),
            Consent.purpose == purpose,
            Consent.withdrawn_on.is_(None),
        )
    )
    return {row.subject_id: row for row in rows}


def holders(*, subject_kind: str, subject_ids: Collection[uuid.UUID], purpose: str) -> set[uuid.UUID]:
    """Those of the subjects whose consent for `purpose` holds."""
    statement = select(Consent.subject_id).where(
        Consent.subject_kind == subject_kind,
        among(Consent.subject_id, subject_ids),
        Consent.purpose == purpose,
        Consent.withdrawn_on.is_(None),
    )
    return set(db.session.scalars(statement))

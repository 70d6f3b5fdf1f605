"""The office's review list: the month's patterns that nobody has looked at yet, and "looked at, fine" with a reason.

That somebody looked is kept in the audit, and nowhere else: it names the pattern by an id that the same pattern always has.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import defer

from services.communities import regions
from services.communities.models import Building
from services.core import audit, clock, permissions
from services.core.actor import Actor
from services.core.audit import AuditEntry
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.households.models import Household
from services.pairings.models import Pairing
from services.visits import hours, parties
from services.visits.models import Visit
from services.visits.patterns import PATTERNS, Pattern, Row
from services.visits.plausible import TIMED

REASONS = {
    "asked": N_("Asked both sides: it was so"),
    "regular": N_("A regular arrangement"),
    "office_rings": N_("The office rings for these households"),
    "put_right": N_("Put right meanwhile"),
    "other": N_("Another reason"),
}
LOOKED_AT = "visits.looked_at"
SPACE = uuid.UUID("7d1b6a0e-5a83-4d0c-9a57-3c1f0c4f8e21")


@dataclass(frozen=True)
class Finding:
    """A pattern of a month, known by its id."""

    id: uuid.UUID
    pattern: Pattern


def findings(actor: Actor, *, month: date) -> list[Finding]:
    """The patterns of the month of that day that nobody has looked at yet. Raises Forbidden."""
    permissions.require(actor, "visits.review")
    found = _all(actor, month)
    looked_at = _looked_at([one.id for one in found])
    return [one for one in found if one.id not in looked_at]


def look_at(actor: Actor, *, month: date, finding_id: uuid.UUID, reason: str) -> None:
    """Say that a pattern has been looked at and is fine, with a coded reason: it goes off the list.

    Raises Forbidden, DomainError, Conflict when it is not on the list any more.
    """
    permissions.require(actor, "visits.review")
    if reason not in REASONS:
        raise DomainError("reason", N_("Please choose a reason from the list."), field="reason")
    pattern = next((one.pattern for one in findings(actor, month=month) if one.id == finding_id), None)
    if pattern is None:
        raise Conflict(
            "not_listed", N_("This is no longer on the list: somebody has looked at it, or it was put right.")
        )
    audit.record(
        actor,
        LOOKED_AT,
        "visits",
        finding_id,
        pattern=pattern.code,
        about=str(pattern.about),
        month=f"{month:%Y-%m}",
        reason=reason,
    )


def _all(actor: Actor, month: date) -> list[Finding]:
    rows = _rows(actor, month)
    return [
        Finding(_id_of(pattern, month), pattern)
        for find_patterns in PATTERNS
        for pattern in find_patterns(rows)
    ]


def _id_of(pattern: Pattern, month: date) -> uuid.UUID:
    # Two visits stay two visits; what is said of a whole month is not said anew with each visit that joins.
    which = [str(visit.id) for visit in pattern.visits] if pattern.own else [f"{month:%Y-%m}"]
    by = str(pattern.facts.get("by", ""))
    return uuid.uuid5(SPACE, "/".join([pattern.code, str(pattern.about), by, *which]))


def _rows(actor: Actor, month: date) -> Sequence[Row]:
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    zone = regions.zone_of(actor.community_id)
    statement = (
        parties.joined(Visit, Pairing, Building)
        .join(
            Building,
            (Building.community_id == Household.community_id) & (Building.id == Household.building_id),
        )
        .where(Visit.state.in_(TIMED), *hours.between(first, last))
        .order_by(Visit.started_at, Visit.id)
        .options(defer(Visit.note), defer(Visit.witness))
    )
    return [
        Row(visit, pairing, clock.day_of(visit.created_at, zone), _place(building))
        for visit, pairing, building in db.session.execute(statement)
    ]


def _place(building: Building) -> tuple[float, float] | None:
    return None if building.x is None or building.y is None else (building.x, building.y)


def _looked_at(ids: list[uuid.UUID]) -> set[uuid.UUID | None]:
    statement = select(AuditEntry.subject_id).where(
        AuditEntry.subject_kind == "visits",
        AuditEntry.action == LOOKED_AT,
        AuditEntry.subject_id.in_(ids),
    )
    return set(db.session.scalars(statement))

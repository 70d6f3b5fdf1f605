"""Service hours: the minutes of visits that both sides confirmed, and nothing else."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from services.communities import regions
from services.core import scope
from services.core.db import db
from services.pairings.models import Pairing
from services.visits.models import Visit


def counted() -> ColumnElement[bool]:
    """What it means that a visit's minutes are service hours: the one definition, of sums, papers and reports."""
    return Visit.state == "confirmed"


def counts(visit: Visit) -> bool:
    """The same of one visit."""
    return visit.state == "confirmed"


def of_volunteer(volunteer_id: uuid.UUID, since: date | None, until: date | None) -> int:
    """Confirmed minutes of a helper's visits begun from `since` to `until`, both days included (None: open)."""
    return of_volunteers([volunteer_id], since, until).get(volunteer_id, 0)


def of_volunteers(
    volunteer_ids: Iterable[uuid.UUID], since: date | None, until: date | None
) -> dict[uuid.UUID, int]:
    """Confirmed minutes of several helpers, by helper; who has none is not in it."""
    rows = db.session.execute(
        select(Pairing.volunteer_id, func.sum(Visit.minutes))
        .join(Pairing, (Pairing.community_id == Visit.community_id) & (Pairing.id == Visit.pairing_id))
        .where(Pairing.volunteer_id.in_(list(volunteer_ids)), counted(), *between(since, until))
        .group_by(Pairing.volunteer_id)
    )
    return {volunteer_id: int(minutes) for volunteer_id, minutes in rows}


def between(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Conditions for visits begun on the community's days `since` to `until`, both included (None: open)."""
    zone = regions.zone_of(scope.community_id())
    conditions = []
    if since:
        conditions.append(Visit.started_at >= _midnight(since, zone))
    if until:
        conditions.append(Visit.started_at < _midnight(until + timedelta(days=1), zone))
    return conditions


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))

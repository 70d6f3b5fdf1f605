"""Figures for officials: counted inside each community's own scope, read across a region as counts alone.

Officials see figures, never people: a count of 1 to SMALL is told as "few", and a sum over a region leaves few
counts out of the number and says so.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from services.communities import regions
from services.communities.models import Community, Region
from services.core import clock, jobs, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.reports import figures
from services.reports.models import Rollup, RollupSchedule

EVERY = timedelta(hours=1)
SMALL = 10
METRICS = (
    "households_in_need",
    "households_paired",
    "unmet_by_kind",
    "volunteers",
    "volunteers_helping",
    "pairings",
    "followups_late",
    "visits_this_month",
    "confirmed_hours_this_month",
    "units_pledging",
    "pledges_open",
)


def begin(actor: Actor) -> None:
    """Have this community's figures counted from now on; for a new community. Raises Forbidden."""
    permissions.require(actor, "reports.roll_up")
    if db.session.scalars(select(RollupSchedule)).first() is None:
        row = RollupSchedule(next_at=clock.now())
        db.session.add(row)
        db.session.flush()
        jobs.ring("reports.roll_up", row.community_id, row.id)


@jobs.job("reports.roll_up", permission="reports.roll_up")
def roll_up(actor: Actor, schedule_id: uuid.UUID) -> None:
    """Count this community's figures for today; run twice, the second finds nothing due."""
    row = locks.lock(RollupSchedule, schedule_id)
    now = clock.now()
    if row.next_at > now:
        return
    community = regions.get_community(row.community_id)
    at = figures.moment(now, community.zone)
    db.session.execute(delete(Rollup).where(Rollup.day == at.day))
    for metric, parts in figures.count(METRICS, at).items():
        db.session.add_all(
            Rollup(metric=metric, part=part, day=at.day, value=value, computed_at=now)
            for part, value in parts.items()
        )
    row.next_at = now + EVERY
    row.lease_until = None
    db.session.flush()


jobs.sweep("rollup_schedule", due="next_at <= now()", order="next_at", job="reports.roll_up")


@dataclass(frozen=True)
class Sheet:
    """A region's figures: per community and metric the count, or None for few; `parts` for one split metric."""

    day: date | None
    communities: list[Community]
    cells: dict[tuple[int, str], int | None] = field(default_factory=dict)
    parts: dict[str, dict[int, int | None]] = field(default_factory=dict)

    def total(self, metric: str) -> int:
        """The sum over the communities whose count is told."""
        return sum(self.cells.get((community.id, metric)) or 0 for community in self.communities)

    def few(self, metric: str) -> bool:
        """True when some community's count is too small to be told, so that the total leaves it out."""
        return any(self.cells.get((community.id, metric), 0) is None for community in self.communities)


def sheet(actor: Actor, *, region: Region) -> Sheet:
    """The newest roll-ups of all communities under `region`, in alphabetical order, small counts hidden.

    The session must act for the region (`scope.be_region`). Raises Forbidden.
    """
    permissions.require(actor, "reports.region")
    communities = regions.communities_under(region)
    latest = (
        select(Rollup.community_id, func.max(Rollup.day).label("day"))
        .group_by(Rollup.community_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Rollup.community_id, Rollup.metric, Rollup.part, Rollup.value, Rollup.day)
        .join(latest, (latest.c.community_id == Rollup.community_id) & (latest.c.day == Rollup.day))
        .execution_options(across="region_id")
    ).all()
    result = Sheet(min((row.day for row in rows), default=None), communities)
    for row in rows:
        told = None if 0 < row.value <= SMALL else row.value
        if row.part:
            result.parts.setdefault(row.part, {})[row.community_id] = told
        else:
            result.cells[row.community_id, row.metric] = told
    return result

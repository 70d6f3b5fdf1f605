"""Figures for officials, counted inside each community's own scope; `sheets` says what a region is told of them."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select

from services.communities import regions
from services.core import clock, jobs, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.reports import figures
from services.reports.models import Rollup, RollupSchedule

EVERY = timedelta(hours=1)
METRICS = (
    "households_in_need",
    "households_paired",
    "households_unpaired",
    "volunteers",
    "volunteers_helping",
    "pairings",
    "followups_late",
    "visits_this_month",
    "confirmed_hours_this_month",
    "units_pledging",
    "pledges_open",
)
# By kind of need.
SPLIT = ("unmet_by_kind", "pledged_by_kind")


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
    for metric, parts in figures.count(METRICS + SPLIT, at).items():
        db.session.add_all(
            Rollup(metric=metric, part=part, day=at.day, value=value, computed_at=now)
            for part, value in parts.items()
        )
    row.next_at = now + EVERY
    row.lease_until = None
    db.session.flush()


jobs.sweep("rollup_schedule", due="next_at <= now()", order="next_at", job="reports.roll_up")

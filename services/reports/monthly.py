"""A community's month: what happened in it and how things stood at its end, once, for page, paper and spreadsheet."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from services.communities import regions
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.reports import figures
from services.reports.models import Rollup

FIRST = date(2000, 1, 1)
HAPPENED = (
    "confirmed_hours_this_month",
    "visits_this_month",
    "visits_waiting_of_month",
    "visits_disputed_of_month",
    "households_visited_this_month",
    "helpers_visiting_this_month",
    "pairings_begun_this_month",
    "pairings_ended_this_month",
    "volunteers_joined_this_month",
    "followups_done_this_month",
    "deliveries_this_month",
)
# Each is rolled up every day, so that the end of a month that is over can still be told.
STOOD = (
    "households_in_need",
    "households_paired",
    "volunteers",
    "volunteers_helping",
    "pairings",
    "followups_late",
    "units_pledging",
    "pledges_open",
)
UNMET = "unmet_by_kind"


@dataclass(frozen=True)
class Report:
    """One month of a community.

    `happened` by figure; `stood` by figure and `unmet` by kind of need as counted on `counted_on` (None: nobody counted
    in that month, and both are empty); `hours` of it and the months before, the oldest first. `over`: the month has ended.
    """

    month: date
    over: bool
    happened: dict[str, int]
    counted_on: date | None
    stood: dict[str, int]
    unmet: dict[str, int]
    hours: list[tuple[date, int]]


def report(actor: Actor, *, month: date) -> Report:
    """The report of the month that begins on `month`; of the present one, so far. Raises Forbidden, NotFound for one to come."""
    permissions.require(actor, "reports.community")
    zone = regions.zone_of(actor.community_id)
    present = figures.moment(clock.now(), zone)
    if not FIRST <= month <= present.month or month.day != 1:
        raise NotFound()
    over = month < present.month
    at = _end_of(month, zone) if over else present
    counted = figures.count(HAPPENED, at)
    day, standing = _rolled_up(at) if over else (present.day, figures.count((*STOOD, UNMET), present))
    return Report(
        month,
        over,
        {code: figures.number(counted, code) for code in HAPPENED},
        day,
        {code: figures.number(standing, code) for code in STOOD if code in standing},
        standing.get(UNMET, {}),
        figures.hours_by_month(at),
    )


def _end_of(month: date, zone: str) -> figures.Moment:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return figures.moment(datetime.combine(last, time(12), ZoneInfo(zone)), zone)


def _rolled_up(at: figures.Moment) -> tuple[date | None, dict[str, figures.Parts]]:
    """What the last roll-up of a month had counted, and on which day. A figure nobody rolls up is left out."""
    day = db.session.scalar(select(func.max(Rollup.day)).where(Rollup.day.between(at.month, at.day)))
    found: dict[str, figures.Parts] = {}
    for row in db.session.scalars(select(Rollup).where(Rollup.day == day)):
        found.setdefault(row.metric, {})[row.part] = row.value
    return day, found

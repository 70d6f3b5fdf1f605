"""One definition of each figure: pages, roll-ups and exports all read it here.

A figure is counted over the rows of the session's community at an instant. `parts` splits it by a code (an
urgency, a kind of need); a figure without parts has the one part "".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, select

from services.communities import regions
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.followups.lists import in_stage
from services.followups.models import FollowUp
from services.households.models import Household, Need
from services.messages import outbox
from services.messages.models import Message
from services.pairings.models import Pairing, Proposal
from services.people.models import Consent
from services.pledges.models import Allocation, Delivery, Pledge
from services.pledges.standings import holds
from services.visits import hours
from services.visits.lists import GONE
from services.visits.models import Visit
from services.volunteers.models import Volunteer
from services.volunteers.profiles import PARTY_MEMBERS
from services.wishes.models import Wish

Parts = dict[str, int]


@dataclass(frozen=True)
class Moment:
    """When figures are counted: the community's calendar day, its month's first day, and that month as instants."""

    day: date
    month: date
    month_start: datetime
    month_end: datetime


def moment(now: datetime, zone: str) -> Moment:
    """The `Moment` of the instant `now` in the IANA zone `zone`."""
    local = ZoneInfo(zone)
    day = now.astimezone(local).date()
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Moment(
        day,
        first,
        datetime(first.year, first.month, 1, tzinfo=local),
        datetime(following.year, following.month, 1, tzinfo=local),
    )


def _one(statement: Select) -> Parts:
    return {"": db.session.scalars(statement).one()}


def _by(statement: Select) -> Parts:
    return {str(part): count for part, count in db.session.execute(statement) if count}


def _same(a: Any, b: Any, a_id: Any, b_id: Any) -> ColumnElement[bool]:
    return and_(a.community_id == b.community_id, a_id == b_id)


_active = Household.state == "active"
_open = Need.state == "open"
_has_need = exists().where(_same(Need, Household, Need.household_id, Household.id), _open)
_asks = exists().where(_same(Need, Household, Need.household_id, Household.id), Need.state == "asked")
_paired = exists().where(
    _same(Pairing, Household, Pairing.household_id, Household.id), Pairing.ended_on.is_(None)
)
_agreed = exists().where(
    Consent.community_id == Household.community_id,
    Consent.subject_kind == "household",
    Consent.subject_id == Household.id,
    Consent.purpose == "matching",
    Consent.withdrawn_on.is_(None),
)
_helping = exists().where(
    _same(Pairing, Volunteer, Pairing.volunteer_id, Volunteer.id), Pairing.ended_on.is_(None)
)
_need_home = _same(Need, Household, Need.household_id, Household.id)


def _households(*conditions: ColumnElement[bool]) -> Select:
    return select(func.count()).select_from(Household).where(_active, *conditions)


def _urgency() -> Select:
    highest = (
        select(Household.id, func.max(Need.urgency).label("urgency"))
        .join(Need, _need_home)
        .where(_active, _open, ~_paired)
        .group_by(Household.id)
        .subquery()
    )
    return select(highest.c.urgency, func.count()).group_by(highest.c.urgency)


def _needs(*conditions: ColumnElement[bool]) -> Select:
    return (
        select(Need.kind, func.count())
        .join(Household, _need_home)
        .where(_active, _open, *conditions)
        .group_by(Need.kind)
    )


def _followups(stage: str, at: Moment, *conditions: ColumnElement[bool]) -> Parts:
    condition = in_stage(stage, today=at.day, month_start=at.month_start)
    return _one(select(func.count()).select_from(FollowUp).where(condition, *conditions))


def _hours(at: Moment) -> Select:
    return select(func.coalesce(func.sum(Visit.minutes) // 60, 0)).where(hours.counted(), *_begun(at))


def _begun(at: Moment) -> tuple[ColumnElement[bool], ...]:
    return Visit.started_at >= at.month_start, Visit.started_at < at.month_end


def _visits(at: Moment, state: str = "") -> Select:
    stands = Visit.state == state if state else Visit.state.not_in(GONE)
    return select(func.count()).select_from(Visit).where(stands, *_begun(at))


def _wishes(state: str) -> Select:
    return select(func.count()).select_from(Wish).where(Wish.state == state)


def _reached(at: Moment, side: Any) -> Select:
    return (
        select(func.count(distinct(side)))
        .select_from(Visit)
        .join(Pairing, _same(Visit, Pairing, Visit.pairing_id, Pairing.id))
        .where(hours.counted(), *_begun(at))
    )


def _within(day: Any, at: Moment) -> tuple[ColumnElement[bool], ...]:
    return day >= at.month, day < at.month_end.date()


FIGURES: dict[str, Callable[[Moment], Parts]] = {
    # Households that need something, and who has whom.
    "households_in_need": lambda at: _one(_households(_has_need)),
    "households_paired": lambda at: _one(_households(_has_need, _paired)),
    "households_unpaired": lambda at: _one(_households(_has_need, ~_paired)),
    "households_without_consent": lambda at: _one(_households(_has_need, ~_agreed)),
    "unpaired_by_urgency": lambda at: _by(_urgency()),
    "urgent_unpaired": lambda at: {"": _by(_urgency()).get("5", 0)},
    "households_asking": lambda at: _one(_households(_asks)),
    "needs_by_kind": lambda at: _by(_needs()),
    "unmet_by_kind": lambda at: _by(_needs(~_paired)),
    # Those who help.
    "volunteers": lambda at: _one(
        select(func.count()).select_from(Volunteer).where(Volunteer.state == "active")
    ),
    "volunteers_waiting": lambda at: _one(
        select(func.count()).select_from(Volunteer).where(Volunteer.state == "pending")
    ),
    "volunteers_helping": lambda at: _one(
        select(func.count()).select_from(Volunteer).where(Volunteer.state == "active", _helping)
    ),
    "party_members_helping": lambda at: _one(
        select(func.count())
        .select_from(Volunteer)
        .where(Volunteer.state == "active", Volunteer.party.in_(PARTY_MEMBERS), _helping)
    ),
    # Promises and whether they are kept.
    "pairings": lambda at: _one(select(func.count()).select_from(Pairing).where(Pairing.ended_on.is_(None))),
    "stops_asked": lambda at: _one(
        select(func.count()).select_from(Pairing).where(Pairing.ended_on.is_(None), Pairing.stop_reason != "")
    ),
    "proposals_waiting": lambda at: _one(
        select(func.count()).select_from(Proposal).where(Proposal.state == "published")
    ),
    "offers_waiting": lambda at: _one(
        select(func.count()).select_from(Proposal).where(Proposal.state == "offered")
    ),
    "followups_open": lambda at: _followups("open", at),
    "followups_late": lambda at: _followups("late", at),
    "followups_escalated": lambda at: _followups("escalated", at),
    "followups_done_this_month": lambda at: _followups("done", at, FollowUp.done_at < at.month_end),
    "visits_this_month": lambda at: _one(_visits(at)),
    "visits_waiting": lambda at: _one(select(func.count()).select_from(Visit).where(Visit.state == "noted")),
    "visits_disputed": lambda at: _one(
        select(func.count()).select_from(Visit).where(Visit.state == "disputed")
    ),
    "confirmed_hours_this_month": lambda at: _one(_hours(at)),
    "messages_failed": lambda at: _one(select(func.count()).select_from(Message).where(outbox.is_lost())),
    # What units give.
    "units_pledging": lambda at: _one(select(func.count(distinct(Pledge.unit_id))).where(holds(at.day))),
    "pledges_open": lambda at: _one(select(func.count()).select_from(Pledge).where(holds(at.day))),
    "pledged_by_kind": lambda at: _by(
        select(Pledge.need_kind, func.count())
        .where(holds(at.day), Pledge.need_kind != "")
        .group_by(Pledge.need_kind)
    ),
    "allocations_to_deliver": lambda at: _one(
        select(func.count()).select_from(Allocation).where(Allocation.state == "reserved")
    ),
    "offers_to_answer": lambda at: _one(
        select(func.count()).select_from(Allocation).where(Allocation.state == "offered")
    ),
    "deliveries_this_month": lambda at: _one(
        select(func.count(distinct(Delivery.allocation_id))).where(*_within(Delivery.delivered_on, at))
    ),
    # Small wishes, by what the office has to do about them.
    "wishes_asked": lambda at: _one(_wishes("asked")),
    "wishes_claimed": lambda at: _one(_wishes("claimed")),
    "wishes_fulfilled": lambda at: _one(_wishes("fulfilled")),
    # What happened in a month, for its report.
    "visits_waiting_of_month": lambda at: _one(_visits(at, "noted")),
    "visits_disputed_of_month": lambda at: _one(_visits(at, "disputed")),
    "households_visited_this_month": lambda at: _one(_reached(at, Pairing.household_id)),
    "helpers_visiting_this_month": lambda at: _one(_reached(at, Pairing.volunteer_id)),
    "pairings_begun_this_month": lambda at: _one(
        select(func.count()).select_from(Pairing).where(*_within(Pairing.started_on, at))
    ),
    "pairings_ended_this_month": lambda at: _one(
        select(func.count()).select_from(Pairing).where(*_within(Pairing.ended_on, at))
    ),
    "volunteers_joined_this_month": lambda at: _one(
        select(func.count())
        .select_from(Volunteer)
        .where(Volunteer.state.not_in(("pending", "declined")), *_within(Volunteer.registered_on, at))
    ),
}


def count(codes: tuple[str, ...], at: Moment) -> dict[str, Parts]:
    """The figures named by `codes`, counted now. Raises KeyError for a code that is none."""
    return {code: FIGURES[code](at) for code in codes}


def standing(actor: Actor) -> dict[str, Parts]:
    """Every figure of the actor's community now. Raises Forbidden."""
    permissions.require(actor, "reports.community")
    return count(tuple(FIGURES), moment(clock.now(), regions.zone_of(actor.community_id)))


def number(counted: dict[str, Parts], code: str) -> int:
    """The one number of a figure without parts."""
    return counted[code].get("", 0)


def hours_by_month(at: Moment, months: int = 6) -> list[tuple[date, int]]:
    """Confirmed hours of each of the last `months` calendar months, the oldest first (whole hours, rounded down)."""
    zone = at.month_start.tzinfo
    starts = [at.month]
    for _ in range(months - 1):
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    begin = datetime(starts[-1].year, starts[-1].month, 1, tzinfo=zone)
    rows = db.session.execute(
        select(Visit.started_at, Visit.minutes).where(hours.counted(), Visit.started_at >= begin)
    )
    minutes = dict.fromkeys(reversed(starts), 0)
    for started_at, spent in rows:
        first = started_at.astimezone(zone).date().replace(day=1)
        if first in minutes:
            minutes[first] += spent
    return [(first, spent // 60) for first, spent in minutes.items()]

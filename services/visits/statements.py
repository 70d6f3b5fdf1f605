"""A helper's hours of a period, visit by visit: what counts, what waits, what does not count and why."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from services.communities import regions
from services.core import clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.households.models import Household
from services.pairings.models import Pairing
from services.visits import hours, parties
from services.visits.lists import Line
from services.visits.models import Visit
from services.visits.parties import Parties
from services.volunteers import profiles
from services.volunteers.models import Volunteer

WAITING = ("noted", "disputed")
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class Statement:
    """Every visit a helper began from `since` to `until`, the oldest first, and what they come to."""

    helper: Volunteer
    since: date
    until: date
    lines: Sequence[Line]

    @property
    def counted(self) -> list[Visit]:
        """The visits whose minutes are service hours."""
        return [line.visit for line in self.lines if hours.counts(line.visit)]

    @property
    def minutes(self) -> int:
        """The service hours, in minutes."""
        return sum(visit.minutes for visit in self.counted)

    @property
    def waiting(self) -> int:
        """Minutes that may still come to count."""
        return sum(line.visit.minutes for line in self.lines if line.visit.state in WAITING)


def of_helper(actor: Actor, *, volunteer_id: uuid.UUID | None = None, since: date, until: date) -> Statement:
    """The statement of a helper, for himself (also without an id) or the office.

    Raises Forbidden, NotFound, DomainError for days that are no period.
    """
    helper = helper_for(actor, volunteer_id)
    check_period(since, until)
    rows = db.session.execute(
        parties.joined(Visit, Pairing, Volunteer, Household)
        .where(Pairing.volunteer_id == helper.id, *hours.between(since, until))
        .order_by(Visit.started_at, Visit.id)
    )
    lines = [Line(visit, Parties(pairing, who, home)) for visit, pairing, who, home in rows]
    return Statement(helper, since, until, lines)


def helper_for(actor: Actor, volunteer_id: uuid.UUID | None) -> Volunteer:
    """The helper whose hours the actor may read: anybody's for the office, else his own. Raises Forbidden, NotFound."""
    permissions.require(actor, "visits.certify")
    own = profiles.own_volunteer(actor)
    if own is not None and volunteer_id in (None, own.id):
        return own
    if volunteer_id is None or not parties.is_office(actor):
        raise NotFound()
    return locks.get(Volunteer, volunteer_id)


def check_period(since: date, until: date) -> None:
    """Raise DomainError unless the days are a period this calendar can hold."""
    if not FIRST <= since <= until <= LAST:
        raise DomainError("period", N_("The period must begin before it ends."), field="until")


def years_of(helper: Volunteer) -> list[int]:
    """The calendar years to choose from: the present one and every one since the first visit, the latest first."""
    zone = regions.zone_of(helper.community_id)
    present = clock.today(zone).year
    first = db.session.scalar(
        select(func.min(Visit.started_at))
        .join(Pairing, (Pairing.community_id == Visit.community_id) & (Pairing.id == Visit.pairing_id))
        .where(Pairing.volunteer_id == helper.id)
    )
    return list(range(present, clock.day_of(first, zone).year - 1 if first else present - 1, -1))

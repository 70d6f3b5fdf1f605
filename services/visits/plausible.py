"""What a note of a visit may say: not the future, not long ago, within the pairing, one place at a time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func

from services.core import clock
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.households import disclosure
from services.households.models import Household
from services.pairings.models import Pairing
from services.visits import parties
from services.visits.models import Visit
from services.visits.parties import Parties

KINDS = ("visit", "call")
OUTCOMES = ("well", "concern", "absent")
LONGEST_MINUTES = 720
GRACE = timedelta(minutes=5)
OLDEST = timedelta(days=60)
# States in which a visit took the helper's time, as far as is known.
TIMED = ("noted", "confirmed", "disputed")


def check_choices(*, kind: str, outcome: str, minutes: int) -> None:
    """Raise DomainError for a kind, outcome or length there is not; an attempt has no length."""
    if kind not in KINDS:
        raise DomainError("kind", N_("Please choose: visit or call."), field="kind")
    if outcome not in OUTCOMES:
        raise DomainError("outcome", N_("Please choose how it went."), field="outcome")
    if outcome != "absent" and not 1 <= minutes <= LONGEST_MINUTES:
        raise DomainError(
            "minutes", N_("How long did it take? Between 1 minute and 12 hours."), field="minutes"
        )


def check_time(there: Parties, started_at: datetime, minutes: int, zone: str) -> None:
    """Raise DomainError for a time in the future, too long ago or outside of the pairing's days."""
    ended_at, now = started_at + timedelta(minutes=minutes), clock.now()
    if ended_at > now + GRACE:
        raise DomainError("future", N_("This time has not come yet."), field="ended_at")
    if started_at < now - OLDEST:
        raise DomainError(
            "too_old",
            N_("This is more than %(days)s days ago and can no longer be noted."),
            field="ended_at",
            days=OLDEST.days,
        )
    day = clock.day_of(started_at, zone)
    if day < there.pairing.started_on or (there.pairing.ended_on and day > there.pairing.ended_on):
        raise DomainError(
            "outside_pairing",
            N_(
                "On this day the helper and the household were not paired. Please check the day of the visit."
            ),
            field="ended_at",
        )


def check_free(actor: Actor, there: Parties, visit: Visit, zone: str) -> None:
    """Raise DomainError, naming the other visit, when the helper was elsewhere at that time."""
    if visit.outcome == "absent":
        return
    ended_at = visit.started_at + timedelta(minutes=visit.minutes)
    other = db.session.execute(
        parties.joined(Visit, Household)
        .where(
            Pairing.volunteer_id == there.volunteer.id,
            Visit.state.in_(TIMED),
            Visit.id.is_distinct_from(visit.corrects_id),
            Visit.started_at < ended_at,
            Visit.started_at + func.make_interval(0, 0, 0, 0, 0, Visit.minutes) > visit.started_at,
        )
        .order_by(Visit.started_at)
        .limit(1)
    ).first()
    if other is not None:
        begin = other.Visit.started_at.astimezone(ZoneInfo(zone))
        end = begin + timedelta(minutes=other.Visit.minutes)
        raise DomainError(
            "overlap",
            N_("The helper was already on another visit then: %(when)s, %(where)s. Please check the time."),
            field="ended_at",
            when=f"{begin:%Y-%m-%d %H:%M}–{end:%H:%M}",
            where=disclosure.place_label(other.Household, actor.language),
        )

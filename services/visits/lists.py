"""Visits to look through: the office's lists, a helper's own, and what waits for a household's word."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.paging import Page
from services.households.models import Household
from services.pairings.models import Pairing
from services.visits import hours, parties
from services.visits.models import Visit
from services.visits.parties import Parties
from services.volunteers.models import Volunteer

STATES = ("noted", "disputed", "confirmed", "attempt", "corrected", "withdrawn")
# What waits is worked off from the oldest; what is done is read from the newest.
OLDEST_FIRST = ("noted", "disputed")
# Kept as history; not among the visits that stand.
GONE = ("corrected", "withdrawn")
PAGE = 50


@dataclass(frozen=True)
class Line:
    """A visit with its helper and household."""

    visit: Visit
    there: Parties


def search(
    actor: Actor,
    *,
    state: str = "",
    volunteer_id: uuid.UUID | None = None,
    household_id: uuid.UUID | None = None,
    month: date | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[Line]:
    """A page of the community's visits; of one state, or all that stand; what waits, the longest waiting first.

    `month` is any day of it. Raises Forbidden.
    """
    permissions.require(actor, "visits.read")
    statement = _lines().where(*_conditions(volunteer_id, household_id, month))
    if state in STATES:
        statement = statement.where(Visit.state == state)
    else:
        statement = statement.where(Visit.state.not_in(GONE))
    return _page(statement, after, oldest_first=state in OLDEST_FIRST, limit=limit)


def counts(
    actor: Actor,
    *,
    volunteer_id: uuid.UUID | None = None,
    household_id: uuid.UUID | None = None,
    month: date | None = None,
) -> dict[str, int]:
    """How many visits are in each state, under the same conditions as `search`. Raises Forbidden."""
    permissions.require(actor, "visits.read")
    statement = (
        select(Visit.state, func.count())
        .join(Pairing, (Pairing.community_id == Visit.community_id) & (Pairing.id == Visit.pairing_id))
        .where(*_conditions(volunteer_id, household_id, month))
        .group_by(Visit.state)
    )
    found = {state: count for state, count in db.session.execute(statement)}
    return {state: found.get(state, 0) for state in STATES}


def own(actor: Actor, *, after: str | None = None, limit: int = PAGE) -> Page[Line]:
    """A page of the visits of the actor as a helper, the newest first. Raises Forbidden."""
    permissions.require(actor, "visits.own")
    statement = _lines().where(Volunteer.account_id == actor.account_id)
    return _page(statement, after, oldest_first=False, limit=limit)


def waiting_for(actor: Actor) -> Sequence[Line]:
    """Visits that wait for the actor's word, as a household or as a helper, the oldest first. Raises Forbidden."""
    permissions.require(actor, "visits.own")
    household = (Household.account_id == actor.account_id) & Visit.household_at.is_(None)
    helper = (Volunteer.account_id == actor.account_id) & Visit.helper_at.is_(None)
    statement = _lines().where(Visit.state == "noted", household | helper)
    return _page(statement, None, oldest_first=True).rows


def of_household(actor: Actor, *, after: str | None = None, limit: int = PAGE) -> Page[Line]:
    """A page of the visits to the actor's own household, the newest first. Raises Forbidden."""
    permissions.require(actor, "visits.own")
    statement = _lines().where(Household.account_id == actor.account_id)
    return _page(statement, after, oldest_first=False, limit=limit)


def get_line(actor: Actor, visit_id: uuid.UUID) -> Line:
    """A visit, for those it concerns: the office, its helper, its household. Raises Forbidden, NotFound."""
    permissions.require(actor, "visits.see")
    visit = locks.get(Visit, visit_id)
    return Line(visit, parties.seen_by(actor, visit.pairing_id))


def last_contact(pairing_id: uuid.UUID) -> Visit | None:
    """The last visit or call of a pairing that stands and met somebody. The calling page has checked whose it is."""
    statement = select(Visit).where(
        Visit.pairing_id == pairing_id, Visit.state.not_in(GONE), Visit.outcome != "absent"
    )
    return db.session.scalars(statement.order_by(Visit.started_at.desc()).limit(1)).first()


def replacement(visit: Visit) -> Visit | None:
    """The visit that took the place of a corrected one."""
    return db.session.scalars(select(Visit).where(Visit.corrects_id == visit.id)).one_or_none()


def _lines() -> Select[tuple[Visit, Pairing, Volunteer, Household]]:
    return parties.joined(Visit, Pairing, Volunteer, Household)


def _page(statement: Select, after: str | None, *, oldest_first: bool, limit: int = PAGE) -> Page[Line]:
    cursor = _id(after)
    if cursor is not None:
        statement = statement.where(Visit.id > cursor if oldest_first else Visit.id < cursor)
    order = Visit.id.asc() if oldest_first else Visit.id.desc()
    rows = db.session.execute(statement.order_by(order).limit(limit + 1)).all()
    lines = [Line(visit, Parties(pairing, helper, household)) for visit, pairing, helper, household in rows]
    return Page(lines[:limit], str(lines[limit - 1].visit.id) if len(lines) > limit else None)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _conditions(
    volunteer_id: uuid.UUID | None, household_id: uuid.UUID | None, month: date | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if volunteer_id:
        conditions.append(Pairing.volunteer_id == volunteer_id)
    if household_id:
        conditions.append(Pairing.household_id == household_id)
    if month:
        first = month.replace(day=1)
        conditions += hours.between(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    return conditions

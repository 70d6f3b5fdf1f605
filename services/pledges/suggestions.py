"""Which free pledges fit an open need, and which open needs fit a pledge."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from services.communities import regions
from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household, Need
from services.pledges import standings
from services.pledges.models import Allocation, Pledge
from services.pledges.standings import Line


@dataclass(frozen=True)
class Wanted:
    """An open need with the household it is of, and how many allocations it has already."""

    need: Need
    household: Household
    allocations: int
    exact: bool


@dataclass(frozen=True)
class Offered:
    """A free pledge for a need; `exact` when it is meant for that kind of need."""

    line: Line
    exact: bool


def fits(pledge: Pledge, need: Need) -> bool:
    """True when the pledge is of the need's kind, or of none in particular, and their weekly times meet."""
    if pledge.need_kind not in ("", need.kind):
        return False
    return pledge.week is None or need.week is None or bool(pledge.week & need.week)


def pledges_for(actor: Actor, *, need_id: uuid.UUID, limit: int = 20) -> list[Offered]:
    """Free pledges that fit a need: those of its kind first, then what expires soonest. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    need = locks.get(Need, need_id)
    today = regions.today(actor.community_id)
    free: Sequence[Pledge] = db.session.scalars(standings.free_now(select(Pledge), today)).all()
    fitting = sorted(
        (row for row in free if fits(row, need)),
        key=lambda row: (row.need_kind == "", row.ends_on or date.max, row.id),
    )
    return [
        Offered(line, line.pledge.need_kind == need.kind)
        for line in standings.describe(fitting[:limit], today)
    ]


def needs_for(actor: Actor, *, pledge_id: uuid.UUID, name: str = "", limit: int = 20) -> list[Wanted]:
    """Open needs that fit a pledge: its kind first, then the most urgent, then the longest waiting; `name` narrows by household.

    Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.read")
    pledge = locks.get(Pledge, pledge_id)
    statement = (
        select(Need, Household)
        .join(
            Household,
            (Household.community_id == Need.community_id) & (Household.id == Need.household_id),
        )
        .where(Need.state == "open", Household.state == "active")
    )
    if name:
        statement = statement.where(Household.name.contains(name, autoescape=True))
    if pledge.need_kind:
        statement = statement.where(Need.kind == pledge.need_kind)
    rows = [(need, household) for need, household in db.session.execute(statement) if fits(pledge, need)]
    rows.sort(key=lambda row: (-row[0].urgency, row[0].id))
    return _with_counts(pledge, rows[:limit])


def wanted(actor: Actor, *, need_id: uuid.UUID) -> Wanted:
    """One need with its household. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    need = locks.get(Need, need_id)
    return Wanted(need, locks.get(Household, need.household_id), _allocated([need.id]).get(need.id, 0), False)


def _with_counts(pledge: Pledge, rows: list[tuple[Need, Household]]) -> list[Wanted]:
    counted = _allocated([need.id for need, _ in rows])
    return [
        Wanted(need, household, counted.get(need.id, 0), pledge.need_kind == need.kind)
        for need, household in rows
    ]


def _allocated(need_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    found: dict[uuid.UUID, int] = {}
    statement = select(Allocation.need_id).where(
        Allocation.need_id.in_(need_ids), Allocation.state.in_(("reserved", "delivered"))
    )
    for need_id in db.session.scalars(statement):
        if need_id:
            found[need_id] = found.get(need_id, 0) + 1
    return found

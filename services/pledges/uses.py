"""Allocations as they are read: by the office with whom they are for, by a unit without the household, by it its own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from services.core import locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household, Need
from services.pledges import units
from services.pledges.models import Allocation, Delivery, Movement, Pledge, Unit
from services.pledges.project_models import Project

STATES = ("offered", "reserved", "delivered", "released")


@dataclass(frozen=True)
class Use:
    """An allocation with what it is part of and for, and every delivery that was signed for, the first first."""

    allocation: Allocation
    pledge: Pledge
    unit: Unit
    household: Household | None
    need: Need | None
    project: Project | None
    deliveries: Sequence[Delivery] = ()
    returned: int = 0

    @property
    def whom(self) -> str:
        """Whom it is for, as the office may read it: a household's name, or a project's title."""
        return self.household.name if self.household else self.project.title if self.project else ""

    @property
    def need_kind(self) -> str:
        """The kind of need it is for, or ""."""
        return self.need.kind if self.need else ""

    @property
    def came(self) -> int:
        """How much has come so far and did not go back."""
        return self._signed - self.returned

    @property
    def _signed(self) -> int:
        return sum(delivery.quantity for delivery in self.deliveries)

    @property
    def left(self) -> int:
        """How much is still to come; nothing once it is delivered or released."""
        return self.allocation.quantity - self._signed if self.allocation.state == "reserved" else 0

    @property
    def quantity(self) -> int:
        """What came when it is over, else what is reserved."""
        return self.came if self.allocation.state == "delivered" else self.allocation.quantity

    @property
    def begins_at(self) -> datetime | None:
        """From when a room is taken; nothing else has hours."""
        return self.allocation.during.lower if self.allocation.during else None

    @property
    def ends_at(self) -> datetime | None:
        """Until when a room is taken."""
        return self.allocation.during.upper if self.allocation.during else None

    @property
    def day(self) -> date:
        """The day something came last, or is to come."""
        return self.deliveries[-1].delivered_on if self.deliveries else self.allocation.planned_on


@dataclass(frozen=True)
class UnitUse:
    """A use as the unit may know it: what, how much, for which kind of need or which project, in which month; never whose."""

    id: uuid.UUID
    item: str
    measure: str
    quantity: int
    came: int
    left: int
    need_kind: str
    project: str
    month: date
    state: str


def page(
    actor: Actor,
    *,
    state: str = "",
    household_id: uuid.UUID | None = None,
    pledge_id: uuid.UUID | None = None,
    project_id: uuid.UUID | None = None,
    delivered_since: date | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Use], str | None]:
    """Allocations for the office, newest first, and the cursor of the next page. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    statement = select(Allocation)
    if state:
        statement = statement.where(Allocation.state == state)
    if household_id:
        statement = statement.where(Allocation.household_id == household_id)
    if pledge_id:
        statement = statement.where(Allocation.pledge_id == pledge_id)
    if project_id:
        statement = statement.where(Allocation.project_id == project_id)
    if delivered_since:
        signed = select(Delivery.allocation_id).where(
            Delivery.community_id == actor.community_id, Delivery.delivered_on >= delivered_since
        )
        statement = statement.where(Allocation.id.in_(signed))
    found = paging.newest_first(statement, Allocation.id, after=after, limit=limit)
    return _described([row.id for row in found.rows]), found.next


def one(actor: Actor, allocation_id: uuid.UUID) -> Use:
    """One allocation for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    return _described([locks.get(Allocation, allocation_id).id])[0]


def of_projects(project_ids: list[uuid.UUID]) -> list[Use]:
    """What is offered, reserved or given for projects, newest first, for who may see those."""
    statement = select(Allocation.id).where(
        Allocation.project_id.in_(project_ids), Allocation.state != "released"
    )
    return _described(list(db.session.scalars(statement)))


def of_own_household(actor: Actor) -> list[Use]:
    """What was reserved for or delivered to the actor's own household, newest first. Raises Forbidden."""
    permissions.require(actor, "households.own")
    own = select(Household.id).where(
        Household.account_id == actor.account_id, Household.account_id.is_not(None)
    )
    statement = select(Allocation.id).where(
        Allocation.household_id.in_(own), Allocation.state.in_(("reserved", "delivered"))
    )
    return _described(list(db.session.scalars(statement)))


def of_unit(
    actor: Actor,
    *,
    unit_id: uuid.UUID,
    state: str = "",
    pledge_id: uuid.UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[UnitUse], str | None]:
    """What became of a unit's pledges, newest first, without any word of whom, and the cursor of the next page.

    Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.offer")
    units.check_own(actor, unit_id)
    statement = select(Allocation).where(Allocation.pledge_id.in_(_pledges_of(unit_id)))
    if state:
        statement = statement.where(Allocation.state == state)
    if pledge_id:
        statement = statement.where(Allocation.pledge_id == pledge_id)
    found = paging.newest_first(statement, Allocation.id, after=after, limit=limit)
    return [_for_unit(use) for use in _described([row.id for row in found.rows])], found.next


def of_own_unit(actor: Actor, allocation_id: uuid.UUID) -> UnitUse:
    """What became of part of a unit's own pledge, for the unit and the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.offer")
    use = _described([locks.get(Allocation, allocation_id).id])[0]
    units.check_own(actor, use.unit.id)
    return _for_unit(use)


def counts_of_unit(actor: Actor, *, unit_id: uuid.UUID) -> dict[str, int]:
    """How many uses of each state a unit's pledges have, each the length of a list. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.offer")
    units.check_own(actor, unit_id)
    statement = (
        select(Allocation.state, func.count())
        .where(Allocation.pledge_id.in_(_pledges_of(unit_id)))
        .group_by(Allocation.state)
    )
    return dict.fromkeys(STATES, 0) | {state: number for state, number in db.session.execute(statement)}


def _pledges_of(unit_id: uuid.UUID) -> Select:
    return select(Pledge.id).where(Pledge.unit_id == unit_id)


def _for_unit(use: Use) -> UnitUse:
    return UnitUse(
        use.allocation.id,
        use.pledge.item,
        use.pledge.measure,
        use.quantity,
        use.came,
        use.left,
        use.need_kind,
        use.project.title if use.project else "",
        use.day.replace(day=1),
        use.allocation.state,
    )


def _described(ids: list[uuid.UUID]) -> list[Use]:
    came: dict[uuid.UUID, list[Delivery]] = {}
    signed = select(Delivery).where(Delivery.allocation_id.in_(ids))
    for delivery in db.session.scalars(signed.order_by(Delivery.delivered_on, Delivery.id)):
        came.setdefault(delivery.allocation_id, []).append(delivery)
    back = (
        select(Movement.allocation_id, func.sum(Movement.quantity))
        .where(Movement.allocation_id.in_(ids), Movement.kind == "returned")
        .group_by(Movement.allocation_id)
    )
    returned = {allocation_id: int(number) for allocation_id, number in db.session.execute(back)}
    rows = db.session.execute(_with_all(ids)).all()
    return [Use(a, p, u, h, n, pr, came.get(a.id, ()), returned.get(a.id, 0)) for a, p, u, h, n, pr in rows]


def _with_all(ids: list[uuid.UUID]) -> Select:
    same = Allocation.community_id
    return (
        select(Allocation, Pledge, Unit, Household, Need, Project)
        .join(Pledge, (Pledge.community_id == same) & (Pledge.id == Allocation.pledge_id))
        .join(Unit, (Unit.community_id == same) & (Unit.id == Pledge.unit_id))
        .outerjoin(Household, (Household.community_id == same) & (Household.id == Allocation.household_id))
        .outerjoin(Need, (Need.community_id == same) & (Need.id == Allocation.need_id))
        .outerjoin(Project, (Project.community_id == same) & (Project.id == Allocation.project_id))
        .where(Allocation.id.in_(ids))
        .order_by(Allocation.id.desc())
    )

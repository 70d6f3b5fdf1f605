"""The helper and the household of a proposal or pairing: found together, and locked in one order everywhere.

The order is household → volunteer → proposal or pairing → other proposals by id; only then is anything written.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, or_, select

from services.core import locks
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.households.models import Household
from services.pairings.models import Pairing, Proposal
from services.volunteers.models import Volunteer

SIDES = ("helper", "household")

Between = TypeVar("Between", Proposal, Pairing)


@dataclass(frozen=True)
class Parties(Generic[Between]):
    """What stands between a helper and a household, with both of them."""

    row: Between
    volunteer: Volunteer
    household: Household

    def account_of(self, side: str) -> uuid.UUID | None:
        """The account of a side ("helper", "household"), or None when it has none."""
        return self.volunteer.account_id if side == "helper" else self.household.account_id

    def side_of(self, actor: Actor) -> str | None:
        """Which side the actor stands on, or None."""
        if actor.account_id is None:
            return None
        return next((side for side in SIDES if self.account_of(side) == actor.account_id), None)


def locked(model: type[Between], row_id: uuid.UUID) -> Parties[Between]:
    """A proposal or pairing with both sides, all three locked. Raises NotFound."""
    row = locks.get(model, row_id)
    household = locks.lock(Household, row.household_id)
    volunteer = locks.lock(Volunteer, row.volunteer_id)
    return Parties(locks.lock(model, row_id), volunteer, household)


def of(rows: Iterable[Between]) -> list[Parties[Between]]:
    """The rows with both sides, in their order."""
    wanted = list(rows)
    volunteers = _by_id(Volunteer, {row.volunteer_id for row in wanted})
    households = _by_id(Household, {row.household_id for row in wanted})
    return [Parties(row, volunteers[row.volunteer_id], households[row.household_id]) for row in wanted]


def _by_id(model: type[Any], ids: set[uuid.UUID]) -> dict[uuid.UUID, Any]:
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def one(model: type[Between], row_id: uuid.UUID | str) -> Parties[Between]:
    """One row with both sides. Raises NotFound."""
    return of([locks.get(model, row_id)])[0]


def require_side(actor: Actor, found: Parties[Between], *sides: str) -> str:
    """The actor's own side, when it is one of `sides`. Raises NotFound."""
    side = found.side_of(actor)
    if side is None or side not in sides:
        raise NotFound()
    return side


def living_of(*, household_id: uuid.UUID | None = None, volunteer_id: uuid.UUID | None = None) -> int:
    """How many living pairings a household or a volunteer has."""
    statement = select(func.count()).select_from(Pairing).where(Pairing.ended_on.is_(None))
    if household_id:
        statement = statement.where(Pairing.household_id == household_id)
    if volunteer_id:
        statement = statement.where(Pairing.volunteer_id == volunteer_id)
    return db.session.scalars(statement).one()


def household_has_room(household: Household) -> bool:
    """True while an active household wants one more helper."""
    return household.state == "active" and living_of(household_id=household.id) < household.places


def helper_has_room(volunteer: Volunteer) -> bool:
    """True while an active helper can take one more household."""
    return volunteer.state == "active" and living_of(volunteer_id=volunteer.id) < volunteer.places


def are_paired(volunteer_id: uuid.UUID, household_id: uuid.UUID) -> bool:
    """True while the two are living as a pair."""
    return living_of(volunteer_id=volunteer_id, household_id=household_id) > 0


def is_side(model: type[Proposal] | type[Pairing], account_id: uuid.UUID | None) -> ColumnElement[bool]:
    """The condition that an account is the helper's or the household's of a proposal or pairing."""
    helpers = select(Volunteer.id).where(Volunteer.account_id == account_id)
    households = select(Household.id).where(Household.account_id == account_id)
    return or_(model.volunteer_id.in_(helpers), model.household_id.in_(households))

"""Who lives in a household."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from services.communities import catalogue
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.core.free_text import without_id_numbers
from services.households import registration
from services.households.models import Household, Resident


def add_resident(
    actor: Actor, *, household_id: uuid.UUID, name: str, gender: str = "", birthday: date | None = None
) -> Resident:
    """Record somebody who lives in a household. Raises Forbidden, NotFound, DomainError naming the field."""
    permissions.require(actor, "households.write")
    household = locks.lock(Household, household_id)
    resident = Resident(household_id=household.id)
    _write(actor, resident, name, gender, birthday)
    db.session.add(resident)
    db.session.flush()
    audit.record(actor, "household.resident_added", "household", household.id, resident=str(resident.id))
    return resident


def _write(actor: Actor, resident: Resident, name: str, gender: str, birthday: date | None) -> None:
    resident.name = without_id_numbers(name.strip(), field="name")
    if not resident.name:
        raise DomainError("name", N_("Please give a name."), field="name")
    resident.gender = "".join(catalogue.known(catalogue.GENDERS, [gender] if gender else [], field="gender"))
    resident.birthday = registration.known_birthday(actor, birthday)


def change_head(actor: Actor, *, household_id: uuid.UUID, **facts: Any) -> Resident:
    """Change the gender or birthday (a date or None) of a household's head. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "households.write")
    household = locks.lock(Household, household_id)
    head = db.session.scalars(
        select(Resident).where(Resident.household_id == household.id, Resident.head.is_(True))
    ).one()
    birthday = date.fromisoformat(head.birthday) if head.birthday else None
    _write(actor, head, head.name, facts.get("gender", head.gender), facts.get("birthday", birthday))
    db.session.flush()
    audit.record(actor, "household.changed", "household", household.id, fields=sorted(facts))
    return head


def remove_resident(actor: Actor, *, resident_id: uuid.UUID) -> Resident:
    """Somebody no longer lives there; the head stays (change the household's name first). Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "households.write")
    resident = locks.lock(Resident, resident_id)
    if resident.head:
        raise DomainError(
            "head",
            N_(
                "The household is named for this person, who therefore stays. Give the household another name first, then take the person out."
            ),
        )
    db.session.delete(resident)
    db.session.flush()
    audit.record(
        actor, "household.resident_removed", "household", resident.household_id, resident=str(resident_id)
    )
    return resident


def get_resident(actor: Actor, resident_id: uuid.UUID) -> Resident:
    """Somebody who lives in a household, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "households.read")
    return locks.get(Resident, resident_id)


def residents_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Resident]]:
    """The residents of each household, its head first."""
    rows = db.session.scalars(
        select(Resident).where(Resident.household_id.in_(ids)).order_by(Resident.head.desc(), Resident.id)
    )
    found: dict[uuid.UUID, list[Resident]] = {}
    for row in rows:
        found.setdefault(row.household_id, []).append(row)
    return found

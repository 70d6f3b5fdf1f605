"""The file of co-building units: one row, one unit with those who speak for it."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.communities.catalogue import BENEFIT_KINDS, UNIT_KINDS
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, DomainError
from services.ledgers.files.cells import lines, one, several, text
from services.ledgers.files.kinds import ID_FIELD, Field, Kind, Values, picked
from services.people import accounts
from services.pledges import units
from services.pledges.models import Unit, UnitPerson

_FACTS = ("name", "kind", "area", "hopes", "wish")

FIELDS = (
    ID_FIELD,
    Field("name", N_("Co-building unit"), text(80, filled=True)),
    Field("kind", N_("Type of unit"), one(UNIT_KINDS, filled=True)),
    Field("area", N_("What it works on"), text(80)),
    Field("hopes", N_("Hopes for in return"), several(BENEFIT_KINDS)),
    Field("wish", N_("What else it hopes for"), text(200)),
    Field("contacts", N_("Contact people: name, phone"), lines(2), sealed="contact"),
)


def values(rows: Sequence[Unit]) -> list[dict[str, Any]]:
    """What is known of each unit."""
    people: dict[uuid.UUID, list[tuple[str, str]]] = {}
    for person in _people([row.id for row in rows]):
        people.setdefault(person.unit_id, []).append((person.name, person.phone or ""))
    return [
        {name: getattr(row, name) for name in ("id", *_FACTS)} | {"contacts": people.get(row.id, [])}
        for row in rows
    ]


def _people(ids: Sequence[uuid.UUID]) -> Sequence[UnitPerson]:
    return db.session.scalars(
        select(UnitPerson).where(among(UnitPerson.unit_id, ids)).order_by(UnitPerson.id)
    ).all()


def add(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Add a unit with its people."""
    units.add_unit(actor, row_id=row_id, **({"name": "", "kind": ""} | picked(said, *_FACTS)))
    _put_people(actor, row_id, said.get("contacts", []))


def change(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Change what a file says otherwise."""
    if facts := picked(said, *_FACTS):
        unit = units.get_unit(actor, row_id)
        present = {"name": unit.name, "kind": unit.kind, "wish": unit.wish}
        units.update_unit(actor, unit_id=row_id, **(present | facts))
    if "contacts" in said:
        _put_people(actor, row_id, said["contacts"])


def _put_people(actor: Actor, row_id: uuid.UUID, said: Sequence[tuple[str, str]]) -> None:
    wanted = set()
    for name, phone in said:
        if len(name) > 60:
            raise DomainError("long", N_("Please shorten this: it is too long."), field="contacts")
        wanted.add((name.strip(), accounts.normal_phone(phone) if phone else ""))
    for person in _people([row_id]):
        if (person.name, person.phone or "") not in wanted:
            units.remove_person(actor, person_id=person.id)
    for name, phone in sorted(wanted):
        units.add_person(actor, unit_id=row_id, name=name, phone=phone or None)


UNITS = Kind(
    key="units",
    subject="unit",
    label=N_("Co-building units"),
    permission="pledges.read",
    model=Unit,
    fields=FIELDS,
    values=values,
    add=add,
    change=change,
)

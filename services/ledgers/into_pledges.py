"""Pledge entries and the units and pledges Linli has: compared first, written when staff has agreed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from services.communities import regions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import DomainError
from services.ledgers import progress, steps
from services.ledgers.issues import Issue
from services.ledgers.pledges import PledgeEntry
from services.ledgers.steps import Change, Say, Step, Values
from services.people import accounts
from services.pledges import offers, quantities, units
from services.pledges.models import Pledge, Unit, UnitPerson

KIND = "unit"


@dataclass
class Known:
    """What Linli has: units by name, their people and pledges by unit; and what rows so far have said of a unit."""

    units: dict[str, Unit]
    people: dict[uuid.UUID, list[UnitPerson]]
    pledges: dict[uuid.UUID, list[Pledge]]
    said: dict[uuid.UUID, dict[str, str]]
    told: set[tuple[str, str]] = field(default_factory=set)
    phones: dict[tuple[str, str], str] = field(default_factory=dict)


def compare(actor: Actor, entries: Sequence[PledgeEntry], say: Say) -> list[Step]:
    """What each entry would do; nothing is written."""
    known = _known()
    wanted: list[tuple[PledgeEntry, dict[str, Any] | Step]] = []
    met: dict[uuid.UUID, int] = {}
    for entry in progress.each(entries):
        wanted.append((entry, _checked(actor, entry, say)))
    # Exact matches first, so that a second pledge of the same thing is not taken for a changed first one.
    for entry, wish in wanted:
        unit = known.units.get(entry.organisation)
        if unit and isinstance(wish, dict):
            same = [row for row in _alike(entry, wish, unit, known, met) if _exact(entry, wish, row)]
            if same:
                met[same[0].id] = entry.row
    rows = {row: pledge_id for pledge_id, row in met.items()}
    return [
        wish if isinstance(wish, Step) else _step(entry, wish, known, rows.get(entry.row), met, say)
        for entry, wish in wanted
    ]


def _known() -> Known:
    people: dict[uuid.UUID, list[UnitPerson]] = {}
    for person in db.session.scalars(select(UnitPerson).order_by(UnitPerson.id)):
        people.setdefault(person.unit_id, []).append(person)
    pledges: dict[uuid.UUID, list[Pledge]] = {}
    for pledge in db.session.scalars(select(Pledge).order_by(Pledge.id)):
        pledges.setdefault(pledge.unit_id, []).append(pledge)
    named = {unit.name: unit for unit in db.session.scalars(select(Unit))}
    return Known(named, people, pledges, steps.remembered(KIND))


def terms(actor: Actor, entry: PledgeEntry) -> dict[str, Any]:
    """What `offers.pledge` takes, from an entry: fen, minutes or pieces; a room's size is part of its name.

    A pledge without a first day begins today. Raises DomainError.
    """
    promise = entry.promise
    room = promise.kind == "venue"
    size = f" {promise.quantity.normalize():f}{promise.measure}" if room and promise.quantity else ""
    measure = quantities.measure_of(promise.kind, promise.measure)
    quantity = None
    if not room and promise.quantity is not None:
        quantity = quantities.read(f"{promise.quantity.normalize():f}", measure)
    return {
        "kind": promise.kind,
        "item": promise.what + size,
        "quantity": quantity,
        "measure": promise.measure,
        "period": "week" if room else promise.per,
        "need_kind": promise.service or "",
        "week": promise.week if room else None,
        "starts_on": entry.starts or regions.today(actor.community_id),
        "ends_on": entry.ends,
        "conditions": entry.wishes,
    }


def _checked(actor: Actor, entry: PledgeEntry, say: Say) -> dict[str, Any] | Step:
    try:
        wanted = terms(actor, entry)
        offers.check(**{name: value for name, value in wanted.items() if name != "conditions"})
    except DomainError as error:
        return steps.refused(entry, say(entry, "promise", "rule", understood=error.message))
    return wanted


def _alike(
    entry: PledgeEntry, wanted: dict[str, Any], unit: Unit, known: Known, met: dict[uuid.UUID, int]
) -> list[Pledge]:
    """Pledges of the unit for the same thing from the same day that no row has met."""
    measure = quantities.measure_of(wanted["kind"], wanted["measure"])
    return [
        row
        for row in known.pledges.get(unit.id, [])
        if row.id not in met
        and (row.kind, row.item, row.measure, row.period)
        == (wanted["kind"], wanted["item"], measure, wanted["period"])
        and (entry.starts is None or row.starts_on == entry.starts)
    ]


def _exact(entry: PledgeEntry, wanted: dict[str, Any], row: Pledge) -> bool:
    amount = row.week == wanted["week"] if row.kind == "venue" else row.promised == wanted["quantity"]
    return amount and row.ends_on == entry.ends


def _step(
    entry: PledgeEntry,
    wanted: dict[str, Any],
    known: Known,
    pledge_id: uuid.UUID | None,
    met: dict[uuid.UUID, int],
    say: Say,
) -> Step:
    unit = known.units.get(entry.organisation)
    issues = _second_phone(entry, known, say)
    if unit is None:
        if entry.organisation_kind is None and (entry.organisation, "new") not in known.told:
            return steps.refused(entry, say(entry, "organisation_kind", "unit_kind_missing"))
        known.told.add((entry.organisation, "new"))
        return Step(entry, steps.NEW, issues=issues)
    if pledge_id is None and any(row.state == "open" for row in _alike(entry, wanted, unit, known, met)):
        return steps.refused(entry, say(entry, "promise", "pledge_differs"))
    pledge = next((row for row in known.pledges.get(unit.id, []) if row.id == pledge_id), None)
    said = _said(entry, known)
    digest, before = steps.digests(unit.id, said), known.said.get(unit.id, {})
    changes = steps.differences(said, digest, _present(said, unit, known), before)
    if pledge and entry.wishes and pledge.conditions != entry.wishes:
        changes.append(Change("conditions", pledge.conditions, entry.wishes))
    outcome = (steps.CHANGED if changes else steps.SAME) if pledge else steps.NEW
    return Step(entry, outcome, pledge, tuple(changes), issues, digest)


def _second_phone(entry: PledgeEntry, known: Known, say: Say) -> tuple[Issue, ...]:
    contact = (entry.organisation, _contact(entry))
    if entry.phone is None or known.phones.setdefault(contact, entry.phone) == entry.phone:
        return ()
    return (say(entry, "phone", "phone_second"),)


def _said(entry: PledgeEntry, known: Known) -> Values:
    """What the entry says of its unit; what an earlier row has said of it already is left out."""
    said: Values = {"organisation_kind": entry.organisation_kind, "wishes": entry.wishes}
    if entry.contact or entry.phone:
        said[f"contact:{_contact(entry)}"] = entry.phone or "-"
    fresh = {n: v for n, v in said.items() if v and (entry.organisation, n) not in known.told}
    known.told.update((entry.organisation, name) for name in fresh)
    return fresh


def _contact(entry: PledgeEntry) -> str:
    return entry.contact or entry.organisation[:60]


def _present(said: Values, unit: Unit, known: Known) -> Values:
    has: Values = {"organisation_kind": unit.kind, "wishes": unit.wish}
    for person in known.people.get(unit.id, []):
        name = f"contact:{person.name}"
        # A row without a phone says nothing about it, and of two people of one name either may be meant.
        phone = person.phone or "-"
        if said.get(name) in ("-", phone):
            has[name] = said[name]
        has.setdefault(name, phone)
    return has


def write(actor: Actor, found: Sequence[Step]) -> None:
    """Do what `compare` found, as agreed: new units with their people, new pledges, and the changes of known units."""
    known, fresh = _known(), set()
    told: list[tuple[uuid.UUID, dict[str, str]]] = []
    for step in progress.each(found):
        if step.outcome in (steps.REFUSED, steps.DROPPED):
            continue
        entry: PledgeEntry = step.entry
        if entry.organisation not in known.units:
            unit = _add_unit(actor, entry, known)
            fresh.add(unit.id)
        unit = known.units[entry.organisation]
        if unit.id in fresh:
            told.append((unit.id, _fill_unit(actor, entry, unit, known)))
        else:
            _change_unit(actor, entry, unit, step, known)
            told.append((unit.id, step.said))
        if step.outcome == steps.NEW:
            offers.pledge(actor, unit_id=unit.id, **terms(actor, entry))
        elif step.new_value("conditions"):
            step.row.conditions = entry.wishes
    db.session.flush()
    steps.remember(KIND, told)


def _add_unit(actor: Actor, entry: PledgeEntry, known: Known) -> Unit:
    kind = entry.organisation_kind or ""
    unit = units.add_unit(actor, name=entry.organisation, kind=kind, wish=entry.wishes)
    known.units[unit.name] = unit
    return unit


def _fill_unit(actor: Actor, entry: PledgeEntry, unit: Unit, known: Known) -> dict[str, str]:
    """A new unit takes from each of its rows what earlier ones have not said."""
    said = _said(entry, known)
    if said.get("wishes") and not unit.wish:
        unit.wish = entry.wishes
    if f"contact:{_contact(entry)}" in said:
        _set_person(actor, entry, unit, known)
    return steps.digests(unit.id, said)


def _change_unit(actor: Actor, entry: PledgeEntry, unit: Unit, step: Step, known: Known) -> None:
    if step.new_value("organisation_kind") or step.new_value("wishes"):
        kind = entry.organisation_kind or unit.kind
        wish = entry.wishes if step.new_value("wishes") else unit.wish
        units.update_unit(actor, unit_id=unit.id, name=unit.name, kind=kind, wish=wish)
    if step.new_value(f"contact:{_contact(entry)}"):
        _set_person(actor, entry, unit, known)


def _set_person(actor: Actor, entry: PledgeEntry, unit: Unit, known: Known) -> None:
    """The contact of the entry: a known one gets the new phone, another one is added."""
    same = [row for row in known.people.get(unit.id, []) if row.name == _contact(entry)]
    if same and entry.phone:
        same[0].phone, same[0].phone_key = entry.phone, accounts.phone_key(entry.phone)
    elif not same:
        person = units.add_person(actor, unit_id=unit.id, name=_contact(entry), phone=entry.phone)
        known.people.setdefault(unit.id, []).append(person)

"""Units for programs: what they are, who speaks for them, what they got, whom they look after."""

import uuid
from typing import Any

from flask import g, url_for

from app.api.area import needs_scope
from app.api.bodies import ListQuery, body
from app.auth import allow
from app.pledges.api_area import bp
from app.pledges.api_forms import PairUnitSchema, UseQuery, YearQuery
from app.pledges.api_schemas import (
    BenefitRowSchema,
    PhoneSchema,
    SecretSchema,
    UnitPairingLineSchema,
    UnitPairingRowSchema,
    UnitPersonRowSchema,
    UnitRowSchema,
    UnitUseSchema,
)
from app.pledges.schemas import BenefitSchema, EndPairingSchema, PersonSchema, UnitSchema
from services.core.errors import NotFound
from services.core.paging import Page
from services.households import registration
from services.pledges import benefits, unit_pairings, units, uses
from services.pledges.models import Benefit, Unit, UnitPairing, UnitPerson
from services.pledges.unit_pairings import Line
from services.pledges.uses import UnitUse
from services.wishes import leaving

UNIT = "/units/<uuid:unit_id>"
PERSON = "/unit-people/<uuid:person_id>"


@bp.lists("/units", UnitRowSchema, ListQuery)
@allow("pledges.read")
def list_units(asked: dict[str, Any]) -> Page[Unit]:
    """The community's units, the newest first."""
    return units.page(g.actor, **asked)


@bp.creates("/units", UnitRowSchema, body(UnitSchema))
@allow("pledges.allocate")
def add_unit(data: dict[str, Any]) -> Unit:
    """Add a unit."""
    return units.add_unit(g.actor, **data)


@bp.shows("/own-unit", UnitRowSchema)
@allow("pledges.own")
def show_own_unit() -> Unit:
    """The unit one speaks for."""
    unit = units.own_unit(g.actor)
    if unit is None:
        raise NotFound()
    return unit


@bp.shows(UNIT, UnitRowSchema)
@allow("pledges.offer")
def show_unit(unit_id: uuid.UUID) -> Unit:
    """A unit, for the office and the unit itself."""
    return units.get_unit(g.actor, unit_id)


@bp.changes(UNIT, UnitRowSchema, body(UnitSchema, partial=True), Unit, show_unit)
@allow("pledges.allocate")
def change_unit(data: dict[str, Any], unit_id: uuid.UUID) -> Unit:
    """Change what is known of a unit; what is left out stays."""
    return units.update_unit(g.actor, unit_id=unit_id, **data)


@bp.lists(f"{UNIT}/allocations", UnitUseSchema, UseQuery)
@allow("pledges.offer")
def list_allocations_of_unit(asked: dict[str, Any], unit_id: uuid.UUID) -> Page[UnitUse]:
    """What became of a unit's pledges, the newest first; never for whom."""
    unit = units.get_unit(g.actor, unit_id)
    return Page(*uses.of_unit(g.actor, unit_id=unit.id, **asked))


@bp.lists(f"{UNIT}/people", UnitPersonRowSchema)
@allow("pledges.offer")
def list_unit_people(asked: dict[str, Any], unit_id: uuid.UUID) -> Page[UnitPerson]:
    """Who speaks for a unit, by name."""
    unit = units.get_unit(g.actor, unit_id)
    return Page(units.people_of(g.actor, unit.id), None)


@bp.creates(f"{UNIT}/people", UnitPersonRowSchema, body(PersonSchema), at=PERSON)
@allow("pledges.offer")
def add_unit_person(data: dict[str, Any], unit_id: uuid.UUID) -> UnitPerson:
    """Add somebody who speaks for a unit."""
    phone = data["phone"] or None
    return units.add_person(g.actor, unit_id=unit_id, name=data["person_name"], phone=phone)


@bp.shows(PERSON, UnitPersonRowSchema)
@allow("pledges.offer")
def show_unit_person(person_id: uuid.UUID) -> UnitPerson:
    """Somebody who speaks for a unit."""
    return units.get_person(g.actor, person_id)


@bp.removes(PERSON, UnitPerson, show_unit_person, UnitPersonRowSchema)
@allow("pledges.offer")
def remove_unit_person(person_id: uuid.UUID) -> None:
    """Take somebody off his unit; he sees nothing of it any more."""
    leaving.remove_person(g.actor, person_id=person_id)


@bp.acts(f"{PERSON}/reveal", PhoneSchema)
@needs_scope("pledges:private")
@allow("pledges.read")
def reveal_unit_phone(person_id: uuid.UUID) -> dict[str, str]:
    """The phone in clear; the look is on record before the answer leaves."""
    return {"value": units.reveal_phone(g.actor, person_id=person_id)}


@bp.acts(f"{PERSON}/invite", SecretSchema)
@allow("pledges.offer")
def invite_unit_person(person_id: uuid.UUID) -> dict[str, str]:
    """A link by which this person opens an account, told only now."""
    secret = units.invite_person(g.actor, person_id=person_id)
    return {"url": url_for("pledges.join", secret=secret, _external=True)}


@bp.lists(f"{UNIT}/benefits", BenefitRowSchema, YearQuery)
@allow("pledges.offer")
def list_benefits(asked: dict[str, Any], unit_id: uuid.UUID) -> Page[Benefit]:
    """What a unit got in return, the latest first, without what was taken back."""
    unit = units.get_unit(g.actor, unit_id)
    return Page(benefits.of_unit(g.actor, unit_id=unit.id, year=asked["year"]), None)


@bp.lists(f"{UNIT}/benefits/entries", BenefitRowSchema)
@allow("pledges.read")
def list_benefit_entries(asked: dict[str, Any], unit_id: uuid.UUID) -> Page[Benefit]:
    """Every entry of what a unit got, also what was taken back, the newest first."""
    unit = units.get_unit(g.actor, unit_id)
    return Page(benefits.entries(g.actor, unit_id=unit.id), None)


@bp.creates(f"{UNIT}/benefits", BenefitRowSchema, body(BenefitSchema), at="/benefits/<uuid:benefit_id>")
@allow("pledges.allocate")
def give_benefit(data: dict[str, Any], unit_id: uuid.UUID) -> Benefit:
    """Enter what a unit got; the same on the same day is one entry."""
    return benefits.give(g.actor, unit_id=unit_id, **data)


@bp.shows("/benefits/<uuid:benefit_id>", BenefitRowSchema)
@allow("pledges.read")
def show_benefit(benefit_id: uuid.UUID) -> Benefit:
    """An entry of what a unit got."""
    return benefits.get(g.actor, benefit_id)


@bp.acts("/benefits/<uuid:benefit_id>/take-back", BenefitRowSchema)
@allow("pledges.allocate")
def take_benefit_back(benefit_id: uuid.UUID) -> Benefit:
    """Take a mistaken entry back: the entry against it."""
    return benefits.take_back(g.actor, benefit_id=benefit_id)


@bp.lists(f"{UNIT}/pairings", UnitPairingLineSchema)
@allow("pledges.offer")
def list_pairings_of_unit(asked: dict[str, Any], unit_id: uuid.UUID) -> Page[Line]:
    """A unit's living pairings; the unit itself is not told with which household."""
    unit = units.get_unit(g.actor, unit_id)
    return Page(unit_pairings.of_unit(g.actor, unit_id=unit.id), None)


@bp.lists("/households/<uuid:household_id>/unit-pairings", UnitPairingLineSchema)
@allow("pledges.read")
def list_unit_pairings_of_household(asked: dict[str, Any], household_id: uuid.UUID) -> Page[Line]:
    """The units that look after a household."""
    household = registration.get_household(g.actor, household_id)
    return Page(unit_pairings.of_household(g.actor, household_id=household.id), None)


@bp.creates("/unit-pairings", UnitPairingRowSchema, body(PairUnitSchema))
@allow("pledges.allocate")
def pair_unit(data: dict[str, Any]) -> UnitPairing:
    """Have a unit look after the community, or a household."""
    return unit_pairings.pair(g.actor, **data)


@bp.shows("/unit-pairings/<uuid:pairing_id>", UnitPairingRowSchema)
@allow("pledges.read")
def show_unit_pairing(pairing_id: uuid.UUID) -> UnitPairing:
    """A unit's pairing."""
    return unit_pairings.get(g.actor, pairing_id)


@bp.acts("/unit-pairings/<uuid:pairing_id>/end", UnitPairingRowSchema, body(EndPairingSchema))
@allow("pledges.allocate")
def end_unit_pairing(data: dict[str, Any], pairing_id: uuid.UUID) -> UnitPairing:
    """A unit no longer looks after somebody."""
    return unit_pairings.end(g.actor, pairing_id=pairing_id, **data)

"""What is known about a household, checked and written to its row."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import select

from services.communities import catalogue, regions, wordlists
from services.communities.models import Building
from services.core import crypto, locks
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.core.free_text import without_id_numbers
from services.households.models import Household
from services.people import accounts

LONGEST_PLACE = 20


class Facts(TypedDict, total=False):
    """A household's facts; what is left out stays as it is. `estate`, `building`, `entrance`, `door` say where it
    lives; `phone` and `note` are emptied by None."""

    name: str
    estate: str
    building: str
    entrance: str
    door: str
    phone: str | None
    people: int | None
    categories: Sequence[str]
    languages: Sequence[str]
    circumstances: Sequence[str]
    gender_wish: str
    note: str | None
    places: int


def write(actor: Actor, household: Household, facts: Facts) -> None:
    """Put `facts` on a household. Raises DomainError naming the field, Conflict for a door that is taken."""
    put(household, facts)
    if {"estate", "building", "entrance", "door"} & set(facts):
        _set_place(actor, household, facts)
    db.session.add(household)
    db.session.flush()


def put(household: Household, facts: Facts) -> None:
    """Put `facts` but for the place on a household, in memory only. Raises DomainError naming the field."""
    for name in ("name", "estate", "building", "entrance", "door", "note"):
        without_id_numbers(str(facts.get(name) or ""), field=name)
    for name, terms in (("languages", catalogue.LANGUAGES), ("circumstances", catalogue.CIRCUMSTANCES)):
        if name in facts:
            setattr(household, name, catalogue.known(terms, facts[name], field=name))  # type: ignore[literal-required]
    if "categories" in facts:
        _set_categories(household, facts["categories"])
    if "gender_wish" in facts:
        wish = [facts["gender_wish"]] if facts["gender_wish"] else []
        household.gender_wish = "".join(catalogue.known(catalogue.WISHED_GENDER, wish, field="gender_wish"))
    for name in ("name", "people", "places", "note"):
        if name in facts:
            setattr(household, name, facts[name])  # type: ignore[literal-required]
    if "phone" in facts:
        _set_phone(household, facts["phone"])
    _check(household)


def _check(household: Household) -> None:
    if not (household.name or "").strip():
        raise DomainError("name", N_("Please give a name."), field="name")
    if household.people is not None and not 1 <= household.people <= 50:
        raise DomainError("people", N_("This number is outside what is possible here."), field="people")
    if household.places is not None and not 1 <= household.places <= 20:
        raise DomainError("places", N_("A household has 1 to 20 helpers."), field="places")


def _set_categories(household: Household, codes: Sequence[str]) -> None:
    household.categories = catalogue.known(catalogue.HOUSEHOLD_CATEGORIES, codes, field="categories")
    household.category_keys = [category_key(code) for code in household.categories]


def category_key(code: str) -> str:
    """The look-up key of a category."""
    return crypto.lookup_key("household category", code)


def _set_phone(household: Household, phone: str | None) -> None:
    number = accounts.normal_phone(phone) if phone else None
    household.phone = number
    household.phone_key = accounts.phone_key(number) if number else None
    household.tail_key = accounts.tail_key(number) if number else None


def normal_place(text: str) -> str:
    """A building's number, an entrance or a door for comparing: half-width, upper case, without its own word."""
    narrow = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    return re.sub(r"(?<=.)(号楼|#楼|单元|栋|幢|#|号|座|楼|室|户)$", "", narrow)


def door_key(*, estate: str, building: str, entrance: str, door: str) -> str:
    """The look-up key of a door: the same however its parts are written."""
    parts = [re.sub(r"\s+", "", unicodedata.normalize("NFKC", estate))]
    parts += [normal_place(part) for part in (building, entrance, door)]
    return crypto.lookup_key("door", "|".join(parts))


def _set_place(actor: Actor, household: Household, facts: Facts) -> None:
    present = locks.get(Building, household.building_id) if household.building_id else None
    estate = facts.get("estate", present.estate if present else "").strip()
    number = normal_place(facts.get("building", present.number if present else ""))
    entrance = normal_place(facts.get("entrance", household.entrance or ""))
    door = normal_place(facts.get("door") or household.door or "")
    for name, part in (("building", number), ("door", door)):
        if not part:
            raise DomainError("place", N_("Please fill this in."), field=name)
    for name, part in (("building", number), ("entrance", entrance), ("door", door)):
        if len(part) > LONGEST_PLACE:
            raise DomainError("place", N_("Please shorten this: it is too long."), field=name)
    put_place(household, regions.building(estate=estate, number=number), entrance=entrance, door=door)
    claim_door(actor, household)


def put_place(household: Household, building: Building, *, entrance: str, door: str) -> None:
    """Put a household behind a door, in memory only: nobody has looked whether somebody lives there."""
    household.building_id = building.id
    household.entrance, household.door = normal_place(entrance), normal_place(door)
    household.door_key = door_key(
        estate=building.estate, building=building.number, entrance=entrance, door=door
    )


def hold_doors(actor: Actor) -> None:
    """Nobody else takes a door here until this transaction ends."""
    locks.advisory("household door", actor.community_id or 0)


def claim_door(actor: Actor, household: Household) -> None:
    """Make sure no other active household lives behind the door. Raises Conflict."""
    # Asked before the row is written, so that the answer is in words.
    with db.session.no_autoflush:
        hold_doors(actor)
        other = db.session.scalars(
            select(Household).where(
                Household.door_key == household.door_key,
                Household.state == "active",
                Household.id != household.id,
            )
        ).one_or_none()
    if other:
        raise Conflict(
            "door_taken",
            N_(
                "%(name)s is already registered at this door. Open that household and change it, or check building and door."
            ),
            field="door",
            name=other.name,
        )


def _categorised(code: str) -> bool:
    holds = Household.category_keys.contains([category_key(code)])
    return db.session.scalars(select(Household.id).where(holds)).first() is not None


wordlists.used_by("categories", _categorised)

"""Households for programs: who is helped, who lives there, what is needed, what was agreed."""

import uuid
from typing import Any

from flask import g

from app.api.area import Area, needs_scope
from app.api.bodies import ListQuery, body
from app.auth import allow
from app.households.api_schemas import (
    FactSchema,
    HouseholdLineSchema,
    HouseholdQuery,
    HouseholdSchema,
    NeedRowSchema,
    ResidentRowSchema,
)
from app.households.schemas import (
    ChangeSchema,
    CloseSchema,
    ConsentSchema,
    NeedChangeSchema,
    NeedCloseSchema,
    NeedSchema,
    RegisterSchema,
    ResidentSchema,
    RevealSchema,
    SensitiveSchema,
)
from services.communities import regions
from services.core.paging import Page
from services.households import disclosure, needs, registration, residents
from services.households.models import Household, Need, Resident
from services.households.search import Wanted, search
from services.wishes import leaving

bp = Area(
    "households", __name__, "Who is helped: households, who lives there, what they need, what they agreed to."
)

HOUSEHOLD = "/households/<uuid:household_id>"


@bp.lists("/households", HouseholdLineSchema, HouseholdQuery)
@allow("households.read")
def list_households(asked: dict[str, Any]) -> Page[Household]:
    """Households, the newest first."""
    place = asked.pop("building_id")
    after, limit = asked.pop("after"), asked.pop("limit")
    return search(g.actor, Wanted(place=place, **asked), after=after, limit=limit)


@bp.creates("/households", HouseholdSchema, body(RegisterSchema))
@allow("households.write")
def register_household(data: dict[str, Any]) -> Household:
    """Register a household; its name is that of its head, the first resident."""
    return registration.register_household(g.actor, **_facts(data))


@bp.shows(HOUSEHOLD, HouseholdSchema)
@allow("households.read")
def show_household(household_id: uuid.UUID) -> Household:
    """A household."""
    return registration.get_household(g.actor, household_id)


@bp.changes(
    HOUSEHOLD,
    HouseholdSchema,
    body(ChangeSchema, without=("version", "drop"), partial=True),
    Household,
    show_household,
)
@allow("households.write")
def change_household(data: dict[str, Any], household_id: uuid.UUID) -> Household:
    """Change what is known; what is left out stays. An empty phone removes it."""
    return registration.update_household(g.actor, household_id=household_id, **_facts(data))


@bp.acts(
    f"{HOUSEHOLD}/private-facts", HouseholdSchema, body(SensitiveSchema, without=("version",), partial=True)
)
@needs_scope("households:private")
@allow("households.write")
def set_private_facts(data: dict[str, Any], household_id: uuid.UUID) -> Household:
    """Set categories and note, which are not shown."""
    return registration.update_household(g.actor, household_id=household_id, **_facts(data))


@bp.acts(f"{HOUSEHOLD}/reveal", FactSchema, body(RevealSchema))
@needs_scope("households:private")
@allow("households.reveal")
def reveal_fact(data: dict[str, Any], household_id: uuid.UUID) -> dict[str, str]:
    """A private fact in clear, for a reason; the look is on record before the answer leaves."""
    text = disclosure.reveal(g.actor, household_id=household_id, relation="any", **data)
    return {"value": text}


@bp.acts(f"{HOUSEHOLD}/close", HouseholdSchema, body(CloseSchema, without=("sure",)))
@allow("households.write")
def close_household(data: dict[str, Any], household_id: uuid.UUID) -> Household:
    """Record that it moved, that the person died, or that it is no longer served; needs, pairings and reservations end."""
    day = data["day"] or regions.today(g.community.id)
    return leaving.close_household(g.actor, household_id=household_id, reason=data["reason"], day=day)


@bp.acts(f"{HOUSEHOLD}/reopen", HouseholdSchema)
@allow("households.write")
def reopen_household(household_id: uuid.UUID) -> Household:
    """Take a mistaken closing back; needs are added anew."""
    return registration.reopen_household(g.actor, household_id=household_id)


@bp.acts(f"{HOUSEHOLD}/consent", None, body(ConsentSchema))
@allow("households.write")
def give_consent(data: dict[str, Any], household_id: uuid.UUID) -> None:
    """Record that the household agreed to being matched."""
    day = data.pop("given_on")
    registration.give_consent(g.actor, household_id=household_id, day=day, **data)


@bp.acts(f"{HOUSEHOLD}/consent/withdraw", None)
@allow("households.write")
def withdraw_consent(household_id: uuid.UUID) -> None:
    """Record that the household no longer agrees."""
    registration.withdraw_consent(g.actor, household_id=household_id)


@bp.lists(f"{HOUSEHOLD}/residents", ResidentRowSchema)
@allow("households.read")
def list_residents(asked: dict[str, Any], household_id: uuid.UUID) -> Page[Resident]:
    """Who lives there."""
    household = registration.get_household(g.actor, household_id)
    return Page(residents.residents_of([household.id])[household.id], None)


@bp.creates(
    f"{HOUSEHOLD}/residents", ResidentRowSchema, body(ResidentSchema), at="/residents/<uuid:resident_id>"
)
@allow("households.write")
def add_resident(data: dict[str, Any], household_id: uuid.UUID) -> Resident:
    """Record somebody who lives there."""
    return residents.add_resident(g.actor, household_id=household_id, **data)


@bp.shows("/residents/<uuid:resident_id>", ResidentRowSchema)
@allow("households.read")
def show_resident(resident_id: uuid.UUID) -> Resident:
    """Somebody who lives in a household."""
    return residents.get_resident(g.actor, resident_id)


@bp.removes("/residents/<uuid:resident_id>", Resident, show_resident, ResidentRowSchema)
@allow("households.write")
def remove_resident(resident_id: uuid.UUID) -> None:
    """Somebody no longer lives there."""
    residents.remove_resident(g.actor, resident_id=resident_id)


@bp.lists(f"{HOUSEHOLD}/needs", NeedRowSchema, ListQuery)
@allow("households.read")
def list_needs(asked: dict[str, Any], household_id: uuid.UUID) -> Page[Need]:
    """What the household needs or needed."""
    household = registration.get_household(g.actor, household_id)
    return Page(needs.of_household(household.id), None)


@bp.creates(f"{HOUSEHOLD}/needs", NeedRowSchema, body(NeedSchema), at="/needs/<uuid:need_id>")
@allow("households.write")
def add_need(data: dict[str, Any], household_id: uuid.UUID) -> Need:
    """Record what a household lacks."""
    return needs.add_need(g.actor, household_id=household_id, **data)


@bp.shows("/needs/<uuid:need_id>", NeedRowSchema)
@allow("households.read")
def show_need(need_id: uuid.UUID) -> Need:
    """A need."""
    return needs.get_need(g.actor, need_id)


@bp.changes("/needs/<uuid:need_id>", NeedRowSchema, body(NeedChangeSchema, partial=True), Need, show_need)
@allow("households.write")
def change_need(data: dict[str, Any], need_id: uuid.UUID) -> Need:
    """How much of it there is now; one that the household asked for is taken up by it."""
    return needs.change_need(g.actor, need_id=need_id, **data)


@bp.acts("/needs/<uuid:need_id>/close", NeedRowSchema, body(NeedCloseSchema))
@allow("households.write")
def close_need(data: dict[str, Any], need_id: uuid.UUID) -> Need:
    """Close a need, with a reason."""
    return needs.close_need(g.actor, need_id=need_id, **data)


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    """What was sent as services take it: an empty text is none, helpers are one when not said."""
    for name in ("phone", "note"):
        if name in data:
            data[name] = data[name] or None
    if data.get("places", 1) is None:
        data["places"] = 1
    return data

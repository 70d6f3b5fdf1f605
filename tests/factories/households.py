"""Households the office serves, each with an open need."""

import itertools
from typing import Any

from services.households import needs, registration
from services.households.models import Household, Need
from tests.factories import world

_numbers = itertools.count(1)


def make_household(place: world.Place, *, need: str | None = "company", **changes: Any) -> Household:
    """A household in the community the session serves, behind a door of its own, that agreed to matching.

    It has one open need of kind `need` (none when None).
    """
    number = next(_numbers)
    facts: dict[str, Any] = {
        "name": f"住户{number}",
        "estate": "东里",
        "building": "1",
        "entrance": "2",
        "door": str(100 + number),
        "categories": ["living_alone"],
        "consent_on": world.SINCE,
    }
    household = registration.register_household(place.actor("staff"), **{**facts, **changes})
    if need:
        make_need(place, household, kind=need)
    return household


def make_need(place: world.Place, household: Household, kind: str = "company", **amount: Any) -> Need:
    """One more open need."""
    return needs.add_need(place.actor("staff"), household_id=household.id, kind=kind, **amount)


def make_resident(place: world.Place, **changes: Any) -> Household:
    """A household that signs in; its account stands at `place.accounts["resident"]` (the newest one)."""
    account = world.add_member(place, "resident")
    household = make_household(place, name=account.name, **changes)
    household.account_id = account.id
    return household

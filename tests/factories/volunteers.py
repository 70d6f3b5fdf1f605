"""Helpers the office knows, and their papers."""

import itertools
from datetime import date
from typing import Any

from services.core import week
from services.volunteers import papers, profiles
from services.volunteers.models import Volunteer
from tests.factories import world

_numbers = itertools.count(1)


def phone() -> str:
    """A mobile number nobody else in this test process has."""
    return f"+86138{next(_numbers):08d}"


def make_volunteer(place: world.Place, **changes: Any) -> Volunteer:
    """An active helper in the community the session serves: company and shopping, free on weekday mornings."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "name": f"助人{number}",
        "phone": phone(),
        "skills": {"company": 2, "shopping": 1},
        "languages": ["mandarin"],
        "week": week.week_from_text("工作日上午"),
        "places": 1,
    }
    return profiles.register_volunteer(place.actor("staff"), **{**facts, **changes})


def make_helper(place: world.Place, **changes: Any) -> Volunteer:
    """A helper who signs in; his account stands at `place.accounts["volunteer"]` (the newest one)."""
    account = world.add_member(place, "volunteer")
    return make_volunteer(place, account_id=account.id, name=account.name, **changes)


def make_paper(
    place: world.Place, volunteer: Volunteer, kind: str = "first_aid", expires_on: date | None = None
) -> None:
    """A paper the office has seen."""
    papers.set_credential(place.actor("staff"), volunteer_id=volunteer.id, kind=kind, expires_on=expires_on)

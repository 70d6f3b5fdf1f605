"""Small wishes of households."""

import uuid
from typing import Any

from services.wishes import wishes
from services.wishes.models import Wish
from tests.factories import world


def make_wish(place: world.Place, household_id: uuid.UUID, **changes: Any) -> Wish:
    """An open wish for a lamp, written down by the office."""
    facts: dict[str, Any] = {"kind": "home", "text": "一盏看书用的台灯", "worth": 80}
    return wishes.add(place.actor("staff"), household_id=household_id, **facts | changes)

"""Visits, noted and confirmed as people do it."""

from datetime import timedelta
from typing import Any

from services.communities import regions
from services.core import clock
from services.pairings.models import Pairing
from services.visits import confirmations, notes
from services.visits.models import Visit
from tests.factories import pairings, world


def make_old_pairing(place: world.Place, *, couple: bool = True, days: int = 30) -> Pairing:
    """A living pairing that the office entered, began `days` ago, so that visits of the past fit into it."""
    pairing = pairings.enter_pairing(place, couple=couple)
    pairing.started_on = regions.today(place.id) - timedelta(days=days)
    return pairing


def make_visit(
    place: world.Place,
    pairing: Pairing | None = None,
    *,
    role: str = "volunteer",
    ago: int = 3,
    **changes: Any,
) -> Visit:
    """A visit of an hour that began `ago` hours ago, noted by the pairing's helper (or by `role`)."""
    facts: dict[str, Any] = {
        "started_at": clock.now() - timedelta(hours=ago),
        "minutes": 60,
        "kind": "visit",
        "outcome": "well",
    }
    pairing = pairing or make_old_pairing(place)
    return notes.note_visit(place.actor(role), pairing_id=pairing.id, **{**facts, **changes})


def make_confirmed(place: world.Place, pairing: Pairing | None = None, **changes: Any) -> Visit:
    """A visit that helper and household have both confirmed by their accounts."""
    visit = make_visit(place, pairing, **changes)
    return confirmations.confirm(place.actor("resident"), visit_id=visit.id, side="household", how="account")

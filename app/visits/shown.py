"""The blueprint, and how a visit is put before the reader: names by what he may see, times by the community's clock."""

import contextlib
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g
from werkzeug.wrappers import Response

from app.visits import words
from services.core import clock
from services.households import disclosure
from services.visits import sight
from services.visits.lists import Line
from services.visits.parties import Parties

bp = Blueprint("visits", __name__, url_prefix="/c/<community>/visits")

Page = str | Response | tuple[str | Response, int]


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words}


def today() -> date:
    """The community's present day."""
    return clock.today(g.community.zone)


def month_of(text: str) -> date | None:
    """A day of the month an address names ("this" or "2026-11"); None for anything else."""
    if text == "this":
        return today()
    with contextlib.suppress(ValueError):
        month = date.fromisoformat(f"{text}-01")
        return month if 2000 <= month.year < 2100 else None
    return None


def typed(instant: datetime) -> str:
    """An instant as a date-and-time field of the community's clock holds it."""
    return instant.astimezone(ZoneInfo(g.community.zone)).strftime("%Y-%m-%dT%H:%M")


def instant(typed_at: datetime) -> datetime:
    """What a date-and-time field means in the community's zone."""
    return typed_at.replace(tzinfo=ZoneInfo(g.community.zone))


def told(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines for a template: each visit with its helper, household and place."""
    labels = disclosure.place_labels([line.there.household for line in lines], g.actor.language)
    return [{"visit": line.visit, **_names(line.there, labels)} for line in lines]


def paired(pairings: Sequence[Parties]) -> list[dict[str, Any]]:
    """Pairings for a template: helper, household and place."""
    labels = disclosure.place_labels([there.household for there in pairings], g.actor.language)
    return [_names(there, labels) for there in pairings]


def _names(there: Parties, labels: dict[uuid.UUID, str]) -> dict[str, Any]:
    return {
        "pairing": there.pairing,
        "volunteer_id": there.volunteer.id,
        "household_id": there.household.id,
        "helper": there.volunteer.name,
        "household": sight.household_name(g.actor, there, today()),
        "place": labels[there.household.id],
    }

"""The area of follow-ups for programs, and how they read one; shared by its files."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.api.area import Area
from services.followups import plans
from services.followups.models import FollowUp, Plan

bp = Area("followups", __name__, "What somebody must do by a day, the plans that make it, and who is away.")

FOLLOW_UP = "/follow-ups/<uuid:follow_up_id>"
PLAN = "/plans/<uuid:plan_id>"
ABSENCE = "/absences/<uuid:absence_id>"


@dataclass(frozen=True)
class Told:
    """A follow-up with its plan."""

    row: FollowUp
    plan: Plan


def told(rows: Sequence[FollowUp]) -> list[Told]:
    """Follow-ups as programs read them."""
    found: dict[uuid.UUID, Plan] = plans.by_id({row.plan_id for row in rows})
    return [Told(row, found[row.plan_id]) for row in rows]


def one(row: FollowUp) -> Told:
    """One of them."""
    return told([row])[0]

"""Absences for programs: who is away, and who stands in."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.followups.api_area import ABSENCE, bp
from app.followups.api_forms import NewAbsenceSchema
from app.followups.api_schemas import AbsenceRowSchema
from app.followups.schemas import UntilSchema
from services.core.paging import Page, in_parts
from services.followups import absences
from services.followups.models import Absence


@bp.lists("/absences", AbsenceRowSchema)
@allow("followups.hand_over")
def list_absences(asked: dict[str, Any]) -> Page[Absence]:
    """Who is away now or will be, the earliest first."""
    return in_parts(absences.everybodys(g.actor), **asked)


@bp.lists("/absences/own", AbsenceRowSchema)
@allow("followups.act")
def list_own_absences(asked: dict[str, Any]) -> Page[Absence]:
    """When I am away, the earliest first."""
    return in_parts(absences.own(g.actor), **asked)


@bp.shows(ABSENCE, AbsenceRowSchema)
@allow("followups.act")
def show_absence(absence_id: uuid.UUID) -> Absence:
    """An absence: one's own, or for the office anybody's."""
    return absences.get(g.actor, absence_id)


@bp.creates("/absences", AbsenceRowSchema, body(NewAbsenceSchema))
@allow("followups.act")
def register_absence(data: dict[str, Any]) -> Absence:
    """Record that I am away, or for the office that somebody is."""
    return absences.register(
        g.actor,
        account_id=data["account"] or g.actor.account_id,
        since=data["since"],
        until=data["until"],
        deputy_id=data["deputy"],
    )


@bp.acts(f"{ABSENCE}/end-earlier", AbsenceRowSchema, body(UntilSchema))
@allow("followups.act")
def end_absence_earlier(data: dict[str, Any], absence_id: uuid.UUID) -> Absence:
    """Make an earlier day its last."""
    return absences.end_earlier(g.actor, absence_id=absence_id, **data)


@bp.acts(f"{ABSENCE}/cancel", AbsenceRowSchema)
@allow("followups.act")
def cancel_absence(absence_id: uuid.UUID) -> Absence:
    """Take an absence back."""
    return absences.cancel(g.actor, absence_id=absence_id)

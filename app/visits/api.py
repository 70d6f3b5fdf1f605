"""Visits for programs: noting one, lists, and what each side says."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, url_for

from app.api.area import needs_scope
from app.api.bodies import body
from app.auth import allow
from app.visits import api_hours
from app.visits.api_area import VISIT, bp
from app.visits.api_forms import CorrectedSchema, NewVisitSchema, OfVisitsSchema, VisitsQuery
from app.visits.api_schemas import RevealedSchema, StatesSchema, TriesSchema, VisitLinkSchema, VisitRowSchema
from app.visits.schemas import CodeSchema, ConfirmSchema, DisputeSchema, WitnessSchema
from services.core.errors import DomainError
from services.core.paging import Page, in_parts
from services.visits import codes, confirmations, corrections, links, lists, notes, sight
from services.visits.lists import Line

__all__ = ["api_hours", "bp"]


@bp.lists("/visits", VisitRowSchema, VisitsQuery)
@allow("visits.read")
def list_visits(asked: dict[str, Any]) -> Page[Line]:
    """Visits, the newest first; what waits (noted, disputed), the longest waiting first."""
    return lists.search(g.actor, **asked)


@bp.shows("/visits/counts", StatesSchema, OfVisitsSchema)
@allow("visits.read")
def count_visits(asked: dict[str, Any]) -> dict[str, Any]:
    """How many visits are in each state, under the filters of the list."""
    return {"states": lists.counts(g.actor, **asked)}


@bp.lists("/visits/own", VisitRowSchema)
@allow("visits.own")
def list_own_visits(asked: dict[str, Any]) -> Page[Line]:
    """My visits as a helper, the newest first."""
    return lists.own(g.actor, **asked)


@bp.lists("/visits/at-home", VisitRowSchema)
@allow("visits.own")
def list_visits_at_home(asked: dict[str, Any]) -> Page[Line]:
    """Visits to my household, the newest first."""
    return lists.of_household(g.actor, **asked)


@bp.lists("/visits/waiting", VisitRowSchema)
@allow("visits.own")
def list_waiting_visits(asked: dict[str, Any]) -> Page[Line]:
    """What waits for my word, as a household or as a helper, the oldest first."""
    return in_parts(lists.waiting_for(g.actor), **asked)


@bp.creates(
    "/pairings/<uuid:pairing_id>/visits",
    VisitRowSchema,
    body(NewVisitSchema),
    at="/visits/<uuid:visit_id>",
)
@allow("visits.note")
def note_visit(data: dict[str, Any], pairing_id: uuid.UUID) -> Line:
    """Note what happened; a helper's own note is his side's confirmation. The same `submission` again is the same visit."""
    with _begun_at():
        visit = notes.note_visit(g.actor, pairing_id=pairing_id, **_lasted(data))
    return lists.get_line(g.actor, visit.id)


@bp.shows(VISIT, VisitRowSchema)
@allow("visits.see")
def show_visit(visit_id: uuid.UUID) -> Line:
    """A visit, for the office, its helper and its household."""
    return lists.get_line(g.actor, visit_id)


@bp.acts(f"{VISIT}/correct", VisitRowSchema, body(CorrectedSchema))
@allow("visits.note")
def correct_visit(data: dict[str, Any], visit_id: uuid.UUID) -> Line:
    """Note it anew in place of what was wrong; both sides confirm the new visit."""
    with _begun_at():
        visit = corrections.correct_visit(g.actor, visit_id=visit_id, **_lasted(data))
    return lists.get_line(g.actor, visit.id)


@bp.acts(f"{VISIT}/withdraw", VisitRowSchema)
@allow("visits.note")
def withdraw_visit(visit_id: uuid.UUID) -> Line:
    """Take back a visit that did not happen."""
    corrections.withdraw_visit(g.actor, visit_id=visit_id)
    return lists.get_line(g.actor, visit_id)


@bp.acts(f"{VISIT}/confirm", VisitRowSchema, body(ConfirmSchema))
@allow("visits.see")
def confirm_visit(data: dict[str, Any], visit_id: uuid.UUID) -> Line:
    """Confirm one side, by its own account or by a call of the office."""
    confirmations.confirm(g.actor, visit_id=visit_id, **data)
    return lists.get_line(g.actor, visit_id)


@bp.acts(f"{VISIT}/witness", VisitRowSchema, body(WitnessSchema))
@allow("visits.read")
def name_witness(data: dict[str, Any], visit_id: uuid.UUID) -> Line:
    """Confirm for a household that cannot speak for itself, by somebody who knows."""
    confirmations.confirm_by_witness(g.actor, visit_id=visit_id, **data)
    return lists.get_line(g.actor, visit_id)


@bp.acts(f"{VISIT}/dispute", VisitRowSchema, body(DisputeSchema))
@allow("visits.see")
def dispute_visit(data: dict[str, Any], visit_id: uuid.UUID) -> Line:
    """Say that it was not so: its minutes stop counting, and the office looks into it."""
    confirmations.dispute(g.actor, visit_id=visit_id, **data)
    return lists.get_line(g.actor, visit_id)


@bp.acts(f"{VISIT}/code", TriesSchema, body(CodeSchema))
@allow("visits.see")
def enter_code(data: dict[str, Any], visit_id: uuid.UUID) -> dict[str, Any]:
    """The household's code, as its helper is told it at the door; a wrong try is counted."""
    left = codes.enter_code(g.actor, visit_id=visit_id, **data)
    return {"confirmed": left is None, "left": left}


@bp.acts(f"{VISIT}/link", VisitLinkSchema)
@allow("visits.note")
def make_visit_link(visit_id: uuid.UUID) -> dict[str, str]:
    """A one-time link by which the household answers without signing in."""
    secret = links.issue_link(g.actor, visit_id=visit_id)
    return {"address": url_for("visits.answer", secret=secret, _external=True)}


@bp.acts(f"{VISIT}/reveal", RevealedSchema)
@needs_scope("visits:private")
@allow("households.reveal")
def reveal_visit_note(visit_id: uuid.UUID) -> dict[str, str]:
    """What was noted at the household, for the office; the look is on record before the answer leaves."""
    return {"value": sight.reveal_note(g.actor, visit_id=visit_id)}


@contextmanager
def _begun_at() -> Iterator[None]:
    """A program says when a visit began; the services name the end, which people are asked for."""
    try:
        yield
    except DomainError as error:
        error.field = "started_at" if error.field == "ended_at" else error.field
        raise


def _lasted(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "minutes": data["minutes"] or 0}

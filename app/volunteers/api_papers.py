"""A helper's papers, and whom he is not paired with, for programs."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.volunteers.api_area import VOLUNTEER, bp
from app.volunteers.api_schemas import ExclusionRowSchema, PaperRowSchema
from app.volunteers.schemas import ExclusionSchema, PaperSchema
from services.core.paging import Page
from services.volunteers import papers, profiles
from services.volunteers.models import Credential, Exclusion

PAPER = "/papers/<uuid:paper_id>"
EXCLUSION = "/exclusions/<uuid:exclusion_id>"


@bp.lists(f"{VOLUNTEER}/papers", PaperRowSchema)
@allow("volunteers.read")
def list_papers(asked: dict[str, Any], volunteer_id: uuid.UUID) -> Page[Credential]:
    """The papers the office has seen."""
    volunteer = profiles.get_volunteer(g.actor, volunteer_id)
    return Page(profiles.credentials_of([volunteer.id]).get(volunteer.id, []), None)


@bp.creates(f"{VOLUNTEER}/papers", PaperRowSchema, body(PaperSchema), at=PAPER)
@allow("volunteers.write")
def record_paper(data: dict[str, Any], volunteer_id: uuid.UUID) -> Credential:
    """Record a paper the office has seen, or a newer one of its kind."""
    return papers.set_credential(g.actor, volunteer_id=volunteer_id, **data)


@bp.shows(PAPER, PaperRowSchema)
@allow("volunteers.read")
def show_paper(paper_id: uuid.UUID) -> Credential:
    """A paper the office has seen."""
    return papers.get_credential(g.actor, paper_id)


@bp.removes(PAPER, Credential, show_paper, PaperRowSchema)
@allow("volunteers.write")
def drop_paper(paper_id: uuid.UUID) -> None:
    """Take a wrongly recorded paper away."""
    papers.drop_credential(g.actor, credential_id=paper_id)


@bp.lists(f"{VOLUNTEER}/exclusions", ExclusionRowSchema)
@allow("volunteers.read")
def list_exclusions(asked: dict[str, Any], volunteer_id: uuid.UUID) -> Page[Exclusion]:
    """Households the helper is not paired with."""
    volunteer = profiles.get_volunteer(g.actor, volunteer_id)
    return Page(profiles.exclusions_of([volunteer.id]).get(volunteer.id, []), None)


@bp.creates(f"{VOLUNTEER}/exclusions", ExclusionRowSchema, body(ExclusionSchema), at=EXCLUSION)
@allow("volunteers.write")
def add_exclusion(data: dict[str, Any], volunteer_id: uuid.UUID) -> Exclusion:
    """Never pair the helper with these households."""
    return papers.add_exclusion(g.actor, volunteer_id=volunteer_id, **data)


@bp.shows(EXCLUSION, ExclusionRowSchema)
@allow("volunteers.read")
def show_exclusion(exclusion_id: uuid.UUID) -> Exclusion:
    """Households a helper is not paired with."""
    return papers.get_exclusion(g.actor, exclusion_id)


@bp.removes(EXCLUSION, Exclusion, show_exclusion, ExclusionRowSchema)
@allow("volunteers.write")
def drop_exclusion(exclusion_id: uuid.UUID) -> None:
    """Let them be proposed to each other again."""
    papers.drop_exclusion(g.actor, exclusion_id=exclusion_id)

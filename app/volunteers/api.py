"""Helpers for programs, as the office sees and changes them."""

import uuid
from typing import Any

from flask import g, url_for

from app.api.area import needs_scope
from app.api.bodies import body
from app.auth import allow
from app.households.api_schemas import FactSchema
from app.volunteers import api_own, api_papers
from app.volunteers.api_area import TICKS, VOLUNTEER, Profile, bp, profile
from app.volunteers.api_schemas import (
    FindSchema,
    FoundSchema,
    InvitationSchema,
    PrivateFactsSchema,
    VolunteerFactsSchema,
    VolunteerQuery,
    VolunteerSchema,
)
from app.volunteers.schemas import DeclineSchema, RevealSchema, StateSchema
from services.core.paging import Page
from services.pairings import pairings
from services.volunteers import applications, invitation, profiles
from services.volunteers.models import Volunteer
from services.wishes import leaving

__all__ = ["api_own", "api_papers", "bp"]

MASKS = ("drop", "version")
PRIVATE = ("birthday", "note")


def _part(page: Page[Volunteer]) -> Page[Profile]:
    skills = profiles.skills_of([row.id for row in page.rows])
    return Page([Profile(row, skills.get(row.id, {})) for row in page.rows], page.next)


@bp.lists("/volunteers", VolunteerSchema, VolunteerQuery)
@allow("volunteers.read")
def list_volunteers(asked: dict[str, Any]) -> Page[Profile]:
    """Helpers, the newest first."""
    if asked.pop("helping"):
        asked |= {"state": "active", "among": {row.volunteer_id for row in pairings.living()}}
    return _part(profiles.search(g.actor, **asked))


@bp.acts("/volunteers/find", FoundSchema, body(FindSchema))
@needs_scope("volunteers:read")
@allow("volunteers.read")
def find_volunteers(data: dict[str, Any]) -> Page[Profile]:
    """Helpers by name or phone, which stand in no address."""
    limit = data["limit"] or 50
    return _part(profiles.search(g.actor, text=data["text"], after=data["after"], limit=limit))


@bp.creates("/volunteers", VolunteerSchema, body(VolunteerFactsSchema, without=(*TICKS, *MASKS)))
@allow("volunteers.write")
def register_volunteer(data: dict[str, Any]) -> Profile:
    """Register a helper the office knows: active at once."""
    return profile(profiles.register_volunteer(g.actor, **data))


@bp.shows(VOLUNTEER, VolunteerSchema)
@allow("volunteers.read")
def show_volunteer(volunteer_id: uuid.UUID) -> Profile:
    """A helper."""
    return profile(profiles.get_volunteer(g.actor, volunteer_id))


@bp.changes(
    VOLUNTEER,
    VolunteerSchema,
    body(
        VolunteerFactsSchema, without=(*TICKS, *MASKS, *PRIVATE), partial=True, name="VolunteerChangeSchema"
    ),
    Volunteer,
    show_volunteer,
)
@allow("volunteers.write")
def change_volunteer(data: dict[str, Any], volunteer_id: uuid.UUID) -> Profile:
    """Change what is known; what is left out stays. An empty phone removes it."""
    return profile(profiles.update_volunteer(g.actor, volunteer_id=volunteer_id, **data))


@bp.acts(
    f"{VOLUNTEER}/private-facts",
    VolunteerSchema,
    body(PrivateFactsSchema, partial=True),
)
@needs_scope("volunteers:private")
@allow("volunteers.write")
def set_volunteer_private_facts(data: dict[str, Any], volunteer_id: uuid.UUID) -> Profile:
    """Set birthday and note, which are not shown; null removes one."""
    return profile(profiles.update_volunteer(g.actor, volunteer_id=volunteer_id, **data))


@bp.acts(f"{VOLUNTEER}/reveal", FactSchema, body(RevealSchema))
@needs_scope("volunteers:private")
@allow("volunteers.read")
def reveal_volunteer_fact(data: dict[str, Any], volunteer_id: uuid.UUID) -> dict[str, str]:
    """Phone, birthday or note in clear, for a reason; the look is on record before the answer leaves."""
    return {"value": profiles.reveal(g.actor, volunteer_id=volunteer_id, **data)}


@bp.acts(f"{VOLUNTEER}/approve", VolunteerSchema)
@allow("volunteers.write")
def approve_volunteer(volunteer_id: uuid.UUID) -> Profile:
    """Let an applicant help."""
    return profile(applications.approve(g.actor, volunteer_id=volunteer_id))


@bp.acts(f"{VOLUNTEER}/decline", VolunteerSchema, body(DeclineSchema))
@allow("volunteers.write")
def decline_volunteer(data: dict[str, Any], volunteer_id: uuid.UUID) -> Profile:
    """Refuse a registration; the person is told."""
    return profile(applications.decline(g.actor, volunteer_id=volunteer_id, **data))


@bp.acts(f"{VOLUNTEER}/join-profiles", VolunteerSchema)
@allow("volunteers.write")
def join_volunteer_profiles(volunteer_id: uuid.UUID) -> Profile:
    """The applicant is a helper the office knows by the same phone: that profile remains, and is the answer."""
    return profile(applications.join_profiles(g.actor, volunteer_id=volunteer_id))


@bp.acts(f"{VOLUNTEER}/state", VolunteerSchema, body(StateSchema))
@allow("volunteers.write")
def set_volunteer_state(data: dict[str, Any], volunteer_id: uuid.UUID) -> Profile:
    """Pause a helper, let him go on, record that he left or came back."""
    return profile(leaving.set_helper_state(g.actor, volunteer_id=volunteer_id, **data))


@bp.acts(f"{VOLUNTEER}/invitation", InvitationSchema)
@allow("people.invite")
def invite_volunteer(volunteer_id: uuid.UUID) -> dict[str, str]:
    """Make a link by which the helper opens an account."""
    secret = invitation.invite(g.actor, volunteer_id=volunteer_id)
    return {"url": url_for("volunteers.join", secret=secret, _external=True)}

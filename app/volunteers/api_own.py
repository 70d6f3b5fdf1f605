"""A helper's own profile for programs."""

from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.volunteers.api_area import TICKS, Profile, bp, profile
from app.volunteers.api_schemas import OwnFactsSchema, PauseSchema, VolunteerSchema
from services.core import locks
from services.core.errors import NotFound
from services.volunteers import applications, profiles, states
from services.volunteers.models import Volunteer


@bp.acts("/volunteers/own/register", VolunteerSchema, body(OwnFactsSchema, without=TICKS))
@allow("volunteers.register_self")
def register_self(data: dict[str, Any]) -> Profile:
    """Register oneself as a helper: the office looks at it and answers."""
    return profile(applications.apply(g.actor, account_id=g.actor.account_id, **data))


@bp.shows("/volunteers/own", VolunteerSchema)
@allow("volunteers.own")
def show_own_profile() -> Profile:
    """My profile, whatever its state."""
    own = profiles.own_volunteer(g.actor)
    if own is None:
        raise NotFound()
    return profile(own)


@bp.changes(
    "/volunteers/own",
    VolunteerSchema,
    body(OwnFactsSchema, without=TICKS, partial=True, name="OwnChangeSchema"),
    lambda: locks.lock(Volunteer, show_own_profile().row.id),
    show_own_profile,
)
@allow("volunteers.own")
def change_own_profile(data: dict[str, Any]) -> Profile:
    """Change my profile or when I am free; what is left out stays."""
    return profile(profiles.update_own(g.actor, **data))


@bp.acts("/volunteers/own/pause", VolunteerSchema, body(PauseSchema))
@allow("volunteers.own")
def pause_own_profile(data: dict[str, Any]) -> Profile:
    """Take a break, or go on."""
    return profile(states.pause_own(g.actor, **data))

"""The area of helpers for programs, and how they read one; shared by its files."""

from dataclasses import dataclass

from app.api.area import Area
from services.volunteers import profiles
from services.volunteers.models import Volunteer

bp = Area("volunteers", __name__, "Who helps: profiles, registrations, papers, whom not to be paired with.")

VOLUNTEER = "/volunteers/<uuid:volunteer_id>"
# What the forms ask in another way.
TICKS = ("well", "trained", "building")


@dataclass(frozen=True)
class Profile:
    """A helper with the skills he has, by level."""

    row: Volunteer
    skills: dict[str, int]


def profile(row: Volunteer) -> Profile:
    """A helper as programs read him."""
    return Profile(row, profiles.skills_of([row.id]).get(row.id, {}))

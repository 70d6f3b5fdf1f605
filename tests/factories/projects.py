"""Projects with a step and something they take."""

import uuid
from datetime import timedelta

from services.communities import regions
from services.pledges import milestones, progress, projects
from services.pledges.project_models import Milestone, Project, ProjectPart
from services.pledges.projects import Facts
from tests.factories.world import Place


def facts(place: Place, /, **changes: object) -> Facts:
    """A new floor, from today on, for which the place's staff answers."""
    today = regions.today(place.id)
    said: dict[str, object] = {
        "title": "A new floor",
        "theme": "service",
        "lead_id": place.accounts["staff"].id,
        "starts_on": today,
        "target_on": today + timedelta(days=60),
    }
    return Facts(**said | changes)  # type: ignore[arg-type]


def make_project(place: Place, /, *, public: bool = False, **changes: object) -> Project:
    """A planned project."""
    made = projects.create(place.actor("staff"), facts(place, **changes))
    return projects.publish(place.actor("staff"), project_id=made.id, public=public)


def make_part(place: Place, project_id: uuid.UUID, **changes: object) -> ProjectPart:
    """Eight computers that a project takes."""
    said: dict[str, object] = {"kind": "goods", "item": "Computers", "quantity": 8, "measure": "台"} | changes
    return progress.add_part(place.actor("staff"), project_id=project_id, **said)  # type: ignore[arg-type]


def make_step(place: Place, project_id: uuid.UUID, days: int = 30, title: str = "Bought") -> Milestone:
    """A step that is due so many days from now."""
    due = regions.today(place.id) + timedelta(days=days)
    return milestones.add(place.actor("staff"), project_id=project_id, title=title, due_on=due)

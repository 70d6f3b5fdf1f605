"""The steps and the parts of projects for programs."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.pledges.api_area import bp
from app.pledges.api_project_schemas import NewPartSchema, PartRowSchema, StepRowSchema
from app.pledges.project_schemas import StepSchema, TickSchema
from services.pledges import milestones, progress
from services.pledges.progress import Part
from services.pledges.project_models import Milestone

STEP = "/project-steps/<uuid:step_id>"
PART = "/project-parts/<uuid:part_id>"


@bp.creates("/projects/<uuid:project_id>/steps", StepRowSchema, body(StepSchema), at=STEP)
@allow("pledges.projects")
def add_step(data: dict[str, Any], project_id: uuid.UUID) -> Milestone:
    """Set a step; whoever answers for the project is reminded of it."""
    return milestones.add(g.actor, project_id=project_id, **data)


@bp.shows(STEP, StepRowSchema)
@allow("pledges.read")
def show_step(step_id: uuid.UUID) -> Milestone:
    """A step of a project."""
    return milestones.get(g.actor, step_id)


@bp.changes(STEP, StepRowSchema, body(StepSchema, partial=True), milestones.hold, show_step)
@allow("pledges.projects")
def change_step(data: dict[str, Any], step_id: uuid.UUID) -> Milestone:
    """Say a step anew, or move its day; what is left out stays."""
    return milestones.change(g.actor, milestone_id=step_id, **data)


@bp.acts(f"{STEP}/tick", StepRowSchema, body(TickSchema))
@allow("pledges.projects")
def tick_step(data: dict[str, Any], step_id: uuid.UUID) -> Milestone:
    """A step was done on a day."""
    return milestones.tick(g.actor, milestone_id=step_id, **data)


@bp.acts(f"{STEP}/untick", StepRowSchema)
@allow("pledges.projects")
def untick_step(step_id: uuid.UUID) -> Milestone:
    """A step is not done after all."""
    return milestones.untick(g.actor, milestone_id=step_id)


@bp.removes(STEP, milestones.hold, show_step, StepRowSchema)
@allow("pledges.projects")
def remove_step(step_id: uuid.UUID) -> None:
    """Take a step out that is not done."""
    milestones.remove(g.actor, milestone_id=step_id)


@bp.creates("/projects/<uuid:project_id>/parts", PartRowSchema, body(NewPartSchema), at=PART)
@allow("pledges.projects")
def add_part(data: dict[str, Any], project_id: uuid.UUID) -> Part:
    """Say one thing that a project takes."""
    return progress.one_part(g.actor, progress.add_part(g.actor, project_id=project_id, **data).id)


@bp.shows(PART, PartRowSchema)
@allow("pledges.read")
def show_part(part_id: uuid.UUID) -> Part:
    """One thing that a project takes, and how much of it is there."""
    return progress.one_part(g.actor, part_id)


@bp.removes(PART, progress.hold_part, show_part, PartRowSchema)
@allow("pledges.projects")
def remove_part(part_id: uuid.UUID) -> None:
    """Take out one thing that nothing was offered or given for."""
    progress.remove_part(g.actor, part_id=part_id)

"""Projects for programs: what the neighbourhood and its units do together, and how far it is."""

import uuid
from dataclasses import replace
from typing import Any

from flask import g

from app.api.area import needs_scope
from app.api.bodies import ListQuery, body
from app.auth import allow
from app.pledges.api_area import bp
from app.pledges.api_project_schemas import ProjectQuery, ProjectRowSchema, PublicProjectSchema
from app.pledges.project_schemas import ProjectSchema, StopSchema
from services.core.paging import Page
from services.pledges import progress, projects
from services.pledges.progress import Progress
from services.pledges.project_models import Project
from services.pledges.projects import Facts

PROJECT = "/projects/<uuid:project_id>"


@bp.lists("/projects", ProjectRowSchema, ProjectQuery)
@allow("pledges.read")
def list_projects(asked: dict[str, Any]) -> Page[Progress]:
    """Projects, the newest first."""
    rows, following = projects.page(g.actor, **asked)
    return Page(progress.of(g.actor, rows), following)


@bp.creates("/projects", ProjectRowSchema, body(ProjectSchema))
@allow("pledges.projects")
def plan_project(data: dict[str, Any]) -> Progress:
    """Plan a project; nobody outside the office sees it until it is published."""
    return _far(projects.create(g.actor, Facts(**data)))


@bp.shows(PROJECT, ProjectRowSchema)
@allow("pledges.read")
def show_project(project_id: uuid.UUID) -> Progress:
    """A project with its steps, what it takes, and what was given."""
    return _far(projects.get(g.actor, project_id))


@bp.changes(PROJECT, ProjectRowSchema, body(ProjectSchema, partial=True), Project, show_project)
@allow("pledges.projects")
def change_project(data: dict[str, Any], project_id: uuid.UUID) -> Progress:
    """Say anew what a project is, or who answers for it; what is left out stays."""
    said = replace(projects.facts(projects.get(g.actor, project_id)), **data)
    return _far(projects.change(g.actor, project_id=project_id, facts=said))


@bp.acts(f"{PROJECT}/begin", ProjectRowSchema)
@allow("pledges.projects")
def begin_project(project_id: uuid.UUID) -> Progress:
    """It is under way."""
    return _far(projects.begin(g.actor, project_id=project_id))


@bp.acts(f"{PROJECT}/finish", ProjectRowSchema)
@allow("pledges.projects")
def finish_project(project_id: uuid.UUID) -> Progress:
    """It is done."""
    return _far(projects.finish(g.actor, project_id=project_id))


@bp.acts(f"{PROJECT}/stop", ProjectRowSchema, body(StopSchema))
@allow("pledges.projects")
def stop_project(data: dict[str, Any], project_id: uuid.UUID) -> Progress:
    """It does not go on; what is reserved for it is free again."""
    return _far(projects.stop(g.actor, project_id=project_id, **data))


@bp.acts(f"{PROJECT}/again", ProjectRowSchema)
@allow("pledges.projects")
def take_project_up_again(project_id: uuid.UUID) -> Progress:
    """It was over, and goes on."""
    return _far(projects.take_up_again(g.actor, project_id=project_id))


@bp.acts(f"{PROJECT}/publish", ProjectRowSchema)
@allow("pledges.projects")
def publish_project(project_id: uuid.UUID) -> Progress:
    """Show it to everybody on its own page."""
    return _far(projects.publish(g.actor, project_id=project_id, public=True))


@bp.acts(f"{PROJECT}/hide", ProjectRowSchema)
@allow("pledges.projects")
def hide_project(project_id: uuid.UUID) -> Progress:
    """Show it no longer."""
    return _far(projects.publish(g.actor, project_id=project_id, public=False))


@bp.lists("/published-projects", PublicProjectSchema, ListQuery)
@needs_scope("pledges:read")
@allow("public")
def list_published_projects(asked: dict[str, Any]) -> Page[Progress]:
    """Every published project, the newest first; for everybody who signs in."""
    return Page(*progress.published(g.actor, **asked))


@bp.shows("/published-projects/<uuid:project_id>", PublicProjectSchema)
@needs_scope("pledges:read")
@allow("public")
def show_published_project(project_id: uuid.UUID) -> Progress:
    """How far a published project is; for everybody who signs in."""
    return progress.public(g.actor, project_id)


def _far(project: Project) -> Progress:
    return progress.of(g.actor, [project])[0]

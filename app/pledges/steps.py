"""The steps of a project: set, changed, ticked, taken out."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import projects
from app.pledges.blueprint import Page, bp
from app.pledges.project_schemas import StepSchema, TickSchema
from services.core import locks
from services.pledges import milestones
from services.pledges import projects as rules
from services.pledges.project_models import Milestone


def _did(project_id: uuid.UUID, act: Callable[[], Any], said: str) -> Page:
    """Do something with a step, and back to its project; what was wrong is said there."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        act()
        flash(said, "success")
        return redirect(url_for("pledges.project", project_id=project_id, _anchor="steps"))
    return projects.shown(project_id, errors)


def _project_of(step_id: uuid.UUID) -> uuid.UUID:
    return locks.get(Milestone, step_id).project_id


@bp.post("/projects/<uuid:project_id>/steps")
@allow("pledges.projects")
def step_add(project_id: uuid.UUID) -> Page:
    """Set a step."""
    return _did(
        project_id,
        lambda: milestones.add(g.actor, project_id=project_id, **forms.read(StepSchema)),
        _("The step is set. Whoever answers for the project is reminded of it."),
    )


@bp.route("/projects/steps/<uuid:step_id>", methods=["GET", "POST"])
@allow("pledges.projects")
def step(step_id: uuid.UUID) -> Page:
    """Say a step anew or move its day."""
    errors: forms.Errors = {}
    row = locks.get(Milestone, step_id)
    if request.method == "POST":
        with forms.collect(errors):
            milestones.change(g.actor, milestone_id=step_id, **forms.read(StepSchema))
            flash(_("Saved."), "success")
            return redirect(url_for("pledges.project", project_id=row.project_id, _anchor="steps"))
    page = render_template(
        "pledges/project_step.html",
        step=row,
        project=rules.get(g.actor, row.project_id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/projects/steps/<uuid:step_id>/tick")
@allow("pledges.projects")
def step_tick(step_id: uuid.UUID) -> Page:
    """A step was done."""
    return _did(
        _project_of(step_id),
        lambda: milestones.tick(g.actor, milestone_id=step_id, **forms.read(TickSchema)),
        _("Done. Well done!"),
    )


@bp.post("/projects/steps/<uuid:step_id>/untick")
@allow("pledges.projects")
def step_untick(step_id: uuid.UUID) -> Page:
    """A step is not done after all."""
    return _did(
        _project_of(step_id),
        lambda: milestones.untick(g.actor, milestone_id=step_id),
        _("The step is open again."),
    )


@bp.post("/projects/steps/<uuid:step_id>/remove")
@allow("pledges.projects")
def step_remove(step_id: uuid.UUID) -> Page:
    """Take a step out."""
    return _did(
        _project_of(step_id),
        lambda: milestones.remove(g.actor, milestone_id=step_id),
        _("The step is taken out."),
    )

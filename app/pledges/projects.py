"""The office's projects: the list, one with its steps and what it takes, and what is reserved for it."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import progress, words
from app.pledges.blueprint import Page, bp
from app.pledges.project_schemas import PartSchema, ProjectSchema, StopSchema
from app.words import options
from services.communities import catalogue, regions
from services.core import locks
from services.people import accounts
from services.pledges import progress as far
from services.pledges import project_market, projects, quantities, unit_pairings
from services.pledges.project_models import LIVING, Project, ProjectPart
from services.pledges.projects import Facts

MOVES = {"begin": projects.begin, "finish": projects.finish, "again": projects.take_up_again}


@bp.get("/projects/", endpoint="projects")
@allow("pledges.read")
def project_list() -> Page:
    """Projects by state and theme; one's own, or those with a step that is late."""
    state, theme = request.args.get("state", ""), request.args.get("theme", "")
    only = request.args.get("only", "")
    only = only if only in words.PROJECT_FILTERS else ""
    rows, following = projects.page(
        g.actor,
        state=state if state in projects.STATES else "",
        theme=theme,
        mine=only == "mine",
        late=only == "late",
        after=request.args.get("after"),
    )
    kept: dict[str, Any] = {
        name: value for name, value in (("state", state), ("theme", theme), ("only", only)) if value
    }
    return render_template(
        "pledges/projects.html",
        rows=far.of(g.actor, rows),
        counts=projects.counts(g.actor),
        names=accounts.names({row.lead_id for row in rows}),
        themes=options(catalogue.THEMES),
        states=words.named(words.PROJECT_STATES),
        filters_of=words.named(words.PROJECT_FILTERS),
        today=regions.today(g.community.id),
        form={"state": state, "theme": theme, "only": only},
        first_url=url_for("pledges.projects", **kept),
        next_url=following and url_for("pledges.projects", after=following, **kept),
    )


@bp.route("/projects/new", methods=["GET", "POST"])
@allow("pledges.projects")
def project_new() -> Page:
    """Plan a project."""
    return _form(None)


@bp.route("/projects/<uuid:project_id>/change", methods=["GET", "POST"])
@allow("pledges.projects")
def project_change(project_id: uuid.UUID) -> Page:
    """Say anew what a project is, or let somebody else answer for it."""
    return _form(projects.get(g.actor, project_id))


def _form(project: Project | None) -> Page:
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            facts = Facts(**forms.read(ProjectSchema))
            if project is None:
                made = projects.create(g.actor, facts)
                flash(_("Planned. Now say what it takes, and step by step how it goes."), "success")
            else:
                made = projects.change(g.actor, project_id=project.id, facts=facts)
                flash(_("Saved."), "success")
            return redirect(url_for("pledges.project", project_id=made.id))
    names = accounts.names(projects.leads(g.actor) | ({project.lead_id} if project else set()))
    page = render_template(
        "pledges/project_form.html",
        project=project,
        themes=options(catalogue.THEMES),
        leads=sorted(((str(one), name) for one, name in names.items()), key=lambda pair: pair[1]),
        estates=sorted({row.estate for row in regions.buildings()}),
        today=regions.today(g.community.id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.get("/projects/<uuid:project_id>")
@allow("pledges.read")
def project(project_id: uuid.UUID) -> Page:
    """One project: its steps, what it takes and what is there, its public page."""
    return shown(project_id, {})


def shown(project_id: uuid.UUID, errors: forms.Errors) -> Page:
    """The page of a project, with what was wrong in a form on it."""
    found = far.of(g.actor, [projects.get(g.actor, project_id)])[0]
    living = found.project.state in LIVING
    page = render_template(
        "pledges/project.html",
        found=found,
        lead=accounts.names({found.project.lead_id}).get(found.project.lead_id, ""),
        free=project_market.free_for(
            g.actor, [part.part for part in found.parts if part.missing] if living else []
        ),
        pairings=unit_pairings.of_project(g.actor, project_id=project_id),
        living=living,
        kinds=options(catalogue.PLEDGE_KINDS),
        stop_reasons=words.named(projects.STOP_REASONS),
        today=regions.today(g.community.id),
        address=progress.address(found.project),
        qr=progress.picture(found.project) if found.project.published_on else "",
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/projects/<uuid:project_id>/<any(begin,finish,again):move>")
@allow("pledges.projects")
def project_move(project_id: uuid.UUID, move: str) -> Page:
    """A project begins, is done, or is taken up again."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        MOVES[move](g.actor, project_id=project_id)
        flash(_("Saved."), "success")
        return redirect(url_for("pledges.project", project_id=project_id))
    return shown(project_id, errors)


@bp.post("/projects/<uuid:project_id>/stop")
@allow("pledges.projects")
def project_stop(project_id: uuid.UUID) -> Page:
    """A project does not go on, for a reason."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        projects.stop(g.actor, project_id=project_id, reason=forms.read(StopSchema)["reason"])
        flash(_("Stopped. What was reserved for it is free again."), "success")
        return redirect(url_for("pledges.project", project_id=project_id))
    return shown(project_id, errors)


@bp.post("/projects/<uuid:project_id>/<any(publish,hide):move>")
@allow("pledges.projects")
def project_publish(project_id: uuid.UUID, move: str) -> Page:
    """Show a project to everybody, or no longer."""
    projects.publish(g.actor, project_id=project_id, public=move == "publish")
    flash(
        _("Published: everybody can open its page.")
        if move == "publish"
        else _("Hidden: its page can no longer be opened."),
        "success",
    )
    return redirect(url_for("pledges.project", project_id=project_id))


@bp.post("/projects/<uuid:project_id>/parts")
@allow("pledges.projects")
def part_add(project_id: uuid.UUID) -> Page:
    """Say one thing that a project takes."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data: dict[str, Any] = forms.read(PartSchema)
        measure = quantities.measure_of(data["kind"], data["measure"])
        data["quantity"] = quantities.read(data["quantity"], measure)
        far.add_part(g.actor, project_id=project_id, **data)
        return redirect(url_for("pledges.project", project_id=project_id, _anchor="parts"))
    return shown(project_id, errors)


@bp.post("/projects/parts/<uuid:part_id>/remove")
@allow("pledges.projects")
def part_remove(part_id: uuid.UUID) -> Page:
    """Take out one thing that nothing was given for."""
    errors: forms.Errors = {}
    project_id = locks.get(ProjectPart, part_id).project_id
    with forms.collect(errors):
        far.remove_part(g.actor, part_id=part_id)
        return redirect(url_for("pledges.project", project_id=project_id, _anchor="parts"))
    return shown(project_id, errors)


@bp.get("/projects/<uuid:project_id>/pledges")
@allow("pledges.allocate")
def project_pledges(project_id: uuid.UUID) -> Page:
    """Every free pledge, to reserve something for a project, on its list or not."""
    return render_template(
        "pledges/project_pledges.html",
        project=projects.get(g.actor, project_id),
        lines=project_market.all_free(g.actor),
    )

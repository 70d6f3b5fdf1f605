"""A project's public page, for anybody without signing in, and its poster with the code that leads there."""

import io
import uuid
from typing import Any

import segno
from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _

from app import auth, papers
from app.auth import allow
from app.language import day, local
from app.pledges import words
from app.pledges.blueprint import Page, bp
from services.core.errors import NotFound
from services.pledges import progress as rules
from services.pledges import projects
from services.pledges.progress import Progress
from services.pledges.project_models import Project

# What is printed has a short address of its own, which opens without signing in.
progress_bp = Blueprint("progress", __name__, url_prefix="/c/<community>/projects")
progress_bp.context_processor(words.in_templates)


@progress_bp.get("/")
@auth.limiter.limit("60 per minute")
@allow("public")
def index() -> Page:
    """Every published project."""
    rows, following = rules.published(g.actor, after=request.args.get("after"))
    return render_template(
        "pledges/public_projects.html",
        rows=rows,
        next_url=following and url_for("progress.index", after=following),
    )


@progress_bp.get("/<uuid:project_id>")
@auth.limiter.limit("60 per minute")
@allow("public")
def show(project_id: uuid.UUID) -> Page:
    """How far a published project is: what is done, what units gave, what is still missing."""
    found = rules.public(g.actor, project_id)
    return render_template("pledges/public_project.html", found=found, qr=picture(found.project))


@bp.get("/projects/<uuid:project_id>/poster.pdf")
@allow("pledges.read")
def project_poster(project_id: uuid.UUID) -> Response:
    """One side to hang up: the project, how far it is, what is missing, and the code of its page."""
    found = rules.of(g.actor, [projects.get(g.actor, project_id)])[0]
    if found.project.published_on is None:
        raise NotFound()
    return papers.answer("poster", poster(found), filename=f"{g.community.code}-project.pdf")


def poster(found: Progress) -> dict[str, Any]:
    """What the poster's layout shows."""
    project, drawn = found.project, io.BytesIO()
    segno.make(address(project), error="m").save(drawn, kind="svg", border=0, scale=4)
    office = local(g.community)
    return {
        "title": project.title,
        "lead": " · ".join(part for part in (words.theme(project.theme), project.place) if part),
        "about": project.about,
        "dates": _("%(since)s to %(until)s", since=day(project.starts_on), until=day(project.target_on)),
        "steps": {
            "title": _("Steps: %(done)s of %(number)s done", done=found.done, number=len(found.steps)),
            "rows": [
                [step.done_on is not None, step.title, day(step.done_on or step.due_on)]
                for step in found.steps
            ],
        },
        "missing": {
            "title": _("Still missing"),
            "rows": [
                [part.part.item, words.quantity(part.missing, part.part.measure)]
                for part in found.parts
                if part.missing
            ],
            "nothing": _("Everything it takes is promised. Thank you!"),
        },
        "units": {
            "title": _("Thank you to"),
            "rows": list(dict.fromkeys(use.unit.name for use in found.given)),
        },
        "qr": drawn.getvalue().decode(),
        "qr_alt": _("QR code of the project's page"),
        "how_to": _("How far it is today: scan the code, or open"),
        "address": address(project),
        "office": office,
        "foot": f"{office} · {project.title}",
    }


def address(project: Project) -> str:
    """The address of a project's public page, as it is printed."""
    return url_for("progress.show", project_id=project.id, _external=True)


def picture(project: Project) -> str:
    """The QR code of a project's public page."""
    return segno.make(address(project), error="m").svg_data_uri(scale=5, border=2, light="#fff")

"""Matching for programs, read-only: runs, their proposals, why and what if; what the pages show, in codes and in words."""

import uuid
from typing import Any

from flask import Blueprint, Response, g, jsonify, request, url_for
from werkzeug.datastructures import MultiDict

from app import forms, problems
from app.auth import allow
from app.pairings.api_schemas import ChangeSchema, ProposalSchema, RunSchema, RunsSchema, WhySchema
from app.pairings.schemas import WhySchema as AskedSchema
from app.pairings.whatif import asked_text, question
from services.core.errors import NotFound
from services.core.paging import Page
from services.pairings import choices, proposals, runs, whatif

bp = Blueprint("pairings_api", __name__, url_prefix="/api/v1/c/<community>")
problems.init(bp)


@bp.get("/matching-runs", endpoint="runs")
@allow("pairings.run")
def runs_list() -> Response:
    """Runs, the newest first; `after` is the cursor of the next part."""
    page = runs.list_runs(g.actor, after=request.args.get("after"))
    return _part(page, RunsSchema(many=True).dump(page.rows))


@bp.get("/matching-runs/<run_id>")
@allow("pairings.run")
def run(run_id: str) -> Response:
    """What a run found: how many are helped, its proof, who is left out, whom to look for, how the work spreads."""
    return jsonify(RunSchema().dump(runs.get_run(g.actor, _id(run_id))))


@bp.get("/matching-runs/<run_id>/proposals", endpoint="proposals")
@allow("pairings.decide")
def proposals_of_run(run_id: str) -> Response:
    """The pairs a run proposed, the newest first; `after` is the cursor of the next part."""
    found = runs.get_run(g.actor, _id(run_id))
    page = proposals.of_run(g.actor, run_id=found.id, after=request.args.get("after"))
    return _part(page, ProposalSchema(many=True).dump(page.rows))


@bp.get("/matching-why")
@allow("pairings.decide")
def why() -> Response:
    """Why `household_id` and `volunteer_id` are paired, cannot be, or could be at what cost."""
    asked = AskedSchema().load(MultiDict(request.args))
    return jsonify(WhySchema().dump(choices.why(g.actor, **asked)))


@bp.get("/what-if")
@allow("pairings.decide")
def what_if() -> Response:
    """How the best pairing would change if something were otherwise; asked as on the page of that name."""
    asked = question()
    change = whatif.ask(g.actor, asked)
    return jsonify({"kind": asked.kind, "text": asked_text(asked), "change": ChangeSchema().dump(change)})


def _id(text: str) -> uuid.UUID:
    found = forms.id_of(text)
    if found is None:
        raise NotFound()
    return found


def _part(page: Page[Any], rows: Any) -> Response:
    """A part of a list with the cursor of the next one, in the answer and as a link."""
    answer = jsonify({"items": rows, "next": page.next})
    if page.next:
        endpoint, values = request.endpoint or "", dict(request.view_args or {})
        address = url_for(endpoint, **values, after=page.next)
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer

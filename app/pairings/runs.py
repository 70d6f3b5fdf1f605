"""Matching runs: starting one, watching it, looking at what it found, publishing."""

import uuid

from flask import Response as FlaskResponse
from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pairings import findings
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import PublishSchema
from services.households import registration
from services.pairings import declines, parties, proposals, runs
from services.pairings.models import MatchingRun


@bp.get("/runs", endpoint="runs")
@allow("pairings.run")
def runs_list() -> Page:
    """All runs, the newest first."""
    return render_template(
        "pairings/runs.html", page=runs.list_runs(g.actor, after=request.args.get("after"))
    )


@bp.post("/runs")
@allow("pairings.run")
def start_run() -> Page:
    """Ask for a run; one under way is shown instead."""
    run = runs.request_run(g.actor)
    return redirect(url_for("pairings.run", run_id=run.id), 303)


@bp.get("/runs/<uuid:run_id>")
@allow("pairings.run")
def run(run_id: uuid.UUID) -> Page:
    """What a run found: coverage, proof, proposals, who is left out."""
    return _run_page(runs.get_run(g.actor, run_id), {})


@bp.get("/runs/<uuid:run_id>/progress")
@allow("pairings.run")
def run_progress(run_id: uuid.UUID) -> Page:
    """The part of the run's page that asks again until the run is over; then the page loads anew."""
    found = runs.get_run(g.actor, run_id)
    if "HX-Request" not in request.headers:
        return redirect(url_for("pairings.run", run_id=run_id))
    body = render_template("pairings/_progress.html", run=found)
    if found.state in ("queued", "running"):
        return body
    return FlaskResponse(body, headers={"HX-Refresh": "true"})


@bp.post("/runs/<uuid:run_id>/publish")
@allow("pairings.decide")
def publish(run_id: uuid.UUID) -> Page:
    """Ask helpers and households about all drafts of a run, or about the ticked ones."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(PublishSchema)
        chosen = set(data["proposal"]) if data["scope"] == "selected" else None
        done = runs.publish(g.actor, run_id=run_id, proposal_ids=chosen)
        flash(_("Asked about %(number)s proposals.", number=done.sent), "success")
        if done.withdrawn:
            flash(_("%(number)s did not fit any more and were taken back.", number=done.withdrawn), "warning")
        return redirect(url_for("pairings.run", run_id=run_id), 303)
    return _run_page(runs.get_run(g.actor, run_id), errors), 422


def _run_page(found: MatchingRun, errors: forms.Errors) -> str:
    state = request.args.get("state", "")
    page = proposals.of_run(g.actor, run_id=found.id, state=state, after=request.args.get("after"))
    left = {uuid.UUID(household_id): why for household_id, why in found.left_out.items()}
    spread = findings.spread(found)
    return render_template(
        "pairings/run.html",
        run=found,
        page=page,
        teams=findings.by_household(parties.of(page.rows)),
        needs=proposals.needs_by_proposal(page.rows),
        state=state,
        counts=proposals.count_by_state(g.actor, run_id=found.id),
        left=sorted(left.items(), key=lambda item: (item[1]["code"], item[0])),
        names=registration.names(set(left)),
        rivals=findings.rivals(found.left_out),
        hours=findings.hours(found),
        wanted=findings.wanted(found),
        spread=spread,
        declines=declines.of_helpers(g.actor) if spread else [],
        first=[level for level in found.levels.get("coverage", []) if level["place"] == 1],
        more_places=[level for level in found.levels.get("coverage", []) if level["place"] > 1],
        errors=errors,
    )

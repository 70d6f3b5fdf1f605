"""Matching runs for programs: starting one, what it found, its drafts, and what each pair or change would mean."""

import uuid
from datetime import date
from typing import Any

from flask import g, url_for

from app.api.bodies import body
from app.api.deprecation import deprecated
from app.api.jobs import KINDS, Job, Kind, starts
from app.auth import allow
from app.pairings import api_board, api_offers, api_pairings, api_proposals
from app.pairings.api_area import RUN, bp
from app.pairings.api_forms import (
    OfRunQuery,
    PublishDraftsSchema,
    WhatIfQuery,
    WhyQuery,
)
from app.pairings.api_schemas import (
    ProposalSchema,
    PublishedSchema,
    RunSchema,
    RunsSchema,
    WhatIfAnswerSchema,
    WhyAnswerSchema,
)
from services.core.paging import Page
from services.pairings import choices, proposals, runs, whatif
from services.pairings.choices import Answer
from services.pairings.models import MatchingRun, Proposal
from services.pairings.runs import Published

__all__ = ["api_board", "api_offers", "api_pairings", "api_proposals", "bp"]

MATCHING_RUN = "matching-run"
STATES = {"queued": "waiting", "running": "running", "failed": "failed"}
SINCE, SUNSET = date(2026, 12, 1), date(2027, 12, 1)


def _job(run_id: uuid.UUID) -> Job:
    run = runs.get_run(g.actor, run_id)
    state = STATES.get(run.state, "done")
    result = url_for("pairings_api.show_matching_run", run_id=run.id) if state == "done" else None
    return Job(MATCHING_RUN, run.id, state, run.created_at, run.finished_at, phase=run.state, result=result)


KINDS[MATCHING_RUN] = Kind(_job)


@bp.lists("/matching-runs", RunsSchema)
@allow("pairings.run")
def list_matching_runs(asked: dict[str, Any]) -> Page[MatchingRun]:
    """Runs, the newest first."""
    return runs.list_runs(g.actor, **asked)


@starts(bp, "/matching-runs", MATCHING_RUN)
@allow("pairings.run")
def start_matching_run() -> MatchingRun:
    """Begin a run; one under way is answered instead of a second."""
    return runs.request_run(g.actor)


@bp.shows(RUN, RunSchema)
@allow("pairings.run")
def show_matching_run(run_id: uuid.UUID) -> MatchingRun:
    """What a run found: how many are helped, its proof, who is left out, whom to look for, how the work spreads."""
    return runs.get_run(g.actor, run_id)


@bp.lists(f"{RUN}/proposals", ProposalSchema, OfRunQuery)
@allow("pairings.decide")
def list_proposals_of_run(asked: dict[str, Any], run_id: uuid.UUID) -> Page[Proposal]:
    """The pairs a run proposed, the newest first."""
    found = runs.get_run(g.actor, run_id)
    return proposals.of_run(g.actor, run_id=found.id, **asked)


@bp.acts(f"{RUN}/publish", PublishedSchema, body(PublishDraftsSchema))
@allow("pairings.decide")
def publish_matching_run(data: dict[str, Any], run_id: uuid.UUID) -> Published:
    """Ask both sides about all drafts of a run, or some; what no longer fits is taken back."""
    return runs.publish(g.actor, run_id=run_id, **data)


@bp.shows("/pairings/why", WhyAnswerSchema, WhyQuery)
@allow("pairings.decide")
def why(asked: dict[str, Any]) -> Answer:
    """Why two are paired, cannot be, or could be at what cost."""
    return choices.why(g.actor, **asked)


@bp.shows("/pairings/what-if", WhatIfAnswerSchema, WhatIfQuery)
@allow("pairings.decide")
def what_if(asked: dict[str, Any]) -> dict[str, Any]:
    """How the best pairing would change if something were otherwise; nothing is written."""
    return {**asked, "change": whatif.ask(g.actor, asked["question"])}


@bp.shows("/matching-why", WhyAnswerSchema, WhyQuery)
@deprecated(since=SINCE, sunset=SUNSET, successor="/pairings/why")
@allow("pairings.decide")
def matching_why(asked: dict[str, Any]) -> Answer:
    """The earlier address of why."""
    return why(asked)


@bp.shows("/what-if", WhatIfAnswerSchema, WhatIfQuery)
@deprecated(since=SINCE, sunset=SUNSET, successor="/pairings/what-if")
@allow("pairings.decide")
def earlier_what_if(asked: dict[str, Any]) -> dict[str, Any]:
    """The earlier address of what if."""
    return what_if(asked)

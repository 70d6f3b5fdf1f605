"""The match board for programs: the office's own choice among the drafts of a run, and what it insists on."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.pairings.api_area import PROPOSAL, RUN, bp
from app.pairings.api_forms import BoardQuery, ChooseSchema, OtherSchema
from app.pairings.api_schemas import (
    BoardLineSchema,
    ChoiceSchema,
    PairLockSchema,
    ProposalSchema,
    ProposalsSchema,
)
from app.pairings.schemas import UnlockSchema
from services.core.paging import Page, in_parts
from services.pairings import board, choices, drafts, pair_locks, runs
from services.pairings.board import Line
from services.pairings.choices import Choice
from services.pairings.models import PairLock, Proposal

HOUSEHOLD = f"{RUN}/board/<uuid:household_id>"


@bp.lists(f"{RUN}/board", BoardLineSchema, BoardQuery)
@allow("pairings.decide")
def list_board(asked: dict[str, Any], run_id: uuid.UUID) -> Page[Line]:
    """Households with open needs, the most urgent first, each with what it has in this run."""
    run = runs.get_run(g.actor, run_id)
    found = board.find(g.actor, run_id=run.id, **asked)
    return Page(found.lines, found.next)


@bp.lists(f"{HOUSEHOLD}/choices", ChoiceSchema)
@allow("pairings.decide")
def list_choices(asked: dict[str, Any], run_id: uuid.UUID, household_id: uuid.UUID) -> Page[Choice]:
    """Helpers who could come, the best first, then those who could not and why."""
    run = runs.get_run(g.actor, run_id)
    can, cannot = choices.of_household(g.actor, household_id=household_id, run_id=run.id)
    return in_parts([*can, *cannot], **asked)


@bp.acts(f"{HOUSEHOLD}/choose", ProposalSchema, body(ChooseSchema))
@allow("pairings.decide")
def choose_helper(data: dict[str, Any], run_id: uuid.UUID, household_id: uuid.UUID) -> Proposal:
    """Draft a helper: instead of the one of a draft, or besides."""
    return drafts.choose(g.actor, run_id=run_id, household_id=household_id, **data)


@bp.acts(f"{HOUSEHOLD}/leave-out", PairLockSchema)
@allow("pairings.decide")
def leave_household_out(run_id: uuid.UUID, household_id: uuid.UUID) -> PairLock:
    """Propose nobody to a household, in this run and the next ones; its drafts are taken back."""
    return pair_locks.leave_out(g.actor, run_id=run_id, household_id=household_id)


@bp.acts(f"{PROPOSAL}/swap", ProposalsSchema, body(OtherSchema))
@allow("pairings.decide")
def swap_helpers(data: dict[str, Any], proposal_id: uuid.UUID) -> dict[str, Any]:
    """Let the helpers of two drafts of a run change places: the two drafts that come of it."""
    return {"proposals": drafts.swap(g.actor, proposal_id=proposal_id, **data)}


@bp.acts(f"{PROPOSAL}/lock", PairLockSchema)
@allow("pairings.decide")
def lock_pair(proposal_id: uuid.UUID) -> PairLock:
    """Insist on the pair of a draft: the next runs keep it."""
    return pair_locks.keep_pair(g.actor, proposal_id=proposal_id)


@bp.lists("/pair-locks", PairLockSchema)
@allow("pairings.decide")
def list_pair_locks(asked: dict[str, Any]) -> Page[PairLock]:
    """Pairs the office insists on and households it leaves out, the newest first."""
    return pair_locks.list_locks(g.actor, **asked)


@bp.acts("/households/<uuid:household_id>/unlock", None, body(UnlockSchema))
@allow("pairings.decide")
def unlock_pair(data: dict[str, Any], household_id: uuid.UUID) -> None:
    """Let go of a pair, or (without a helper) let the household take part again."""
    pair_locks.unlock(g.actor, household_id=household_id, **data)

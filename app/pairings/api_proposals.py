"""Proposals for programs: what waits for an answer, answers the office enters, and one's own."""

import uuid
from typing import Any

from flask import g, url_for

from app.api.bodies import body
from app.auth import allow
from app.pairings.api_area import PROPOSAL, bp
from app.pairings.api_forms import OwnAnswerSchema
from app.pairings.api_own_schemas import OwnProposalSchema
from app.pairings.api_schemas import LinkSchema, ProposalSchema
from app.pairings.schemas import ReasonSchema, StaffAnswerSchema
from services.core.paging import Page, in_parts
from services.pairings import parties, proposals
from services.pairings.models import Proposal
from services.pairings.parties import Parties


@bp.lists("/proposals", ProposalSchema)
@allow("pairings.decide")
def list_proposals(asked: dict[str, Any]) -> Page[Proposal]:
    """Proposals that wait for an answer, the newest first."""
    return proposals.published(g.actor, **asked)


@bp.shows(PROPOSAL, ProposalSchema)
@allow("pairings.decide")
def show_proposal(proposal_id: uuid.UUID) -> Proposal:
    """A proposal with its points and answers."""
    return proposals.get_proposal(g.actor, proposal_id).row


@bp.acts(f"{PROPOSAL}/answer", ProposalSchema, body(StaffAnswerSchema))
@allow("pairings.decide")
def enter_answer(data: dict[str, Any], proposal_id: uuid.UUID) -> Proposal:
    """Enter what a side said on the phone or on paper; the second yes makes the pairing."""
    return proposals.answer(g.actor, proposal_id=proposal_id, **data)


@bp.acts(f"{PROPOSAL}/refuse", ProposalSchema, body(ReasonSchema))
@allow("pairings.decide")
def refuse_proposal(data: dict[str, Any], proposal_id: uuid.UUID) -> Proposal:
    """Take a proposal back, with a reason."""
    return proposals.refuse(g.actor, proposal_id=proposal_id, **data)


@bp.acts(f"{PROPOSAL}/link", LinkSchema)
@allow("pairings.decide")
def make_answer_link(proposal_id: uuid.UUID) -> dict[str, str]:
    """A one-time link by which a household without an account answers."""
    secret = proposals.make_link(g.actor, proposal_id=proposal_id)
    return {"address": url_for("pairings.answer_link", secret=secret, _external=True)}


@bp.lists("/proposals/own", OwnProposalSchema)
@allow("pairings.own")
def list_own_proposals(asked: dict[str, Any]) -> Page[Parties[Proposal]]:
    """What I am asked, as a helper or as a household, the oldest first."""
    return in_parts(proposals.waiting_for(g.actor), **asked)


@bp.acts("/proposals/own/<uuid:proposal_id>/answer", OwnProposalSchema, body(OwnAnswerSchema))
@allow("pairings.own")
def answer_own_proposal(data: dict[str, Any], proposal_id: uuid.UUID) -> Parties[Proposal]:
    """My yes or no; a no with its reason."""
    answered = proposals.answer(g.actor, proposal_id=proposal_id, how="account", **data)
    return parties.one(Proposal, answered.id)

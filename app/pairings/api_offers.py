"""Offers for programs: what a helper could do nearby, offering it, and what the office does with offers."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.pairings.api_area import bp
from app.pairings.api_forms import NearQuery
from app.pairings.api_own_schemas import NearSchema, OwnProposalSchema
from app.pairings.api_schemas import ProposalSchema
from app.pairings.schemas import ReasonSchema, TakeUpSchema
from services.core.errors import NotFound
from services.core.paging import Page, in_parts
from services.pairings import find, offers, parties, proposals
from services.pairings.find import Found
from services.pairings.models import Proposal
from services.pairings.parties import Parties

OFFER = "/offers/<uuid:proposal_id>"


@bp.shows("/offers/near", NearSchema, NearQuery)
@allow("pairings.find")
def find_near(asked: dict[str, Any]) -> Found:
    """Households near me that I could help, and why others are not shown; nothing while I am not active."""
    found = find.near(g.actor, kind=asked["kind"], first=asked["first"] or 0)
    if found is None:
        raise NotFound()
    return found


@bp.lists("/offers/own", OwnProposalSchema)
@allow("pairings.find")
def list_own_offers(asked: dict[str, Any]) -> Page[Parties[Proposal]]:
    """My offers that the office has not answered yet, the oldest first."""
    return in_parts(offers.own(g.actor), **asked)


@bp.acts("/households/<uuid:household_id>/offer", OwnProposalSchema)
@allow("pairings.find")
def offer_help(household_id: uuid.UUID) -> Parties[Proposal]:
    """Offer to help a household; offering twice is offering once."""
    return parties.one(Proposal, offers.offer(g.actor, household_id=household_id).id)


@bp.acts(f"{OFFER}/take-back", OwnProposalSchema)
@allow("pairings.find")
def take_offer_back(proposal_id: uuid.UUID) -> Parties[Proposal]:
    """Undo an offer, as long as the office has not asked the household."""
    return parties.one(Proposal, offers.take_back(g.actor, proposal_id=proposal_id).id)


@bp.lists("/offers", ProposalSchema)
@allow("pairings.decide")
def list_offers(asked: dict[str, Any]) -> Page[Proposal]:
    """Offers that wait for the office, the newest first."""
    return offers.waiting(g.actor, **asked)


@bp.acts(f"{OFFER}/accept", ProposalSchema, body(TakeUpSchema))
@allow("pairings.decide")
def accept_offer(data: dict[str, Any], proposal_id: uuid.UUID) -> Proposal:
    """Ask the household, or say how it has agreed: then they are paired."""
    return offers.accept(g.actor, proposal_id=proposal_id, **data)


@bp.acts(f"{OFFER}/decline", ProposalSchema, body(ReasonSchema))
@allow("pairings.decide")
def decline_offer(data: dict[str, Any], proposal_id: uuid.UUID) -> Proposal:
    """Decline an offer, with a reason; the helper is told politely."""
    return proposals.refuse(g.actor, proposal_id=proposal_id, **data)

"""Allocations for programs: part of a pledge reserved for somebody, handed over, signed for, given back."""

import uuid
from typing import Any

from flask import g, url_for

from app.api.area import needs_scope
from app.api.bodies import ListQuery, body
from app.auth import allow
from app.pledges.api_area import bp
from app.pledges.api_forms import (
    AllocationQuery,
    CameBackSchema,
    DeliverySchema,
    FindNeedsSchema,
    OwnReceiptSchema,
    ReserveSchema,
)
from app.pledges.api_schemas import (
    AllocationLineSchema,
    AllocationRowSchema,
    ReceivedSchema,
    SecretSchema,
    SignatureSchema,
    SuggestedPledgeSchema,
    WantedNeedSchema,
    WantedNeedsSchema,
)
from app.pledges.schemas import ReleaseSchema
from services.core.paging import Page
from services.pledges import allocations, deliveries, settling, suggestions, uses
from services.pledges.suggestions import Offered, Wanted
from services.pledges.uses import Use

ALLOCATION = "/allocations/<uuid:allocation_id>"


@bp.lists("/allocations", AllocationLineSchema, AllocationQuery)
@allow("pledges.read")
def list_allocations(asked: dict[str, Any]) -> Page[Use]:
    """What was offered, reserved, delivered and released, the newest first."""
    return Page(*uses.page(g.actor, **asked))


@bp.creates("/pledges/<uuid:pledge_id>/allocations", AllocationRowSchema, body(ReserveSchema), at=ALLOCATION)
@allow("pledges.allocate")
def reserve_pledge(data: dict[str, Any], pledge_id: uuid.UUID) -> Use:
    """Reserve part of a pledge for an open need or for a project; what the unit offered for it is taken up."""
    return uses.one(g.actor, allocations.allocate(g.actor, pledge_id=pledge_id, **data).id)


@bp.shows(ALLOCATION, AllocationRowSchema)
@allow("pledges.read")
def show_allocation(allocation_id: uuid.UUID) -> Use:
    """An allocation with its deliveries."""
    return uses.one(g.actor, allocation_id)


@bp.acts(f"{ALLOCATION}/release", AllocationRowSchema, body(ReleaseSchema))
@allow("pledges.allocate")
def release_allocation(data: dict[str, Any], allocation_id: uuid.UUID) -> Use:
    """Give back what has not come yet, or decline what was offered."""
    return uses.one(g.actor, allocations.release(g.actor, allocation_id=allocation_id, **data).id)


@bp.acts(f"{ALLOCATION}/return", AllocationRowSchema, body(CameBackSchema))
@allow("pledges.allocate")
def return_allocation(data: dict[str, Any], allocation_id: uuid.UUID) -> Use:
    """What was delivered came back, or was entered wrongly: it is free again."""
    return uses.one(g.actor, settling.take_return(g.actor, allocation_id=allocation_id, **data).id)


@bp.acts(f"{ALLOCATION}/sign", AllocationRowSchema, body(DeliverySchema, without=("confirmed",)))
@allow("pledges.allocate")
def sign_allocation(data: dict[str, Any], allocation_id: uuid.UUID) -> Use:
    """Enter that the receiver signed for what came: by his name, or on paper on an earlier day."""
    deliveries.sign(g.actor, allocation_id=allocation_id, **data)
    return uses.one(g.actor, allocation_id)


@bp.acts(f"{ALLOCATION}/link", SecretSchema)
@allow("pledges.allocate")
def link_allocation(allocation_id: uuid.UUID) -> dict[str, str]:
    """A link by which the household signs on its own phone, once; told only now."""
    secret = deliveries.invite(g.actor, allocation_id=allocation_id)
    return {"url": url_for("pledges.sign_by_link", secret=secret, _external=True)}


@bp.acts("/deliveries/<uuid:delivery_id>/reveal", SignatureSchema)
@needs_scope("pledges:private")
@allow("pledges.read")
def reveal_signature(delivery_id: uuid.UUID) -> dict[str, str]:
    """The signature drawn for a delivery; the look is on record."""
    _allocation_id, path = deliveries.reveal_signature(g.actor, delivery_id=delivery_id)
    return {"path": path}


@bp.lists("/received", ReceivedSchema)
@allow("households.own")
def list_received(asked: dict[str, Any]) -> Page[Use]:
    """What is reserved for the own household, and what came, the newest first."""
    return Page(uses.of_own_household(g.actor), None)


@bp.acts("/received/<uuid:allocation_id>/sign", None, body(OwnReceiptSchema, without=("confirmed",)))
@allow("households.own")
def sign_received(data: dict[str, Any], allocation_id: uuid.UUID) -> None:
    """Sign for what came to the own household."""
    deliveries.sign(g.actor, allocation_id=allocation_id, how="account", **data)


@bp.lists("/needs/<uuid:need_id>/pledges", SuggestedPledgeSchema, ListQuery)
@allow("pledges.read")
def list_pledges_for_need(asked: dict[str, Any], need_id: uuid.UUID) -> Page[Offered]:
    """Free pledges that fit an open need, the best first."""
    return Page(suggestions.pledges_for(g.actor, need_id=need_id, limit=asked["limit"]), None)


@bp.lists("/pledges/<uuid:pledge_id>/needs", WantedNeedSchema, ListQuery)
@allow("pledges.read")
def list_needs_for_pledge(asked: dict[str, Any], pledge_id: uuid.UUID) -> Page[Wanted]:
    """Open needs that a pledge fits, the most urgent first."""
    return Page(suggestions.needs_for(g.actor, pledge_id=pledge_id, limit=asked["limit"]), None)


@bp.acts("/pledges/<uuid:pledge_id>/needs/search", WantedNeedsSchema, body(FindNeedsSchema))
@allow("pledges.read")
def search_needs_for_pledge(data: dict[str, Any], pledge_id: uuid.UUID) -> dict[str, Any]:
    """The same of the households whose name holds a text."""
    return {"items": suggestions.needs_for(g.actor, pledge_id=pledge_id, **data)}

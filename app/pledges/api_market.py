"""The market for programs: what a unit could help with, never whose it is, and offering help for it."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.pledges.api_area import bp
from app.pledges.api_forms import KindQuery, OfferPartSchema
from app.pledges.api_project_schemas import LackingSchema
from app.pledges.api_schemas import MarketNeedSchema, PledgeRowSchema, UnitUseSchema
from services.core.paging import Page
from services.pledges import market, project_market, uses
from services.pledges.market import Wish
from services.pledges.project_market import Lacking
from services.pledges.standings import Line
from services.pledges.uses import UnitUse

NEED = "/market/needs/<uuid:need_id>"
OFFER = body(OfferPartSchema)
PART = "/market/parts/<uuid:part_id>"


@bp.lists("/market/needs", MarketNeedSchema, KindQuery)
@allow("pledges.own")
def list_market_needs(asked: dict[str, Any]) -> Page[Wish]:
    """Open needs that nothing is reserved for, the newest first."""
    return Page(*market.wishes(g.actor, **asked))


@bp.shows(NEED, MarketNeedSchema)
@allow("pledges.own")
def show_market_need(need_id: uuid.UUID) -> Wish:
    """An open need of the market."""
    return market.wish(g.actor, need_id=need_id)


@bp.lists(f"{NEED}/pledges", PledgeRowSchema)
@allow("pledges.own")
def list_own_pledges_for_need(asked: dict[str, Any], need_id: uuid.UUID) -> Page[Line]:
    """The own unit's pledges of which something is free for a need, the best first."""
    return Page(market.fitting(g.actor, need_id=need_id), None)


@bp.acts(f"{NEED}/offer", UnitUseSchema, OFFER)
@allow("pledges.own")
def offer_for_need(data: dict[str, Any], need_id: uuid.UUID) -> UnitUse:
    """Offer part of an own pledge for a need; the office answers."""
    return uses.of_own_unit(g.actor, market.offer(g.actor, need_id=need_id, **data).id)


@bp.lists("/market/parts", LackingSchema)
@allow("pledges.own")
def list_lacking_parts(asked: dict[str, Any]) -> Page[Lacking]:
    """What published projects still lack, the newest project first."""
    return Page(project_market.lacking(g.actor), None)


@bp.shows(PART, LackingSchema)
@allow("pledges.own")
def show_lacking_part(part_id: uuid.UUID) -> Lacking:
    """One thing a published project still lacks."""
    return project_market.one(g.actor, part_id=part_id)


@bp.lists(f"{PART}/pledges", PledgeRowSchema)
@allow("pledges.own")
def list_own_pledges_for_part(asked: dict[str, Any], part_id: uuid.UUID) -> Page[Line]:
    """The own unit's pledges of which something is free and that count for it."""
    found = project_market.one(g.actor, part_id=part_id)
    return Page(project_market.fitting(g.actor, part_id=found.part.part.id), None)


@bp.acts(f"{PART}/offer", UnitUseSchema, OFFER)
@allow("pledges.own")
def offer_for_part(data: dict[str, Any], part_id: uuid.UUID) -> UnitUse:
    """Offer part of an own pledge for what a project lacks; the office answers."""
    return uses.of_own_unit(g.actor, project_market.offer(g.actor, part_id=part_id, **data).id)


@bp.acts("/allocations/<uuid:allocation_id>/take-back", UnitUseSchema)
@allow("pledges.own")
def take_unit_offer_back(allocation_id: uuid.UUID) -> UnitUse:
    """Take an own offer back that the office has not answered yet."""
    market.take_back(g.actor, allocation_id=allocation_id)
    return uses.of_own_unit(g.actor, allocation_id)

"""Pledges for programs: what units promise, how it stands, and its ledger."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.pledges import api_allocations, api_figures, api_market, api_projects, api_steps, api_units
from app.pledges.api_area import bp
from app.pledges.api_forms import (
    AsOfQuery,
    LostSchema,
    NewPledgeSchema,
    PledgeQuery,
    PledgesAsOfQuery,
    TakeBackSchema,
)
from app.pledges.api_schemas import MovementRowSchema, PledgeRowSchema, PledgeThenSchema, StandingSchema
from app.pledges.schemas import ExtendSchema, ThemeSchema
from services.core.paging import Page
from services.pledges import earlier, movements, offers, settling, standings
from services.pledges.earlier import Then
from services.pledges.movements import Entry
from services.pledges.standings import Line, Standing

__all__ = ["api_allocations", "api_figures", "api_market", "api_projects", "api_steps", "api_units", "bp"]

PLEDGE = "/pledges/<uuid:pledge_id>"


@bp.lists("/pledges", PledgeRowSchema, PledgeQuery)
@allow("pledges.offer")
def list_pledges(asked: dict[str, Any]) -> Page[Line]:
    """Pledges as they stand today, the newest first; a unit sees its own."""
    return Page(*standings.lines(g.actor, **asked))


@bp.lists("/pledges/as-of", PledgeThenSchema, PledgesAsOfQuery)
@allow("pledges.read")
def list_pledges_as_of(asked: dict[str, Any]) -> Page[Then]:
    """Pledges as they stood on the evening of a day, the newest first."""
    day = earlier.evening(g.actor, asked.pop("as_of"))
    return Page(*earlier.lines(g.actor, day=day, **asked))


@bp.creates("/pledges", PledgeRowSchema, body(NewPledgeSchema))
@allow("pledges.offer")
def enter_pledge(data: dict[str, Any]) -> Line:
    """Enter a promise: a unit its own, the office any unit's."""
    offers.refuse_past(g.actor, data["ends_on"])
    return standings.one(g.actor, offers.pledge(g.actor, **data).id)


@bp.shows(PLEDGE, PledgeRowSchema)
@allow("pledges.offer")
def show_pledge(pledge_id: uuid.UUID) -> Line:
    """A pledge as it stands today."""
    return standings.one(g.actor, pledge_id)


@bp.lists(f"{PLEDGE}/periods", StandingSchema, AsOfQuery)
@allow("pledges.offer")
def list_periods(asked: dict[str, Any], pledge_id: uuid.UUID) -> Page[Standing]:
    """Every period of a pledge that somebody has touched, the latest first."""
    pledge, day = offers.get_pledge(g.actor, pledge_id), asked["as_of"]
    return Page(standings.as_of(pledge, day) if day else standings.of_periods(pledge), None)


@bp.lists(f"{PLEDGE}/movements", MovementRowSchema, AsOfQuery)
@allow("pledges.offer")
def list_movements(asked: dict[str, Any], pledge_id: uuid.UUID) -> Page[Entry]:
    """The ledger of a pledge, the newest entry first."""
    pledge = offers.get_pledge(g.actor, pledge_id)
    return Page(movements.of_pledge(pledge, until=asked["as_of"]), None)


@bp.acts(f"{PLEDGE}/extend", PledgeRowSchema, body(ExtendSchema))
@allow("pledges.offer")
def extend_pledge(data: dict[str, Any], pledge_id: uuid.UUID) -> Line:
    """Let a pledge hold until a later day."""
    return standings.one(g.actor, offers.extend(g.actor, pledge_id=pledge_id, **data).id)


@bp.acts(f"{PLEDGE}/theme", PledgeRowSchema, body(ThemeSchema))
@allow("pledges.offer")
def set_pledge_theme(data: dict[str, Any], pledge_id: uuid.UUID) -> Line:
    """Say what a pledge is for in the neighbourhood's life."""
    return standings.one(g.actor, offers.set_theme(g.actor, pledge_id=pledge_id, **data).id)


@bp.acts(f"{PLEDGE}/withdraw", PledgeRowSchema, body(TakeBackSchema))
@allow("pledges.offer")
def withdraw_pledge(data: dict[str, Any], pledge_id: uuid.UUID) -> Line:
    """Take back what is still free, or part of it; what is reserved stays promised."""
    return standings.one(g.actor, offers.withdraw(g.actor, pledge_id=pledge_id, **data).id)


@bp.acts(f"{PLEDGE}/write-off", PledgeRowSchema, body(LostSchema))
@allow("pledges.allocate")
def write_pledge_off(data: dict[str, Any], pledge_id: uuid.UUID) -> Line:
    """Write off what is free and will not come, or part of it."""
    return standings.one(g.actor, settling.write_off(g.actor, pledge_id=pledge_id, **data).id)

"""Pairings for programs: who helps whom, how it ends or goes on, where nobody helps; one's own."""

import uuid
from typing import Any

from flask import g

from app.api.area import needs_scope
from app.api.bodies import body
from app.auth import allow
from app.pairings.api_area import PAIRING, bp
from app.pairings.api_forms import LookUpSchema, PairingsQuery
from app.pairings.api_own_schemas import OwnPairingSchema
from app.pairings.api_schemas import (
    ChoiceSchema,
    DeclinesSchema,
    EntrySchema,
    FactSchema,
    PairingSchema,
)
from app.pairings.schemas import EndSchema, ReasonSchema, TakerSchema, VisitPlanSchema
from services.communities import regions
from services.core.paging import Page, in_parts
from services.pairings import coverage, declines, hand_over, own, pairings, parties
from services.pairings.choices import Choice
from services.pairings.coverage import Entry
from services.pairings.declines import Declines
from services.pairings.models import Pairing
from services.pairings.parties import Parties

OWN = "/pairings/own/<uuid:pairing_id>"


@bp.lists("/pairings", PairingSchema, PairingsQuery)
@allow("pairings.read")
def list_pairings(asked: dict[str, Any]) -> Page[Pairing]:
    """Pairings, the newest first."""
    return pairings.list_pairings(g.actor, **asked)


@bp.shows(PAIRING, PairingSchema)
@allow("pairings.read")
def show_pairing(pairing_id: uuid.UUID) -> Pairing:
    """A pairing."""
    return pairings.get_pairing(g.actor, pairing_id).row


@bp.acts(f"{PAIRING}/end", PairingSchema, body(EndSchema))
@allow("pairings.end")
def end_pairing(data: dict[str, Any], pairing_id: uuid.UUID) -> Pairing:
    """End a pairing after a day, today when none is named; its follow-ups close and both sides are told."""
    day = data["day"] or regions.today(g.community.id)
    return pairings.end_pairing(g.actor, pairing_id=pairing_id, reason=data["reason"], day=day)


@bp.lists(f"{PAIRING}/takers", ChoiceSchema)
@allow("pairings.end")
def list_takers(asked: dict[str, Any], pairing_id: uuid.UUID) -> Page[Choice]:
    """Helpers who could take a pairing over, the best first, then those who could not and why."""
    can, cannot = hand_over.takers(g.actor, pairing_id=pairing_id)
    return in_parts([*can, *cannot], **asked)


@bp.acts(f"{PAIRING}/hand-over", PairingSchema, body(TakerSchema))
@allow("pairings.end")
def hand_pairing_over(data: dict[str, Any], pairing_id: uuid.UUID) -> Pairing:
    """Let another helper take over, when the office has asked both: the pairing that begins."""
    return hand_over.hand_over(g.actor, pairing_id=pairing_id, **data)


@bp.acts(f"{PAIRING}/reveal", FactSchema, body(LookUpSchema))
@needs_scope("pairings:private")
@allow("households.reveal")
def reveal_of_pairing(data: dict[str, Any], pairing_id: uuid.UUID) -> dict[str, str]:
    """The household's phone or door in clear, for its helper or the office; the look is on record before the answer leaves."""
    return {"value": pairings.reveal(g.actor, pairing_id=pairing_id, **data)}


@bp.lists("/pairings/coverage", EntrySchema)
@allow("pairings.decide")
def list_coverage(asked: dict[str, Any]) -> Page[Entry]:
    """Households in need with and without a helper, by building and entrance."""
    return in_parts(coverage.grid(g.actor).entries, **asked)


@bp.lists("/pairings/declines", DeclinesSchema)
@allow("pairings.decide")
def list_declines(asked: dict[str, Any]) -> Page[Declines]:
    """Active helpers with many proposals declined, the most first."""
    return in_parts(declines.of_helpers(g.actor), **asked)


@bp.lists("/pairings/own", OwnPairingSchema)
@allow("pairings.own")
def list_own_pairings(asked: dict[str, Any]) -> Page[Parties[Pairing]]:
    """Whom I help, and who helps me, the newest first."""
    return in_parts(pairings.own_pairings(g.actor), **asked)


@bp.lists("/pairings/standing-in", OwnPairingSchema)
@allow("pairings.own")
def list_stood_in(asked: dict[str, Any]) -> Page[Parties[Pairing]]:
    """Where I do something today in the helper's place, the oldest first."""
    return in_parts(own.stood_in(g.actor), **asked)


@bp.shows(OWN, OwnPairingSchema)
@allow("pairings.own")
def show_own_pairing(pairing_id: uuid.UUID) -> Parties[Pairing]:
    """A household I help, or stand in for today."""
    return own.household_of(g.actor, pairing_id)[0]


@bp.acts(f"{OWN}/stop", OwnPairingSchema, body(ReasonSchema))
@allow("pairings.own")
def ask_to_stop(data: dict[str, Any], pairing_id: uuid.UUID) -> Parties[Pairing]:
    """Say that I cannot go on: the office sees to it; until then the pairing lives."""
    return parties.one(Pairing, pairings.ask_to_stop(g.actor, pairing_id=pairing_id, **data).id)


@bp.acts(f"{OWN}/plan-visit", None, body(VisitPlanSchema))
@allow("pairings.own")
def plan_visit(data: dict[str, Any], pairing_id: uuid.UUID) -> None:
    """Put my next visit in the calendar; planning anew moves it."""
    own.plan_visit(g.actor, pairing_id=pairing_id, **data)


@bp.acts(f"{OWN}/drop-visit", None)
@allow("pairings.own")
def drop_visit(pairing_id: uuid.UUID) -> None:
    """Take the planned visit out of the calendar."""
    own.drop_visit(g.actor, pairing_id=pairing_id)

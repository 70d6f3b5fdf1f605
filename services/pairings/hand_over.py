"""A living pairing goes to another helper in one step: nothing that was promised to the household is lost between the two."""

import uuid
from datetime import date

from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError
from services.followups import carrying, life
from services.households.models import Household
from services.pairings import acceptance, choices, parties, telling
from services.pairings.choices import Choice
from services.pairings.models import Pairing, Proposal
from services.pairings.parties import SIDES, Parties
from services.volunteers.models import Volunteer

REASON = "replaced"
# The office has spoken to both.
HOW = "staff call"


def takers(actor: Actor, *, pairing_id: uuid.UUID) -> tuple[list[Choice], list[Choice]]:
    """Helpers who could take a pairing over, the best first, and those who could not, as for any household.

    Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pairings.end")
    pairing = locks.get(Pairing, pairing_id)
    return choices.of_household(actor, household_id=pairing.household_id, leaves=pairing.volunteer_id)


def hand_over(actor: Actor, *, pairing_id: uuid.UUID, volunteer_id: uuid.UUID, agreed: bool) -> Pairing:
    """End a pairing today and begin one of the household with another helper; open follow-ups go on on their days.

    `agreed`: the office has asked both. Visits stay where they were. Both helpers and the household are told.
    Raises Forbidden, NotFound, Conflict when it has ended, DomainError when the two cannot be paired or were not asked.
    """
    permissions.require(actor, "pairings.end")
    permissions.require(actor, "pairings.decide")
    old, taker = _locked(pairing_id, volunteer_id)
    if old.row.ended_on is not None:
        raise Conflict(
            "ended",
            N_(
                "This pairing has already ended. To pair the two again, choose them on the page Why, why not."
            ),
        )
    if not agreed:
        raise DomainError(
            "not_agreed", N_("Please ask the new helper and the household first."), field="agreed"
        )
    proposal = choices.in_place_of(actor, pairing=old.row, volunteer_id=taker.id)
    rivals = acceptance.rivals(Parties(proposal, taker, old.household))
    _end(old, regions.today(actor.community_id))
    new = _begin(actor, Parties(proposal, taker, old.household), old.row)
    _carry(actor, old, new)
    telling.handed_over(actor, old, new)
    acceptance.end_rivals(actor, Parties(proposal, taker, old.household), rivals)
    audit.record(actor, "pairing.ended", "pairing", old.row.id, reason=REASON)
    audit.record(actor, "pairing.begun", "pairing", new.row.id, kind=new.row.kind, takes_over=str(old.row.id))
    return new.row


def _locked(pairing_id: uuid.UUID, volunteer_id: uuid.UUID) -> tuple[Parties[Pairing], Volunteer]:
    pairing = locks.get(Pairing, pairing_id)
    household = locks.lock(Household, pairing.household_id)
    helpers = {one: locks.lock(Volunteer, one) for one in sorted({pairing.volunteer_id, volunteer_id})}
    pairing = locks.lock(Pairing, pairing_id)
    return parties.Parties(pairing, helpers[pairing.volunteer_id], household), helpers[volunteer_id]


def _end(old: Parties[Pairing], day: date) -> None:
    # Before the new one is there: a household has one primary helper.
    old.row.ended_on, old.row.end_reason = day, REASON
    db.session.flush()


def _begin(actor: Actor, found: Parties[Proposal], old: Pairing) -> Parties[Pairing]:
    proposal = found.row
    proposal.state, proposal.published_at = "accepted", clock.now()
    for side in SIDES:
        acceptance.decided_at(proposal, side, "yes", HOW, actor)
    pairing = Pairing(
        id=new_id(),
        volunteer_id=found.volunteer.id,
        household_id=found.household.id,
        kind=old.kind,
        started_on=old.ended_on,
    )
    db.session.add(proposal)
    db.session.flush()
    pairing.proposal_id = proposal.id
    db.session.add(pairing)
    db.session.flush()
    return Parties(pairing, found.volunteer, found.household)


def _carry(actor: Actor, old: Parties[Pairing], new: Parties[Pairing]) -> None:
    """What was open goes on; what every new pair does first (contact, visit) begins, unless it was open too."""
    owners = {"helper": new.volunteer.account_id}
    carrying.carry_on(
        actor,
        subject_kind="pairing",
        old_id=old.row.id,
        new_id=new.row.id,
        event="started",
        old_owners={"helper": old.volunteer.account_id},
        new_owners=owners,
        reason=REASON,
    )
    life.start(
        actor,
        event="started",
        subject_kind="pairing",
        subject_id=new.row.id,
        day=new.row.started_on,
        owners=owners,
    )

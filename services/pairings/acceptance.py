"""The moment both sides have said yes: one winner for each place, whoever asks at the same time.

Called with household, volunteer and proposal locked in that order (`parties.locked`).
"""

from sqlalchemy import or_, select

from services.communities import regions
from services.core import audit, clock
from services.core.actor import Actor
from services.core.db import db, new_id
from services.followups import life
from services.pairings import parties, telling
from services.pairings.models import STANDING, Pairing, Proposal
from services.pairings.parties import Parties


def fits(found: Parties[Proposal]) -> bool:
    """True while both sides still have room for this pair."""
    return (
        parties.household_has_room(found.household)
        and parties.helper_has_room(found.volunteer)
        and not parties.are_paired(found.volunteer.id, found.household.id)
    )


def begin(actor: Actor, found: Parties[Proposal]) -> Pairing:
    """Make the pairing of a proposal that fits, start its follow-ups, and end the proposals that no longer fit."""
    # Every lock before the first effect, so that no two acceptances wait for each other.
    others = rivals(found)
    proposal, today = found.row, regions.today(actor.community_id)
    pairing = Pairing(
        id=new_id(),
        volunteer_id=found.volunteer.id,
        household_id=found.household.id,
        proposal_id=proposal.id,
        kind="supporting" if _has_primary(found) else "primary",
        started_on=today,
    )
    db.session.add(pairing)
    proposal.state = "accepted"
    db.session.flush()
    life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="accepted")
    life.start(
        actor,
        event="started",
        subject_kind="pairing",
        subject_id=pairing.id,
        day=today,
        owners={"helper": found.volunteer.account_id},
    )
    telling.begun(actor, Parties(pairing, found.volunteer, found.household))
    end_rivals(actor, found, others)
    audit.record(actor, "pairing.begun", "pairing", pairing.id, kind=pairing.kind)
    return pairing


def lose(actor: Actor, found: Parties[Proposal]) -> None:
    """End a proposal for which there is no room any more."""
    found.row.state = "lost"
    db.session.flush()
    life.close_subject(actor, subject_kind="proposal", subject_id=found.row.id, reason="lost")


def _has_primary(found: Parties[Proposal]) -> bool:
    statement = select(Pairing.id).where(
        Pairing.household_id == found.household.id, Pairing.kind == "primary", Pairing.ended_on.is_(None)
    )
    return db.session.scalars(statement).first() is not None


def rivals(found: Parties[Proposal]) -> list[Parties[Proposal]]:
    """What else of both sides waits for an answer, locked in the order of their ids."""
    rows = db.session.scalars(
        select(Proposal)
        .where(
            Proposal.state.in_(STANDING),
            Proposal.id != found.row.id,
            or_(Proposal.household_id == found.household.id, Proposal.volunteer_id == found.volunteer.id),
        )
        .order_by(Proposal.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return parties.of(rows)


def end_rivals(actor: Actor, found: Parties[Proposal], others: list[Parties[Proposal]]) -> None:
    """End those of the locked proposals for which there is no room any more, and tell whom it concerns."""
    household_full = not parties.household_has_room(found.household)
    helper_full = not parties.helper_has_room(found.volunteer)
    for rival in others:
        if household_full and rival.household.id == found.household.id:
            lose(actor, rival)
            telling.taken(actor, rival)
        elif helper_full and rival.volunteer.id == found.volunteer.id:
            asked = rival.row.state == "published"
            lose(actor, rival)
            if asked:
                telling.over(actor, rival, "household")


def decided_at(proposal: Proposal, side: str, answer: str, how: str, actor: Actor) -> None:
    """Write one side's answer on the proposal: what, how it came, who gave it, when."""
    setattr(proposal, f"{side}_answer", answer)
    setattr(proposal, f"{side}_how", how)
    setattr(proposal, f"{side}_by", actor.account_id)
    setattr(proposal, f"{side}_at", clock.now())

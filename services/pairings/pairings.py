"""Living pairings: who helps whom, since when, and how it ends."""

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import func, select

from services.communities import regions
from services.core import audit, permissions
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.core.paging import Page, newest_first
from services.followups import absences, life
from services.households import disclosure
from services.pairings import parties, reasons, telling
from services.pairings.models import STANDING, Pairing, Proposal
from services.pairings.parties import Parties

# For a week after the end a helper may still look up the household, to hand over what is left.
RECENT = timedelta(days=7)
REVEALED = ("phone", "door")


def relation(volunteer_id: uuid.UUID, household_id: uuid.UUID, day: date) -> str:
    """What the two are to each other on `day`: "living", "recent" (a week after the end), "proposed", "ended" or "none"."""
    between = select(Pairing).where(
        Pairing.volunteer_id == volunteer_id, Pairing.household_id == household_id
    )
    states = {state_on(row, day) for row in db.session.scalars(between)}
    for state in ("living", "recent"):
        if state in states:
            return state
    proposed = select(Proposal.id).where(
        Proposal.volunteer_id == volunteer_id,
        Proposal.household_id == household_id,
        Proposal.state.in_(STANDING),
    )
    if db.session.scalars(proposed).first():
        return "proposed"
    return "ended" if states else "none"


def state_on(pairing: Pairing, day: date) -> str:
    """What a pairing is on `day`: "living", "recent" (a week after the end) or "ended"."""
    if pairing.ended_on is None:
        return "living"
    return "recent" if day - pairing.ended_on <= RECENT else "ended"


def reveal(actor: Actor, *, pairing_id: uuid.UUID, field: str) -> str:
    """A household's phone or door in clear, for its helper or the office; the look is recorded before it is given.

    Raises Forbidden, NotFound, also for a pairing that is not the helper's own.
    """
    permissions.require(actor, "households.reveal")
    if field not in REVEALED:
        raise NotFound()
    found, relation_now = parties.one(Pairing, pairing_id), "any"
    if not actor.has("staff", "admin"):
        relation_now = relation_of(actor, found)
        if relation_now == "none":
            raise NotFound()
    return disclosure.reveal(
        actor, household_id=found.household.id, field=field, relation=relation_now, reason="visit"
    )


def relation_of(actor: Actor, found: Parties[Pairing]) -> str:
    """What the actor is to a pairing's household: as its helper by `relation`; "standing_in" while something is his to do there; else "none"."""
    if found.side_of(actor) == "helper":
        return relation(found.volunteer.id, found.household.id, regions.today(actor.community_id))
    living_now = found.row.ended_on is None
    if living_now and found.row.id in absences.subjects_in_charge(actor, "pairing"):
        return "standing_in"
    return "none"


def living(
    *,
    ids: set[uuid.UUID] | None = None,
    household_ids: set[uuid.UUID] | None = None,
    volunteer_ids: set[uuid.UUID] | None = None,
) -> list[Pairing]:
    """Living pairings, of some ids, households or volunteers when given, oldest first."""
    statement = select(Pairing).where(Pairing.ended_on.is_(None)).order_by(Pairing.id)
    if ids is not None:
        statement = statement.where(Pairing.id.in_(ids))
    if household_ids is not None:
        statement = statement.where(Pairing.household_id.in_(household_ids))
    if volunteer_ids is not None:
        statement = statement.where(Pairing.volunteer_id.in_(volunteer_ids))
    return list(db.session.scalars(statement))


def helpers(household_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many living pairings each household has that has any."""
    rows = db.session.execute(
        select(Pairing.household_id, func.count())
        .where(Pairing.ended_on.is_(None), among(Pairing.household_id, household_ids))
        .group_by(Pairing.household_id)
    )
    return {household_id: number for household_id, number in rows}


def list_pairings(
    actor: Actor,
    *,
    state: str = "",
    household_id: uuid.UUID | None = None,
    volunteer_id: uuid.UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Pairing]:
    """Pairings, newest first: "living", "stop" (the helper asks to stop), "ended" or all. Raises Forbidden."""
    permissions.require(actor, "pairings.read")
    statement = select(Pairing)
    if state == "living":
        statement = statement.where(Pairing.ended_on.is_(None))
    elif state == "stop":
        statement = statement.where(Pairing.ended_on.is_(None), Pairing.stop_reason != "")
    elif state == "ended":
        statement = statement.where(Pairing.ended_on.is_not(None))
    if household_id:
        statement = statement.where(Pairing.household_id == household_id)
    if volunteer_id:
        statement = statement.where(Pairing.volunteer_id == volunteer_id)
    return newest_first(statement, Pairing.id, after=after, limit=limit)


def get_pairing(actor: Actor, pairing_id: uuid.UUID) -> Parties[Pairing]:
    """A pairing with both sides, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pairings.read")
    return parties.one(Pairing, pairing_id)


def own_pairings(actor: Actor) -> list[Parties[Pairing]]:
    """The actor's living pairings and those that ended less than a week ago, newest first. Raises Forbidden."""
    permissions.require(actor, "pairings.own")
    since = regions.today(actor.community_id) - RECENT
    rows = db.session.scalars(
        select(Pairing)
        .where(
            parties.is_side(Pairing, actor.account_id),
            Pairing.ended_on.is_(None) | (Pairing.ended_on >= since),
        )
        .order_by(Pairing.id.desc())
    )
    return parties.of(rows)


def end_pairing(actor: Actor, *, pairing_id: uuid.UUID, reason: str, day: date) -> Pairing:
    """End a pairing after `day`, with a coded reason; its follow-ups close and both sides are told.

    About a death or a move nobody gets a letter. Raises Forbidden, NotFound, DomainError, Conflict when it has ended.
    """
    permissions.require(actor, "pairings.end")
    found = parties.locked(Pairing, pairing_id)
    reasons.require(reasons.END, reason)
    if found.row.ended_on is not None:
        raise Conflict(
            "ended",
            N_(
                "This pairing has already ended. To pair the two again, choose them on the page Why, why not."
            ),
        )
    if not found.row.started_on <= day <= regions.today(actor.community_id):
        raise DomainError(
            "day", N_("The last day lies between the pairing's first day and today."), field="day"
        )
    end(actor, found, reason, day)
    return found.row


def end(actor: Actor, found: Parties[Pairing], reason: str, day: date) -> None:
    """End a living pairing that is locked, for a checked reason."""
    pairing = found.row
    pairing.ended_on, pairing.end_reason = day, reason
    db.session.flush()
    life.close_subject(actor, subject_kind="pairing", subject_id=pairing.id, reason=reason)
    if reason not in reasons.QUIET:
        telling.ended(actor, found, day)
    audit.record(actor, "pairing.ended", "pairing", pairing.id, reason=reason)


def ask_to_stop(actor: Actor, *, pairing_id: uuid.UUID, reason: str) -> Pairing:
    """A helper says that he cannot go on: the office is to see to it by tomorrow; asking twice changes nothing.

    Raises Forbidden, NotFound for a pairing that is not his, DomainError, Conflict when it has ended.
    """
    permissions.require(actor, "pairings.own")
    found = parties.locked(Pairing, pairing_id)
    parties.require_side(actor, found, "helper")
    reasons.require(reasons.STOP, reason)
    if found.row.ended_on is not None:
        raise Conflict(
            "ended",
            N_(
                "This pairing has already ended. To pair the two again, choose them on the page Why, why not."
            ),
        )
    found.row.stop_reason = reason
    db.session.flush()
    life.start(
        actor,
        event="stop_asked",
        subject_kind="pairing",
        subject_id=pairing_id,
        day=regions.today(actor.community_id),
        owners={},
    )
    audit.record(actor, "pairing.stop_asked", "pairing", pairing_id, reason=reason)
    return found.row


def history(actor: Actor, *, household_id: uuid.UUID) -> list[Parties[Pairing]]:
    """Every pairing a household has had, newest first. Raises Forbidden."""
    permissions.require(actor, "pairings.read")
    rows = db.session.scalars(
        select(Pairing).where(Pairing.household_id == household_id).order_by(Pairing.id.desc())
    )
    return parties.of(rows)

"""Somebody leaves: with a household or a helper all ends that binds it."""

import uuid
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, select

from services.communities import regions
from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.followups import life
from services.households import needs, registration
from services.households.models import Household
from services.pairings import pair_locks, pairings, parties, telling
from services.pairings.models import STANDING, Pairing, Proposal
from services.pairings.parties import Parties
from services.volunteers import states
from services.volunteers.models import Volunteer

# What the closing of a household is to its pairings, as a code of `reasons.END`.
_ENDS = {"moved": "moved", "deceased": "deceased", "closed": "other"}


def close_household(actor: Actor, *, household_id: uuid.UUID, reason: str, day: date) -> Household:
    """Close a household as of `day`: its needs close, its pairings end, its open proposals are taken back.

    Helpers who were only asked are told that it does not come about; about a death or a move nobody else gets a
    letter. Raises Forbidden, NotFound, DomainError, Conflict.
    """
    permissions.require(actor, "pairings.end")
    if reason not in _ENDS:
        raise DomainError("reason", N_("Please choose one of the list."), field="reason")
    if day > regions.today(actor.community_id):
        raise DomainError("day", N_("This day is still to come."), field="day")
    locks.lock(Household, household_id)
    needs.hold_open(household_id)
    living = _living(Pairing.household_id == household_id)
    asked = _asked(Proposal.household_id == household_id)
    _lock([], [row.volunteer_id for row in living] + [row.volunteer_id for row in asked])
    _end(actor, living, asked, reason=_ENDS[reason], day=day, tell="helper")
    pair_locks.forget_household(household_id)
    return registration.close_household(actor, household_id=household_id, reason=reason, day=day)


def set_helper_state(actor: Actor, *, volunteer_id: uuid.UUID, state: str) -> Volunteer:
    """Pause a helper, let him go on, record that he came back, or that he left: then all ends that binds him.

    Households that were only asked are told. Raises Forbidden, NotFound, Conflict when this state cannot follow the
    present one.
    """
    if state == "left":
        _end_for_helper(actor, volunteer_id)
    return states.set_state(actor, volunteer_id=volunteer_id, state=state)


def _end_for_helper(actor: Actor, volunteer_id: uuid.UUID) -> None:
    permissions.require(actor, "pairings.end")
    living = _living(Pairing.volunteer_id == volunteer_id)
    asked = _asked(Proposal.volunteer_id == volunteer_id)
    # Households are locked before helpers, so his are found before he is held: another may have come meanwhile.
    _lock([row.household_id for row in living] + [row.household_id for row in asked], [volunteer_id])
    if {row.id for row in living} != {row.id for row in _living(Pairing.volunteer_id == volunteer_id)}:
        raise Conflict(
            "changed", N_("Somebody changed this at the same moment. Please look again and repeat.")
        )
    day = regions.today(actor.community_id)
    _end(actor, living, asked, reason="helper_left", day=day, tell="household")
    pair_locks.forget_helper(volunteer_id)


def _living(whose: ColumnElement[bool]) -> list[Pairing]:
    return list(db.session.scalars(select(Pairing).where(whose, Pairing.ended_on.is_(None))))


def _asked(whose: ColumnElement[bool]) -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).where(whose, Proposal.state.in_(("draft", *STANDING)))))


def _lock(household_ids: Iterable[uuid.UUID], volunteer_ids: Iterable[uuid.UUID]) -> None:
    # Every lock before the first effect, and in the one order: households, then helpers.
    for household_id in sorted(set(household_ids)):
        locks.lock(Household, household_id)
    for volunteer_id in sorted(set(volunteer_ids)):
        locks.lock(Volunteer, volunteer_id)


def _end(
    actor: Actor, living: list[Pairing], asked: list[Proposal], *, reason: str, day: date, tell: str
) -> None:
    ending = [found for row in living if (found := parties.locked(Pairing, row.id)).row.ended_on is None]
    proposed = [parties.locked(Proposal, row.id) for row in asked]
    for found in ending:
        pairings.end(actor, found, reason, max(day, found.row.started_on))
    for one in proposed:
        _take_back(actor, one, tell)
    db.session.flush()


def _take_back(actor: Actor, found: Parties[Proposal], tell: str) -> None:
    proposal = found.row
    before = proposal.state
    if before not in ("draft", *STANDING):
        return
    proposal.state, proposal.reason = "withdrawn", "left"
    db.session.flush()
    if before in STANDING:
        life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="left")
    # A household that has not been asked yet hears nothing of an offer.
    if before == "published" or (before == "offered" and tell == "helper"):
        telling.over(actor, found, tell)

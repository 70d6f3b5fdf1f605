"""Somebody leaves: all that binds a household or a helper ends together."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, select

from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.followups import life
from services.households.models import Household
from services.pairings import pairings, parties, reasons, telling
from services.pairings.models import Pairing, Proposal
from services.pairings.parties import Parties
from services.volunteers.models import Volunteer


def end_for_household(actor: Actor, *, household_id: uuid.UUID, reason: str, day: date) -> list[Pairing]:
    """End all living pairings of a household that leaves, for a code of `reasons.END`, and take back its open proposals.

    Helpers who were only asked are told that it does not come about. Raises Forbidden, DomainError.
    """
    return _end_all(
        actor,
        (Pairing.household_id == household_id, Proposal.household_id == household_id),
        reason=reason,
        day=day,
        tell="helper",
    )


def end_for_helper(actor: Actor, *, volunteer_id: uuid.UUID, reason: str, day: date) -> list[Pairing]:
    """The same for a helper who leaves; households that were only asked are told. Raises Forbidden, DomainError."""
    return _end_all(
        actor,
        (Pairing.volunteer_id == volunteer_id, Proposal.volunteer_id == volunteer_id),
        reason=reason,
        day=day,
        tell="household",
    )


def _end_all(
    actor: Actor,
    whose: tuple[ColumnElement[bool], ColumnElement[bool]],
    *,
    reason: str,
    day: date,
    tell: str,
) -> list[Pairing]:
    permissions.require(actor, "pairings.end")
    reasons.require(reasons.END, reason)
    living_ones = db.session.scalars(select(Pairing).where(whose[0], Pairing.ended_on.is_(None))).all()
    open_ones = db.session.scalars(
        select(Proposal).where(whose[1], Proposal.state.in_(("draft", "published")))
    ).all()
    _lock_sides([*living_ones, *open_ones])
    ending = [found for row in living_ones if (found := parties.locked(Pairing, row.id)).row.ended_on is None]
    asked = [parties.locked(Proposal, row.id) for row in open_ones]
    for found in ending:
        pairings.end(actor, found, reason, max(day, found.row.started_on))
    for proposed in asked:
        _take_back(actor, proposed, tell)
    db.session.flush()
    return [found.row for found in ending]


def _lock_sides(rows: Sequence[Pairing | Proposal]) -> None:
    # Every lock before the first effect, and in the one order: households, then helpers.
    for household_id in sorted({row.household_id for row in rows}):
        locks.lock(Household, household_id)
    for volunteer_id in sorted({row.volunteer_id for row in rows}):
        locks.lock(Volunteer, volunteer_id)


def _take_back(actor: Actor, found: Parties[Proposal], tell: str) -> None:
    proposal = found.row
    if proposal.state not in ("draft", "published"):
        return
    asked = proposal.state == "published"
    proposal.state, proposal.reason = "withdrawn", "left"
    db.session.flush()
    if asked:
        life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="left")
        telling.over(actor, found, tell)

"""Locks: a pair the office insists on, or a household it leaves out. The next runs take them as given.

A lock on a pair has done its work when the pair is published; whoever leaves takes his locks along.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, delete, select, tuple_

from matching.answer import IdPair
from matching.model import Helper, Household
from matching.rules import first_bar, served_needs
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.core.paging import Page, newest_first
from services.households.models import Household as HouseholdRow
from services.pairings.models import MatchingRun, PairLock, Proposal


def keep_pair(actor: Actor, *, proposal_id: uuid.UUID) -> PairLock:
    """Insist on the pair of a draft. Twice is once. Raises Forbidden, NotFound, Conflict when it is no draft any more."""
    permissions.require(actor, "pairings.decide")
    # Run, household, proposal: as everywhere.
    proposal = locks.get(Proposal, proposal_id)
    locks.lock(MatchingRun, proposal.run_id)
    locks.lock(HouseholdRow, proposal.household_id)
    proposal = locks.lock(Proposal, proposal_id)
    if proposal.state != "draft":
        raise Conflict("closed", N_("Only a draft can be locked."))
    return _insist(actor, proposal.household_id, proposal.volunteer_id)


def leave_out(actor: Actor, *, run_id: uuid.UUID, household_id: uuid.UUID) -> PairLock:
    """Propose nobody to a household, in this run and the next ones; its drafts are taken back. Twice is once.

    Raises Forbidden, NotFound, Conflict when one of its drafts is locked.
    """
    permissions.require(actor, "pairings.decide")
    locks.lock(MatchingRun, run_id)
    locks.lock(HouseholdRow, household_id)
    drafts = db.session.scalars(
        select(Proposal)
        .where(Proposal.household_id == household_id, Proposal.state == "draft")
        .order_by(Proposal.id)
        .with_for_update(key_share=True)
    ).all()
    for draft in drafts:
        require_free(draft)
    for draft in drafts:
        draft.state, draft.declined_by, draft.reason = "withdrawn", "staff", "held_back"
    return _insist(actor, household_id, None)


def unlock(actor: Actor, *, household_id: uuid.UUID, volunteer_id: uuid.UUID | None) -> bool:
    """Let go of a pair, or let a household take part again (without a helper): was there a lock? Raises Forbidden, NotFound."""
    permissions.require(actor, "pairings.decide")
    locks.lock(HouseholdRow, household_id)
    lock = _find(household_id, volunteer_id)
    if lock is not None:
        db.session.delete(lock)
        db.session.flush()
        audit.record(actor, "pair.unlocked", "household", household_id, volunteer_id=_text(volunteer_id))
    return lock is not None


def list_locks(actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[PairLock]:
    """What the office insists on, the newest first. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    return newest_first(select(PairLock), PairLock.id, after=after, limit=limit)


def all_locks() -> list[PairLock]:
    """All locks of the community, the oldest first."""
    return list(db.session.scalars(select(PairLock).order_by(PairLock.id)))


def of_households(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID | None]]:
    """For whom each household is locked: helpers, or None where it is left out."""
    found: dict[uuid.UUID, set[uuid.UUID | None]] = {}
    for lock in db.session.scalars(select(PairLock).where(PairLock.household_id.in_(ids))):
        found.setdefault(lock.household_id, set()).add(lock.volunteer_id)
    return found


def left_out() -> set[uuid.UUID]:
    """The households to which the office proposes nobody."""
    return set(db.session.scalars(select(PairLock.household_id).where(PairLock.volunteer_id.is_(None))))


def is_left_out(household_id: uuid.UUID) -> bool:
    """True while the office proposes nobody to a household."""
    return _find(household_id, None) is not None


def require_free(proposal: Proposal) -> None:
    """Raise Conflict when the pair of a draft is locked: somebody insists on it."""
    if proposal.state == "draft" and _find(proposal.household_id, proposal.volunteer_id):
        raise Conflict("locked", N_("This pair is locked. Unlock it first, if you know better."))


def forget_pairs(pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Drop the locks of (household, helper): what they were for is reached."""
    both = list(pairs)
    if both:
        _drop(tuple_(PairLock.household_id, PairLock.volunteer_id).in_(both))


def forget_household(household_id: uuid.UUID) -> None:
    """Drop every lock of a household that leaves."""
    _drop(PairLock.household_id == household_id)


def forget_helper(volunteer_id: uuid.UUID) -> None:
    """Drop every lock of a helper who leaves."""
    _drop(PairLock.volunteer_id == volunteer_id)


def fix(
    helpers: dict[str, Helper], households: dict[str, Household], pairs: Iterable[IdPair]
) -> tuple[dict[IdPair, tuple[Helper, Household]], tuple[IdPair, ...]]:
    """Take the locked pairs as given, in their order: their places and hours are no longer free.

    Helpers and households are changed in place. Returns each pair that holds with the two as they were before it, and the pairs that a
    hard rule forbids today.
    """
    kept: dict[IdPair, tuple[Helper, Household]] = {}
    broken = []
    for helper_id, household_id in pairs:
        helper, household = helpers.get(helper_id), households.get(household_id)
        if helper is None or household is None or first_bar(helper, household):
            broken.append((helper_id, household_id))
            continue
        kept[helper_id, household_id] = helper, household
        helpers[helper_id], households[household_id] = _paired(helper, household)
    return kept, tuple(broken)


def _paired(helper: Helper, household: Household) -> tuple[Helper, Household]:
    served = served_needs(helper, household)
    took = max(need.half_hours for need in served)
    return (
        replace(
            helper,
            places=helper.places - 1,
            hours=None if helper.hours is None else helper.hours - took,
            exclusions=helper.exclusions | {household.id},
            load=helper.load + 1,
        ),
        replace(
            household,
            places=household.places - 1,
            helped=household.helped + 1,
            met=household.met | {need.skill for need in served},
        ),
    )


def _insist(actor: Actor, household_id: uuid.UUID, volunteer_id: uuid.UUID | None) -> PairLock:
    lock = _find(household_id, volunteer_id)
    if lock is None:
        lock = PairLock(household_id=household_id, volunteer_id=volunteer_id)
        db.session.add(lock)
        db.session.flush()
        audit.record(actor, "pair.locked", "household", household_id, volunteer_id=_text(volunteer_id))
    return lock


def _find(household_id: uuid.UUID, volunteer_id: uuid.UUID | None) -> PairLock | None:
    return db.session.scalars(
        select(PairLock).where(
            PairLock.household_id == household_id, PairLock.volunteer_id.is_not_distinct_from(volunteer_id)
        )
    ).one_or_none()


def _drop(whose: ColumnElement[bool]) -> None:
    db.session.execute(delete(PairLock).where(whose))


def _text(volunteer_id: uuid.UUID | None) -> str:
    return str(volunteer_id) if volunteer_id else ""

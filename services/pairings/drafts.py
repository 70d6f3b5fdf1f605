"""The office's own choice among the drafts of a run: another helper, one more, or two that change places."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from matching.rules import first_bar
from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.households.models import Household
from services.pairings import choices, pair_locks, results, snapshot
from services.pairings.models import MatchingRun, Proposal
from services.pairings.snapshot import Snapshot
from services.volunteers.models import Volunteer


def replace_helper(actor: Actor, *, proposal_id: uuid.UUID, volunteer_id: uuid.UUID) -> Proposal:
    """Put another helper in the place of a draft's. Raises Forbidden, NotFound, Conflict, DomainError with the reason."""
    permissions.require(actor, "pairings.decide")
    run = _hold(locks.get(Proposal, proposal_id).run_id)
    [old] = _take_back([proposal_id])
    return _propose(actor, run, old.household_id, volunteer_id, old.kind)


def add_helper(
    actor: Actor, *, run_id: uuid.UUID, household_id: uuid.UUID, volunteer_id: uuid.UUID
) -> Proposal:
    """Draft one more helper for a household in a run: its first, or a supporting one.

    Raises Forbidden, NotFound, Conflict, DomainError with the reason.
    """
    permissions.require(actor, "pairings.decide")
    return _propose(actor, _hold(run_id), household_id, volunteer_id, "")


def choose(
    actor: Actor,
    *,
    run_id: uuid.UUID,
    household_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    replaces: uuid.UUID | None = None,
) -> Proposal:
    """Draft a helper for a household in a run: instead of the one of a draft, or besides. Raises as the two do."""
    if replaces is not None:
        return replace_helper(actor, proposal_id=replaces, volunteer_id=volunteer_id)
    return add_helper(actor, run_id=run_id, household_id=household_id, volunteer_id=volunteer_id)


def swap(actor: Actor, *, proposal_id: uuid.UUID, other_id: uuid.UUID) -> tuple[Proposal, Proposal]:
    """Let the helpers of two drafts of a run change places: both, or neither.

    Raises Forbidden, NotFound, Conflict, DomainError naming the two whom a rule keeps apart.
    """
    permissions.require(actor, "pairings.decide")
    run = _hold(locks.get(Proposal, proposal_id).run_id)
    other = locks.get(Proposal, other_id)
    one = locks.get(Proposal, proposal_id)
    if other.run_id != run.id or one.household_id == other.household_id:
        raise Conflict("not_two", N_("Please choose a draft of another household in the same run."))
    if one.volunteer_id == other.volunteer_id:
        raise Conflict("same_helper", N_("The same helper is drafted for both households."))
    one, other = _take_back([proposal_id, other_id])
    made = []
    for household, helper, kind in (
        (one.household_id, other.volunteer_id, one.kind),
        (other.household_id, one.volunteer_id, other.kind),
    ):
        taken = _able(actor, household, helper)
        made.append(_store(actor, taken, run, household, helper, kind))
    return made[0], made[1]


@dataclass(frozen=True)
class Taken:
    """Where a helper is drafted in a run."""

    proposal_id: uuid.UUID
    household_id: uuid.UUID
    household: str


def of_helpers(
    actor: Actor, *, run_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Taken]]:
    """Where these helpers are drafted in a run. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    rows = db.session.execute(
        select(Proposal.volunteer_id, Proposal.id, Household.id, Household.name)
        .join(
            Household,
            (Household.community_id == Proposal.community_id) & (Household.id == Proposal.household_id),
        )
        .where(Proposal.run_id == run_id, Proposal.state == "draft", Proposal.volunteer_id.in_(ids))
        .order_by(Proposal.id)
    )
    found: dict[uuid.UUID, list[Taken]] = {}
    for volunteer_id, proposal_id, household_id, name in rows:
        found.setdefault(volunteer_id, []).append(Taken(proposal_id, household_id, name))
    return found


def _hold(run_id: uuid.UUID | None) -> MatchingRun:
    """The run, locked: before its proposals, as publishing has it. Raises NotFound, Conflict when a later one took its place."""
    run = locks.lock(MatchingRun, run_id)
    if run.state not in ("done", "published"):
        raise Conflict("run_state", N_("A later run took the place of this one. Please work on the latest."))
    return run


def _take_back(ids: Collection[uuid.UUID]) -> list[Proposal]:
    """Withdraw these drafts, in the order given. Raises Conflict for what is no draft or is locked."""
    held = {row_id: locks.lock(Proposal, row_id) for row_id in sorted(ids)}
    for old in held.values():
        if old.state != "draft":
            raise Conflict("closed", N_("Only a draft can be changed; take a published proposal back first."))
        pair_locks.require_free(old)
        old.state, old.declined_by, old.reason = "withdrawn", "staff", "replaced"
    db.session.flush()
    return [held[row_id] for row_id in ids]


def _propose(
    actor: Actor, run: MatchingRun, household_id: uuid.UUID, volunteer_id: uuid.UUID, kind: str
) -> Proposal:
    taken = _able(actor, household_id, volunteer_id)
    helper = taken.helper(volunteer_id)
    assert helper is not None
    if choices.drafts_by_helper(run.id).get(volunteer_id, 0) >= helper.places:
        raise DomainError(
            "helper_busy",
            N_("All places of this helper are taken in this run. Refuse one of the drafts first."),
            field="volunteer_id",
        )
    standing = sum(1 for _, helped in taken.standing if helped == household_id)
    drafted = _drafts_of_household(run.id, household_id)
    if standing + drafted >= locks.get(Household, household_id).places:
        raise DomainError(
            "household_full",
            N_("The household wants no more helpers. Raise their number on its own page first."),
            field="volunteer_id",
        )
    kind = kind or ("supporting" if standing + drafted else "primary")
    return _store(actor, taken, run, household_id, volunteer_id, kind)


def _able(actor: Actor, household_id: uuid.UUID, volunteer_id: uuid.UUID) -> Snapshot:
    """The household with all helpers, when this one may come. Raises NotFound, Conflict, DomainError naming the two."""
    household, volunteer = locks.get(Household, household_id), locks.get(Volunteer, volunteer_id)
    if pair_locks.is_left_out(household_id):
        raise Conflict("held_back", N_("The office leaves this household out. Let it take part again first."))
    taken = snapshot.take_part(regions.today(actor.community_id), household_id=household_id)
    mine, theirs = taken.helper(volunteer_id), taken.household(household_id)
    if mine is None or theirs is None or first_bar(mine, theirs) or _is_drafted(volunteer_id, household_id):
        raise DomainError(
            "barred",
            N_("%(helper)s and %(household)s cannot be paired: see why."),
            field="volunteer_id",
            helper=volunteer.name,
            household=household.name,
        )
    return taken


def _is_drafted(volunteer_id: uuid.UUID, household_id: uuid.UUID) -> bool:
    return bool(
        db.session.scalars(
            select(Proposal.id).where(
                Proposal.volunteer_id == volunteer_id,
                Proposal.household_id == household_id,
                Proposal.state == "draft",
            )
        ).first()
    )


def _store(
    actor: Actor,
    taken: Snapshot,
    run: MatchingRun,
    household_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    kind: str,
) -> Proposal:
    proposal = results.draft(taken, volunteer_id, household_id, kind=kind, run_id=run.id)
    db.session.add(proposal)
    db.session.flush()
    audit.record(actor, "proposal.chosen", "proposal", proposal.id)
    return proposal


def _drafts_of_household(run_id: uuid.UUID, household_id: uuid.UUID) -> int:
    statement = select(func.count()).where(
        Proposal.run_id == run_id, Proposal.household_id == household_id, Proposal.state == "draft"
    )
    return db.session.scalars(statement).one()

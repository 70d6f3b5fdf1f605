"""Who could help a household, who could not and why."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from matching.answer import Change
from matching.explain import why as explain
from matching.model import Helper, Household
from matching.rules import Bar, bars, first_bar
from matching.scores import score_terms
from services.communities import regions
from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.households.models import Household as HouseholdRow
from services.pairings import results, snapshot
from services.pairings.models import Pairing, Proposal
from services.pairings.snapshot import Snapshot
from services.volunteers.models import Volunteer


@dataclass(frozen=True)
class Choice:
    """A helper beside a household: `bars` (code, facts) when a rule keeps them apart, else score and way in metres.

    `busy`: the helper's places are all taken by drafts of this run for other households.
    """

    volunteer_id: uuid.UUID
    score: int = 0
    travel: int = 0
    terms: Mapping[str, int] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()
    busy: bool = False


@dataclass(frozen=True)
class Answer:
    """Why a pair is made or not. `code`: chosen, locked, barred, possible, set aside for want of hours (`hours_together`), or why it was
    not looked at: `standing`, `helper_state`, `household_state`, `no_needs`, `no_consent`, `held_back`."""

    code: str
    terms: Mapping[str, int] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()
    change: Change | None = None


def of_household(
    actor: Actor,
    *,
    household_id: uuid.UUID,
    run_id: uuid.UUID | None = None,
    leaves: uuid.UUID | None = None,
) -> tuple[list[Choice], list[Choice]]:
    """Helpers who could come to a household, the best first, and those who could not, the nearest to it first.

    `leaves`: a helper of it whose place is to become free; he is not among them. Both empty for a household that cannot be matched (see `why`). Raises Forbidden.
    """
    permissions.require(actor, "pairings.decide")
    taken = _without(actor, leaves, household_id)
    household = taken.household(household_id)
    if household is None:
        return [], []
    drafted = drafts_by_helper(run_id, besides=household_id)
    found = [_choice(helper, household, drafted) for helper in taken.helpers if helper.id != str(leaves)]
    can = sorted(
        (one for one in found if not one.bars),
        key=lambda one: (one.busy, -one.score, one.travel, one.volunteer_id),
    )
    cannot = sorted((one for one in found if one.bars), key=lambda one: (len(one.bars), one.volunteer_id))
    return can, cannot


def _without(actor: Actor, leaves: uuid.UUID | None, household_id: uuid.UUID) -> Snapshot:
    loose = [(str(leaves), str(household_id))] if leaves else []
    return snapshot.take_part(regions.today(actor.community_id), loose=loose, household_id=household_id)


def in_place_of(actor: Actor, *, pairing: Pairing, volunteer_id: uuid.UUID) -> Proposal:
    """The draft of a pair that takes the place of a living one, not yet stored. Raises Forbidden, DomainError with the reason."""
    permissions.require(actor, "pairings.decide")
    taken = _without(actor, pairing.volunteer_id, pairing.household_id)
    helper, household = taken.helper(volunteer_id), taken.household(pairing.household_id)
    same = volunteer_id == pairing.volunteer_id
    if helper is None or household is None or same or first_bar(helper, household):
        raise DomainError("barred", N_("These two cannot be paired: see why."), field="volunteer_id")
    return results.draft(taken, volunteer_id, pairing.household_id, kind=pairing.kind, run_id=None)


def _choice(helper: Helper, household: Household, drafted: Mapping[uuid.UUID, int]) -> Choice:
    volunteer_id = uuid.UUID(helper.id)
    barring = tuple(bars(helper, household))
    if barring:
        return Choice(volunteer_id, bars=barring)
    terms = score_terms(helper, household)
    return Choice(
        volunteer_id,
        sum(terms.values()),
        snapshot.metres(helper, household),
        terms,
        busy=drafted.get(volunteer_id, 0) >= helper.places,
    )


def drafts_by_helper(run_id: uuid.UUID | None, *, besides: uuid.UUID | None = None) -> dict[uuid.UUID, int]:
    """How many drafts of a run each helper has, those for one household not counted."""
    drafts = select(Proposal.volunteer_id, func.count()).where(
        Proposal.run_id == run_id, Proposal.state == "draft"
    )
    if besides is not None:
        drafts = drafts.where(Proposal.household_id != besides)
    rows = db.session.execute(drafts.group_by(Proposal.volunteer_id))
    return {volunteer_id: count for volunteer_id, count in rows}


def why(actor: Actor, *, household_id: uuid.UUID, volunteer_id: uuid.UUID) -> Answer:
    """Why two are paired, cannot be, or could be at what cost, by today's data. Raises Forbidden, NotFound."""
    permissions.require(actor, "pairings.decide")
    row, volunteer = locks.get(HouseholdRow, household_id), locks.get(Volunteer, volunteer_id)
    taken = snapshot.take(regions.today(actor.community_id))
    helper, household = taken.helper(volunteer_id), taken.household(household_id)
    if (volunteer_id, household_id) in taken.standing:
        return Answer("standing")
    if helper is None or volunteer.state != "active":
        return Answer("helper_state")
    if household is None:
        return Answer(_left_aside(row, taken))
    if locked := taken.kept.get((str(volunteer_id), str(household_id))):
        return Answer("locked", score_terms(*locked))
    solution, timed, _ = results.best(taken)
    if timed and (helper.id, household.id) in timed.gone:
        return Answer("hours_together", score_terms(helper, household))
    found = explain(helper, household, solution.table, solution)
    return Answer(found.code, found.terms, found.bars, found.change)


def _left_aside(row: HouseholdRow, taken: Snapshot) -> str:
    if row.state != "active":
        return "household_state"
    if row.id in taken.held_back:
        return "held_back"
    return "no_consent" if row.id in taken.no_consent else "no_needs"


def tally(cannot: Iterable[Choice]) -> dict[str, int]:
    """How many helpers each rule keeps away, each counted at its first; the rule that keeps most away in front."""
    return dict(Counter(one.bars[0].code for one in cannot if one.bars).most_common())

"""What a run found: the best pairing of today's rows, its proof, who is left out and why, and the draft proposals."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import update

from matching import codes, ready
from matching.answer import IdPair, Solution
from matching.check import check
from matching.check_hours import check_hours
from matching.explain import shortage, tally_bars
from matching.fairness import fairness
from matching.hours import Timed, within_hours
from matching.levels import objective
from matching.model import Helper, Household
from matching.rules import served_needs
from matching.scores import score_terms
from matching.shape import NOBODY, Small
from matching.solve import solve
from matching.table import Candidates
from matching.team import Supported, support
from services.core import clock
from services.core.db import db
from services.pairings import advice, snapshot
from services.pairings.models import MatchingRun, Proposal
from services.pairings.snapshot import Snapshot

warm = ready.warm


def fail(run: MatchingRun, code: str) -> None:
    """End a run without a result; `code` says why."""
    run.state, run.error, run.finished_at, run.lease_until = "failed", code, clock.now(), None
    db.session.flush()


@dataclass(frozen=True)
class Found:
    """What a run found. `timed`: what fitting everybody's hours did; None when the best pairing fits as it is.
    `supported`: second and third helpers, chosen anew to complement the first; None without any.

    `proven`: the independent verifiers find every answer the best (of the pairs that fit the hours) and every bound true.
    """

    taken: Snapshot
    table: Candidates
    solution: Solution
    timed: Timed | None
    supported: Supported | None
    proven: bool

    @property
    def pairs(self) -> list[tuple[str, str, bool]]:
        """(helper id, household id, is it the household's first helper) of every new pair, the locked ones besides."""
        if self.supported is None:
            return [(one.helper_id, one.household_id, one.place == 1) for one in self.solution.pairs]
        helped = {row.id for row in self.taken.households if row.helped}
        first = [(*pair, pair[1] not in helped) for pair in self.supported.first]
        return first + [(one.helper_id, one.household_id, False) for one in self.supported.solution.pairs]


def solve_all(day: date) -> Found:
    """The best pairing of today's rows, verified. Raises MatchingError."""
    taken = snapshot.take(day)
    solution, timed, proven = best(taken)
    table = solution.table
    helpers = _kept_apart(taken.helpers, timed.gone) if timed else taken.helpers
    supported = None
    if (solution.place > table.filled[table.household[solution.rows]] + 1).any():
        supported = support(helpers, taken.households, solution)
        together = [*supported.first, *id_pairs(supported.solution)]
        if overbooked(taken.helpers, taken.households, together):
            supported = None
        else:
            proven = proven and check(supported.table, supported.solution).proven
    return Found(taken, table, solution, timed, supported, proven)


def best(taken: Snapshot) -> tuple[Solution, Timed | None, bool]:
    """(the best pairing, what fitting everybody's hours did to it, is all of that proven). Raises MatchingError."""
    table = taken.table()
    solution = solve(table)
    if not overbooked(taken.helpers, taken.households, id_pairs(solution)):
        return solution, None, check(table, solution).proven
    hours = _hours(taken, table)
    timed = within_hours(table, *hours)
    honest = set(check_hours(table, *hours, timed).problems) <= {codes.GAP}
    return timed.solution, timed, honest and check(timed.solution.table, timed.solution).proven


def id_pairs(solution: Solution) -> list[IdPair]:
    """The pairs of a solution without their places."""
    return [(one.helper_id, one.household_id) for one in solution.pairs]


def overbooked(
    helpers: Iterable[Helper], households: Iterable[Household], pairs: Iterable[IdPair]
) -> list[str]:
    """Helpers whose households together would take more hours than they have."""
    by_id, homes = {one.id: one for one in helpers}, {one.id: one for one in households}
    taken: Counter[str] = Counter()
    for helper_id, household_id in pairs:
        taken[helper_id] += half_hours_of(by_id[helper_id], homes[household_id])
    hours = {name: by_id[name].hours for name in taken}
    return sorted(
        name for name, needed in taken.items() if needed > (hours[name] or 0) and hours[name] is not None
    )


def half_hours_of(helper: Helper, household: Household) -> int:
    """What the pair takes a week: the longest of the needs the helper meets."""
    return max(need.half_hours for need in served_needs(helper, household))


def _hours(taken: Snapshot, table: Candidates) -> tuple[Small, Small]:
    pairs = zip(table.household.tolist(), table.helper.tolist(), strict=True)
    half_hours = [half_hours_of(taken.helpers[j], taken.households[h]) for h, j in pairs]
    hours = [NOBODY if helper.hours is None else helper.hours for helper in taken.helpers]
    return np.array(half_hours, np.int32), np.array(hours, np.int32)


def _kept_apart(helpers: Iterable[Helper], pairs: Iterable[IdPair]) -> tuple[Helper, ...]:
    apart: dict[str, set[str]] = defaultdict(set)
    for helper_id, household_id in pairs:
        apart[helper_id].add(household_id)
    return tuple(replace(one, exclusions=one.exclusions | apart[one.id]) for one in helpers)


def keep(run: MatchingRun, found: Found) -> None:
    """Write what was found on the run; drafts of earlier runs make room for the new ones."""
    if not found.proven:
        fail(run, "not_proven")
        return
    taken, table, solution = found.taken, found.table, found.solution
    run.state, run.finished_at, run.lease_until = "done", clock.now(), None
    run.households, run.covered = len(taken.households), len(helped_by(taken, solution))
    run.helpers, run.candidates = len(taken.helpers), len(table)
    run.value, run.bound, run.proven = str(solution.value), str(solution.bound), True
    run.levels = {"coverage": _levels(taken, solution)}
    run.certificate = _certificate(solution)
    if found.timed:
        run.certificate["hours"] = _hours_certificate(found.timed)
    if found.supported:
        run.certificate["support"] = _certificate(found.supported.solution)
    run.left_out = left_out(found)
    if taken.kept or taken.broken or taken.held_back:
        run.certificate["locks"] = {
            "kept": len(taken.kept),
            "broken": [list(pair) for pair in taken.broken],
            "held_back": len(taken.held_back),
        }
    run.fairness = _fairness(found)
    run.advice = advice.recruit(taken, table)
    run.snapshot = taken.digest
    replace_older(run)
    add_drafts(run, found)


def helped_by(taken: Snapshot, solution: Solution) -> set[str]:
    """Ids of households with a helper, new or standing."""
    return {pair.household_id for pair in solution.pairs} | {row.id for row in taken.households if row.helped}


def _levels(taken: Snapshot, solution: Solution) -> list[dict[str, int]]:
    levels = {(one.place, one.urgency): [one.wanted, one.covered] for one in solution.totals.coverage}
    for household in taken.households:
        for place in range(1, household.helped + 1):
            both = levels.setdefault((place, household.rank), [0, 0])
            both[0] += 1
            both[1] += 1
    return [
        {"place": place, "urgency": urgency, "wanted": both[0], "covered": both[1]}
        for (place, urgency), both in sorted(levels.items(), key=lambda item: (item[0][0], -item[0][1]))
    ]


def _certificate(solution: Solution) -> dict[str, Any]:
    # As text: prices pass 2^53, which JSON's readers may round.
    table = solution.table
    return {
        "value": str(solution.value),
        "bound": str(solution.bound),
        "point": str(solution.point),
        "unit": str(solution.unit),
        "prices": _texts(table.helper_ids, solution.prices.tolist()),
        "surplus": _texts(table.household_ids, solution.surplus.tolist()),
    }


def _hours_certificate(timed: Timed) -> dict[str, Any]:
    goal, surplus = objective(timed.table), _texts(timed.table.household_ids, timed.surplus.tolist())
    return {
        "value": str(timed.value),
        "bound": str(timed.bound),
        # How many points, and whether a household more, may lie between the two.
        "points": (timed.bound - timed.value) // goal.point,
        "more_helped": timed.bound - timed.value >= goal.unit,
        "given_up": [list(pair) for pair in timed.gone],
        "surplus": surplus,
    }


def _texts(ids: Iterable[str], numbers: list[int]) -> dict[str, str]:
    return {name: str(number) for name, number in zip(ids, numbers, strict=True) if number}


def _fairness(found: Found) -> dict[str, Any]:
    load = np.array([helper.load for helper in found.taken.helpers], dtype=np.int64)
    report = asdict(fairness(found.solution, load))
    return {name: _keyed(value) if isinstance(value, dict) else value for name, value in report.items()}


def _keyed(counts: dict[int, int]) -> dict[str, int]:
    return {str(key): count for key, count in counts.items()}


def left_out(run: Found) -> dict[str, dict[str, Any]]:
    """Why each household without any helper has none: `no_consent`, `held_back` (by the office), `no_helper` (and what bars how many helpers) or
    `shortage` (with the households that compete and the helpers they compete for)."""
    taken, table, solution = run.taken, run.table, run.solution
    found: dict[str, dict[str, Any]] = {str(row): {"code": "no_consent"} for row in taken.no_consent}
    helped_already = {household_id for _, household_id in taken.standing}
    found |= {str(row): {"code": "held_back"} for row in taken.held_back if row not in helped_already}
    helped = helped_by(taken, solution)
    out_of_hours = Counter(household_id for _, household_id in run.timed.gone) if run.timed else Counter()
    for h, household in enumerate(taken.households):
        if household.id in helped:
            continue
        if table.indptr[h] == table.indptr[h + 1]:
            bars = Counter(tally_bars(household, taken.helpers))
            bars[codes.HOURS] += out_of_hours[household.id]
            found[household.id] = {"code": "no_helper", "bars": {code: n for code, n in bars.items() if n}}
        else:
            few = shortage(table, solution, household.id)
            assert few is not None
            found[household.id] = {"code": "shortage", **asdict(few)}
    return found


def replace_older(run: MatchingRun) -> None:
    """Withdraw what earlier runs drafted and nobody published."""
    db.session.execute(
        update(Proposal)
        .where(Proposal.state == "draft", Proposal.run_id != run.id)
        .values(state="withdrawn", reason="replaced")
    )
    db.session.execute(
        update(MatchingRun)
        .where(MatchingRun.state == "done", MatchingRun.id != run.id)
        .values(state="replaced")
    )
    db.session.flush()


def add_drafts(run: MatchingRun, found: Found) -> None:
    """A draft proposal for every new pair, the most urgent last: lists show the newest first."""
    taken = found.taken
    helpers = {one.id: one for one in taken.helpers}
    households = {one.id: one for one in taken.households}
    pairs = [(helpers[one], households[other], first) for one, other, first in found.pairs]
    pairs += [(helper, household, not household.helped) for helper, household in taken.kept.values()]
    for helper, household, first in sorted(pairs, key=lambda pair: (pair[1].rank, pair[1].id)):
        db.session.add(_draft(taken, helper, household, "primary" if first else "supporting", run.id))
    db.session.flush()


def draft(
    taken: Snapshot, volunteer_id: uuid.UUID, household_id: uuid.UUID, *, kind: str, run_id: uuid.UUID | None
) -> Proposal:
    """A draft proposal of a pair that the snapshot knows, with its score, way and the needs it meets."""
    helper, household = taken.helper(volunteer_id), taken.household(household_id)
    assert helper is not None and household is not None
    return _draft(taken, helper, household, kind, run_id)


def _draft(
    taken: Snapshot, helper: Helper, household: Household, kind: str, run_id: uuid.UUID | None
) -> Proposal:
    terms = score_terms(helper, household)
    return Proposal(
        run_id=run_id,
        volunteer_id=uuid.UUID(helper.id),
        household_id=uuid.UUID(household.id),
        kind=kind,
        needs=taken.met(helper, household),
        score=sum(terms.values()),
        travel=snapshot.metres(helper, household),
        terms={code: terms[code] for code in codes.SCORE_CODES if terms[code]},
        state="draft",
    )

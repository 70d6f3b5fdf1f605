"""What a run found: the best pairing of today's rows, its proof, who is left out and why, and the draft proposals."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import update

from matching import codes
from matching.answer import Solution
from matching.candidates import Candidates
from matching.check import check
from matching.explain import shortage, tally_bars
from matching.rules import served_needs
from matching.scores import score_terms
from matching.solve import solve
from services.core import clock
from services.core.db import db
from services.pairings import snapshot
from services.pairings.models import MatchingRun, Proposal
from services.pairings.snapshot import KEEP_GAIN, Snapshot, is_kept


def fail(run: MatchingRun, code: str) -> None:
    """End a run without a result; `code` says why."""
    run.state, run.error, run.finished_at, run.lease_until = "failed", code, clock.now(), None
    db.session.flush()


def solve_all(day: date) -> tuple[Snapshot, Candidates, Solution, bool]:
    """The best pairing of today's rows, and whether the independent verifier finds it proven. Raises MatchingError."""
    taken = snapshot.take(day)
    table = taken.table()
    solution = solve(table, taken.keep, KEEP_GAIN)
    return taken, table, solution, check(table, solution, taken.keep, KEEP_GAIN).proven


def keep(run: MatchingRun, taken: Snapshot, table: Candidates, solution: Solution, proven: bool) -> None:
    """Write what was found on the run; drafts of earlier runs make room for the new ones."""
    if not proven:
        fail(run, "not_proven")
        return
    helped = {pair.household_id for pair in solution.pairs}
    run.state, run.finished_at, run.lease_until = "done", clock.now(), None
    run.households, run.covered = len(taken.households), len(helped)
    run.helpers = len(taken.free_helpers())
    run.candidates = len(table) - len(taken.keep)
    run.value, run.bound, run.proven = str(solution.value), str(solution.bound), True
    run.levels = {"coverage": [_level(level) for level in solution.totals.coverage]}
    run.certificate = {
        "prices": _texts(table.helper_ids, solution.prices.tolist()),
        "surplus": _texts(table.household_ids, solution.surplus.tolist()),
    }
    run.left_out = left_out(taken, table, solution)
    run.snapshot = taken.digest
    replace_older(run)
    add_drafts(run, taken, table, solution)


def _level(level: Any) -> dict[str, int]:
    return {name: getattr(level, name) for name in ("place", "urgency", "wanted", "covered")}


def _texts(ids: tuple[str, ...], numbers: list[int]) -> dict[str, str]:
    # As text: prices pass 2^53, which JSON's readers may round.
    return {name: str(number) for name, number in zip(ids, numbers, strict=True) if number}


def left_out(taken: Snapshot, table: Candidates, solution: Solution) -> dict[str, dict[str, Any]]:
    """Why each household without any helper has none: `no_consent`, `no_helper` (and what bars how many helpers) or `shortage`."""
    found: dict[str, dict[str, Any]] = {str(row): {"code": "no_consent"} for row in taken.no_consent}
    helped = {pair.household_id for pair in solution.pairs}
    free = taken.free_helpers()
    for h, household_id in enumerate(table.household_ids):
        if household_id in helped:
            continue
        if table.indptr[h] == table.indptr[h + 1]:
            household = taken.household(uuid.UUID(household_id))
            assert household is not None
            found[household_id] = {"code": "no_helper", "bars": tally_bars(household, free)}
        else:
            few = shortage(table, solution, household_id)
            assert few is not None
            found[household_id] = {"code": "shortage", "wanted": few.wanted, "places": few.places}
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


def add_drafts(run: MatchingRun, taken: Snapshot, table: Candidates, solution: Solution) -> None:
    """A draft proposal for every new pair of the solution, the most urgent last: lists show the newest first."""
    urgency = {row.id: row.rank for row in taken.households}
    for pair in sorted(solution.pairs, key=lambda pair: (urgency[pair.household_id], pair.household_id)):
        if not is_kept(pair.helper_id):
            db.session.add(
                draft(
                    taken,
                    uuid.UUID(pair.helper_id),
                    uuid.UUID(pair.household_id),
                    kind="primary" if pair.place == 1 else "supporting",
                    run_id=run.id,
                )
            )
    db.session.flush()


def draft(
    taken: Snapshot, volunteer_id: uuid.UUID, household_id: uuid.UUID, *, kind: str, run_id: uuid.UUID | None
) -> Proposal:
    """A draft proposal of a pair that the snapshot knows, with its score, way and the needs it meets."""
    helper, household = taken.helper(volunteer_id), taken.household(household_id)
    assert helper is not None and household is not None
    served = {id(need) for need in served_needs(helper, household)}
    needs = taken.needs[household.id]
    terms = score_terms(helper, household)
    return Proposal(
        run_id=run_id,
        volunteer_id=volunteer_id,
        household_id=household_id,
        kind=kind,
        needs=[need_id for need, need_id in zip(household.needs, needs, strict=False) if id(need) in served],
        score=sum(terms.values()),
        travel=snapshot.metres(helper, household),
        terms={code: terms[code] for code in codes.SCORE_CODES if terms[code]},
        state="draft",
    )

"""Our engine: every call of it that the benchmark makes, and a process of its own as every peer has one.

    python -m bench.matching.ours COLUMNS.npz [--repeat N] [--table TABLE.npz]
    python -m bench.matching.ours --of TABLE.npz [--repeat N]

prints one line of JSON (`Outcome`); ``--table`` keeps the eligible pairs for the peers, after everything is measured.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.matching import instance, peer
from matching.answer import Solution
from matching.check import Certificate, check
from matching.columns import HelperColumns, HouseholdColumns
from matching.live import Live
from matching.sift import sift
from matching.solve import solve
from matching.table import Candidates

IdPair = tuple[str, str]
Result = TypeVar("Result")


@dataclass(slots=True)
class Outcome:
    """Seconds of each repetition, memory in MB (before: the columns alone), and what the answer amounts to."""

    pairs: int = 0
    candidates: list[float] = field(default_factory=list)
    solve: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    before_mb: float = 0.0
    peak_mb: float = 0.0
    coverage: list[int] = field(default_factory=list)
    score: int = 0
    travel: int = 0
    paired: int = 0
    proven: bool = False
    sums: dict[str, int] = field(default_factory=dict)


def candidates_of(helpers: HelperColumns, households: HouseholdColumns) -> Candidates:
    """All eligible pairs."""
    return sift(helpers, households)


def solve_of(table: Candidates, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> Solution:
    """The best pairing and its proof."""
    return solve(table, keep, keep_gain)


def check_of(table: Candidates, solution: Solution) -> Certificate:
    """The independent verifier's word on it."""
    return check(table, solution)


def live_of(table: Candidates) -> Live:
    """The best pairing, to be kept the best through single events."""
    return Live(table)


def rows_of(solution: Solution) -> peer.Ints:
    """The rows of the table that are paired."""
    return np.asarray(solution.rows, dtype=np.int64)


def main() -> None:
    """Measure, print, keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("columns", type=Path, nargs="?")
    parser.add_argument("--of", type=Path, help="solve this table instead of making one")
    parser.add_argument("--table", type=Path, help="keep the eligible pairs here")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--warm", action="store_true", help="once more, beforehand and not counted")
    asked = parser.parse_args()
    sides = instance.read_columns(asked.columns) if asked.columns else None
    given = instance.read_candidates(asked.of) if asked.of else None
    if asked.warm:
        once(Outcome(), sides, given)
    outcome = Outcome(before_mb=peer.peak_mb())
    for _ in range(asked.repeat):
        table, rows = once(outcome, sides, given)
    outcome.peak_mb = peer.peak_mb()
    seen = instance.to_peer(table, sides if asked.table else None)
    outcome.coverage, outcome.score, outcome.travel = peer.account(seen, rows)
    outcome.pairs, outcome.paired = len(table), int(rows.size)
    columns = {"household": seen.household, "helper": seen.helper, "travel": seen.travel, "score": seen.score}
    outcome.sums = {name: int(column.sum()) for name, column in columns.items()}
    if asked.table:
        peer.write(asked.table, seen)
    print(json.dumps(asdict(outcome)))


def once(
    outcome: Outcome, sides: tuple[HelperColumns, HouseholdColumns] | None, given: Candidates | None
) -> tuple[Candidates, peer.Ints]:
    """One repetition: the table and the rows paired."""
    if sides is not None:
        table = timed(outcome.candidates, lambda: candidates_of(*sides))
    elif given is not None:
        table = given
    else:
        raise SystemExit("neither columns nor a table")
    solution = timed(outcome.solve, lambda: solve_of(table))
    outcome.proven = timed(outcome.check, lambda: check_of(table, solution)).proven
    return table, rows_of(solution)


def timed(seconds: list[float], work: Callable[[], Result]) -> Result:
    """Do the work and note how long it took."""
    begin = time.perf_counter()
    result = work()
    seconds.append(time.perf_counter() - begin)
    return result


if __name__ == "__main__":
    main()

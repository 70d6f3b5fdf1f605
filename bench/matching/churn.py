"""What changes for people when a few come and go: a run that keeps living pairs against one that does not.

    python -m bench.matching.churn TABLE.npz

One in fifty of both sides has left since the last run, and as many have come. Counted are living pairs that both still
could have and that the new answer breaks.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.matching import instance, ours
from matching.answer import Solution
from matching.table import Candidates

SHARE = 0.02
GAINS = (1, 2, 3, 4, 5, 7, 10, 20, 50, 1_000)  # points a change must be worth

Flags = NDArray[np.bool_]


def main() -> None:
    """Compare, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    whole = instance.read_candidates(parser.parse_args().table)
    rng = np.random.default_rng(1)
    helpers, households = rng.random(len(whole.helper_ids)), rng.random(len(whole.household_ids))
    before = present(whole, helpers >= SHARE, households >= SHARE)
    after = present(whole, helpers < 1 - SHARE, households < 1 - SHARE)
    first = ours.solve_of(before)
    living = ids_of(first)
    cold = ours.solve_of(after)
    kept = []
    for gain in GAINS:
        warm = ours.solve_of(after, living, gain)
        kept.append(
            {
                "gain": gain,
                "broken": len(warm.totals.broken),
                "score": warm.totals.score,
                "equal_coverage": warm.totals.coverage == cold.totals.coverage,
            }
        )
    unchanged = ours.solve_of(before, living, GAINS[0])
    told = {"living": len(living), "cold": broken(cold, living), "score": cold.totals.score, "kept": kept}
    told["unchanged"] = len(unchanged.totals.broken)
    print(json.dumps(told))


def present(table: Candidates, helpers: Flags, households: Flags) -> Candidates:
    """The table without those who are not there: they have no places and no pairs."""
    household = np.asarray(table.household)
    kept = helpers[table.helper] & households[household]
    counts = np.bincount(household[kept], minlength=households.size)
    return replace(
        table,
        helper_places=np.where(helpers, table.helper_places, 0),
        household_places=np.where(households, table.household_places, 0),
        indptr=np.concatenate([[0], np.cumsum(counts)]),
        helper=table.helper[kept],
        score=table.score[kept],
        travel=table.travel[kept],
    )


def ids_of(solution: Solution) -> set[ours.IdPair]:
    """The pairs by their ids."""
    return {(pair.helper_id, pair.household_id) for pair in solution.pairs}


def broken(solution: Solution, living: set[ours.IdPair]) -> int:
    """Living pairs that still could be and are not chosen."""
    table = solution.table
    helpers, households = table.helper.tolist(), np.asarray(table.household).tolist()
    possible = {
        (table.helper_ids[j], table.household_ids[h]) for j, h in zip(helpers, households, strict=True)
    }
    return len((living & possible) - ids_of(solution))


if __name__ == "__main__":
    main()

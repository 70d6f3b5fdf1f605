"""Single events on a live pairing: how long each kind takes, and whether the answer is still the best.

    python -m bench.matching.events TABLE.npz [--rounds N]

In each round a household leaves and comes back under a new id, a helper quits and comes back, a pair is forbidden and
a household wants one helper more; everybody at random.
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.matching import instance, ours, peer
from matching.live import Edge
from matching.table import Candidates

WARM = 3  # rounds that are not counted
MAX_PLACES = 3
GROWTH = 0.1  # places added per household: a live pairing has room for a quarter more of everything


class Town:
    """A live pairing, who of the table lives under which id, and the milliseconds of each kind of event."""

    def __init__(self, table: Candidates, seed: int = 1) -> None:
        self.table, self.rng = table, np.random.default_rng(seed)
        self.live = ours.live_of(table)
        self.household = np.asarray(table.household)
        self.by_helper = np.argsort(table.helper, kind="stable")
        counts = np.bincount(table.helper, minlength=len(table.helper_ids))
        self.first = np.concatenate([[0], np.cumsum(counts)])
        self.helper_ids, self.household_ids = list(table.helper_ids), list(table.household_ids)
        self.places = np.asarray(table.household_places).copy()
        self.paired = self.rng.permutation(ours.rows_of(ours.solve_of(table))).tolist()
        self.able = np.flatnonzero(np.asarray(table.helper_places))
        self.forbidden: set[int] = set()
        self.taken: dict[str, list[float]] = {}

    def round(self, number: int) -> None:
        """One event of each kind."""
        self.move_household(int(self.rng.integers(len(self.household_ids))), number)
        self.move_helper(int(self.rng.choice(self.able)), number)
        if self.paired:
            self.forbid(self.paired.pop())
        wanting = np.flatnonzero(self.places < MAX_PLACES)
        grown = int(self.places.sum()) - int(np.asarray(self.table.household_places).sum())
        if wanting.size and grown < GROWTH * len(self.household_ids):
            self.want_more(int(self.rng.choice(wanting)))

    def move_household(self, h: int, number: int) -> None:
        """The household leaves, and comes back as another."""
        with self.timed("household leaves"):
            self.live.remove_household(self.household_ids[h])
        self.household_ids[h] = f"{self.table.household_ids[h]}.{number}"
        rows = np.arange(self.table.indptr[h], self.table.indptr[h + 1])
        edges = self.edges(rows, self.helper_ids, self.table.helper)
        urgency, places = int(self.table.urgency[h]), int(self.places[h])
        with self.timed("household arrives"):
            self.live.add_household(self.household_ids[h], urgency, places, edges)

    def move_helper(self, j: int, number: int) -> None:
        """The helper quits, and comes back as another."""
        with self.timed("helper quits"):
            self.live.remove_helper(self.helper_ids[j])
        self.helper_ids[j] = f"{self.table.helper_ids[j]}.{number}"
        rows = self.by_helper[self.first[j] : self.first[j + 1]]
        edges = self.edges(rows, self.household_ids, self.household)
        with self.timed("helper joins"):
            self.live.add_helper(self.helper_ids[j], int(self.table.helper_places[j]), edges)

    def forbid(self, row: int) -> None:
        """A pair of the first pairing is forbidden."""
        helper = self.helper_ids[int(self.table.helper[row])]
        household = self.household_ids[int(self.household[row])]
        self.forbidden.add(row)
        with self.timed("pair forbidden"):
            self.live.forbid(helper, household)

    def want_more(self, h: int) -> None:
        """The household wants one helper more."""
        self.places[h] += 1
        with self.timed("place added"):
            self.live.add_place(self.household_ids[h])

    def edges(self, rows: np.ndarray, ids: list[str], other: np.ndarray) -> list[Edge]:
        """These rows of the table, but for forbidden ones, as edges to those who live there now."""
        return [
            Edge(ids[int(other[row])], int(self.table.score[row]), int(self.table.travel[row]))
            for row in rows.tolist()
            if row not in self.forbidden
        ]

    def now(self) -> Candidates:
        """What a run over everybody who is there now would be given; ids in the order of the first table."""
        kept = np.ones(len(self.table), dtype=bool)
        kept[list(self.forbidden)] = False
        counts = np.bincount(self.household[kept], minlength=len(self.household_ids))
        return Candidates(
            helper_ids=self.table.helper_ids,
            household_ids=self.table.household_ids,
            helper_places=self.table.helper_places,
            household_places=self.places,
            urgency=self.table.urgency,
            indptr=np.concatenate([[0], np.cumsum(counts)]),
            helper=self.table.helper[kept],
            score=self.table.score[kept],
            travel=self.table.travel[kept],
        )

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Note how long the block took."""
        begin = time.perf_counter()
        yield
        self.taken.setdefault(kind, []).append((time.perf_counter() - begin) * 1000)


def main() -> None:
    """Play, look whether a run from scratch finds the same, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--rounds", type=int, default=300)
    asked = parser.parse_args()
    town = Town(instance.read_candidates(asked.table))
    for number in range(asked.rounds + WARM):
        if number == WARM:
            town.taken.clear()
        town.round(number)
    kinds = {kind: quantiles(taken) for kind, taken in town.taken.items()}
    everything = quantiles([one for taken in town.taken.values() for one in taken])
    told = {"kinds": kinds, "all": everything, "exact": exact(town), "peak_mb": peer.peak_mb()}
    print(json.dumps(told))


def quantiles(taken: list[float]) -> dict[str, float]:
    """Milliseconds: the median, the 99th percentile, the most; and of how many."""
    middle, late = np.percentile(taken, [50, 99])
    return {"p50": float(middle), "p99": float(late), "most": max(taken), "events": len(taken)}


def exact(town: Town) -> bool:
    """After all events: proven, and as much in every level as a run from scratch."""
    now = town.live.solution()
    fresh = ours.solve_of(town.now())
    proven = ours.check_of(now.table, now).proven
    return proven and all(
        getattr(now.totals, level) == getattr(fresh.totals, level)
        for level in ("coverage", "score", "travel")
    )


if __name__ == "__main__":
    main()

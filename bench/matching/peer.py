"""What every peer's process shares: reading a table, the peer's objective, the flow network, and what it prints.

A peer runs in a process of its own, by the peers' interpreter, with NumPy alone beside itself:

    python -m bench.matching.peer_ortools TABLE.npz [--repeat N] [--strict] [--reverse] [--how HOW]

and prints one line of JSON (`Outcome`). Peers are given the easier objective: classes of coverage (15 … 1 by place, then
urgency), then score; travel only with ``--strict``, where it fits. OR-Tools multiplies costs by the number of nodes and
refuses what then leaves 64 bits, which our levels do from L upwards.
"""

import argparse
import importlib.metadata
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

COLUMNS = ("helper_places", "household_places", "urgency", "indptr", "helper", "score", "travel")
MAX_PLACES, MAX_URGENCY = 3, 5
LIMIT = 1 << 61  # of cost times nodes
PATIENCE = 20.0  # seconds after which nothing is repeated


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Eligible pairs by household, as in :class:`matching.candidates.Candidates`, with what each pair weighs in hours."""

    helper_places: Ints
    household_places: Ints
    urgency: Ints
    indptr: Ints
    helper: Ints
    score: Ints
    travel: Ints
    pair_half_hours: Ints
    helper_hours: Ints

    @property
    def household(self) -> Ints:
        """The household of each pair."""
        return np.repeat(np.arange(self.urgency.size), np.diff(self.indptr))


@dataclass(slots=True)
class Outcome:
    """Seconds of each repetition, memory in MB (before: the table alone), and what the pairing amounts to.

    coverage: covered places of class 15 … 1. twice: pairs booked more than once, which no answer may have.
    """

    peer: str
    pairs: int
    build: list[float] = field(default_factory=list)
    solve: list[float] = field(default_factory=list)
    before_mb: float = 0.0
    peak_mb: float = 0.0
    coverage: list[int] = field(default_factory=list)
    score: int = 0
    travel: int = 0
    paired: int = 0
    twice: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """What covering a place of each class is worth, and what each pair brings. reverse: the flow runs from the sink."""

    weight: int
    gain: Ints
    reverse: bool = False

    def fits(self, nodes: int) -> bool:
        """Whether a solver that multiplies costs by nodes can take it."""
        return (MAX_PLACES * MAX_URGENCY + 1) * self.weight * (nodes + 1) < LIMIT


Solve = Callable[[Table, Objective, "Clock", str], Ints]


class Clock:
    """Times the parts of one repetition."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add the block to this part."""
        begin = time.perf_counter()
        yield
        self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - begin


def run(peer: str, package: str, solve: Solve, ways: Sequence[str] = ("",)) -> None:
    """The whole of a peer's process: read, solve as often as asked, print. ``solve`` gives the chosen pairs' rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--repeat", type=int, default=1, help="at most; once only when it takes long")
    parser.add_argument("--strict", action="store_true", help="travel counts too")
    parser.add_argument("--reverse", action="store_true", help="arcs the other way round, which suits some")
    parser.add_argument("--how", choices=ways, default=ways[0])
    asked = parser.parse_args()
    table = read(asked.table)
    goal = replace(objective(table, asked.strict), reverse=asked.reverse)
    outcome = Outcome(" ".join([peer, asked.how]).strip(), table.helper.size, before_mb=peak_mb())
    for _ in range(asked.repeat):
        clock = Clock()
        chosen = solve(table, goal, clock, asked.how)
        outcome.build.append(clock.seconds.get("build", 0.0))
        outcome.solve.append(clock.seconds.get("solve", 0.0))
        if outcome.solve[-1] > PATIENCE:
            break
    outcome.peak_mb = peak_mb()
    outcome.version = importlib.metadata.version(package)
    outcome.coverage, outcome.score, outcome.travel = account(table, chosen)
    outcome.paired, outcome.twice = int(chosen.size), int(chosen.size - np.unique(chosen).size)
    print(json.dumps(asdict(outcome)))


def read(path: Path) -> Table:
    """The table of this file; hours are zeros where it has none."""
    with np.load(path) as stored:
        columns = {name: stored[name].astype(np.int64) for name in COLUMNS}
        hours = ("pair_half_hours", columns["helper"].size), ("helper_hours", columns["helper_places"].size)
        for name, size in hours:
            columns[name] = stored[name].astype(np.int64) if name in stored else np.zeros(size, np.int64)
    return Table(**columns)


def write(path: Path, table: Table) -> None:
    """Keep the table."""
    np.savez(path, **{name.name: getattr(table, name.name) for name in fields(table)})


def best(table: Table, top: int) -> Table:
    """The table with only the ``top`` best pairs of each household, by score, then travel."""
    household = table.household
    order = np.lexsort((table.travel, -table.score, household))
    rank = np.arange(order.size) - table.indptr[household[order]]
    kept = np.sort(order[rank < top])
    counts = np.bincount(household[kept], minlength=table.urgency.size)
    columns = {name: getattr(table, name)[kept] for name in ("helper", "score", "travel", "pair_half_hours")}
    return replace(table, indptr=np.concatenate([[0], np.cumsum(counts)]), **columns)


def place_class(place: int | Ints, urgency: Ints) -> Ints:
    """15 for the first place of a most urgent household … 1 for the third place of a least urgent one."""
    return (MAX_PLACES - place) * MAX_URGENCY + urgency


def objective(table: Table, strict: bool) -> Objective:
    """The smallest weights with which a class outweighs all points together (and a point all travel)."""
    most = int(min(table.helper_places.sum(), table.household_places.sum()))
    step = most * int(table.travel.max(initial=0) + 1) + 1 if strict else 1
    gain = table.score * step - (table.travel if strict else 0)
    return Objective(most * int(np.abs(gain).max(initial=0)) + 1, gain)


def places(table: Table) -> tuple[Ints, Ints]:
    """Household and class of every place wanted."""
    household = np.repeat(np.arange(table.urgency.size), table.household_places)
    first = np.concatenate([[0], np.cumsum(table.household_places)])[household]
    return household, place_class(np.arange(household.size) - first + 1, table.urgency[household])


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The flow, no cost below zero: households send their places' worth of flow, over pairs or unhelped, to one sink.

    Arcs: pairs in the table's order, then places left empty, then helpers to the sink. Nodes: helpers, households, sink.
    """

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints
    supply: Ints


def network(table: Table, goal: Objective) -> Network:
    """A place left empty costs its class and the best gain there is, a pair what it lacks of that gain."""
    n, m = table.helper_places.size, table.urgency.size
    household, classes = places(table)
    dearest = int(goal.gain.max(initial=0))
    ones = np.ones(table.helper.size + household.size, dtype=np.int64)
    sink = np.full(household.size + n, n + m)
    supply = np.concatenate([np.zeros(n, np.int64), table.household_places, [-household.size]])
    tail = np.concatenate([n + table.household, n + household, np.arange(n)])
    head = np.concatenate([table.helper, sink])
    return Network(
        tail=head if goal.reverse else tail,
        head=tail if goal.reverse else head,
        capacity=np.concatenate([ones, table.helper_places]),
        cost=np.concatenate([dearest - goal.gain, classes * goal.weight + dearest, np.zeros(n, np.int64)]),
        supply=-supply if goal.reverse else supply,
    )


def account(table: Table, chosen: Ints) -> tuple[list[int], int, int]:
    """Covered places of class 15 … 1, score and travel of the chosen rows."""
    helped = np.bincount(table.household[chosen], minlength=table.urgency.size)
    household, classes = places(table)
    first = np.concatenate([[0], np.cumsum(table.household_places)])[household]
    covered = np.arange(household.size) - first < helped[household]
    coverage = np.bincount(classes[covered], minlength=MAX_PLACES * MAX_URGENCY + 1)[:0:-1].tolist()
    return coverage, int(table.score[chosen].sum()), int(table.travel[chosen].sum())


def peak_mb() -> float:
    """The most memory this process has held, in MB (getrusage would count the parent's, from before the exec)."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1024

"""Every event leaves the best pairing, exactly, and says truly what changed."""

import numpy as np
import pytest

from matching import codes
from matching.check import check
from matching.live import Edge, Live
from matching.model import MatchingError
from matching.solve import solve
from matching.table import Candidates
from tests.matching.city import one_to_one, tiny_table


class Town:
    """A live pairing to which random things happen."""

    def __init__(self, rng: np.random.Generator, table: Candidates) -> None:
        self.rng, self.live, self.newcomers = rng, Live(table, points=30, metres=40), 0

    def pick(self, ids: dict[str, int]) -> str:
        return str(self.rng.choice(sorted(ids))) if ids else "nobody"

    def edges(self, ids: dict[str, int]) -> list[Edge]:
        return [
            Edge(other, int(self.rng.integers(-2, 31)), int(self.rng.integers(0, 41)))
            for other in sorted(ids)
            if self.rng.random() < 0.6
        ]

    def happen(self, kind: str):
        live, rng, self.newcomers = self.live, self.rng, self.newcomers + 1
        helper, household = self.pick(live.helpers), self.pick(live.households)
        places = int(rng.integers(0, 3))
        match kind:
            case "arrives":
                urgency, helped = int(rng.integers(1, 6)), int(rng.integers(0, 2))
                edges = self.edges(live.helpers)
                return live.add_household(f"n{self.newcomers}", urgency, places, edges, helped)
            case "joins":
                return live.add_helper(f"w{self.newcomers}", places, self.edges(live.households))
            case "leaves":
                return live.remove_household(household)
            case "quits":
                return live.remove_helper(helper)
            case "place":
                return live.add_place(household)
            case "room":
                return live.add_room(helper)
        return getattr(live, kind)(helper, household)


KINDS = ("arrives", "joins", "leaves", "quits", "place", "room", "forbid", "allow", "lock")


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_events_is_what_solving_again_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    happened = 0
    for number in range(40):
        town = Town(rng, tiny_table(rng, same_urgency=number % 3 == 0))
        before = pairs(town.live)
        for _ in range(12):
            try:
                change = town.happen(str(rng.choice(KINDS)))
            except MatchingError as refused:
                assert refused.code in (codes.UNKNOWN_ID, codes.OUT_OF_RANGE, codes.OVERFLOW)
                assert pairs(town.live) == before
                continue
            happened += 1
            table, solution = town.live.table(), town.live.solution()
            assert check(table, solution).proven
            again = solve(table)
            assert again.totals.coverage == solution.totals.coverage
            assert (again.totals.score, again.totals.travel) == (
                solution.totals.score,
                solution.totals.travel,
            )
            after = pairs(town.live)
            assert set(change.added) == after - before and set(change.removed) == before - after
            before = after
    assert happened > 200


def pairs(live: Live) -> set[tuple[str, str]]:
    return {(pair.helper_id, pair.household_id) for pair in live.solution().pairs} | set(live.locked)


def test_a_change_counts_places_points_and_metres() -> None:
    live = Live(one_to_one(np.array([[5, 9]])))
    change = live.add_household("x", 5, 2, [Edge("v001", 8, 3), Edge("v000", 2, 1)])
    assert change.added == (("v000", "h000"), ("v001", "x")) and change.removed == (("v001", "h000"),)
    assert change.coverage == {(1, 5): 1} and (change.points, change.travel) == (5 + 8 - 9, 3)
    change = live.remove_helper("v000")
    assert change.coverage == {(1, 3): -1} and change.points == -5


def test_what_need_not_change_does_not() -> None:
    live = Live(one_to_one(np.array([[5, 5, 5], [5, 5, 5]])))
    before = pairs(live)
    live.add_household("x", 1, 1, [Edge("v002", 1, 0)])
    assert before < pairs(live)


def test_a_copy_goes_its_own_way() -> None:
    live = Live(one_to_one(np.array([[5, 9], [4, 4]])))
    other = live.copy()
    other.remove_helper("v001")
    assert len(live.solution().pairs) == 2 and len(other.solution().pairs) == 1


def test_living_pairs_count_their_gain_but_not_in_points() -> None:
    live = Live(one_to_one(np.array([[5, 9]])), keep=[("v000", "h000")], keep_gain=10)
    assert pairs(live) == {("v000", "h000")} and live.solution().totals.kept == 1
    assert live.forbid("v000", "h000").points == 4
    assert live.allow("v000", "h000").points == -4


@pytest.mark.parametrize(
    "event",
    [
        lambda live: live.add_household("h000", 3, 1, []),
        lambda live: live.add_household("x", 6, 1, []),
        lambda live: live.add_household("x", 3, 3, [], helped=1),
        lambda live: live.add_household("x", 3, 1, [Edge("nobody", 1, 1)]),
        lambda live: live.add_household("x", 3, 1, [Edge("v000", 1, 1), Edge("v000", 2, 1)]),
        lambda live: live.add_helper("x", 1, [Edge("h000", 1 << 40, 1)]),
        lambda live: live.add_helper("x", 1, [Edge("h000", 1, -1)]),
        lambda live: live.add_helper("x", -1, []),
        lambda live: live.add_helper("x", 500, [Edge("h000", 1, 1)]) and live.add_household("y", 1, 3, []) and [
            live.add_household(f"y{n}", 1, 3, []) for n in range(9)
        ],
        lambda live: live.remove_household("nowhere"),
        lambda live: live.forbid("v000", "nowhere"),
        lambda live: live.allow("v000", "h000"),
    ],
)  # fmt: skip
def test_bad_events_are_refused_by_name(event) -> None:
    live = Live(one_to_one(np.array([[5, 9], [3, 3]])))
    with pytest.raises(MatchingError):
        event(live)
    assert check(live.table(), live.solution()).proven


def test_many_newcomers_find_room() -> None:
    live = Live(one_to_one(np.ones((60, 60), dtype=np.int64)))
    for number in range(14):
        live.add_household(f"x{number}", 3, 1, [Edge(f"v{j:03d}", 1, 0) for j in range(60)])
        live.add_helper(f"y{number}", 1, [Edge(f"h{h:03d}", 1, 0) for h in range(60)])
    assert len(pairs(live)) == 74 and check(live.table(), live.solution()).proven

"""The best pairing, kept the best while people come and go: each event is answered exactly, by a few shortest paths."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching import codes
from matching.answer import Change, IdPair, Solution
from matching.edits import (
    BARRED,
    append_edges,
    empty_helper,
    empty_household,
    offer_again,
    offer_newcomer,
    part_pair,
    price_newcomer,
    widen_held,
    yield_place,
    yield_room,
)
from matching.flow import Flow
from matching.levels import Objective, objective, scales
from matching.model import (
    MAX_HELPER_PLACES,
    MAX_HOUSEHOLD_PLACES,
    MAX_URGENCY,
    MatchingError,
    require_whole,
)
from matching.paths import fill, release
from matching.solve import find_best, solution_of, start, with_columns
from matching.space import copied, grow, roomy, table_of, with_space
from matching.table import Candidates


@dataclass(frozen=True, slots=True)
class Edge:
    """A possible pair of somebody new: the other side's id, points, metres."""

    other_id: str
    score: int
    travel: int


class Live:
    """Helpers, households and the best pairing of them, after every event.

    ``live.solution()`` is the whole answer with its proof, as :func:`matching.solve.solve` would give it (of several
    pairings that are equally good it may hold another one: what need not change does not change). An event that cannot be
    is refused with a MatchingError and changes nothing; "overflow" says that a quarter more has come than there was at the
    start: make a new one of ``live.table()``.
    """

    def __init__(
        self,
        table: Candidates,
        keep: Iterable[IdPair] = (),
        keep_gain: int = 0,
        *,
        points: int = 0,
        metres: int = 0,
    ) -> None:
        """Start from a table; keep and keep_gain as in solve. points, metres: what pairs to come may have at most, if
        that is more than a quarter above today's. Raises MatchingError when the numbers do not fit.
        """
        self.keep, self.keep_gain = frozenset(keep), keep_gain
        self.locked: dict[IdPair, Edge] = {}
        goal = objective(table, self.keep, keep_gain)
        self.most, self.furthest, self.highest = roomy(table, goal, points, metres)
        point, unit = scales(self.most, self.furthest, self.highest, -self.highest)
        flow = start(table, replace(goal, point=point, unit=unit))
        find_best(flow)
        self.flow, self.space = with_space(with_columns(flow), table)
        self.flow.tally[0] = 0
        self.helpers = {name: j for j, name in enumerate(table.helper_ids)}
        self.households = {name: h for h, name in enumerate(table.household_ids)}
        self.helper_ids, self.household_ids = list(table.helper_ids), list(table.household_ids)

    def copy(self) -> "Live":
        """One that goes its own way from here."""
        other = object.__new__(Live)
        for name, value in vars(self).items():
            own = value.copy() if isinstance(value, dict | list) else value
            setattr(other, name, own)
        other.flow, other.space = copied(self.flow), copied(self.space)
        return other

    def add_household(
        self, household_id: str, urgency: int, places: int, edges: Sequence[Edge], helped: int = 0
    ) -> Change:
        """A household arrives; edges: the helpers who may help it. Raises MatchingError, and nothing has changed."""
        require_whole(urgency, 1, MAX_URGENCY, "household.urgency", household_id)
        require_whole(helped, 0, MAX_HOUSEHOLD_PLACES, "household.helped", household_id)
        require_whole(places, 0, MAX_HOUSEHOLD_PLACES - helped, "household.places", household_id)
        others = self._others(household_id, self.households, edges, self.helpers)
        self._make_room(0, places)
        h = self.households[household_id] = len(self.household_ids)
        self.household_ids.append(household_id)
        flow = self.flow
        flow.urgency[h], flow.helped[h], flow.places[h] = urgency, helped, places
        self._append(np.full(len(edges), h, np.int32), others, edges)
        offer_newcomer(self.flow, h)
        return self._mend([h], [])

    def remove_household(self, household_id: str) -> Change:
        """A household leaves, and its helpers are free for others."""
        h = known(self.households, household_id, "household.id")
        touched = np.zeros(MAX_HOUSEHOLD_PLACES + 1, np.int32)
        free = touched[: empty_household(self.flow, h, touched)]
        del self.households[household_id]
        return self._mend([], free.tolist())

    def add_helper(self, helper_id: str, places: int, edges: Sequence[Edge]) -> Change:
        """A helper joins; edges: the households he may help."""
        require_whole(places, 0, MAX_HELPER_PLACES, "helper.places", helper_id)
        others = self._others(helper_id, self.helpers, edges, self.households)
        self._make_room(places, 0)
        j = self.helpers[helper_id] = len(self.helper_ids)
        self.helper_ids.append(helper_id)
        self.flow.room[j] = places
        self._append(others, np.full(len(edges), j, np.int32), edges)
        price_newcomer(self.flow, j)
        return self._mend([], [j])

    def remove_helper(self, helper_id: str) -> Change:
        """A helper quits; those he helped are helped by others as well as can be."""
        j = known(self.helpers, helper_id, "helper.id")
        touched = np.zeros(int(self.flow.load[j]) + 1, np.int32)
        left = touched[: empty_helper(self.flow, j, touched)]
        del self.helpers[helper_id]
        return self._mend(left.tolist(), [])

    def forbid(self, helper_id: str, household_id: str) -> Change:
        """The two must not be paired."""
        h, j, e = self._edge(helper_id, household_id)
        part_pair(self.flow, e)
        self.flow.made[e] = BARRED
        return self._mend([h], [j])

    def allow(self, helper_id: str, household_id: str) -> Change:
        """The two may be paired again, after ``forbid``."""
        if (helper_id, household_id) in self.locked:
            raise MatchingError(codes.UNKNOWN_ID, "edge", helper_id)
        h, _, e = self._edge(helper_id, household_id, forbidden=True)
        touched = np.zeros(MAX_HOUSEHOLD_PLACES + 1, np.int32)
        free = touched[: offer_again(self.flow, h, e, touched)].tolist()
        return self._mend([h], free)

    def lock(self, helper_id: str, household_id: str) -> Change:
        """The two are paired for good: the helper's place and the household's next one are taken, whatever comes."""
        h, j, e = self._edge(helper_id, household_id)
        flow = self.flow
        require_whole(int(flow.room[j]), 1, MAX_HELPER_PLACES, "helper.places", helper_id)
        require_whole(int(flow.places[h]), 1, MAX_HOUSEHOLD_PLACES, "household.places", household_id)
        short, free = [h], [j]
        if flow.made[e] == 1:
            part_pair(flow, e)
        else:
            free.append(yield_place(flow, h))
            short.append(yield_room(flow, j))
        flow.made[e] = BARRED
        flow.room[j] -= 1
        flow.places[h] -= 1
        flow.helped[h] += 1
        self.locked[helper_id, household_id] = Edge(
            household_id, int(self.space.points[e]), int(self.space.metres[e])
        )
        return self._mend([x for x in short if x >= 0], [x for x in free if x >= 0], locked=e)

    def add_place(self, household_id: str) -> Change:
        """The household wants one helper more."""
        h = known(self.households, household_id, "household.id")
        most = MAX_HOUSEHOLD_PLACES - int(self.flow.helped[h])
        require_whole(int(self.flow.places[h]) + 1, 1, most, "household.places", household_id)
        self._make_room(0, 1)
        self.flow.places[h] += 1
        return self._mend([h], [])

    def add_room(self, helper_id: str) -> Change:
        """The helper takes one household more."""
        j = known(self.helpers, helper_id, "helper.id")
        require_whole(int(self.flow.room[j]) + 1, 1, MAX_HELPER_PLACES, "helper.places", helper_id)
        self._make_room(1, 0)
        self.flow.room[j] += 1
        while not widen_held(self.flow, self.space, j, int(self.flow.load[j]) + 2):
            self.flow, self.space = grow(self.flow, self.space)
        return self._mend([], [j])

    def table(self) -> Candidates:
        """The possible pairs as they are now, without those made for good."""
        return table_of(self.flow, self.space, self.helpers, self.households).table

    def solution(self) -> Solution:
        """The best pairing of ``table()`` with its proof; those made for good (``locked``) come on top."""
        flow, now = self.flow, table_of(self.flow, self.space, self.helpers, self.households)
        goal = Objective(flow.score[now.edges], flow.travel[now.edges], flow.point, flow.unit)
        rows = np.flatnonzero(flow.made[now.edges] == 1)
        prices, surplus = flow.price[now.helpers], flow.surplus[now.households]
        return solution_of(now.table, goal, rows, prices, surplus, self.keep)

    def _others(
        self, own_id: str, own: Mapping[str, int], edges: Sequence[Edge], others: Mapping[str, int]
    ) -> Any:
        """The indexes of the other side, all known, each once; the id itself is new."""
        if own_id in own:
            raise MatchingError(codes.DUPLICATE, "id", own_id)
        found = [known(others, edge.other_id, "edge") for edge in edges]
        if len(set(found)) < len(found):
            raise MatchingError(codes.DUPLICATE, "edge", own_id)
        for edge in edges:
            require_whole(edge.score, -self.highest, self.highest, "edge.score", own_id)
            require_whole(edge.travel, 0, self.furthest, "edge.travel", own_id)
        return np.array(found, np.int32)

    def _make_room(self, room: int, places: int) -> None:
        """Space for one more on each side; refuses what the scales of the levels were not made for."""
        flow = self.flow
        most = min(int(flow.room.sum()) + room, int(flow.places.sum()) + places)
        if most > self.most:
            raise MatchingError(codes.OVERFLOW, "places", "")
        if len(self.helper_ids) == flow.room.size or len(self.household_ids) == flow.places.size:
            self.flow, self.space = grow(flow, self.space)

    def _append(self, households: Any, helpers: Any, edges: Sequence[Edge]) -> None:
        score = np.array([edge.score for edge in edges], np.int32)
        travel = np.array([edge.travel for edge in edges], np.int32)
        done = 0
        while True:
            done += append_edges(
                self.flow, self.space, households[done:], helpers[done:], score[done:], travel[done:]
            )
            if done == score.size:
                return
            self.flow, self.space = grow(self.flow, self.space)

    def _edge(self, helper_id: str, household_id: str, *, forbidden: bool = False) -> tuple[int, int, int]:
        """(household, helper, edge) of a pair that is possible, or was before. Raises MatchingError for any other."""
        j = known(self.helpers, helper_id, "helper.id")
        h = known(self.households, household_id, "household.id")
        start, end = int(self.flow.row_start[h]), int(self.flow.row_end[h])
        found = np.flatnonzero(self.flow.helper[start:end] == j)
        if not found.size or (self.flow.made[start + found[0]] == BARRED) != forbidden:
            raise MatchingError(codes.UNKNOWN_ID, "edge", helper_id)
        return h, j, start + int(found[0])

    def _mend(self, short: Iterable[int], free: Iterable[int], locked: int = -1) -> Change:
        """Fill what these households lack, use or cheapen what these helpers have left; what became of it."""
        flow, moved = self.flow, Counter[int]()
        drain(flow, moved)
        for h in short:
            while flow.filled[h] < flow.places[h] and fill(flow, h):
                drain(flow, moved)
        for j in free:
            while flow.load[j] < flow.room[j] and release(flow, j):
                drain(flow, moved)
        if locked >= 0:
            moved[locked] += 1
        return self._change({e: times for e, times in moved.items() if times}, locked)

    def _change(self, moved: Mapping[int, int], locked: int) -> Change:
        flow, space = self.flow, self.space
        coverage: Counter[tuple[int, int]] = Counter()
        gained: Counter[int] = Counter()
        for e, times in moved.items():
            gained[int(flow.household[e])] += times
        for h, more in gained.items():
            after = int(flow.helped[h] + flow.filled[h])
            if self.households.get(self.household_ids[h]) == h:
                for place in range(min(after, after - more) + 1, max(after, after - more) + 1):
                    coverage[place, int(flow.urgency[h])] += 1 if more > 0 else -1
        pairs = {e: (self.helper_ids[flow.helper[e]], self.household_ids[flow.household[e]]) for e in moved}
        return Change(
            added=tuple(sorted(pairs[e] for e, times in moved.items() if times > 0)),
            removed=tuple(sorted(pairs[e] for e, times in moved.items() if times < 0)),
            coverage={level: more for level, more in sorted(coverage.items()) if more},
            points=sum(times * int(space.points[e]) for e, times in moved.items()),
            travel=sum(times * int(space.metres[e]) for e, times in moved.items()),
        )


def drain(flow: Flow, moved: Counter[int]) -> None:
    """Add what the log says to the balance of each edge, and empty it."""
    for entry in flow.log[: flow.tally[0]].tolist():
        moved[abs(entry) - 1] += 1 if entry > 0 else -1
    flow.tally[0] = 0


def known(index: Mapping[str, int], name: str, field: str) -> int:
    """Where this id stands; raises MatchingError for one that is not there."""
    if name not in index:
        raise MatchingError(codes.UNKNOWN_ID, field, name)
    return index[name]

"""Room for more people and pairs in the arrays of a flow, and the way back to a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.edits import BARRED, Space
from matching.flow import Flow, Ints
from matching.levels import Objective, most_pairs
from matching.table import Candidates

HEADROOM = 1.25  # so much more may come before the scales of the levels are too small
SPARE = 0.25  # of what there is, and some
SPARE_EDGES, SPARE_PEOPLE = 100_000, 256
SLACK = 8  # one entry for so many of a column


def roomy(table: Candidates, goal: Objective, points: int, metres: int) -> tuple[int, int, int]:
    """(pairs, metres, points in size) up to which the scales shall do, at least these points and metres."""
    highest = max(int(goal.score.max(initial=0)), -int(goal.score.min(initial=0)), points)
    furthest = max(int(table.travel.max(initial=0)), metres)
    return (
        int(most_pairs(table) * HEADROOM) + 8,
        int(furthest * HEADROOM) + 8,
        int(highest * HEADROOM) + 8,
    )


def with_space(flow: Flow, table: Candidates) -> tuple[Flow, Space]:
    """The same state in arrays of its own, with room to grow."""
    edges, held = flow.helper.size, flow.held.size
    degree = flow.column_end - flow.column_start
    # Some slack in every helper's column: a household that arrives adds to many of them.
    limit = np.cumsum(degree + degree // SLACK + 4)
    first = limit - degree - degree // SLACK - 4
    place = np.arange(edges) + np.repeat(first - flow.column_start, degree)
    column, spot = np.zeros(int(limit.max(initial=0)), np.int32), np.zeros(edges, np.int32)
    column[place], spot[flow.column] = flow.column, place
    space = Space(
        row_limit=flow.row_end.copy(),
        column_limit=limit,
        held_limit=np.append(flow.held_start[1:], held),
        points=table.score.copy(),
        metres=table.travel.copy(),
        spot=spot,
        used=np.array([edges, column.size, held]),
    )
    flow = flow._replace(column=column, column_start=first, column_end=first + degree)
    return grow(flow, space)


def grow(flow: Flow, space: Space) -> tuple[Flow, Space]:
    """The same state with more room."""
    by_edge = int(flow.helper.size * SPARE) + SPARE_EDGES
    helpers, households = (int(count * SPARE) + SPARE_PEOPLE for count in (flow.room.size, flow.places.size))
    nodes = flow.distance.size + helpers + households
    more: dict[str, Any] = {
        name: padded(getattr(flow, name), extra)
        for extra, names in (
            (by_edge, ("helper", "household", "score", "travel", "made", "column", "held")),
            (helpers, ("column_start", "column_end", "room", "price", "held_start", "load")),
            (
                households,
                ("row_start", "row_end", "urgency", "helped", "places", "surplus", "filled", "pairs"),
            ),
        )
        for name in names
    }
    grown = flow._replace(
        **more,
        distance=np.zeros(nodes, np.int64),
        seen=np.zeros(nodes, np.int32),
        settled=np.zeros(nodes, np.int32),
        by=np.zeros(nodes, np.int32),
        order=np.zeros(nodes, np.int32),
        heap=np.zeros(nodes, np.int32),
        spot=np.full(nodes, -1, np.int32),
        log=np.zeros(8 * nodes, np.int64),
    )
    return grown, space._replace(
        row_limit=padded(space.row_limit, households),
        column_limit=padded(space.column_limit, helpers),
        held_limit=padded(space.held_limit, helpers),
        points=padded(space.points, by_edge),
        metres=padded(space.metres, by_edge),
        spot=padded(space.spot, by_edge),
    )


def copied(arrays: Any) -> Any:
    """The same named tuple with arrays of its own."""
    return arrays._make(part.copy() if isinstance(part, np.ndarray) else part for part in arrays)


def padded(column: NDArray, extra: int) -> NDArray:
    """A copy with so many zeros more."""
    return np.concatenate([column, np.zeros((extra, *column.shape[1:]), column.dtype)])


@dataclass(frozen=True, slots=True, eq=False)
class Now:
    """A table of who is there; edges: behind each of its rows; helpers, households: where each stands in the flow."""

    table: Candidates
    edges: Ints
    helpers: Ints
    households: Ints


def table_of(flow: Flow, space: Space, helpers: Mapping[str, int], households: Mapping[str, int]) -> Now:
    """The possible pairs between these helpers and households (id → where it stands in the flow)."""
    helper_ids, household_ids = sorted(helpers), sorted(households)
    columns = np.array([helpers[name] for name in helper_ids], np.int64)
    rows = np.array([households[name] for name in household_ids], np.int64)
    place = np.full(flow.room.size, -1, np.int64)
    place[columns] = np.arange(columns.size)
    sizes = (flow.row_end - flow.row_start)[rows]
    first = np.cumsum(sizes) - sizes
    edges = np.arange(sizes.sum()) + np.repeat(flow.row_start[rows] - first, sizes)
    row, column = np.repeat(np.arange(rows.size), sizes), place[flow.helper[edges]]
    there = (column >= 0) & (flow.made[edges] != BARRED)
    order = np.flatnonzero(there)[np.lexsort((column[there], row[there]))]
    edges, row = edges[order], row[order]
    table = Candidates(
        helper_ids=helper_ids,
        household_ids=household_ids,
        helper_places=flow.room[columns],
        household_places=flow.places[rows],
        helped=flow.helped[rows],
        urgency=flow.urgency[rows],
        indptr=np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows.size)))),
        helper=column[order],
        score=space.points[edges],
        travel=space.metres[edges],
    )
    return Now(table, edges, columns, rows)

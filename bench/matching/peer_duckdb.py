"""DuckDB: the eligible pairs with score and travel as one query, `candidates.sql`.

    python -m bench.matching.peer_duckdb COLUMNS.npz [--threads N] [--repeat N]

Loading the tables and fetching the pairs as arrays are timed apart from the query. See :mod:`bench.matching.peer`.
"""

import argparse
import json
from pathlib import Path
from string import Template

import duckdb
import numpy as np

from bench.matching.peer import PATIENCE, Clock, peak_mb

CELL = 1_500  # metres; the fastest of those tried
FURTHEST = 5_000  # nobody reaches further in our instances
ORIGIN = 1_000_000  # added to x and y: division in SQL rounds towards zero
WORDS = 6


def main() -> None:
    """Load, query as often as asked, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("columns", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=1)
    asked = parser.parse_args()
    connection = duckdb.connect(config={"threads": asked.threads})
    clock, queries = Clock(), []
    with np.load(asked.columns) as stored, clock.timed("load"):
        for name, columns in tables(dict(stored)).items():
            connection.register("source", columns)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM source")
    query = Path(__file__).with_name("candidates.sql").read_text()
    query = Template(query).substitute(cell=CELL, around=-(-FURTHEST // CELL))
    for _ in range(asked.repeat):
        lap = Clock()
        with lap.timed("query"):
            connection.execute(query)
        queries.append(lap.seconds["query"])
        if queries[-1] > PATIENCE:
            break
    with clock.timed("fetch"):
        found = connection.execute("SELECT * FROM pair ORDER BY household, helper").fetchnumpy()
    sums = {name: int(column.sum()) for name, column in found.items()}
    told = {"query": queries, "pairs": len(found["score"]), "sums": sums, "peak_mb": peak_mb()}
    print(json.dumps(told | clock.seconds | {"version": duckdb.__version__}))


def tables(stored: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """Helpers and households as the columns of tables."""
    helper = side(
        stored, "helper_", ("reach", "places", "gender", "languages", "checks", "limits", "hours", "load")
    )
    wishes = ("places", "gender", "languages", "first_language", "checks", "circumstances", "wished")
    needs = {name: stored[f"household_need_{name}"] for name in ("skill", "level", "half_hours", "urgency")}
    return {
        "helper": helper | words(stored["helper_week"]),
        "helper_skill": {
            "helper": rows(stored["helper_skill_start"]),
            "skill": stored["helper_skill"],
            "level": stored["helper_level"],
        },
        "household": side(stored, "household_", wishes),
        "need": {"household": rows(stored["household_need_start"])}
        | needs
        | words(stored["household_need_week"]),
        "good": {"household": rows(stored["household_good_start"]), "helper": stored["household_good"]},
        "apart": {"household": rows(stored["household_apart_start"]), "helper": stored["household_apart"]},
    }


def side(stored: dict[str, np.ndarray], prefix: str, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """A number for each row, its home and these columns; sets of kinds as signed words."""
    size = stored[prefix + "x"].size
    columns = {prefix.rstrip("_"): np.arange(size, dtype=np.int32)}
    columns |= {axis: stored[prefix + axis] + ORIGIN for axis in ("x", "y")}
    for name in names:
        column = stored[prefix + name]
        columns[name] = column.view(np.int64) if column.dtype == np.uint64 else column
    return columns


def words(week: np.ndarray) -> dict[str, np.ndarray]:
    """The words of a week as signed columns."""
    return {f"w{number}": week[:, number].copy().view(np.int64) for number in range(WORDS)}


def rows(start: np.ndarray) -> np.ndarray:
    """The row each entry of compressed rows belongs to."""
    return np.repeat(np.arange(start.size - 1, dtype=np.int32), np.diff(start))


if __name__ == "__main__":
    main()

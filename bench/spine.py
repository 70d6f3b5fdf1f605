"""The main job: an office's three ledgers imported, then a matching run over the community.

    python -m bench.spine [--quick] [--json FILE]

Peers in the same run: psycopg's executemany of the same rows into bare tables of the same shape (what writing costs
at least), and scipy's linear_sum_assignment of the same pairs (what solving costs without a proof).
"""

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from scipy.optimize import linear_sum_assignment

from app.cli.edge import OPERATOR
from app.demo import ledgers
from app.demo.district import ZAOYUAN
from app.demo.estates import place_buildings
from bench.installation import installation, superuser
from bench.report import Report
from matching.check import check
from matching.levels import classes, objective
from matching.solve import solve
from matching.table import Candidates
from services.communities import regions
from services.core import clock, scope
from services.core.actor import Actor
from services.core.db import db, transaction
from services.ledgers import (
    imports,
    into_households,
    into_pledges,
    into_volunteers,
    reading,
    sheets,
    uploads,
)
from services.pairings import results, runs, snapshot

LEDGERS = {"households": 0, "volunteers": 1, "pledges": 2}
INTO = {"households": into_households, "volunteers": into_volunteers, "pledges": into_pledges}
# What an import writes; a bare copy of each is the peer's.
TABLES = (
    "building", "household", "resident", "need", "consent", "volunteer", "volunteer_skill", "credential",
    "exclusion", "unit", "unit_person", "pledge", "balance", "movement", "ledger_memory",
)  # fmt: skip


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.spine", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one repetition instead of seven")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    report = Report("spine")
    with installation() as (_, running):
        for number in range(1 if chosen.quick else 7):
            community_id = measure(report, number)
        bare(report, superuser(running), community_id, 1 if chosen.quick else 7)
    written = report.sum("households", "write") + report.sum("volunteers", "write")
    written += report.sum("pledges", "write")
    report.compare("writing all three ledgers / bare executemany", written, report.sum("bare", "executemany"))
    report.compare(
        "solve with its proof / scipy's assignment",
        report.sum("matching run", "solve"),
        report.sum("scipy", "linear_sum_assignment"),
    )
    report.show()
    if chosen.json:
        report.write(chosen.json)


def measure(report: Report, number: int) -> int:
    """One repetition in a community of its own; its id."""
    scope.leave()
    operator = Actor(None, None, OPERATOR)
    with transaction():
        street = regions.add_region(operator, kind="street", name=f"街道{number}", name_en=f"Street {number}")
        made = regions.add_community(
            operator, street=street, code=f"bench-{number}", name=ZAOYUAN.name, name_en=ZAOYUAN.name_en
        )
    scope.enter(made.id)
    actor = Actor(None, made.id, OPERATOR)
    today = clock.today(made.zone)
    for part, which in LEDGERS.items():
        import_one(report, actor, part, ledgers.FOLDER / ledgers.FILES[which], today)
    with transaction():
        place_buildings(actor, ZAOYUAN.seed)
    match(report, actor, today)
    return made.id


def import_one(report: Report, actor: Actor, part: str, path: Path, today: date) -> None:
    """Read, understand, preview and write one ledger, each by itself and then as the product does it."""
    with report.timed(part, "read") as step:
        found = sheets.read(path.read_bytes(), path.name)
        index, guess = uploads.recognise(found)
        step.count, step.of = len(found[index].rows), "rows"
    with report.timed(part, "understand") as step:
        understood = reading.understand(found[index], guess.layout, today=today)
        step.count, step.of = len(understood.entries), "records"
    with transaction(), report.timed(part, "upload") as step:
        row = uploads.upload(actor, data=path.read_bytes(), filename=path.name)
        step.count, step.of = path.stat().st_size, "bytes"
    opened = uploads.open_upload(actor, import_id=row.id)
    with report.timed(part, "preview") as step:
        seen = imports.preview(actor, opened.sheet, opened.layout)
        step.count, step.of = len(seen.steps), "records"
    with report.timed(part, "write") as step:
        INTO[part].write(actor, list(seen.steps))
        db.session.commit()
        step.count, step.of = seen.counts["new"], "new"
    with report.timed(part, "the same again, whole") as step, transaction():
        opened = uploads.open_upload(actor, import_id=row.id)
        seen = imports.preview(actor, opened.sheet, opened.layout)
        done = imports.bring_in(actor, import_id=row.id, digest=seen.digest)
        step.count, step.of = done.counts["same"], "the same"


def match(report: Report, actor: Actor, today: date) -> None:
    """A run in its steps, and the same pairs given to scipy."""
    part = "matching run"
    with transaction():
        run = runs.request_run(actor)
        with report.timed(part, "snapshot") as step:
            taken = snapshot.take(today)
            step.count, step.of = len(taken.households) + len(taken.helpers), "people"
        with report.timed(part, "candidates") as step:
            table = taken.table()
            step.count, step.of = len(table), "pairs"
        with report.timed(part, "solve") as step:
            solution = solve(table)
            step.count, step.of = len(solution.pairs), "paired"
        with report.timed(part, "check") as step:
            proven = check(table, solution).proven
            step.count, step.of = int(proven), "proven"
        with report.timed(part, "store") as step:
            results.keep(run, results.Found(taken, table, solution, None, None, proven))
            db.session.flush()
            step.count, step.of = len(solution.pairs), "drafts"
    with report.timed("scipy", "matrix") as step:
        matrix = dense(table)
        step.count, step.of = matrix.size, "cells"
    with report.timed("scipy", "linear_sum_assignment") as step:
        rows, columns = linear_sum_assignment(matrix, maximize=True)
        step.count = int((matrix[rows, columns] > 0).sum())
        step.of = "paired"
    value = int(matrix[rows, columns].sum())
    assert abs(value - solution.value) <= abs(solution.value) * 1e-9, "scipy finds another optimum"


def dense(table: Candidates) -> np.ndarray:
    """Every household place against every helper place: worth and gain together, 0 where there is no pair."""
    goal = objective(table)
    places = [
        (h, worth * goal.unit) for h, row in enumerate(classes(table)) for worth in row.tolist() if worth
    ]
    slots = np.repeat(np.arange(len(table.helper_ids)), table.helper_places)
    first = np.concatenate([[0], np.cumsum(table.helper_places)])
    gains = goal.gain
    matrix = np.zeros((len(places), len(slots)))
    for at, (h, worth) in enumerate(places):
        for pair in range(table.indptr[h], table.indptr[h + 1]):
            helper = table.helper[pair]
            matrix[at, first[helper] : first[helper + 1]] = worth + gains[pair]
    return matrix


def bare(report: Report, connection: psycopg.Connection, community_id: int, repetitions: int) -> None:
    """The peer: the rows that the imports wrote, again, into bare tables of the same shape, in one transaction."""
    copies = {}
    for table in TABLES:
        query = sql.SQL("SELECT * FROM {} WHERE community_id = %s").format(sql.Identifier(table))
        found = connection.execute(query, [community_id]).fetchall()
        copies[table] = [
            tuple(Jsonb(cell) if isinstance(cell, dict) else cell for cell in row) for row in found
        ]
    for _ in range(repetitions):
        for table in TABLES:
            statement = "DROP TABLE IF EXISTS {bare}; CREATE TABLE {bare} (LIKE {table} INCLUDING ALL)"
            connection.execute(
                sql.SQL(statement).format(bare=sql.Identifier(f"bare_{table}"), table=sql.Identifier(table))
            )
        with report.timed("bare", "executemany") as step, connection.transaction():
            for table, rows in copies.items():
                _insert(connection, f"bare_{table}", rows)
            step.count, step.of = sum(map(len, copies.values())), "rows"
    connection.close()


def _insert(connection: psycopg.Connection, table: str, rows: list[tuple]) -> None:
    if rows:
        marks = sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(
                sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})").format(
                    sql.Identifier(table), marks
                ),
                rows,
            )


if __name__ == "__main__":
    main()

"""A large file goes out: rows a second and the memory it takes, against a bare cursor and csv.writer in the same run.

    python -m bench.files [--rows 200000] [--json FILE]

Each way is a process of its own, so that its peak of memory is its own. Exits with 1 when an export of ours took
200 MB or more beside what the program itself has.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from app import create_app
from bench.installation import installation, superuser
from bench.report import Report
from services.core import scope
from services.core.actor import Actor
from services.core.db import db
from services.ledgers.files import exports, writing
from tests.factories import households, world

MOST_MB = 200
WAYS = ("bare", "csv", "xlsx", "sealed")
_BARE = """
select h.id, h.name, h.state, b.estate, b.number, h.entrance, r.gender, h.people, h.languages, h.circumstances,
       h.gender_wish, h.places, c.given_on, c.evidence
from household h
join building b on b.community_id = h.community_id and b.id = h.building_id
left join resident r on r.community_id = h.community_id and r.household_id = h.id and r.head
left join consent c on c.community_id = h.community_id and c.subject_id = h.id and c.withdrawn_on is null
"""
_HOUSEHOLDS = """
insert into household (community_id, id, name, name_keys, building_id, entrance, door, door_key, phone, phone_key, people,
    categories, category_keys, languages, circumstances, gender_wish, note, places, state, version, created_at)
select community_id, gen_random_uuid(), name || n, name_keys, building_id, entrance, door, 'k' || n, phone, phone_key, people,
    categories, category_keys, languages, circumstances, gender_wish, note, places, state, version, created_at
from household, generate_series(2, %s) n
"""
_HEADS = """
insert into resident (community_id, id, household_id, name, name_keys, gender, birthday, head, created_at)
select h.community_id, gen_random_uuid(), h.id, h.name, h.name_keys, r.gender, r.birthday, true, h.created_at
from household h, resident r where h.id <> r.household_id
"""


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.files", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--community", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        one_way(chosen.way, chosen.community)
        return
    report, peaks = Report("files"), {}
    with installation() as (app, running):
        place = world.make_place("bench")
        with world.inside(app, place):
            households.make_household(
                place, phone="+8613900000001", note="怕狗，说话请大声一些", people=2, gender="female"
            )
        with superuser(running) as connection:
            connection.execute(_HOUSEHOLDS, [chosen.rows])
            connection.execute(_HEADS)
        with superuser(running) as connection:
            connection.autocommit = True
            connection.execute("analyze")
        for way in WAYS:
            peaks[way] = measured(report, way, place.id)
    for way in WAYS[1:]:
        report.compare(
            f"{way} against the bare cursor", *(report.steps["households", w].median for w in (way, "bare"))
        )
    report.show()
    for way, (before, peak) in peaks.items():
        print(f"{way:<8} {peak - before:6.0f} MB beside the program's own {before:4.0f} MB")
    if chosen.json:
        report.write(chosen.json)
    raise SystemExit(1 if any(peaks[way][1] - peaks[way][0] >= MOST_MB for way in WAYS[1:]) else 0)


def measured(report: Report, way: str, community: int) -> tuple[float, float]:
    """Have one way run in a process of its own: memory before and at its peak, in MB."""
    command = [sys.executable, "-m", "bench.files", "--way", way, "--community", str(community)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    with report.timed("households", way) as step:
        step.count, step.of = told["rows"], "rows"
    step.seconds[-1] = told["seconds"]
    return told["before"], told["peak"]


def one_way(way: str, community: int) -> None:
    """Take everything out and say what it took."""
    with create_app().app_context(), tempfile.TemporaryFile() as into:
        scope.enter(community)
        db.session.execute(text("select 1"))
        before, begin = _peak(), time.perf_counter()
        rows = _bare(into) if way == "bare" else _ours(way, community, into)
        seconds = time.perf_counter() - begin
    print(json.dumps({"rows": rows, "seconds": seconds, "before": before, "peak": _peak()}))


def _ours(way: str, community: int, into: tempfile._TemporaryFileWrapper) -> int:  # type: ignore[type-arg]
    staff = Actor(None, community, frozenset({"staff"}), language="zh_Hans")
    made = exports.export(staff, kind="households", sealed=way == "sealed", reason="keep")
    ending = "csv" if way == "csv" else "xlsx"
    writing.write(made.rows, into, ending=ending, encoding="utf-8-sig", name="Linli")
    return made.number


def _bare(into: tempfile._TemporaryFileWrapper) -> int:  # type: ignore[type-arg]
    connection = db.session.connection().connection.driver_connection
    out = os.fdopen(os.dup(into.fileno()), "w", encoding="utf-8", newline="")
    with out, connection.cursor(name="bench") as cursor:  # type: ignore[union-attr]
        cursor.itersize = exports.AT_ONCE
        cursor.execute(_BARE)
        writer, rows = csv.writer(out), 0
        for row in cursor:
            writer.writerow(row)
            rows += 1
    return rows


def _peak() -> float:
    """This program's own peak in MB; what getrusage tells begins with that of the process it came from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    main()

"""Fifty of the office reserve the last five of a pledge at once, again and again: exactly five must get one.

    python -m bench.pledges [--rounds 200] [--json FILE]

Peer in the same run: the same fifty one after the other. Exits with 1 when a round came to anything else.
"""

import argparse
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask

from bench.installation import installation
from bench.report import Report
from services.core.db import db
from services.core.errors import Conflict
from services.pledges import allocations
from services.pledges.models import Balance
from tests.factories import pledges as make
from tests.factories import world

STAFF, LAST = 50, 5


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.pledges", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    report, wrong = Report("pledges"), 0
    with installation() as (app, _running), ThreadPoolExecutor(STAFF) as pool:
        place = world.make_place("bench")
        with world.inside(app, place):
            needs = [make.make_need(place).id for _ in range(STAFF)]
        for _round in range(chosen.rounds):
            wrong += one_round(app, report, place, needs, "at once", pool.map)
        for _round in range(5):
            wrong += one_round(app, report, place, needs, "one after the other", map)
    fifty = [
        report.steps["fifty for the last five", name].median for name in ("at once", "one after the other")
    ]
    report.compare("fifty at once against one after the other", *fifty)
    report.show()
    print(f"{chosen.rounds} rounds at once, {wrong} came to anything but exactly {LAST} reserved")
    if chosen.json:
        report.write(chosen.json)
    raise SystemExit(1 if wrong else 0)


def one_round(
    app: Flask,
    report: Report,
    place: world.Place,
    needs: list[uuid.UUID],
    how: str,
    each: Callable[[Callable[[int], str], Iterable[int]], Iterable[str]],
) -> bool:
    """Whether a round went wrong."""
    staff = place.actor("staff")
    with world.inside(app, place):
        pledge = make.make_pledge(place, quantity=LAST)
        pledge_id, day = pledge.id, pledge.starts_on

    def give(at: int) -> str:
        try:
            with world.inside(app, place):
                allocations.allocate(
                    staff, pledge_id=pledge_id, need_id=needs[at], quantity=1, planned_on=day
                )
            return "reserved"
        except Conflict as refusal:
            return refusal.code

    with report.timed("fifty for the last five", how) as step:
        answers = Counter(each(give, range(STAFF)))
        step.count, step.of = STAFF, "tries"
    with world.inside(app, place):
        balance = db.session.query(Balance).filter_by(pledge_id=pledge_id).one()
        held = balance.free, balance.reserved
    return answers != Counter(reserved=LAST, not_enough=STAFF - LAST) or held != (0, LAST)


if __name__ == "__main__":
    main()

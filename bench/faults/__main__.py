"""Follow-ups in 20 communities while everything is killed, emptied and set to another time.

    python -m bench.faults [--faults 1000] [--seed 1] [--rounds 8] [--sweep 30] [--json FILE]

All of Linli runs in a temporary directory, on this machine alone. A process of the product's own code makes follow-ups that are due at once, a browser
marks some as done; a ledger outside of the product keeps what was acknowledged, and a gateway what it received. Faults, by the seed: kill -9 of the worker, the
sweeper, the web server, Valkey, PostgreSQL or one of its connections; FLUSHALL; the clock of all processes set by ±1 hour or ±7 days (where
libfaketime is installed). The worker has no work horse of its own: a job's process is the worker. In the end all must agree, or the command fails.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.faults.gateway import Gateway, listening
from bench.faults.ledger import Desk, Office, differences, open_office
from bench.faults.town import DAY, FURTHEST, Town, town
from bench.report import machine
from services.followups import calendar

COMMUNITIES = 20
GOALS = {"calm": 60.0, "worker killed": 90.0, "Redis emptied": 120.0}
SAME = "sent again under the same reference"


@dataclass
class Bench:
    """What a run works with."""

    town: Town
    office: Office
    gateway: Gateway
    chance: random.Random


def main() -> None:
    """Measure, compare, print; exit 1 when anything was lost or doubled."""
    asked = _arguments()
    chance = random.Random(asked.seed)
    with (
        listening(asked.seed) as gateway,
        town(gateway.url, sweep_seconds=asked.sweep, base=_base()) as made,
    ):
        bench = Bench(made, open_office(made, asked.communities), gateway, chance)
        began = time.monotonic()
        late = {
            "calm": latencies(bench, asked.rounds, lambda: None),
            "worker killed": latencies(bench, asked.rounds, lambda: made.kill("worker")),
            "Redis emptied": latencies(bench, asked.rounds, lambda: _empty(bench)),
        }
        storm(bench, asked.faults)
        settle(bench)
        found = differences(made, bench.office, gateway)
        told = {
            "machine": machine(),
            "seed": asked.seed,
            "seconds": round(time.monotonic() - began),
            "clock could be set": made.clock,
            "faults": {"all": sum(made.faults.values()), **dict(sorted(made.faults.items()))},
            "acknowledged": {"follow-ups": len(bench.office.made), "done": len(bench.office.done)},
            "not acknowledged": bench.office.refused,
            "texts at the gateway": len(gateway.taken()),
            "differences": found,
            "seconds to the gateway": late,
        }
    print(json.dumps(told, indent=2, ensure_ascii=False))
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=2, ensure_ascii=False))
    if any(count for what, count in found.items() if what != SAME):
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=8, help="for the times without storm")
    parser.add_argument("--communities", type=int, default=COMMUNITIES)
    parser.add_argument("--sweep", type=float, default=30, metavar="SECONDS")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def _base() -> int:
    """Seconds from now to a noon in Shanghai which, like the same weekday two weeks around it, is a working day."""
    now = datetime.now(UTC)
    day: date = now.date() + timedelta(days=1)
    weeks = [timedelta(weeks=number) for number in range(-2, 3)]
    while not all(calendar.is_working(day + week) for week in weeks):
        day += timedelta(days=1)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    return round((noon - now).total_seconds())


def latencies(bench: Bench, rounds: int, hit: Callable[[], Any]) -> dict[str, float]:
    """Seconds from the acknowledgement of a follow-up due at once to its text at the gateway, with a fault in each round."""
    found: list[float] = []
    for _ in range(rounds):
        known = set(bench.office.made)
        bench.office.ask(COMMUNITIES)
        hit()
        bench.office.read(60)
        fresh = set(bench.office.made) - known
        deadline = time.monotonic() + 180
        while not fresh <= bench.gateway.first().keys() and time.monotonic() < deadline:
            time.sleep(0.1)
        first = bench.gateway.first()
        found += [first.get(one, float("inf")) - bench.office.made[one] for one in fresh]
        bench.town.ready()
    found.sort()
    late = {"median": found[len(found) // 2], "p99": found[int(len(found) * 0.99)], "most": found[-1]}
    return {name: round(value, 2) for name, value in late.items()} | {"follow-ups": len(found)}


def _empty(bench: Bench) -> None:
    """What was rung for and not worked off yet is forgotten."""
    bench.town.kill("worker")
    bench.office.read(20)
    bench.town.fault("flush", bench.chance)


def storm(bench: Bench, faults: int) -> None:
    """So many faults while people work; one request in fifty at the gateway fails."""
    desk, hit, told = Desk(bench.town, bench.office), 0, 0
    bench.gateway.trouble = 0.02
    while hit < faults:
        hit += bench.town.fault(bench.chance.choice(bench.town.kinds()), bench.chance)
        until = time.monotonic() + bench.chance.uniform(0.2, 1.2)
        bench.office.ask(bench.chance.randint(0, 3))
        bench.office.read()
        heard = [
            one for one in bench.gateway.first() if one in bench.office.made and one not in bench.office.done
        ]
        if heard and bench.chance.random() < 0.3:
            desk.finish(bench.chance.choice(heard))
        time.sleep(max(0.0, until - time.monotonic()))
        if hit >= told + 50:
            told = hit
            print(f"{hit} faults, {len(bench.office.made)} acknowledged", file=sys.stderr, flush=True)
    bench.gateway.trouble = 0.0


def settle(bench: Bench) -> None:
    """Let time pass until all that was put off is over, and wait for the last text."""
    bench.office.read(60)
    for days in range(0, 3):
        if bench.town.clock:
            bench.town.set_clock(FURTHEST + days * DAY)
        bench.town.ready()
        deadline = time.monotonic() + 120
        while not bench.office.made.keys() <= bench.gateway.first().keys() and time.monotonic() < deadline:
            time.sleep(0.5)
    # A text that was taken is still to be marked.
    time.sleep(5)


if __name__ == "__main__":
    main()

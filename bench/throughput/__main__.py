"""One worker's messages a second, a sweep beside a million waiting follow-ups, and a storm beside somebody else's trickle.

    python -m bench.throughput [--quick] [--seed 1] [--json FILE]

Servers, worker, sweeper and gateway of its own, on this machine alone. Peers in the same run: one RQ job for each message, by the same worker and
by RQ's own that makes a process for each job; a bare SELECT … FOR UPDATE SKIP LOCKED loop by psycopg; the same due rows without the million;
the same trickle without the storm.
"""

import argparse
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.report import machine
from bench.throughput import fairness, rows, sending, waiting
from bench.throughput.town import Town, town


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    messages: int = 2000
    forked: int = 200
    communities: int = 1000
    each: int = 1000
    rounds: int = 200
    storm: int = 20_000
    trickle: int = 240
    sweep_seconds: float = 30


QUICK = Size(120, 10, 50, 100, 20, 600, 16, 1.5)


@dataclass(frozen=True)
class Line:
    """One line of the table: a figure or a ratio, what of what, and the most or least that is allowed."""

    what: str
    value: float
    of: str
    allowed: str = "–"
    met: bool | None = None


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.throughput",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="a small one, in about a minute")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    size = QUICK if asked.quick else Size()
    with town(asked.seed) as made:
        lines = [
            *messages_a_second(made, size),
            *storm(made, size, random.Random(asked.seed)),
            *waiting_rows(made, size),
        ]
    told = {
        "machine": machine(),
        "seed": asked.seed,
        "size": asdict(size),
        "lines": [asdict(one) for one in lines],
    }
    print(json.dumps(told["machine"]))
    for one in lines:
        met = {True: "met", False: "NOT MET", None: ""}[one.met]
        print(f"{one.value:>10.3f}  {one.what}  ({one.of})  {one.allowed} {met}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def messages_a_second(made: Town, size: Size) -> list[Line]:
    """The first part."""
    places = rows.communities(made.connection, "sending", 20)
    people = rows.readers(made.connection, places, size.messages, 0)
    ours, each = sending.batches(made, people), sending.one_job_each(made, people)
    forked = sending.one_job_each(made, people[: size.forked], "--fork")
    little, little_each = (
        sending.batches(made, people, "--little"),
        sending.one_job_each(made, people, "--little"),
    )
    forked_little = sending.one_job_each(made, people[: size.forked], "--fork", "--little")
    bare, bare_one = sending.bare(made, people, 20), sending.bare(made, people, 1)
    return [
        _times("messages a second / one RQ job each, RQ's own worker", ours, forked, 5),
        _times("messages a second / one RQ job each, the same worker", ours, each, 5),
        _times("a job that does little / one RQ job each, RQ's own worker", little, forked_little, 5),
        _times("a job that does little / one RQ job each, the same worker", little, little_each, 5),
        _times("messages a second / bare SKIP LOCKED, 20 at a time", ours, bare, None),
        _times("messages a second / bare SKIP LOCKED, one at a time", ours, bare_one, None),
        _times("a job that does little / bare SKIP LOCKED, one at a time", little, bare_one, None),
    ]


def storm(made: Town, size: Size, chance: random.Random) -> list[Line]:
    """The second part."""
    one, other = rows.communities(made.connection, "storm", 2)
    crowd = rows.readers(made.connection, [one], size.storm, 1_000_000)
    few = rows.readers(made.connection, [other], size.trickle, 2_000_000)
    every = size.sweep_seconds
    calm = fairness.trickle(made, few, [], every=every, chance=chance)
    wild = fairness.trickle(made, few, crowd, every=every, chance=chance)
    assert wild.left, "the storm was over too soon"
    lines = []
    for what, theirs, ours in (("swept", calm.swept, wild.swept), ("rung for", calm.rung, wild.rung)):
        for name, share in (("median", 0.5), ("p99", 0.99)):
            a, b = _at(ours, share), _at(theirs, share)
            of = f"{a:.3f} s / {b:.3f} s, {len(ours)} rows"
            lines.append(Line(f"wait of a row {what}, {name}: storm / calm", a / b, of, "≤ 2", a <= 2 * b))
    return lines


def waiting_rows(made: Town, size: Size) -> list[Line]:
    """The third part: one in a hundred is due."""
    waiting.fill(made, size.communities)
    rows.follow_ups(made.connection, waiting.CODE, max(1, size.each // 100), due=True)
    alone = waiting.rounds(made, size.rounds)
    rows.follow_ups(made.connection, waiting.CODE, size.each - max(1, size.each // 100), due=False)
    beside = waiting.rounds(made, size.rounds)
    count, due = size.communities * size.each, size.communities * max(1, size.each // 100)
    p99, peer = _at(beside.seconds, 0.99), _at(alone.seconds, 0.99)
    of = f"{count:,} waiting in {size.communities:,} communities, {due:,} due, {size.rounds} rounds"
    a, b = _at(beside.seconds, 0.5), _at(alone.seconds, 0.5)
    return [
        Line("a round of the sweep, p99 in seconds", p99, of, "≤ 1", p99 <= 1),
        Line("a round, p99 / with the due rows alone", p99 / peer, f"{p99:.3f} s / {peer:.3f} s"),
        Line("a round, median / with the due rows alone", a / b, f"{a:.3f} s / {b:.3f} s"),
        Line(
            "rows in a wake-up",
            beside.claimed / max(1, beside.wake_ups),
            f"{beside.claimed:,} / {beside.wake_ups:,}",
        ),
    ]


def _times(what: str, ours: float, theirs: float, least: float | None) -> Line:
    of = f"{ours:,.0f}/s / {theirs:,.0f}/s"
    if least is None:
        return Line(what, ours / theirs, of)
    return Line(what, ours / theirs, of, f"≥ {least:g}", ours >= least * theirs)


def _at(found: list[float], share: float) -> float:
    return found[min(len(found) - 1, int(len(found) * share))]


if __name__ == "__main__":
    main()

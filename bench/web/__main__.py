"""Pages on one server with 1,000 communities and 1,000,000 people, beside the same server's empty answer and beside one community alone.

    python -m bench.web [--small] [--json FILE]

Two installations on this machine, each as `make run` starts it: "all" has a community of 30,000 people and 999 others with the rest, "one" has
the 30,000 alone. They are asked in turn, several rounds. Asked for: the first page of the households of an office (50 rows) beside
/healthz, by the same number of connections; the register's search as one types, one question after another; a volunteer's first page, 20
requests a second whether they are answered or not, beside matching runs of the 30,000. With --small 20 communities, 20,000 people.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.register import questions
from bench.report import machine
from bench.web import load, rows
from bench.web.load import Ask, Found, Plan
from bench.web.site import Site, site

BEGUN = time.monotonic()


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    communities: int = 1000
    people: int = 1_000_000
    biggest: int = 30_000
    rounds: int = 4
    seconds: float = 3
    questions: int = 25
    beside: float = 40
    connections: int = 8
    rate: float = 20
    offices: int = 10
    volunteers: int = 8

    @property
    def sizes(self) -> list[int]:
        """People of each community, the biggest first."""
        rest = (self.people - self.biggest) // (self.communities - 1)
        return [self.biggest] + [rest] * (self.communities - 1)


SMALL = Size(20, 20_000, 3_000, 2, 1, 10, 8, offices=5)


@dataclass(frozen=True)
class Line:
    """One line of the table: what, how much, of what, and what is allowed."""

    what: str
    value: float
    of: str
    allowed: str = "–"
    met: bool | None = None


@dataclass
class Rounds:
    """What one installation did, round by round."""

    empty: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    search: dict[str, list[float]] = field(default_factory=dict)
    # Seconds of a processor that one answer takes the web server.
    empty_work: list[float] = field(default_factory=list)
    page_work: list[float] = field(default_factory=list)
    search_work: list[float] = field(default_factory=list)

    @property
    def every(self) -> list[float]:
        """Seconds of all questions, whatever was asked."""
        return [one for found in self.search.values() for one in found]


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.web", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="a small one, in about a minute")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    size = SMALL if chosen.small else Size()
    with ExitStack() as stack:
        one = stack.enter_context(site("one", size.sizes[:1], offices=1, volunteers=0))
        every = stack.enter_context(site("all", size.sizes, offices=size.offices, volunteers=size.volunteers))
        for made in (one, every):
            _say(
                f"{made.name}: {len(made.people):,} communities, {sum(made.people.values()):,} people, "
                f"{made.bytes / 2**20:,.0f} MB, made in {made.seconds:.0f} s"
            )
        found = measure((every, one), size)
        lines = _show([*pages(found), *searches(found)])
        lines += _show(first_page(every, size))
    told = {
        "benchmark": "web",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - BEGUN),
        "machine": machine(),
        "load": Path("/proc/loadavg").read_text().split()[:3],
        "size": asdict(size),
        "rounds": {name: asdict(one) for name, one in found.items()},
        "lines": [asdict(one) for one in lines],
    }
    print(json.dumps(told["machine"]), told["seconds"], "s")
    if chosen.json:
        chosen.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def measure(sites: Sequence[Site], size: Size) -> dict[str, Rounds]:
    """Ask the installations in turn, the other first each time; what they did before, to be warm, does not count."""
    found: dict[str, Rounds] = {}
    for number in range(-1, size.rounds):
        if number == 0:
            found.clear()
        for made in sites if number % 2 else reversed(sites):
            _round(made, size, number, found.setdefault(made.name, Rounds()))
        _say(f"round {number + 1} of {size.rounds}")
    return found


def _round(made: Site, size: Size, number: int, found: Rounds) -> None:
    def steadily(asks: list[Ask], rates: list[float], work: list[float]) -> None:
        seconds, before = size.seconds if number >= 0 else size.seconds / 2, made.worked()
        answers = load.ask(Plan(made.port, asks, size.connections, seconds))
        rates.append(answers.a_second)
        work.append((made.worked() - before) / len(answers.answers))

    steadily([Ask("/healthz")], found.empty, found.empty_work)
    steadily([made.staff[0].page("households/")], found.page, found.page_work)
    if made.staff[1:]:
        steadily([person.page("households/") for person in made.staff[1:]], found.others, [])
    asked = questions(rows.names(), size.questions * (size.rounds + 1))
    part = slice(size.questions * (number + 1), size.questions * (number + 2))
    typed = [(way, text) for way, texts in asked.items() for text in texts[part]]
    plan = Plan(made.port, [made.staff[0].typed("register/", text) for _way, text in typed])
    before = made.worked()
    for which, seconds, _length in load.ask(plan).answers:
        found.search.setdefault(typed[which][0], []).append(seconds)
    found.search_work.append((made.worked() - before) / len(typed))


def pages(found: dict[str, Rounds]) -> list[Line]:
    """The list of an office beside the empty answer, and with all communities beside one alone."""
    every, one = found["all"], found["one"]
    return [
        _share("households of the 30,000, pages a second / empty answers", every.page, every.empty, 0.06),
        _share("the same, offices of other communities in turn", every.others, every.empty, 0.06),
        _share("the same, one community alone", one.page, one.empty, None),
        _share("pages a second, all communities / one alone", every.page, one.page, 0.9),
        _share("empty answers a second, all communities / one alone", every.empty, one.empty, None),
        _work("an empty answer / the page", every.empty_work, every.page_work),
        _work("the page, all communities / one alone", every.page_work, one.page_work),
        _work("a question of the search, all communities / one alone", every.search_work, one.search_work),
    ]


def _work(what: str, ours: list[float], theirs: list[float]) -> Line:
    a, b = statistics.median(ours), statistics.median(theirs)
    return Line(f"the web server's own time, {what}", a / b, f"{a * 1000:.2f} ms / {b * 1000:.2f} ms")


def _share(what: str, ours: list[float], theirs: list[float], least: float | None) -> Line:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    of = f"{statistics.median(ours):,.1f}/s / {statistics.median(theirs):,.1f}/s, {len(ours)} rounds"
    if least is None:
        return Line(what, ratio, of)
    return Line(what, ratio, of, f"≥ {least:g}", ratio >= least)


def searches(found: dict[str, Rounds]) -> list[Line]:
    """The register's search, in milliseconds, and with all communities beside one alone."""
    every, one = found["all"], found["one"]
    lines = [_p99("every way of asking", every.every, one.every, 100)]
    lines += [_p99(way, seconds, one.search[way], 100) for way, seconds in every.search.items()]
    for name, share in (("median", 0.5), ("p99", 0.99)):
        a, b = at(every.every, share), at(one.every, share)
        of = f"{a * 1000:.1f} ms / {b * 1000:.1f} ms"
        lines.append(Line(f"search, {name}, all communities / one alone", a / b, of, "≤ 1.1", a <= 1.1 * b))
    return lines


def _p99(way: str, ours: list[float], theirs: list[float], most: float) -> Line:
    value = at(ours, 0.99) * 1000
    of = f"median {at(ours, 0.5) * 1000:.1f} ms, {len(ours)} questions; one community {at(theirs, 0.99) * 1000:.1f} ms"
    return Line(f"search as one types, {way}, p99 in ms", value, of, f"< {most:g}", value < most)


def first_page(made: Site, size: Size) -> list[Line]:
    """A volunteer's first page, calm and beside matching runs that follow one another."""
    plan = Plan(made.port, [one.page("") for one in made.volunteers], 64, size.beside, size.rate)
    calm = load.ask(Plan(plan.port, plan.asks, plan.connections, size.beside / 3, plan.rate))
    _say("first pages, calm")
    made.match()  # what a worker loads or compiles once
    _say("first matching run")
    process, until, runs = load.start(plan), time.monotonic() + size.beside, list[float]()
    while time.monotonic() < until:
        runs.append(made.match())
    busy = load.end(process)
    of = f"{len(runs)} runs, median {statistics.median(runs):.1f} s of computing"
    return [
        _p95(f"a volunteer's first page at {size.rate:g}/s beside a matching run", busy, of, 0.3),
        _p95("the same without a run", calm, "calm", None),
    ]


def _p95(what: str, found: Found, of: str, most: float | None) -> Line:
    value, middle = at(found.latencies, 0.95), at(found.latencies, 0.5)
    of = f"median {middle:.3f} s, {len(found.answers)} pages of {found.answers[0][2]:,} bytes, {of}"
    if most is None:
        return Line(f"{what}, p95 in s", value, of)
    return Line(f"{what}, p95 in s", value, of, f"≤ {most:g}", value <= most)


def at(seconds: list[float], share: float) -> float:
    """That percentile."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


def _show(lines: list[Line]) -> list[Line]:
    for line in lines:
        met = {True: "met", False: "NOT MET", None: ""}[line.met]
        print(f"{line.value:>10.3f}  {line.what}  ({line.of})  {line.allowed} {met}", flush=True)
    return lines


def _say(text: str) -> None:
    print(f"{time.monotonic() - BEGUN:>4.0f} s  {text}", flush=True)


if __name__ == "__main__":
    main()

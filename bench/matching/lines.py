"""The speed lines 1–6 of issue 3, each as rows: what was measured, against what, and how near the target it is."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.matching.runs import ROOT, Bench, Made

P99_MS = 5.0
FRESH_S = 1.0


@dataclass(slots=True)
class Line:
    """One row: ours divided by theirs (or by what is allowed), the most it may be, and how it came about."""

    number: int
    what: str
    ratio: float
    target: float | None
    detail: str

    @property
    def met(self) -> str:
        """Whether it is met, in a word."""
        return "" if self.target is None else "met" if self.ratio <= self.target else "NOT met"


@dataclass(slots=True)
class Lines:
    """All rows, and what could not be measured."""

    rows: list[Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(
        self, number: int, what: str, ours: float, theirs: float, target: float | None, unit: str = "s"
    ) -> None:
        """Ours against theirs."""
        self.rows.append(
            Line(number, what, ours / theirs, target, f"{ours:.4g} {unit} / {theirs:.4g} {unit}")
        )


def whole_way(bench: Bench, made: Made, lines: Lines) -> None:
    """Line 1, and of line 3 candidates and memory: arrays to proven optimum; DuckDB with OR-Tools does the same."""
    target = {"L": 0.5, "XL": 0.10}.get(made.name)
    ours = made.seconds("candidates", "solve", "check")
    cut = bench.solve_cut(made) if bench.wants("ortools") else []
    for told in cut:
        told |= {"name": "ortools", "right": False, "peer": "OR-Tools, top 60"}
    made.peers += cut
    if cut:
        fastest = min(cut, key=lambda one: min(one["solve"]))
        lines.add(
            1, f"{made.name}: all we do / OR-Tools solve(), top 60", ours, min(fastest["solve"]), target
        )
        if made.name == "XL":
            least = min(one["peak_mb"] for one in cut)
            lines.add(3, "XL: peak memory / OR-Tools, top 60", made.ours["peak_mb"], least, 0.35, "MB")
    full = made.best("ortools")
    if full and made.name == "XL":
        lines.add(
            3, "XL: peak memory / OR-Tools, all pairs", made.ours["peak_mb"], full["peak_mb"], None, "MB"
        )
    for threads, joined in bench.join(made) if bench.wants("duckdb") and made.columns else ():
        seconds, allowed = min(joined["query"]), 0.05 if made.name == "XL" else None
        what = f"{made.name}: candidates / DuckDB, {threads} thread{'s' * (threads > 1)}"
        lines.add(3, what, made.seconds("candidates"), seconds, allowed)
        if full:
            theirs = seconds + joined["fetch"] + min(full["build"]) + min(full["solve"])
            lines.add(1, f"{made.name}: all we do / DuckDB ({threads}) + OR-Tools", ours, theirs, None)


def solve_only(made: Made, lines: Lines) -> None:
    """Line 2, and of line 3 the certificate: the bare solve against every peer, and the best of them."""
    ours, target = made.seconds("solve"), {"L_short": 0.7, "M_short": 0.7, "XL_short": 0.25, "planted": 1.0}
    for one in made.peers:
        if one["right"]:
            lines.add(
                2, f"{made.name}: solve / {one['peer']} {one['way']}".strip(), ours, min(one["solve"]), None
            )
    best = made.best()
    if best:
        what = f"{made.name}: solve / the best peer, {best['peer']} {best['way']}".strip()
        lines.add(2, what, ours, min(best["solve"]), target.get(made.name))
    lines.add(3, f"{made.name}: certificate / solve", made.seconds("check"), ours, 0.05)


def single_events(bench: Bench, made: Made, lines: Lines) -> None:
    """Line 3: events on a live pairing."""
    rounds = "5" if bench.quick else "300"
    told = bench.process(sys.executable, "events", str(made.table), "--rounds", rounds)
    if "failed" in told:
        lines.missing.append(f"3. {made.name}: events ({told['failed']})")
        return
    if not told["exact"]:
        made.wrong.append("after the events the pairing is not the best")
    for kind, found in told["kinds"].items():
        lines.add(3, f"{made.name}: {kind}, p99 / 5 ms", found["p99"], P99_MS, 1.0, "ms")
    lines.add(3, f"{made.name}: any event, p99 / 5 ms", told["all"]["p99"], P99_MS, 1.0, "ms")


def coming_and_going(bench: Bench, made: Made, lines: Lines) -> None:
    """Line 4: pairs broken by a run that keeps living ones, where it costs at most a thousandth of the score."""
    told = bench.own("churn", str(made.table))
    if told["unchanged"]:
        made.wrong.append(f"unchanged input breaks {told['unchanged']} pairs")
    allowed = [one for one in told["kept"] if one["equal_coverage"] and one["score"] >= 0.999 * told["score"]]
    if not allowed or not told["cold"]:
        lines.missing.append(f"4. {made.name}: no gain keeps score and coverage, or nothing breaks ({told})")
        return
    best = min(allowed, key=lambda one: one["broken"])
    loss = 100 * (1 - best["score"] / told["score"])
    what = f"{made.name}: broken, keep gain {best['gain']} (score −{loss:.3f} %) / cold"
    lines.add(4, what, best["broken"], told["cold"], 1 / 3, "pairs")


def hours_layer(bench: Bench, made: Made, lines: Lines) -> None:
    """Line 5: our layer with its bound and gap; on M beside HiGHS's integer programme, on L within five seconds."""
    told = bench.own("hours", str(made.table))
    ours = min(told["seconds"])
    found = f"{told['paired']} paired, score {told['score']}, gap {100 * told['gap']:.3f} %"
    if made.size == "L":
        lines.add(5, f"{made.name}: hours ({found}) / 5 s, gap at most 1 %", ours, 5.0, 1.0)
        return
    how = "integer programme of the hours"
    theirs = bench.process(bench.peers, "peer_highs", str(made.table), "--how", how, *bench.often(3))
    if "failed" in theirs:
        lines.missing.append(f"5. {made.name}: HiGHS MIP ({theirs['failed']}); ours {found}")
        return
    peer_found = f"{theirs['paired']} paired, score {theirs['score']}"
    target = 0.1 if told["proven"] else None
    lines.add(
        5, f"{made.name}: hours ({found}) / HiGHS MIP ({peer_found})", ours, min(theirs["solve"]), target
    )
    if not told["proven"]:
        lines.missing.append(
            f"5. {made.name}: our layer does not prove the best, it prints its gap ({found})"
        )


def fresh_process(made: Made, lines: Lines, times: int) -> None:
    """Line 6: interpreter, imports, candidates, solve and check of a community, by the clock on the wall."""
    command = [sys.executable, "-m", "bench.matching.ours", str(made.columns)]
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        taken.append(time.perf_counter() - begin)
    lines.add(6, f"{made.name}: a fresh process's first run / 1 s", min(taken), FRESH_S, 1.0)


def measure(bench: Bench, made: Made, lines: Lines) -> None:
    """All lines that this instance can say something about."""
    bench.solve_by_peers(made)
    plentiful = made.columns is not None and not made.name.endswith("_short")
    if plentiful:
        whole_way(bench, made, lines)
    solve_only(made, lines)
    parts: tuple[tuple[str, bool, Callable[[], None]], ...] = (
        ("events", True, lambda: single_events(bench, made, lines)),
        ("churn", made.size in "SML", lambda: coming_and_going(bench, made, lines)),
        ("hours", made.size in "SML" and made.columns is not None, lambda: hours_layer(bench, made, lines)),
        ("fresh", made.name == "S", lambda: fresh_process(made, lines, 1 if bench.quick else 5)),
    )
    for name, fits, part in parts:
        if fits and bench.wants(name):
            part()

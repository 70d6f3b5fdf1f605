"""The matching engine side by side with its peers, on made cities: the speed lines 1–6 of issue 3.

    python -m bench.matching [--sizes S,M,L,XL] [--short] [--quick] [--json FILE] [--peers PYTHON] [--only NAME,...]

Peers: OR-Tools, LEMON (pylmcf), SciPy and HiGHS for the flow, DuckDB for the candidates, each in a process of its own,
run by ``--peers`` (which needs ortools, pylmcf, highspy, duckdb, scipy and numpy; of those it lacks, it says so). Ours:
the best of 5 after a warm-up; peers: the best of 3, or the one time where it takes more than 20 s.
A ratio counts only where both give the same answer; the command fails where they do not.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.matching.generator import SIZES
from bench.matching.lines import Lines, measure
from bench.matching.runs import ALL, Bench, Made, lost
from bench.report import machine


def main() -> None:
    """Measure, print, keep."""
    asked = arguments()
    lines, made = Lines(), []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(asked.peers, Path(folder), tuple(asked.only.split(",")), asked.quick)
        for one in instances(bench, asked.sizes.split(","), asked.short):
            measure(bench, one, lines)
            show_instance(one, bench)
            made.append(one)
    show_lines(lines)
    if asked.json:
        keep(asked.json, lines, made)
    wrong = [f"{one.name}: {what}" for one in made for what in one.wrong]
    print("".join(f"\n! {what}" for what in wrong))
    if wrong:
        sys.exit(1)


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.matching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sizes", default="S,M,L,XL", help="of S, M, L, XL; the planted one comes with L")
    parser.add_argument(
        "--short", action="store_true", help="only those with helpers short (and the planted one)"
    )
    parser.add_argument("--quick", action="store_true", help="one repetition, S unless sizes are named")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="who runs the peers")
    parser.add_argument("--only", default=",".join(ALL), help=f"of {', '.join(ALL)}")
    asked = parser.parse_args()
    if asked.quick and asked.sizes == parser.get_default("sizes"):
        asked.sizes = "S"
    unknown = (set(asked.sizes.split(",")) - set(SIZES)) | (set(asked.only.split(",")) - set(ALL))
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return asked


def instances(bench: Bench, sizes: list[str], only_short: bool) -> Iterator[Made]:
    """The instances one after the other, so that one is forgotten before the next is made."""
    for size in sizes:
        if not only_short:
            yield bench.make(size, short=False)
        yield bench.make(size, short=True)
        if size == "L" or (bench.quick and size == "S"):
            yield bench.make_planted()


def show_instance(made: Made, bench: Bench) -> None:
    """One instance: ours, the peers, and what is lost without a solver."""
    own = made.ours
    print(f"\n{made.name}: {own['pairs']} pairs, {own['paired']} paired, proven: {own['proven']}")
    print(f"  {'':<46} {'solve':>11} {'before it':>11} {'peak':>9} {'score':>9}  coverage 15 … 1")
    before = min(own["candidates"], default=0.0)
    show_row("ours (before it: candidates)", min(own["solve"]), before, own["peak_mb"], own)
    for one in made.peers:
        twice = f", {one['twice']} twice" * bool(one["twice"])
        name = f"{one['peer']} {one['way']}".strip() + twice
        show_row(name, min(one["solve"]), min(one["build"]), one["peak_mb"], one)
    for what in made.absent:
        print(f"  did not run: {what}")
    if bench.wants("losses"):
        for name, (coverage, score) in lost(made).items():
            print(f"  {name:<46} {'':>33} {score:>9}  {' '.join(map(str, coverage))}")
    sys.stdout.flush()


def show_row(name: str, solve: float, before: float, peak_mb: float, told: dict) -> None:
    """One row of an instance's table."""
    print(
        f"  {name:<46} {solve * 1000:>8.1f} ms {before * 1000:>8.1f} ms {peak_mb:>6.0f} MB {told['score']:>9}"
        f"  {' '.join(map(str, told['coverage']))}"
    )


def show_lines(lines: Lines) -> None:
    """The speed lines, one section each."""
    for number in range(1, 7):
        rows = [row for row in lines.rows if row.number == number]
        print(f"\nLine {number}")
        for row in rows:
            target = "" if row.target is None else f"≤ {row.target:.2f} {row.met}"
            print(f"{row.ratio:>9.3f} ×  {target:<15} {row.what}  ({row.detail})")
        for what in lines.missing:
            if what.startswith(f"{number}."):
                print(f"            not measured: {what}")


def keep(path: Path, lines: Lines, made: list[Made]) -> None:
    """Everything as JSON, with machine, versions and command."""
    content = {
        "benchmark": "matching",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python -m bench.matching", *sys.argv[1:]]),
        "machine": machine(),
        "instances": [
            {"name": one.name, "ours": one.ours, "peers": one.peers, "absent": one.absent, "wrong": one.wrong}
            for one in made
        ],
        "lines": [asdict(row) | {"met": row.met} for row in lines.rows],
        "missing": lines.missing,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()

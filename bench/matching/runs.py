"""Runs ours and the peers, each in a process of its own, and keeps what they printed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.matching import generator, instance, peer
from bench.matching.baselines import BASELINES

ROOT = Path(__file__).parents[2]
TOP = 60  # best pairs of a household, as people cut candidates
PLANTED = 20_000
TIMEOUT = 900.0  # seconds for one process
ALL = "ortools", "lemon", "scipy", "highs", "duckdb", "losses", "events", "churn", "hours", "fresh"

# What solves the flow: name, module, arguments, the largest size, whether both directions of the arcs are tried.
FLOWS = (
    ("ortools", "peer_ortools", (), "XL", True),
    ("lemon", "peer_lemon", ("--how", "simplex"), "XL", True),
    ("lemon", "peer_lemon", ("--how", "cost scaling"), "XL", True),
    ("scipy", "peer_scipy", ("--how", "dense assignment"), "M", False),
    ("scipy", "peer_scipy", ("--how", "sparse assignment"), "L", False),
    ("highs", "peer_highs", ("--how", "linear programme"), "L", False),
)
ORDER = "SMLX"


@dataclass(slots=True)
class Made:
    """An instance: its files, what ours made of it, what each peer did; peers that did not end, answers that differ."""

    name: str
    size: str
    columns: Path | None
    table: Path
    ours: dict
    peers: list[dict] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def seconds(self, *parts: str) -> float:
        """Ours: the least these parts took together."""
        return min(sum(laps) for laps in zip(*(self.ours[part] for part in parts), strict=True))

    def best(self, *names: str) -> dict | None:
        """The fastest peer with a right answer (of these), if any ran."""
        able = [one for one in self.peers if one["right"] and (not names or one["name"] in names)]
        return min(able, key=lambda one: min(one["solve"]), default=None)


@dataclass(slots=True)
class Bench:
    """One run of the benchmark: who takes part, how often, where the files lie."""

    peers: str
    folder: Path
    only: tuple[str, ...]
    quick: bool

    def wants(self, name: str) -> bool:
        """Whether this part was asked for."""
        return name in self.only

    def process(self, python: str, module: str, *arguments: str) -> dict:
        """What the module printed last; {"failed": why} when it did not end well."""
        command = [python, "-m", f"bench.matching.{module}", *arguments]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            return {"failed": f"more than {TIMEOUT:.0f} s"}
        if done.returncode:
            return {"failed": (done.stderr.strip() or "no word").splitlines()[-1]}
        return json.loads(done.stdout.strip().splitlines()[-1])

    def own(self, module: str, *arguments: str) -> dict:
        """One of our own modules; what fails there stops the run."""
        told = self.process(sys.executable, module, *arguments)
        if "failed" in told:
            raise SystemExit(f"{module} {' '.join(arguments)}: {told['failed']}")
        return told

    def make(self, size: str, short: bool) -> Made:
        """A city, its candidates and ours."""
        name = size + ("_short" if short else "")
        columns, table = self.folder / f"{name}_columns.npz", self.folder / f"{name}.npz"
        instance.write_columns(columns, *generator.make(size, short=short))
        told = self.own("ours", str(columns), "--table", str(table), *self.often(5))
        return Made(name, size, columns, table, told)

    def make_planted(self) -> Made:
        """The instance whose optimum is known."""
        made, optimum = generator.planted(200 if self.quick else PLANTED)
        table = self.folder / "planted.npz"
        peer.write(table, instance.to_peer(made))
        result = Made("planted", "L", None, table, self.own("ours", "--of", str(table), *self.often(5)))
        if result.ours["score"] != optimum:
            result.wrong.append(f"ours scores {result.ours['score']}, planted was {optimum}")
        return result

    def often(self, times: int) -> list[str]:
        """Arguments for the repetitions."""
        return ["--repeat", "1" if self.quick else str(times), *(["--warm"] if times == 5 else [])]

    def solve_by_peers(self, made: Made) -> None:
        """Every peer that takes this size; a right answer is one that equals ours in coverage and score."""
        for name, module, arguments, largest, both in FLOWS:
            if not self.wants(name) or ORDER.index(made.size[0]) > ORDER.index(largest[0]):
                continue
            for way in ((), ("--reverse",)) if both else ((),):
                told = self.process(self.peers, module, str(made.table), *arguments, *way, *self.often(3))
                if "failed" in told:
                    made.absent.append(f"{name} {' '.join([*arguments, *way])}: {told['failed']}")
                    continue
                told |= {"name": name, "way": " ".join(way), "right": equal(told, made.ours)}
                made.peers.append(told)
                if not told["right"] and not told["twice"]:
                    made.wrong.append(f"{told['peer']} {told['way']} finds another optimum than ours")

    def solve_cut(self, made: Made) -> list[dict]:
        """OR-Tools on each household's best pairs only."""
        cut = made.table.with_name(f"{made.name}_top.npz")
        peer.write(cut, peer.best(peer.read(made.table), TOP))
        ways = ((), ("--reverse",))
        told = [
            self.process(self.peers, "peer_ortools", str(cut), *way, *self.often(3)) | {"way": " ".join(way)}
            for way in ways
        ]
        return [one for one in told if "failed" not in one]

    def join(self, made: Made) -> Iterator[tuple[int, dict]]:
        """DuckDB's candidates with one thread and with two; their sums must be ours."""
        for threads in (1, 2):
            arguments = [str(made.columns), "--threads", str(threads), *self.often(3)]
            told = self.process(self.peers, "peer_duckdb", *arguments)
            if "failed" in told:
                made.absent.append(f"duckdb: {told['failed']}")
                continue
            if told["sums"] != made.ours["sums"]:
                made.wrong.append(
                    f"DuckDB finds {told['pairs']} pairs, ours {made.ours['pairs']}, or other sums"
                )
            yield threads, told


def equal(told: dict, other: dict) -> bool:
    """The same coverage in every class, the same score, nothing booked twice."""
    return told["coverage"] == other["coverage"] and told["score"] == other["score"] and not told["twice"]


def lost(made: Made) -> dict[str, tuple[list[int], int]]:
    """Coverage and score of what people do without a solver."""
    table = peer.read(made.table)
    return {name: peer.account(table, pair(table))[:2] for name, pair in BASELINES.items()}

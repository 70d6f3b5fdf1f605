"""Follow-ups outlive kills, an emptied queue and a clock that jumps: the short version of `python -m bench.faults`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.faults.town import faketime

ROOT = Path(__file__).parents[2]
SHORT = ["--faults", "12", "--rounds", "1", "--communities", "3", "--sweep", "2"]


@pytest.mark.skipif(faketime() is None, reason="libfaketime is not installed: at night nobody is reminded")
def test_nothing_is_lost_or_doubled(tmp_path):
    file = tmp_path / "faults.json"
    run = subprocess.run(
        [sys.executable, "-m", "bench.faults", *SHORT, "--json", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    kept = json.loads(file.read_text())
    assert kept["faults"]["all"] >= 12
    assert kept["acknowledged"]["follow-ups"] > 0
    assert kept["texts at the gateway"] >= kept["acknowledged"]["follow-ups"]

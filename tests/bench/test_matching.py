"""The matching benchmark: its cities are what they are said to be, and it runs by its one command."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from bench.matching import baselines, instance, ours, peer
from bench.matching.generator import SIZES, make, planted

ROOT = Path(__file__).parents[2]


def test_the_same_seed_makes_the_same_city_and_another_seed_another():
    for one, same in zip(make("S"), make("S"), strict=True):
        assert all(np.array_equal(getattr(one, name.name), getattr(same, name.name)) for name in fields(one))
    assert not np.array_equal(make("S")[0].x, make("S", 2)[0].x)


@pytest.mark.parametrize(("size", "expected"), [("S", 430), ("M", 17_000)])
def test_a_city_has_about_as_many_eligible_pairs_as_it_should(size, expected):
    helpers, households = make(size)
    assert (len(helpers), len(households)) == (SIZES[size].helpers, SIZES[size].households)
    assert len(ours.candidates_of(helpers, households)) == pytest.approx(expected, rel=0.15)


def test_short_takes_places_from_the_same_helpers_and_nothing_else():
    plentiful, short = make("M"), make("M", short=True)
    for one, other in zip(plentiful, short, strict=True):
        for name in {name.name for name in fields(one)} - {"places", "load"}:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    helpers, fewer = plentiful[0], short[0]
    assert np.all(fewer.places <= helpers.places)
    assert np.array_equal(fewer.places + fewer.load, helpers.places + helpers.load)
    assert fewer.places.sum() == int(short[1].places.sum() / 1.3)
    assert np.array_equal(plentiful[1].places, short[1].places)


def test_the_planted_optimum_is_what_the_engine_proves():
    table, optimum = planted(150)
    solution = ours.solve_of(table)
    assert ours.check_of(table, solution).proven
    assert solution.totals.score == optimum
    assert len(ours.rows_of(solution)) == 150


def test_a_pair_weighs_the_fewest_half_hours_of_the_needs_it_serves():
    helpers, households = make("S")
    table = ours.candidates_of(helpers, households)
    found = instance.half_hours(table, helpers, households)
    for row, (h, j) in enumerate(zip(np.asarray(table.household), table.helper, strict=True)):
        held = range(helpers.skill_start[j], helpers.skill_start[j + 1])
        levels = {int(helpers.skill[k]): int(helpers.level[k]) for k in held}
        served = []
        for need in range(households.need_start[h], households.need_start[h + 1]):
            wanted = int(households.need_half_hours[need])
            common = int(np.bitwise_count(helpers.week[j] & households.need_week[need]).sum())
            able = levels.get(int(households.need_skill[need]), 0) >= households.need_level[need]
            if able and common >= wanted and helpers.hours[j] >= wanted:
                served.append(wanted)
        assert found[row] == min(served)


@pytest.mark.parametrize("short", [False, True])
def test_no_baseline_covers_a_class_better_than_the_optimum_before_losing_one(short):
    table = ours.candidates_of(*make("S", short=short))
    seen = instance.to_peer(table)
    best = peer.account(seen, ours.rows_of(ours.solve_of(table)))[:2]
    for pair in baselines.BASELINES.values():
        rows = pair(seen)
        assert np.unique(rows).size == rows.size
        assert np.all(np.bincount(seen.helper[rows], minlength=seen.helper_places.size) <= seen.helper_places)
        helped = np.bincount(seen.household[rows], minlength=seen.urgency.size)
        assert np.all(helped <= seen.household_places)
        assert peer.account(seen, rows)[:2] <= best


def test_columns_survive_their_file(tmp_path):
    made = make("S")
    instance.write_columns(tmp_path / "columns.npz", *made)
    for one, read in zip(made, instance.read_columns(tmp_path / "columns.npz"), strict=True):
        assert all(np.array_equal(getattr(one, name.name), getattr(read, name.name)) for name in fields(one))


def test_a_quick_run_compares_with_a_peer_and_keeps_everything(tmp_path):
    file = tmp_path / "matching.json"
    command = [
        sys.executable,
        "-m",
        "bench.matching",
        "--quick",
        "--only",
        "scipy,losses",
        "--json",
        str(file),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    kept = json.loads(file.read_text())
    by_name = {made["name"]: made for made in kept["instances"]}
    assert list(by_name) == ["S", "S_short", "planted"]
    assert all(made["ours"]["proven"] and not made["wrong"] for made in by_name.values())
    assert any(told["right"] for told in by_name["planted"]["peers"])
    assert {row["number"] for row in kept["lines"]} == {2, 3}
    assert {"processor", "cores", "python", "commit"} <= set(kept["machine"])
    assert "Gale–Shapley" in run.stdout

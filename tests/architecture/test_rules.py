"""The five rules of the house, and its habits, read off the code itself."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.auth import refuse_undeclared
from app.cli import COMMANDS
from services.core import jobs
from services.core.permissions import PERMISSIONS

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("app", "services", "matching") for path in (ROOT / top).rglob("*.py"))
ROLE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "service",
    "services",
    "manager",
    "misc",
    "base",
}


def _trees():
    return [(path.relative_to(ROOT), ast.parse(path.read_text())) for path in SOURCES]


def test_imports_point_downwards():
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_no_import_inside_a_function():
    inside = [
        f"{path}:{node.lineno}"
        for path, tree in _trees()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside


def test_rules_flush_and_edges_commit():
    commits = [
        f"{path}:{node.lineno}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    # The one transaction of jobs and commands, and the end of a request.
    assert {commit.rpartition(":")[0] for commit in commits} == {"services/core/db.py", "app/__init__.py"}


def test_the_client_may_be_copied_away():
    taken = set()
    for path, tree in _trees():
        for node in ast.walk(tree) if path.parts[:2] == ("app", "client") else ():
            if isinstance(node, ast.Import):
                taken |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level != 1:
                taken.add("." * node.level + (node.module or ""))
    assert {name.partition(".")[0] for name in taken} <= sys.stdlib_module_names | {"requests"}


def test_services_know_no_request_no_environment_no_clock():
    forbidden = {("os", "environ"), ("os", "getenv")}
    found = []
    for path, tree in _trees():
        if path.parts[0] != "services":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in ("flask", "flask_login", "flask_babel"):
                found.append(f"{path}:{node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow"):
                owner = node.value
                if (
                    isinstance(owner, ast.Name)
                    and owner.id in ("datetime", "date")
                    and path.name != "clock.py"
                ):
                    found.append(f"{path}:{node.lineno}")
            named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if named and (node.value.id, node.attr) in forbidden:
                found.append(f"{path}:{node.lineno}")
    assert not found


def test_files_and_functions_stay_short():
    long = [f"{path}" for path, _ in _trees() if len((ROOT / path).read_text().splitlines()) > 300]
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 50:
                long.append(f"{path}:{node.name}")
    assert not long


def test_no_file_is_named_for_a_role():
    assert not [path for path, _ in _trees() if path.stem in ROLE_NAMES]


def test_public_functions_say_what_they_do():
    silent = [
        f"{path}:{node.name}"
        for path, tree in _trees()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_a_page_folder_holds_only_surfaces():
    areas = [path.parent for path in (ROOT / "app").glob("*/pages.py")]
    assert len(areas) >= 10
    assert not [area.name for area in areas if not (ROOT / "services" / area.name).is_dir()]


def test_every_route_says_who_may_call_it(app):
    undeclared = [
        e for e, v in app.view_functions.items() if e != "static" and not hasattr(v, "__permission__")
    ]
    assert not undeclared


def test_an_undeclared_route_is_refused():
    bare = Flask("bare")
    bare.add_url_rule("/bare", "bare", lambda: "")
    with pytest.raises(RuntimeError, match="bare"):
        refuse_undeclared(bare)


def test_every_command_says_who_may_call_it():
    assert COMMANDS
    for command in COMMANDS:
        assert command.__permission__ in PERMISSIONS


def test_jobs_take_an_actor_and_an_id_and_say_who_may_call_them(app):
    assert jobs.JOBS
    for job in jobs.JOBS.values():
        assert job.permission in PERMISSIONS
        assert len(inspect.signature(job.work).parameters) == 2, job.name


def test_every_sweep_rings_a_job_that_is_there(app):
    for sweep in jobs.SWEEPS:
        assert sweep.job in jobs.JOBS


def test_no_get_writes(app):
    """A page that answers GET and is named for an action would be a write by link."""
    verbs = ("delete", "remove", "end", "accept", "publish", "confirm", "withdraw", "sign_out")
    reading = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and "POST" not in rule.methods
        and rule.endpoint.split(".")[-1].startswith(verbs)
    ]
    assert not reading

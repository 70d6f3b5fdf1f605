"""The API's list of 50 households under isolation, beside the bare limit and the plain way, on one server in one run.

    python -m bench.api [--quick] [--json FILE]
    python -m bench.api cases [--each N] [--runs N]     at least 100,000 with the numbers it has

A web server as `make run` starts it (granian, two processes) answers three ways, asked in turn, several rounds: `bare` is a WSGI
function with psycopg and orjson; `plain` is an operation of Linli that loads by the ORM and writes by marshmallow's `dump`; `list` is
`GET /api/v1/c/…/households` with a token. `cases` sends what schemathesis makes of the document, as each role, against full communities.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import requests

from app.local.processes import Child
from app.local.servers import servers
from app.local.supervisor import ROOT, environment
from bench.installation import superuser
from bench.report import machine
from bench.web import load, rows
from bench.web.load import Ask, Plan
from services.core import crypto
from services.core.db import new_id

PEOPLE = 4000
CONNECTIONS = 8


def speed(quick: bool, file: Path | None) -> None:
    """Measure the three ways in turn, print their rates and ratios."""
    rounds, seconds = (3, 1.0) if quick else (9, 4.0)
    with ExitStack() as stack:
        port, secret = _serve(stack)
        head = f"Authorization: Bearer {secret}"
        asks = {
            "bare": Ask("/bare"),
            "plain": Ask(f"/api/v1/c/{rows.CODE}-1/plain", head=head),
            "list": Ask(f"/api/v1/c/{rows.CODE}-1/households", head=head),
        }
        found: dict[str, list[float]] = {name: [] for name in asks}
        for _round in range(rounds + 1):
            for name, ask in asks.items():
                found[name].append(load.ask(Plan(port, [ask], CONNECTIONS, seconds)).a_second)
    # The first round warms.
    medians = {name: statistics.median(rates[1:]) for name, rates in found.items()}
    ratios = {"list / bare": (medians["list"] / medians["bare"], 0.35)}
    ratios["list / plain"] = (medians["list"] / medians["plain"], 1.4)
    for name, rate in medians.items():
        print(f"{name:6} {rate:8.0f} answers a second")
    for name, (ratio, asked) in ratios.items():
        print(f"{name:14} {ratio:6.2f} ({asked} asked)")
    if file:
        kept = {"machine": machine(), "a second": medians, "ratios": ratios, "load": os.getloadavg()}
        file.write_text(json.dumps(kept, indent=1) + "\n")


def _serve(stack: ExitStack) -> tuple[int, str]:
    """Servers with a community of PEOPLE and the three ways: the port, and a token of its staff."""
    folder = Path(
        stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-api-", ignore_cleanup_errors=True))
    )
    os.chmod(folder, 0o755)  # the servers' own user comes through
    running = stack.enter_context(servers(folder, environ={}))
    given = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    owner = environment(folder, running, running.owner_url, given)
    subprocess.run(command, cwd=ROOT, env=owner, check=True, capture_output=True)
    crypto.configure(running.secrets.keys, running.secrets.lookup_key)
    connection = stack.enter_context(superuser(running))
    ((place, _people),) = rows.fill(connection, [PEOPLE]).items()
    rows.sign_ins(connection, place, "staff", 1)
    rows.settle(connection)
    secret = _token(connection, place)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    size = ["--workers", "2", "--blocking-threads", "8"]
    listen = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    web = Child(
        "web",
        [sys.executable, "-m", "granian", *listen, *size, "bench.api.server:app"],
        folder / "web.log",
        environment(folder, running, running.app_url, given),
        ROOT,
    )
    stack.callback(web.stop)
    web.start()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                return port, secret
        time.sleep(0.2)
    raise TimeoutError("Linli does not start")


def _token(connection: psycopg.Connection, place: int) -> str:
    """A token of somebody of the staff."""
    secret = f"linli_{place}_{uuid.uuid4().hex}"
    now = datetime.now(UTC)
    connection.execute(
        "INSERT INTO access_token (community_id, id, account_id, title, prefix, digest, scopes, expires_on, used_at, created_at) "
        "SELECT community_id, %s, account_id, 'bench', 'linli_', %s, %s, %s, %s, %s FROM membership "
        "WHERE community_id = %s AND role = 'staff' LIMIT 1",
        (
            new_id(),
            crypto.digest(secret),
            ["households:read"],
            now.date() + timedelta(days=9),
            now,
            now,
            place,
        ),
    )
    connection.commit()
    return secret


def cases(each: int, runs: int) -> None:
    """Run tests/app/api/test_any_case.py with many cases, in two processes."""
    env = os.environ | {"LINLI_API_CASES": f"{each}x{runs}"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "-rP",
        "--no-header",
        "tests/app/api/test_any_case.py",
    ]
    raise SystemExit(subprocess.run(command, cwd=ROOT, env=env).returncode)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The API beside its peers, or under many cases.")
    parser.add_argument("what", nargs="?", choices=("speed", "cases"), default="speed")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--runs", type=int, default=6)
    given = parser.parse_args()
    cases(given.each, given.runs) if given.what == "cases" else speed(given.quick, given.json)

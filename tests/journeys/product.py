"""The real product, started as `make run` starts it, in a place of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.local.processes import dies_with

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 240.0
SWEEP_SECONDS = "1"
# What the supervisor's children are known by in their command lines.
PARTS = {"worker": "app.worker", "sweeper": "app.sweeper", "web": "granian", "queue": "valkey-server"}


@dataclass(frozen=True)
class Product:
    """A running Linli: where it answers, where its files lie, and its supervisor's process."""

    address: str
    var: Path
    supervisor: "subprocess.Popen[bytes]"

    def part(self, name: str) -> int | None:
        """The process id of "worker", "sweeper", "web" or "queue", as long as it runs under this supervisor."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (OSError, ValueError):
                continue
            if parent == self.supervisor.pid and PARTS[name] in words:
                return int(entry.name)
        return None

    def flask(self, *arguments: str) -> str:
        """Run a flask command on this Linli and return its words."""
        command = [sys.executable, "-m", "app.local", "flask", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(self.var), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def linli(self, community: str, token: str, operation: str, *named: str, body: Any) -> Any:
        """Call an operation by the command `linli` and return its answer."""
        known = {"LINLI_ADDRESS": self.address, "LINLI_COMMUNITY": community, "LINLI_TOKEN": token}
        command = [sys.executable, "-m", "app.client", "call", operation, *named, "--body", "-"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(self.var, **known),
            input=json.dumps(body),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"linli {operation}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def logs(self, lines: int = 12) -> str:
        """The last lines of every log."""
        files = [self.var / "console.txt", *sorted((self.var / "log").glob("*.log"))]
        return "\n".join(f"--- {file.name}\n{_tail(file, lines)}" for file in files if file.exists())


def environment(var: Path, **more: str) -> dict[str, str]:
    """Our environment without other people's servers, pointing at `var`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))}
    return kept | {"LINLI_VAR": str(var), "LINLI_SWEEP_SECONDS": SWEEP_SECONDS} | more


@contextmanager
def running(var: Path) -> Iterator[Product]:
    """Start Linli with its demo data in the empty directory `var`; stop it as Ctrl-C does."""
    port = _free_port()
    command = [sys.executable, "-m", "app.local", "run"]
    with (var / "console.txt").open("wb") as console:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(var, PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            preexec_fn=dies_with(os.getpid(), signal.SIGTERM),
        )
    product = Product(f"http://localhost:{port}", var, process)
    try:
        _wait_until_ready(product)
        yield product
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, f"Linli did not stop cleanly:\n{product.logs()}"


def _wait_until_ready(product: Product) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while b"Linli is ready" not in (product.var / "console.txt").read_bytes():
        assert product.supervisor.poll() is None, f"Linli did not start:\n{product.logs()}"
        assert time.monotonic() < deadline, f"Linli is not ready:\n{product.logs()}"
        time.sleep(0.2)


def readiness(product: Product) -> dict[str, str]:
    """What /readyz says part by part; {} when nothing answers."""
    try:
        with urllib.request.urlopen(f"{product.address}/readyz", timeout=5) as answer:
            return dict(json.load(answer))
    except (OSError, urllib.error.URLError):
        return {}


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _tail(file: Path, lines: int) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])

"""A whole Linli in a temporary directory whose parts can be killed and whose clock can be set."""

import glob
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.local.processes import Child
from app.local.servers import Servers, servers
from app.local.supervisor import ROOT, Address, environment, pieces

PAUSE = 0.5  # seconds until what died is started again, as the supervisor does at first
HOUR, DAY = 3600, 86400
KILLS = ("worker", "sweeper", "web", "valkey", "postgres", "backend")
JUMPS = {"+1 h": HOUR, "-1 h": -HOUR, "+7 days": 7 * DAY, "-7 days": -7 * DAY}
FURTHEST = 14 * DAY


def faketime() -> str | None:
    """The library that gives processes another clock (Debian: libfaketime), or None."""
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    return found[0] if found else None


@dataclass
class Town:
    """What runs, where; `offset` is the product's clock less the machine's, in seconds, from `base`."""

    folder: Path
    running: Servers
    url: str
    app: dict[str, str]
    children: dict[str, Child]
    base: int
    offset: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def clock(self) -> bool:
        """Can the clock be set?"""
        return "LD_PRELOAD" in self.app

    def set_clock(self, offset: int) -> None:
        """Let every process see the machine's time plus base and offset."""
        self.offset = offset
        _write(self.folder, self.base + offset)

    def kinds(self) -> list[str]:
        """The faults there are here."""
        return [*KILLS, *KILLS, "flush", "flush", *(JUMPS if self.clock else ())]

    def fault(self, kind: str, chance: random.Random) -> bool:
        """Do it; False when there was nothing to hit."""
        done = True
        if kind == "flush":
            done = self._flush()
        elif kind in JUMPS:
            wanted = self.offset + JUMPS[kind]
            self.set_clock(wanted if abs(wanted) <= FURTHEST else 0)
        elif kind == "backend":
            done = self._kill_backend(chance)
        else:
            done = self.kill(kind)
        if done:
            self.faults[kind] = self.faults.get(kind, 0) + 1
        return done

    def kill(self, name: str) -> bool:
        """kill -9 of a part with all its processes."""
        process = self.children[name].process
        if process is None or process.poll() is not None:
            return False
        with suppress(ProcessLookupError):
            if name == "postgres":
                os.kill(process.pid, signal.SIGKILL)
            else:
                os.killpg(process.pid, signal.SIGKILL)
        return True

    def _kill_backend(self, chance: random.Random) -> bool:
        process = self.children["postgres"].process
        if process is None or process.poll() is not None:
            return False
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        with suppress(OSError, IndexError):
            os.kill(int(chance.choice(found.read_text().split())), signal.SIGKILL)
            return True
        return False

    def _flush(self) -> bool:
        connection = Redis.from_url(self.running.redis_url, socket_timeout=2)
        with suppress(RedisError):
            connection.flushall()
            return True
        return False

    def revive(self) -> None:
        """Start again what died, until told to stop."""
        dead: dict[str, float] = {}
        while not self.stopping.wait(0.05):
            for name, child in self.children.items():
                if child.alive():
                    dead.pop(name, None)
                elif time.monotonic() - dead.setdefault(name, time.monotonic()) >= PAUSE:
                    child.stop()  # what it left in its group
                    child.start()
                    dead.pop(name)

    def ready(self, within: float = 90) -> None:
        """Wait until everything answers. Raises TimeoutError."""
        deadline = time.monotonic() + within
        while True:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/readyz", timeout=3) as answer:
                if answer.status == 200:
                    return
            if time.monotonic() > deadline:
                raise TimeoutError("Linli does not come back")
            time.sleep(0.2)


@contextmanager
def town(gateway_url: str, *, sweep_seconds: float, base: int) -> Iterator[Town]:
    """Servers, worker, sweeper and web with a clock that can be set where libfaketime is installed; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="linli-faults-", ignore_cleanup_errors=True) as name:
        folder, address = Path(name), Address("127.0.0.1", _free_port())
        os.chmod(folder, 0o755)  # the servers' own user comes through
        given = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        given |= {"LINLI_SMS_URL": gateway_url, "LINLI_SMS_TOKEN": "faults", "PORT": str(address.port)}
        given |= {"LINLI_SWEEP_SECONDS": str(sweep_seconds)} | _fake(folder, base)
        with servers(folder, environ={}) as running:
            flask = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
            owner = environment(folder, running, running.owner_url, given)
            subprocess.run(flask, cwd=ROOT, env=owner, check=True, capture_output=True)
            children = [*running.children, *pieces(folder, running, address, given)]
            for child in running.children:
                child.stop()
                child.env = {**child.env, **_fake(folder, base)}
            app = environment(folder, running, running.app_url, given)
            made = Town(folder, running, address.url, app, {one.name: one for one in children}, base)
            watch = threading.Thread(target=made.revive, daemon=True)
            watch.start()
            try:
                made.ready()
                yield made
            finally:
                made.stopping.set()
                watch.join()
                for child in reversed(children):
                    child.stop()


def _fake(folder: Path, base: int) -> dict[str, str]:
    library = faketime()
    if library is None:
        return {}
    _write(folder, base)
    return {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def _write(folder: Path, offset: int) -> None:
    part = folder / "clock.part"
    part.write_text(f"{offset:+d}\n")
    part.chmod(0o644)
    part.rename(folder / "clock")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])

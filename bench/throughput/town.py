"""One installation with its gateway; worker and sweeper are started and stopped as a measurement asks."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from rq import Worker

from app import queue
from app.local.processes import Child
from app.local.servers import Servers
from app.local.supervisor import ROOT
from bench.faults.gateway import Gateway, listening
from bench.installation import installation, superuser


@dataclass
class Town:
    """The servers, a connection that row-level security does not hold, and what took the texts; inside the application's context."""

    running: Servers
    connection: psycopg.Connection
    gateway: Gateway
    folder: Path

    def count(self, statement: str) -> int:
        """The one number that a statement finds."""
        found = self.connection.execute(statement).fetchone()
        return int(found[0]) if found else 0

    def empty(self) -> None:
        """No messages, nothing in the queue, nothing at the gateway."""
        self.connection.execute("TRUNCATE message")
        queue.queue().connection.flushdb()
        self.gateway.receipts.clear()

    @contextmanager
    def worker(self, *words: str) -> Iterator[None]:
        """One worker, ready to work."""
        command = [sys.executable, "-m", "bench.throughput.worker", *words]
        with self._child("worker", command, dict(os.environ)):
            wait_for(lambda: bool(Worker.all(queue=queue.queue())), 60)
            yield

    @contextmanager
    def sweeper(self, seconds: float) -> Iterator[None]:
        """The sweeper, once in so many seconds."""
        own = {"DATABASE_URL": self.running.sweeper_url, "LINLI_SWEEP_SECONDS": str(seconds)}
        with self._child("sweeper", [sys.executable, "-m", "app.sweeper"], os.environ | own):
            yield

    @contextmanager
    def _child(self, name: str, command: list[str], env: dict[str, str]) -> Iterator[None]:
        child = Child(name, command, self.folder / f"{name}.log", env, ROOT)
        child.start()
        try:
            yield
        finally:
            child.stop()


@contextmanager
def town(seed: int) -> Iterator[Town]:
    """Everything, gone afterwards."""
    with listening(seed) as gateway, tempfile.TemporaryDirectory(prefix="linli-throughput-") as folder:
        os.environ |= {"LINLI_SMS_URL": gateway.url, "LINLI_SMS_TOKEN": "bench", "no_proxy": "127.0.0.1"}
        with installation() as (_, running), superuser(running) as connection:
            yield Town(running, connection, gateway, Path(folder))


def wait_for(done: Callable[[], bool], seconds: float) -> None:
    """Look ten times a second. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the measurement does not end")
        time.sleep(0.1)

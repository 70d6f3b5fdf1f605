"""Asks a web server, in a process of its own: `python -m bench.web.load`.

Reads a plan from standard input and writes what was found to standard output, both JSON. Without `rate` each connection asks again as
soon as it has its answer; with it, requests begin at their own times, whatever became of those before, and a late beginning counts as waiting.
"""

import itertools
import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Nothing of the product: this process starts quickly and is small.
ROOT = Path(__file__).parents[2]
LONGEST = 30.0


@dataclass(frozen=True)
class Ask:
    """One request; `form` is posted."""

    path: str
    cookie: str = ""
    form: str | None = None
    head: str = ""

    def raw(self) -> bytes:
        """As it goes over the wire."""
        lines = [f"{'GET' if self.form is None else 'POST'} {self.path} HTTP/1.1", "Host: localhost"]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if self.form is not None:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(self.form)}",
            ]
        lines += [self.head] if self.head else []
        return ("\r\n".join(lines) + "\r\n\r\n" + (self.form or "")).encode()


@dataclass(frozen=True)
class Plan:
    """What to ask in turn: for so many seconds, or once each (`seconds` 0)."""

    port: int
    asks: list[Ask]
    connections: int = 1
    seconds: float = 0.0
    rate: float = 0.0


@dataclass
class Found:
    """What came of it: (which request, seconds, bytes) of every answer with status 200, and how many had another or none."""

    seconds: float
    answers: list[tuple[int, float, int]]
    failed: int

    @property
    def a_second(self) -> float:
        """Answers in a second."""
        return len(self.answers) / self.seconds

    @property
    def latencies(self) -> list[float]:
        """Seconds of all answers, the shortest first."""
        return sorted(answer[1] for answer in self.answers)


class Connection:
    """A connection that is kept open. Nothing of the answer but its status and length is looked at: a client should cost little."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, raw: bytes) -> tuple[int, int]:
        """Status and length of the answer; status 0 when there was none."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(raw)
            return self._read(self.socket)
        except (OSError, ValueError):
            if self.socket is not None:
                self.socket.close()
            self.socket = None
            return 0, 0

    def _read(self, link: socket.socket) -> tuple[int, int]:
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more(link)
        head = got[:end].lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        left = length - (len(got) - end - 4)
        while left > 0:
            left -= len(self._more(link))
        return int(head.split(b" ", 2)[1]), length

    @staticmethod
    def _more(link: socket.socket) -> bytes:
        part = link.recv(262_144)
        if not part:
            raise OSError("the server closed the connection")
        return part


def work(plan: Plan) -> Found:
    """Ask as planned."""
    raw = [ask.raw() for ask in plan.asks]
    turn, found, failed = itertools.count(), [], []
    begin = time.monotonic()

    def go() -> None:
        connection = Connection(plan.port)
        for number in turn:
            due = begin + number / plan.rate if plan.rate else time.monotonic()
            if number >= len(raw) if not plan.seconds else due >= begin + plan.seconds:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            status, length = connection.ask(raw[number % len(raw)])
            took = time.monotonic() - due
            if status == 200:
                found.append((number % len(raw), took, length))
            else:
                failed.append(status)

    threads = [threading.Thread(target=go) for _ in range(plan.connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Found(time.monotonic() - begin, found, len(failed))


def start(plan: Plan) -> "subprocess.Popen[str]":
    """Begin in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.web.load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(plan)))
    process.stdin.close()
    return process


def end(process: "subprocess.Popen[str]") -> Found:
    """Wait for it. Raises ValueError when any answer was not as it should be."""
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.read())
    process.wait()
    found = Found(told["seconds"], [tuple(one) for one in told["answers"]], told["failed"])
    if found.failed or not found.answers:
        raise ValueError(f"{found.failed} requests failed, {len(found.answers)} were answered")
    return found


def ask(plan: Plan) -> Found:
    """Ask in a process of its own and wait. Raises ValueError."""
    return end(start(plan))


def main() -> None:
    """Read the plan, work, tell."""
    told = json.load(sys.stdin)
    plan = Plan(**{**told, "asks": [Ask(**one) for one in told["asks"]]})
    json.dump(asdict(work(plan)), sys.stdout)


if __name__ == "__main__":
    main()

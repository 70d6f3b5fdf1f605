"""A gateway of the benchmark's own: takes every text over HTTP on this machine and keeps a ledger of what it took."""

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FOLLOW_UP = re.compile(r"/followups/([0-9a-f-]{36})")


@dataclass(frozen=True)
class Receipt:
    """One request: the reference it came under, the follow-ups its text links to, when (monotonic seconds), how it was answered."""

    reference: str
    follow_ups: tuple[str, ...]
    at: float
    status: int


@dataclass
class Gateway:
    """The ledger. `trouble` is the share of requests that are answered with 503 (some of them after taking the text)."""

    url: str
    trouble: float = 0.0
    receipts: list[Receipt] = field(default_factory=list)
    chance: random.Random = field(default_factory=random.Random)

    def taken(self) -> list[Receipt]:
        """What was taken."""
        return [one for one in list(self.receipts) if one.status == 202]

    def first(self) -> dict[str, float]:
        """When each follow-up's text was first taken."""
        found: dict[str, float] = {}
        for one in self.taken():
            for follow_up in one.follow_ups:
                found.setdefault(follow_up, one.at)
        return found


@contextmanager
def listening(seed: int) -> Iterator[Gateway]:
    """A gateway on a free port of this machine."""
    gateway = Gateway("", chance=random.Random(seed))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = 503 if gateway.chance.random() < gateway.trouble else 202
            links = tuple(dict.fromkeys(FOLLOW_UP.findall(body["text"])))
            gateway.receipts.append(Receipt(body["reference"], links, time.monotonic(), status))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()

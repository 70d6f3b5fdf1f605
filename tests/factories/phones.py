"""An SMS gateway of the test's own: real HTTP, and a ledger of what it took."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from services.messages import gateway

TOKEN = "test-token"


@dataclass
class Phones:
    """What came in; `status` is the answer, after `delay` seconds."""

    url: str = ""
    status: int = 202
    delay: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)

    def texts(self) -> list[str]:
        """The texts that were taken."""
        return [one["text"] for one in self.asked if one["status"] < 300]


@contextmanager
def listening() -> Iterator[Phones]:
    """A gateway on a free port, which Linli sends to meanwhile."""
    phones = Phones()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            head = {"key": self.headers["Idempotency-Key"], "auth": self.headers["Authorization"]}
            phones.asked.append({**body, **head, "path": self.path, "status": phones.status})
            time.sleep(phones.delay)
            if phones.status:
                self.send_response(phones.status)
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    phones.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gateway.configure(phones.url, TOKEN)
    try:
        yield phones
    finally:
        gateway.configure("", "")
        server.shutdown()
        server.server_close()

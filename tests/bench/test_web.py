"""The load generator of the benchmark of pages: what it asks, and that waiting counts."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.web import load
from bench.web.load import Ask, Plan


class Slow(BaseHTTPRequestHandler):
    """Answers what it was sent, after 0.05 s; /no is refused."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(self.headers.get("Cookie", "").encode())

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        time.sleep(0.05)
        self.send_response(404 if self.path == "/no" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def port():
    """A server's port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_each_is_asked_once_in_turn(port):
    found = load.ask(Plan(port, [Ask("/", cookie="a=1"), Ask("/", form="text=wxy")]))
    assert [(which, length) for which, _seconds, length in found.answers] == [(0, 3), (1, 8)]
    assert found.latencies[0] >= 0.05


def test_a_request_that_had_to_wait_for_its_turn_was_slow(port):
    found = load.work(Plan(port, [Ask("/")], connections=1, seconds=0.5, rate=40))
    assert len(found.answers) == 20
    assert found.latencies[-1] > 0.3


def test_a_refused_request_is_no_measurement(port):
    assert load.work(Plan(port, [Ask("/no")])).failed == 1
    with pytest.raises(ValueError, match="1 requests failed"):
        load.ask(Plan(port, [Ask("/no")]))

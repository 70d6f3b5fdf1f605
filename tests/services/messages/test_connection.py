"""SMS share a connection to their gateway, and outlive it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.messages import gateway


class Server(ThreadingHTTPServer):
    """Keeps connections open; `ports` are the other ends of the requests', `closed` is set when a connection is over."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.ports, self.closed = [], threading.Event()

    def close_request(self, request):
        super().close_request(request)
        self.closed.set()


class Conversation(BaseHTTPRequestHandler):
    """Takes every text, and hangs up after the second one without a word."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.ports.append(self.client_address[1])
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.close_connection = len(self.server.ports) == 2

    def log_message(self, *_):
        """Silent."""


@pytest.fixture
def server():
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        gateway.configure(f"http://127.0.0.1:{running.server_address[1]}", "token")
        yield running
        gateway.configure("", "")
        running.shutdown()


def test_a_connection_is_kept_until_the_gateway_hangs_up(server):
    assert gateway.send(reference="1", to="+8613100000000", text="a") is None
    assert gateway.send(reference="2", to="+8613100000000", text="b") is None
    assert server.ports[0] == server.ports[1]
    assert server.closed.wait(5)
    assert gateway.send(reference="3", to="+8613100000000", text="c") is None
    assert server.ports[2] != server.ports[1]

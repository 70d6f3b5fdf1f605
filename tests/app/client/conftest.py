"""Linli on a port of this machine, over a wire that may fail."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app.client import Client
from tests.factories import access, world


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, *_told: Any) -> None:
        """Nothing."""


@dataclass
class Wire:
    """Between a client and Linli: what was asked, by method, path and key; what goes wrong with the next answers.

    A fault is "lost" (Linli answers, and the connection breaks) or a status that is answered in Linli's place.
    """

    app: Any
    address: str = ""
    faults: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], key))
        fault = self.faults.pop(0) if self.faults else ""
        if fault and fault != "lost":
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start(fault, [("Retry-After", "7"), ("Content-Type", "text/plain")])
            return [b"wait"]
        answer = self.app(environ, start)
        if fault:
            b"".join(answer)
            environ["werkzeug.socket"].shutdown(2)
            return []
        return answer

    def client(self, place: world.Place, secret: str) -> Client:
        """A client that does not really rest."""
        return Client(self.address, place.code, secret, language="en", rest=self.rests.append)


@pytest.fixture
def wire(app: Flask) -> Iterator[Wire]:
    """Linli over http."""
    made = Wire(app)
    server = make_server("127.0.0.1", 0, made, request_handler=Quiet)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def secret(app: Flask, north: world.Place) -> str:
    """A token of staff."""
    return access.make_token(app, north)


@pytest.fixture
def linli(wire: Wire, north: world.Place, secret: str) -> Client:
    """The client of staff's program."""
    return wire.client(north, secret)

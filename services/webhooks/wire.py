"""The call itself: one POST to a checked address, without redirects or proxies, within LIMIT seconds.

A name is looked up once, every address it stands for is checked, and the connection goes to the checked address:
a name that changes its mind afterwards changes nothing. TLS still asks for the name's own certificate.
"""

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import requests

from services.webhooks import addresses

LIMIT = 10.0
READ_AT_MOST = 4096


@dataclass(frozen=True)
class Outcome:
    """How a call went: the status that was answered, if any, and a code of `sending.REASONS` when it failed."""

    status: int | None = None
    error: str | None = None


def _addresses_of(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass
class Net:
    """How names become addresses, which of them may be called, and a file of further authorities that are trusted."""

    resolve: Callable[[str, int], Sequence[str]] = _addresses_of
    may_call: Callable[[str], bool] = addresses.is_public
    authorities: str = requests.certs.where()


_net = Net()


def configure(net: Net) -> None:
    """Call by `net`."""
    _net.resolve, _net.may_call, _net.authorities = net.resolve, net.may_call, net.authorities


@cache
def _trust(authorities: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(authorities)
    return context


class _Connection(http.client.HTTPSConnection):
    """HTTPS to a host by an address that was checked, opened once and never again by itself."""

    auto_open = 0

    def __init__(self, host: str, port: int, address: str, deadline: float) -> None:
        """Connect; TLS is agreed on with the first bytes. Raises OSError."""
        trust = _trust(_net.authorities)
        super().__init__(host, port, timeout=LIMIT, context=trust)
        raw = socket.create_connection((address, port), _left(deadline))
        self.sock = trust.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)

    def cut(self) -> None:
        """End whatever goes on, from another thread."""
        with suppress(OSError, AttributeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.01)


def post(url: str, *, body: bytes, headers: dict[str, str]) -> Outcome:
    """Send `body` once. Never raises for what the other side does."""
    parts, deadline = urlsplit(url), time.monotonic() + LIMIT
    host, port = parts.hostname or "", parts.port or addresses.HTTPS
    try:
        found = _looked_up(host, port)
    except queue.Empty:
        return Outcome(error="silent")
    if not found:
        return Outcome(error="unknown_host")
    if not all(_net.may_call(address) for address in found):
        return Outcome(error="private")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for address in found:
        try:
            connection = _Connection(host, port, address, deadline)
        except OSError:
            continue
        return _exchange(connection, path, body, headers, deadline)
    return Outcome(error="unreachable")


def _looked_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host; none when it has none. Raises queue.Empty when the answer takes too long."""
    answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(_net.resolve(host, port))
        except (OSError, UnicodeError):
            answers.put([])

    # A look-up cannot be told to hurry, so it is left behind.
    threading.Thread(target=ask, daemon=True).start()
    return answers.get(timeout=LIMIT)


def _exchange(
    connection: _Connection, path: str, body: bytes, headers: dict[str, str], deadline: float
) -> Outcome:
    # The timeout of a socket is for each read; this one ends an answer that only drips.
    alarm = threading.Timer(_left(deadline), connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        # Only the status counts; an answer is let finish, so far as it is short.
        with suppress(OSError, ValueError, http.client.HTTPException):
            answer.read(READ_AT_MOST)
        return _outcome(answer.status)
    except ssl.SSLCertVerificationError:
        return Outcome(error="certificate")
    except (OSError, ValueError, http.client.HTTPException):
        return Outcome(error="silent")
    finally:
        alarm.cancel()
        connection.close()


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        return Outcome(status, "redirect")
    return Outcome(status, "gone" if status == 410 else "refused")

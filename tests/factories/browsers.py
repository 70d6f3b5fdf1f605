"""Browsers that ask to be notified, and a push service of the test's own that reads what they alone could read."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from py_vapid import Vapid
from py_vapid.jwt import decode

from services.messages import push

OUR_KEY = push.encoded(b"\x07" * 32)
CONTACT = "https://linli.example.org"


class Browser:
    """One browser's subscription; `address` is what it tells Linli."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.address = push.Address(endpoint, push.encoded(self.point), push.encoded(self.secret))

    @property
    def asks(self) -> dict[str, str]:
        """What its page sends."""
        return {"endpoint": self.address.endpoint, "p256dh": self.address.p256dh, "auth": self.address.auth}

    def read(self, body: bytes) -> bytes:
        """What a text says, by RFC 8291 from the reader's side. Raises for any that is not for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        mixed = _derive(shared, self.secret, b"WebPush: info\0" + self.point + theirs, 32)
        key = _derive(mixed, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(mixed, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded[-1] == 2
        return padded[:-1]


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class Service:
    """What came in, by path; `status` is the answer to a path, 201 to others, after `delay` seconds."""

    url: str = ""
    status: dict[str, int] = field(default_factory=dict)
    delay: float = 0.0
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def browser(self, name: str = "one") -> Browser:
        """A browser that this service reaches."""
        return Browser(f"{self.url}/push/{name}")

    def claims(self, headers: dict[str, str]) -> dict[str, Any]:
        """What a request's signature says; it must be good."""
        scheme, _, rest = headers["Authorization"].partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        assert scheme == "vapid" and Vapid.verify(headers["Authorization"])
        assert parts["k"] == push.public_key()
        return decode(parts["t"], parts["k"])

    def shown(self, browser: Browser) -> list[dict[str, str]]:
        """What a browser was sent, decrypted with its keys."""
        path = browser.address.endpoint.removeprefix(self.url)
        return [json.loads(browser.read(body)) for at, _headers, body in self.taken if at == path]


@contextmanager
def listening() -> Iterator[Service]:
    """A push service on a free port, and the only one that Linli knows meanwhile."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.taken.append((self.path, dict(self.headers), body))
            time.sleep(service.delay)
            status = service.status.get(self.path, 201)
            if status:
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", f"{service.url}/elsewhere")
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = push._sender
    push._sender = push.Sender()
    push.configure(OUR_KEY, CONTACT, {"google": service.url.replace(".", r"\.")})
    try:
        yield service
    finally:
        push._sender = before
        server.shutdown()
        server.server_close()

"""Another system that webhooks go to: real HTTPS on this machine, under a public name, and a ledger of what came."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.webhooks import wire

HOST = "hooks.example.org"
LOCAL = "127.0.0.1"


@dataclass
class Receiver:
    """What came in; `status` is the answer, with `location` if there is one; with `drip` it never comes to an end.

    `names` is what the name stands for, one list for each look-up; the last stays.
    """

    url: str = ""
    status: int = 204
    location: str = ""
    drip: bool = False
    names: list[list[str]] = field(default_factory=lambda: [[LOCAL]])
    lookups: list[str] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        """As the DNS would."""
        self.lookups.append(host)
        found = self.names.pop(0) if len(self.names) > 1 else self.names[0]
        if not found:
            raise OSError("no such host")
        return found

    def bodies(self) -> list[dict[str, Any]]:
        """What was said, in the order it came."""
        return [json.loads(body) for _, body in self.got]


@contextmanager
def listening(folder: Path) -> Iterator[Receiver]:
    """A receiver on a free port that Linli may call meanwhile, though it is on this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if receiver.drip:
                self.send_response_only(200)
                while True:
                    self.wfile.write(b"x-drip: 1\r\n")
                    time.sleep(0.1)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            receiver.got.append(({}, b"{}"))

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer((LOCAL, 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.url = f"https://{HOST}:{server.server_address[1]}/linli?key=k"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    usual = wire.Net()
    wire.configure(
        wire.Net(
            receiver.resolve,
            lambda address: address == LOCAL or usual.may_call(address),
            str(folder / "receiver.pem"),
        )
    )
    try:
        yield receiver
    finally:
        wire.configure(usual)
        server.shutdown()
        server.server_close()


def _certificate(folder: Path) -> Path:
    """A file with a certificate for HOST that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    # Tests travel in time; what checks certificates does not.
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=30_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file

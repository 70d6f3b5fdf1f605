"""A district's platform that people sign in by: OpenID Connect on a thread, with answers that a test scripts."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from services.core import clock

CLIENT_ID, SECRET, NAME = "linli", "a-secret-of-the-two", "滨海通"


@dataclass
class Platform:
    """What it says; a test changes what it likes.

    `claims` go over the ordinary ones of an ID token, `header` over its header, `discovery` over its description;
    `answers` are (status, body) by path, in place of the usual. `asked` is what came to the token endpoint.
    """

    issuer: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    signs_with: ECKey | OctKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        """An installation's, which knows this platform."""
        return {
            "LINLI_OIDC_ISSUER": self.issuer,
            "LINLI_OIDC_CLIENT_ID": CLIENT_ID,
            "LINLI_OIDC_SECRET": SECRET,
            "LINLI_OIDC_NAME": NAME,
        }

    def authorize(self, url: str) -> str:
        """Somebody signs in here, sent by `url`: the query he goes back with."""
        self.sent = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return f"code=a-code&state={self.sent['state']}"

    def token(self) -> str:
        """The ID token for whom was sent last."""
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "0001",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self.sent["nonce"],
            **self.claims,
        }
        header = {"alg": "ES256", "kid": "one", **self.header}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        return jwt.encode(header, claims, self.signs_with or self.key, algorithms=[header["alg"]])

    def answer(self, path: str) -> tuple[int, bytes]:
        """What is said at a path."""
        if path in self.answers:
            return self.answers[path]
        said: dict[str, Any] = {
            "/.well-known/openid-configuration": lambda: {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.discovery,
            },
            "/keys": lambda: {"keys": [self.key.as_dict(private=False)]},
            "/token": lambda: {"access_token": "x", "token_type": "Bearer", "id_token": self.token()},
        }
        return 200, json.dumps(said[path]()).encode()

    def proven(self) -> bool:
        """Whether the last code came with the verifier of the challenge that was sent."""
        digest = hashlib.sha256(self.asked[-1]["code_verifier"].encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.sent["code_challenge"]


@contextmanager
def running() -> Iterator[Platform]:
    """A platform on a free port of this machine."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = platform.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", f"{platform.issuer}/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            platform.asked.append({name: values[0] for name, values in sent.items()})
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()

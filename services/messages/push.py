"""Web Push: one small encrypted text to one browser, through the push service of whoever made that browser.

RFC 8030 (the request), 8188 and 8291 (its encryption, which only the browser can undo), 8292 (the signature by which the
service knows us). The services' hosts are fixed: an address sent by somebody never makes this server call elsewhere.
"""

import base64
import binascii
import json
import os
import re
import struct
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from py_vapid import Vapid

from services.core import clock
from services.core.errors import N_, DomainError

# Seconds to connect, and to wait for the answer.
TIMEOUT = (5, 10)
# For how long a service keeps a text for a device that is off; then the inbox alone has it.
KEPT_FOR = 3 * 24 * 3600
SIGNED_FOR = 12 * 3600
# One record, as RFC 8291 wants it; our texts are far shorter.
RECORD = 4096

# By whose service a browser is reached.
BROWSERS = {
    "google": r"https://fcm\.googleapis\.com",
    "mozilla": r"https://updates\.push\.services\.mozilla\.com",
    "microsoft": r"https://(?:[a-z0-9-]+\.)+notify\.windows\.com",
    "apple": r"https://(?:[a-z0-9-]+\.)+push\.apple\.com",
}
_REST = r"/[A-Za-z0-9._~:/?&=%+,;!*()$@-]+"


@dataclass(frozen=True, repr=False)
class Address:
    """Where one browser is reached, and the two keys that it gave us to encrypt for it, base64url as it wrote them."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(repr=False)
class Sender:
    """Our key, whom services may write to about us, and the services by the kind of browser."""

    key: ec.EllipticCurvePrivateKey | None = None
    contact: str = ""
    services: dict[str, str] = field(default_factory=dict)


_sender = Sender()


def configure(key: str, contact: str, services: dict[str, str] = BROWSERS) -> None:
    """Sign with `key`, 32 bytes in base64url ("": no Web Push), and name `contact`, an https: or mailto: address.

    Raises ValueError for what is no such key.
    """
    _sender.key, _sender.contact, _sender.services = _private(key) if key else None, contact, services


def is_configured() -> bool:
    """Whether devices can be notified."""
    return _sender.key is not None


def public_key() -> str:
    """What a browser must know of our key to let us notify it, base64url; "" without one."""
    return encoded(_point(_sender.key.public_key())) if _sender.key else ""


def kind(endpoint: str) -> str | None:
    """Whose push service an address is of (a key of BROWSERS); None for any other address."""
    for code, origin in _sender.services.items():
        if re.fullmatch(origin + _REST, endpoint):
            return code
    return None


def checked(address: Address) -> Address:
    """The address. Raises DomainError when it is of no browser's push service or its keys are none."""
    refused = DomainError(
        "device",
        N_("Linli cannot notify this browser: what it sent is not the address of a known push service."),
        field="endpoint",
    )
    if kind(address.endpoint) is None:
        raise refused
    try:
        _public(address.p256dh)
        if len(decoded(address.auth)) != 16:
            raise refused
    except ValueError as error:
        raise refused from error
    return address


def send(address: Address, text: dict[str, str], *, topic: str) -> str | None:
    """Hand one text to a browser's service; None when it was taken, else "gone" (there is no such browser any more),
    "unreachable", "silent", "rejected" (for now) or "refused" (for good).

    Of several under one `topic` (at most 32 characters of base64url) the service keeps the last.
    """
    if kind(address.endpoint) is None:
        return "refused"
    try:
        answer = requests.post(
            address.endpoint,
            data=encrypt(json.dumps(text, ensure_ascii=False).encode(), address),
            headers={
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(KEPT_FOR),
                "Topic": topic,
                **_signature(address.endpoint),
            },
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.ConnectTimeout:
        return "unreachable"
    except requests.ConnectionError as error:
        return "unreachable" if "NewConnectionError" in repr(error) else "silent"
    except requests.RequestException:
        return "silent"
    return _outcome(answer.status_code)


def _outcome(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if status in (404, 410):
        return "gone"
    if status in (408, 429):
        return "rejected"
    return "refused" if 400 <= status < 500 else "silent"


def _signature(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(clock.now().timestamp()) + SIGNED_FOR,
        "sub": _sender.contact,
    }
    return Vapid(_sender.key, conf={"no-strict": True}).sign(claims)


def encrypt(text: bytes, address: Address) -> bytes:
    """`text` as only the browser behind `address` can read it, in one record. Raises ValueError for keys that are none."""
    return sealed(text, address, ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


def sealed(text: bytes, address: Address, once: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """As `encrypt`, with the key pair and the salt that are made anew for each text."""
    theirs, ours = _public(address.p256dh), _point(once.public_key())
    about = b"WebPush: info\0" + _point(theirs) + ours
    secret = _derived(once.exchange(ec.ECDH(), theirs), decoded(address.auth), about, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    # The byte 2 says that this record is the last.
    record = AESGCM(key).encrypt(nonce, text + b"\x02", None)
    return salt + struct.pack("!LB", RECORD, len(ours)) + ours + record


def _derived(secret: bytes, salt: bytes, about: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=about).derive(secret)


def encoded(raw: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of a base64url text. Raises ValueError."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*={0,2}", text):
        raise ValueError("not base64url")
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    raw = decoded(key)
    if len(raw) != 32:
        raise ValueError("LINLI_PUSH_KEY needs base64url of 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())


def _public(point: str) -> ec.EllipticCurvePublicKey:
    raw = decoded(point)
    if len(raw) != 65:
        raise ValueError("not an uncompressed point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)

"""Sealing personal text at rest, and keyed look-up of what is sealed.

Sealed values are AES-256-GCM: `key id (1 byte length + ascii) | nonce (12) | ciphertext`, bound to the
column they belong to. The first key of the ring seals; every key of it opens, so keys rotate by
prepending a new one. Look-up keys are HMAC-SHA-256 under a key of their own.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class SealError(Exception):
    """A sealed value cannot be opened: unknown key, wrong column or altered bytes."""


@dataclass
class Ring:
    """The keys of this process: `seal` by key id in order, `lookup` for HMACs."""

    seal: dict[str, AESGCM] = field(default_factory=dict)
    lookup: bytes = b""


_ring = Ring()


def configure(keys: str, lookup_key: str) -> None:
    """Load `keys` ("kid:base64,kid:base64", first seals) and the base64 `lookup_key`.

    Raises ValueError when a key is missing or not 32 bytes long.
    """
    seal = {}
    for part in keys.split(","):
        kid, _, encoded = part.strip().partition(":")
        raw = base64.b64decode(encoded)
        if not kid or len(raw) != 32:
            raise ValueError("LINLI_KEYS needs kid:base64 of 32 bytes for every key")
        seal[kid] = AESGCM(raw)
    lookup = base64.b64decode(lookup_key)
    if len(lookup) != 32:
        raise ValueError("LINLI_LOOKUP_KEY needs base64 of 32 bytes")
    _ring.seal, _ring.lookup = seal, lookup


def seal(text: str, column: str) -> bytes:
    """Encrypt `text` for `column` under the first key of the ring."""
    kid = next(iter(_ring.seal))
    nonce = os.urandom(12)
    sealed = _ring.seal[kid].encrypt(nonce, text.encode(), column.encode())
    return bytes([len(kid)]) + kid.encode() + nonce + sealed


def unseal(blob: bytes, column: str) -> str:
    """Decrypt `blob` of `column`. Raises SealError."""
    size = blob[0]
    kid, nonce, sealed = blob[1 : 1 + size].decode(), blob[1 + size : 13 + size], blob[13 + size :]
    try:
        return _ring.seal[kid].decrypt(nonce, sealed, column.encode()).decode()
    except (KeyError, InvalidTag) as error:
        raise SealError(column) from error


def lookup_key(kind: str, value: str) -> str:
    """A hex HMAC by which an equal `value` of the same `kind` can be found again, and nothing else."""
    return hmac.new(_ring.lookup, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()


def digest(token: str) -> str:
    """The hex SHA-256 under which a random one-time token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()

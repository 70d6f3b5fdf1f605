"""The copy of a paper that a receiver signed: one picture or scan per delivery, sealed, for the office alone."""

import struct
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.pledges.models import Delivery

LARGEST = 5 * 1024 * 1024
# Each kind a file may be, by its media type, with the ending a browser saves it under.
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


@dataclass(frozen=True)
class Copy:
    """A kept copy: its bytes and their media type, as it was found when it came in."""

    content: bytes
    media_type: str

    @property
    def filename(self) -> str:
        """A name to save it under that names nobody."""
        return f"signed-paper.{ENDINGS[self.media_type]}"


def attach(actor: Actor, *, delivery_id: uuid.UUID, content: bytes) -> Delivery:
    """Keep the copy of a paper with its delivery, in place of an earlier one.

    Raises Forbidden, NotFound, DomainError by field, Conflict when it was not signed on paper.
    """
    permissions.require(actor, "pledges.allocate")
    media_type = recognise(content)
    delivery = locks.lock(Delivery, delivery_id)
    if delivery.how != "paper":
        raise Conflict(
            "not_on_paper", N_("This delivery was not signed on paper: there is no paper to keep a copy of.")
        )
    replaced = bool(delivery.paper_type)
    delivery.paper_copy, delivery.paper_type = content, media_type
    db.session.flush()
    audit.record(actor, "delivery.paper_attached", "delivery", delivery.id, replaced=replaced)
    return delivery


def remove(actor: Actor, *, delivery_id: uuid.UUID) -> Delivery:
    """Drop a copy that does not belong here; the delivery stands. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.allocate")
    delivery = locks.lock(Delivery, delivery_id)
    if not delivery.paper_type:
        raise NotFound()
    delivery.paper_copy, delivery.paper_type = None, ""
    db.session.flush()
    audit.record(actor, "delivery.paper_removed", "delivery", delivery.id)
    return delivery


def reveal(actor: Actor, *, delivery_id: uuid.UUID) -> Copy:
    """The copy itself; the look is on record. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.allocate")
    # Shared, so that bytes and type are of one copy.
    delivery = locks.share(Delivery, delivery_id)
    if delivery.paper_copy is None:
        raise NotFound()
    audit.record(actor, "delivery.paper_revealed", "delivery", delivery.id)
    return Copy(delivery.paper_copy, delivery.paper_type)


def recognise(content: bytes) -> str:
    """The media type of a file by what it holds, whatever it is called. Raises DomainError for what is not accepted."""
    if len(content) > LARGEST:
        raise DomainError(
            "paper_too_large",
            N_(
                "This file is larger than 5 MB. Take the photo at a lower resolution, or scan the page in grey."
            ),
            field="paper_copy",
        )
    for media_type, whole in _WHOLE.items():
        if whole(content):
            return media_type
    raise DomainError(
        "paper_kind",
        N_(
            "This is no whole photo or scan. A JPEG, PNG or WebP picture or a PDF is accepted: photograph the paper again, or choose another file."
        ),
        field="paper_copy",
    )


def _jpeg(content: bytes) -> bool:
    """Its segments follow each other up to the picture's data, which has an end."""
    at, framed = 2, False
    if not content.startswith(b"\xff\xd8\xff"):
        return False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return framed and b"\xff\xd9" in content[at + 2 + size :]
        framed = framed or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC))
        if size < 2:
            return False
        at += 2 + size
    return False


def _png(content: bytes) -> bool:
    """Every chunk is whole by its checksum, the header first, data among them, the end last."""
    at, seen = 8, []
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    while at + 12 <= len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + size
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(
            content[end - 4 : end]
        ):
            return False
        seen.append(name)
        if name == b"IEND":
            return seen[0] == b"IHDR" and b"IDAT" in seen
        at = end
    return False


def _webp(content: bytes) -> bool:
    """A RIFF that is as long as it says, and begins with a picture."""
    if len(content) < 20 or content[:4] != b"RIFF" or content[8:15] != b"WEBPVP8":
        return False
    size, first = struct.unpack("<I", content[4:8])[0], struct.unpack("<I", content[16:20])[0]
    return content[15:16] in b" LX" and 12 < size + 8 <= len(content) and first + 12 <= size


def _pdf(content: bytes) -> bool:
    """It begins as one, and ends with the place of its table of contents."""
    tail = content[-2048:]
    return (
        content.startswith(b"%PDF-") and b"startxref" in tail and tail.rstrip(b"\0\r\n\t ").endswith(b"%%EOF")
    )


_WHOLE: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "application/pdf": _pdf,
}

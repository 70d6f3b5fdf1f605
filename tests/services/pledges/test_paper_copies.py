"""The copy of a signed paper: what is accepted, who sees it, and that it lies sealed."""

import base64
import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from services.core.audit import AuditEntry
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.pledges import allocations, deliveries, paper_copies, uses
from tests.factories import pledges as make
from tests.factories import world


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PNG = b"\x89PNG\r\n\x1a\n" + HEADER + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
FRAME = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab" + FRAME + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x37\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f" + b"\0" * 9
WHOLE = {"image/png": PNG, "image/jpeg": JPEG, "image/webp": WEBP, "application/pdf": make.PAPER}


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


def signed(place, how="paper"):
    allocation = allocations.allocate(
        place.actor("staff"),
        pledge_id=make.make_pledge(place).id,
        need_id=make.make_need(place).id,
        quantity=3,
        planned_on=make.TODAY,
    )
    return deliveries.sign(place.actor("staff"), allocation_id=allocation.id, receiver="Granny", how=how)


@pytest.fixture
def delivery(place):
    return signed(place)


def last_entries(number):
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(number))
    return [(row.action, row.details) for row in rows]


def test_a_copy_is_kept_replaced_and_shown(staff, delivery):
    for kind, content in WHOLE.items():
        paper_copies.attach(staff, delivery_id=delivery.id, content=content)
        db.session.expire(delivery)
        copy = paper_copies.reveal(staff, delivery_id=delivery.id)
        assert (copy.content, copy.media_type) == (content, kind)
        assert copy.filename.startswith("signed-paper.")
    revealed, attached, *_ = last_entries(8)
    assert revealed == ("delivery.paper_revealed", {})
    assert attached == ("delivery.paper_attached", {"replaced": True})
    assert last_entries(8)[-1] == ("delivery.paper_attached", {"replaced": False})


def test_it_lies_sealed_and_is_not_loaded_with_the_delivery(staff, delivery):
    paper_copies.attach(staff, delivery_id=delivery.id, content=make.PAPER)
    lying = db.session.execute(text("SELECT paper_copy FROM delivery WHERE paper_type <> ''")).scalar_one()
    assert b"%PDF" not in lying and base64.b64encode(make.PAPER)[:12] not in lying
    db.session.expunge_all()
    row = uses.one(staff, delivery.allocation_id).deliveries[0]
    assert row.paper_type and "paper_copy" not in row.__dict__


def test_a_removed_copy_is_gone_and_the_delivery_stays(staff, delivery):
    paper_copies.attach(staff, delivery_id=delivery.id, content=make.PAPER)
    paper_copies.remove(staff, delivery_id=delivery.id)
    assert last_entries(1) == [("delivery.paper_removed", {})]
    assert db.session.execute(text("SELECT count(*) FROM delivery WHERE paper_copy IS NULL")).scalar() == 1
    for gone in (paper_copies.remove, paper_copies.reveal):
        with pytest.raises(NotFound):
            gone(staff, delivery_id=delivery.id)


def test_only_what_was_signed_on_paper(staff, place):
    with pytest.raises(Conflict):
        paper_copies.attach(staff, delivery_id=signed(place, how="typed").id, content=make.PAPER)


@pytest.mark.parametrize("role", ["unit", "resident", "volunteer"])
def test_the_office_alone(place, delivery, role):
    other = replace(place.actor("staff"), roles=frozenset({role}))
    paper_copies.attach(place.actor("staff"), delivery_id=delivery.id, content=make.PAPER)
    for act, more in (
        (paper_copies.attach, {"content": make.PAPER}),
        (paper_copies.remove, {}),
        (paper_copies.reveal, {}),
    ):
        with pytest.raises(Forbidden):
            act(other, delivery_id=delivery.id, **more)


def test_not_of_another_community(place, delivery, south):
    paper_copies.attach(place.actor("staff"), delivery_id=delivery.id, content=make.PAPER)
    world.enter(south)
    other = south.actor("staff")
    with pytest.raises(NotFound):
        paper_copies.reveal(other, delivery_id=delivery.id)
    with pytest.raises(NotFound):
        paper_copies.attach(other, delivery_id=delivery.id, content=PNG)


REFUSED = {
    "nothing": b"",
    "text": b"signed, honestly",
    "page": b"<html><script>alert(1)</script></html>",
    "only a beginning": b"\x89PNG\r\n\x1a\n",
    "broken checksum": PNG.replace(HEADER, HEADER[:-1] + b"\0"),
    "picture of an iPhone": b"\0\0\0\x18ftypheic" + b"\0" * 64,
    "beginning of a PDF": b"%PDF-1.7\n" + b"0" * 4096,
    "too large": PNG + b"\0" * paper_copies.LARGEST,
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused(name):
    with pytest.raises(DomainError) as refused:
        paper_copies.recognise(REFUSED[name])
    assert refused.value.field == "paper_copy"


@given(kind=st.sampled_from(list(WHOLE)), data=st.data())
def test_what_is_cut_short_is_no_copy(kind, data):
    whole = WHOLE[kind].rstrip(b"\n")
    cut = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    with pytest.raises(DomainError):
        paper_copies.recognise(whole[:cut])


@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"%PDF-"]), st.binary(max_size=200)
)
def test_any_bytes_get_an_answer(start, rest):
    try:
        assert paper_copies.recognise(start + rest) in paper_copies.ENDINGS
    except DomainError as refused:
        assert refused.code == "paper_kind"

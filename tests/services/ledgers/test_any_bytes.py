"""Whatever somebody uploads is imported or refused in words: nothing breaks."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.db import db
from services.core.errors import DomainError
from services.ledgers import columns, imports, uploads
from tests.factories import world
from tests.services.ledgers.test_files import rezipped
from tests.services.ledgers.test_imports import HOUSEHOLDS, PLEDGES, VOLUNTEERS, office

# The database is the same for every example; each example undoes what it wrote.
ANY = settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
# Of a whole office's ledger, which takes long to read.
FEW = settings(ANY, max_examples=15)


@pytest.fixture
def staff(session, north):
    world.enter(north)
    return north.actor("staff")


def take(staff, data, name):
    """Upload and import what can be; the outcome, or the code of the refusal."""
    before = db.session.begin_nested()
    try:
        row = uploads.upload(staff, data=data, filename=name)
        opened = uploads.open_upload(staff, import_id=row.id)
        seen = imports.preview(staff, opened.sheet, opened.layout)
        return imports.bring_in(staff, import_id=row.id, digest=seen.digest).state
    except DomainError as error:
        assert error.message % error.params
        return error.code
    finally:
        before.rollback()


@ANY
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "", "a" * 300, "\u202e.csv"]))
def test_any_bytes(staff, data, name):
    assert take(staff, data, name).startswith("ledger")


@FEW
@given(
    st.integers(0, 8),
    st.integers(),
    st.binary(min_size=1, max_size=30),
    st.sampled_from([HOUSEHOLDS, PLEDGES]),
)
def test_a_workbook_with_bytes_changed_inside(staff, part, place, other, name):
    data = office(name)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    wanted = names[part % len(names)]

    def change(name, body):
        at = place % max(len(body), 1)
        return body[:at] + other + body[at + len(other) :] if name == wanted else body

    outcome = take(staff, rezipped(data, change), name)
    assert outcome == "imported" or outcome.startswith("ledger")


@FEW
@given(st.integers(0, 30_000), st.integers(1, 255), st.sampled_from([HOUSEHOLDS, VOLUNTEERS]))
def test_a_file_with_a_byte_changed(staff, place, flip, name):
    data = bytearray(office(name))
    data[place % len(data)] ^= flip
    outcome = take(staff, bytes(data), name)
    assert outcome == "imported" or outcome.startswith("ledger")


CELL = st.sampled_from(
    [
        "",
        "张三",
        "东里",
        "10",
        "101",
        "19000000001",
        "理发",
        "送餐每周3次",
        "独居老人",
        "2026-03-01",
        "=1+1",
        "3人",
    ]
) | st.text(max_size=40)


@ANY
@given(
    st.sampled_from(list(columns.FIELDS)),
    st.lists(st.lists(CELL, min_size=16, max_size=16), min_size=1, max_size=6),
)
def test_any_cells(staff, kind, rows):
    titles = [field.titles[0] for field in columns.FIELDS[kind].values()][:16]
    lines = [titles, *rows]
    data = "\n".join(",".join(f'"{cell.replace(chr(34), "")}"' for cell in line) for line in lines)
    outcome = take(staff, data.encode("utf-8", "replace"), "a.csv")
    assert outcome == "imported" or outcome.startswith("ledger")

"""The office's three ledgers into the database, again, changed, and by two people at once."""

from pathlib import Path

import pytest

from services.core.db import db
from services.ledgers import imports, uploads
from tests.factories import world

FOLDER = Path(__file__).parents[3] / "app" / "demo" / "zaoyuan"
HOUSEHOLDS, VOLUNTEERS, PLEDGES = "困难户台账.xlsx", "志愿者登记表.csv", "共建单位认捐表.xlsx"


@pytest.fixture
def staff(session, north):
    world.enter(north)
    return north.actor("staff")


def look(staff, row):
    opened = uploads.open_upload(staff, import_id=row.id)
    return imports.preview(staff, opened.sheet, opened.layout)


def bring(staff, name, data=None, **options):
    data = (FOLDER / name).read_bytes() if data is None else data
    row = uploads.upload(staff, data=data, filename=name)
    seen = look(staff, row)
    return imports.bring_in(staff, import_id=row.id, digest=seen.digest, **options)


@pytest.mark.parametrize(
    ("name", "rows", "refused", "dropped"),
    [(HOUSEHOLDS, 177, 3, 11), (VOLUNTEERS, 260, 0, 8), (PLEDGES, 27, 0, 5)],
)
def test_a_ledger_comes_in_once(staff, name, rows, refused, dropped):
    first = bring(staff, name)
    print(first.counts)
    second = bring(staff, name)
    print(second.counts)
    counts = {"changed": 0, "left": 0, "refused": refused, "dropped": dropped}
    assert first.counts.items() >= (counts | {"new": rows, "same": 0}).items()
    assert second.counts.items() >= (counts | {"new": 0, "same": rows}).items()

"""Linli's own files: taken out and brought in again, untouched, changed, and somewhere else."""

import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from services.core.audit import AuditEntry
from services.core.db import db
from services.core.errors import DomainError, Forbidden, NotFound
from services.core.week import half_hours
from services.households import needs, registration
from services.households.models import Household
from services.ledgers import imports, uploads
from services.ledgers.files import exports, writing
from services.ledgers.files.register import KINDS
from services.pledges import offers, units
from services.volunteers import papers, states
from tests.factories import households, visits, volunteers, world

NAME = {"xlsx": "file.xlsx", "csv": "file.csv"}


@pytest.fixture
def staff(session, north):
    world.enter(north)
    return north.actor("staff")


def rows_of(actor, kind, **options):
    options = {"sealed": True, "reason": "change"} | options
    return list(exports.export(actor, kind=kind, **options).rows)


def file_of(rows, ending="xlsx", encoding="utf-8-sig"):
    buffer = io.BytesIO()
    writing.write(rows, buffer, ending=ending, encoding=encoding, name="Linli")
    return buffer.getvalue()


def look(actor, data, ending="xlsx"):
    row = uploads.upload(actor, data=data, filename=NAME[ending])
    opened = uploads.open_upload(actor, import_id=row.id)
    return row, imports.preview(actor, opened.sheet, opened.layout)


def bring(actor, data, ending="xlsx", **options):
    row, seen = look(actor, data, ending)
    return imports.bring_in(actor, import_id=row.id, digest=seen.digest, **options)


def outcomes(counts):
    return {name: number for name, number in counts.items() if number and name not in ("rows", "warned")}


def some(north):
    staff = north.actor("staff")
    households.make_household(
        north,
        name="=王秀英",
        phone="+8613900000001",
        note="@老人\n怕狗，“轻声”",
        birthday=date(1940, 2, 29),
        people=2,
    )
    closed = households.make_household(north, name="𠮷野 家", door="0012", consent_on=None, need=None)
    registration.close_household(staff, household_id=closed.id, reason="moved")
    _helpers(north)
    _promises(north)
    _needs_and_visits(north)


def _helpers(north):
    staff = north.actor("staff")
    helper = volunteers.make_volunteer(
        north,
        name="-李雷",
        hours=Decimal("2.5"),
        reach=800,
        limits=["dog"],
        note="\tsaid 'no'",
        birthday=date(1990, 1, 2),
    )
    volunteers.make_paper(north, helper, expires_on=date(2027, 1, 1))
    papers.add_exclusion(staff, volunteer_id=helper.id, surname="王", building="3, 东")
    papers.add_exclusion(staff, volunteer_id=helper.id, surname="赵")
    left = volunteers.make_volunteer(north, phone=None, week=0)
    states.set_state(staff, volunteer_id=left.id, state="left")


def _promises(north):
    staff = north.actor("staff")
    unit = units.add_unit(staff, name="+1 超市", kind="enterprise", hopes=["parking"], wish="@")
    units.add_person(staff, unit_id=unit.id, name='王, "老王"', phone="13900000009")
    units.add_person(staff, unit_id=unit.id, name="无电话")
    since = {"unit_id": unit.id, "starts_on": date(2026, 1, 5)}
    offers.pledge(staff, kind="goods", item="=大米", quantity=60, measure="袋", conditions="-", **since)
    offers.pledge(staff, kind="money", item="慰问金", quantity=2000050, period="month", **since)
    offers.pledge(
        staff, kind="service", item="义诊", quantity=90, measure="小时", need_kind="health_check", **since
    )
    room = offers.pledge(staff, kind="venue", item="活动室", week=half_hours(0, 18, 24), **since)
    offers.withdraw(staff, pledge_id=room.id)


def _needs_and_visits(north):
    staff = north.actor("staff")
    home = households.make_household(north, need=None)
    amount = {"hours": Decimal("1.5"), "times": 2, "urgency": 5, "week": half_hours(5, 0, 48)}
    met = households.make_need(north, home, kind="haircut", once=True, **amount)
    needs.close_need(staff, need_id=met.id, reason="met", day=date(2026, 3, 1))
    households.make_need(north, home, kind="haircut")
    visits.make_visit(north)


@pytest.mark.parametrize(("ending", "encoding"), [("xlsx", ""), ("csv", "utf-8-sig"), ("csv", "gb18030")])
@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_file_changes_nothing(staff, north, kind, ending, encoding):
    some(north)
    before = rows_of(staff, kind)
    assert len(before) > 2
    done = bring(staff, file_of(before, ending, encoding), ending)
    assert outcomes(done.counts) == {"same": len(before) - 2, "dropped": 2}
    assert rows_of(staff, kind) == before


def test_an_empty_community_becomes_the_same(staff, north, south):
    some(north)
    files = {kind: rows_of(staff, kind) for kind in KINDS}
    world.enter(south)
    there = south.actor("staff")
    assert all(len(rows) > 2 for rows in files.values())
    for kind, rows in files.items():
        if kind == "visits":
            continue
        done = bring(there, file_of(rows))
        assert outcomes(done.counts) == {"new": len(rows) - 2, "dropped": 2}, done.result
        assert rows_of(there, kind) == rows


def test_what_a_file_says_otherwise_is_changed(staff, north):
    some(north)
    rows = rows_of(staff, "households")
    at = {key: place for place, key in enumerate(rows[1])}
    rows[2][at["phone"]], rows[2][at["door"]] = "13900000002", "909"
    row, seen = look(staff, file_of(rows))
    assert [change.field for change in seen.steps[0].changes] == ["door", "phone"]
    assert seen.steps[0].changes[1].old == "…"
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    household = db.session.get(Household, (north.id, seen.steps[0].row.row_id))
    assert (household.phone, household.door) == ("+8613900000002", "909")


def test_what_the_rules_refuse_stays_out_by_cell(staff, north):
    some(north)
    rows = rows_of(staff, "households")
    at = {key: place for place, key in enumerate(rows[1])}
    same_door = list(rows[2])
    same_door[0] = ""
    rows[3][at["state"]] = "active"
    rows[2][at["places"]] = "999"
    _row, seen = look(staff, file_of([*rows, same_door]))
    assert [(i.row, i.title, i.code) for i in seen.issues] == [
        (3, "Helpers at most", "rule"),
        (4, "State", "rule"),
        (len(rows) + 1, "Door", "rule"),
    ]
    assert seen.issues[2].values == {"name": "=王秀英"}


def test_sealed_columns_leave_for_a_reason_only(staff, north):
    some(north)
    rows = rows_of(staff, "households", sealed=False)
    assert not {"phone", "door", "birthday", "categories", "note"}.intersection(rows[1])
    assert outcomes(bring(staff, file_of(rows)).counts) == {"same": len(rows) - 2, "dropped": 2}
    # As in a file of refused rows: keys alone, columns moved, one that is Linli's no more.
    moved = [[row[0], *reversed(row[1:]), "?"] for row in rows[1:]]
    assert outcomes(bring(staff, file_of(moved)).counts) == {"same": len(rows) - 2, "dropped": 1}
    with pytest.raises(DomainError):
        exports.export(staff, kind="households", sealed=True)
    with pytest.raises(NotFound):
        exports.export(staff, kind="households", ids={world.some_id()})
    with pytest.raises(Forbidden):
        exports.export(world.Actor(None, north.id, frozenset({"volunteer"})), kind="households")
    exports.export(staff, kind="households", sealed=True, reason="keep")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.details["classes"]) == (
        "household.exported",
        ["contact", "door", "sensitive"],
    )

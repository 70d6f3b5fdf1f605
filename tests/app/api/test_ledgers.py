"""Ledgers, as programs bring them in: upload, job, rows, columns, import, what is to be mended."""

import io
import uuid

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app import queue
from services.core.db import db
from services.ledgers import background
from services.ledgers.models import LedgerImport
from tests.factories import access, world

ROWS = "户主姓名,小区,楼号,门牌,联系电话,需求\n张三,东里,10,101,19000000001,理发\n李四,,东里,10,,\n"


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def office(app, north):
    return access.program(app, access.make_token(app, north))


def upload(program, address, text=ROWS, **headers):
    file = (io.BytesIO(text.encode()), "台账.csv")
    return program.post(address, data={"file": file}, headers=headers)


def work(app, north):
    """What the worker does with everything that waits."""
    with world.inside(app, north):
        waiting = select(LedgerImport.id).where(LedgerImport.state.in_(background.BACK))
        rows = [str(row) for row in db.session.scalars(waiting)]
    with app.app_context():
        for name in ("ledgers.begin", "ledgers.work"):
            queue.run(name, north.id, rows)


def test_a_ledger_is_read_and_imported(app, north, office, at):
    first, again = (upload(office, at("imports"), **{"Idempotency-Key": "k"}) for _time in range(2))
    assert first.status_code == 202 and first.data == again.data, first.text
    job = first.headers["Location"]
    assert (first.json["state"], first.json["phase"]) == ("waiting", "reading")
    work(app, north)
    done = office.get(job).json
    assert (done["state"], done["phase"]) == ("done", "read")
    rows = office.get(done["result"]).json["items"]
    assert [row["outcome"] for row in rows] == ["dropped", "new", "refused"]
    assert {issue["code"] for issue in rows[2]["issues"]} >= {"missing"}
    assert "张三" not in office.get(done["result"]).text and "190000" not in office.get(done["result"]).text
    part = office.get(f"{done['result']}?limit=1&outcome=refused").json
    assert [row["row"] for row in part["items"]] == [3] and part["next"] is None
    address = at(f"imports/{done['id']}")
    stale = office.post(f"{address}/start", json={"digest": "other"})
    assert stale.status_code == 409 and stale.json["code"] == "ledger_changed"
    begun = office.post(f"{address}/start", json={"digest": office.get(address).json["digest"]})
    assert begun.status_code == 202 and begun.headers["Location"] == job
    work(app, north)
    over = office.get(job).json
    assert (over["state"], over["phase"]) == ("done", "imported")
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(over["errors"]).data))
    assert book.get_sheet_by_index(0).to_python()[1][0] == "李四"
    assert office.get(at("imports")).json["items"][0]["counts"]["new"] == 1
    assert office.get(f"{address}/columns").status_code == 409


def test_its_columns_are_corrected_and_it_is_called_off(office, at):
    job = upload(office, at("imports"))
    address = at(f"imports/{job.json['id']}")
    assert office.get(f"{address}/columns").status_code == 409
    assert office.post(f"{job.headers['Location']}/call-off").json["state"] == "called_off"
    seen = office.get(f"{address}/columns").json
    assert [one["field"] for one in seen["columns"]][:2] == ["name", "estate"] and not seen["missing"]
    chosen = [{"position": 0, "field": "name"}, {"position": 1, "field": "name"}]
    assert office.post(f"{address}/columns", json={"columns": chosen}).json["code"] == "ledger_layout"
    known = [{name: one[name] for name in ("position", "field")} for one in seen["columns"][:-1]]
    assert office.post(f"{address}/columns", json={"columns": known}).json["phase"] == "reading"
    office.post(f"{job.headers['Location']}/call-off")
    assert (
        office.post(f"{address}/read-again", json={"kind": "households", "header_row": 9}).status_code == 422
    )
    assert office.post(f"{address}/read-again", json={"kind": "households"}).json["header_row"] == 1
    assert office.post(f"{address}/remove").json["state"] == "given_up"


def test_a_file_is_its_uploaders_and_what_is_none_is_refused(app, north, south, office, at):
    number = upload(office, at("imports")).json["id"]
    other = access.program(app, access.make_token(app, north, "admin"))
    assert other.get(at(f"imports/{number}/rows")).status_code == 404
    assert other.get(at(f"jobs/import/{number}")).status_code == 404
    far = access.program(app, access.make_token(app, south))
    assert far.get(f"/api/v1/c/{south.code}/imports/{number}").status_code == 404
    assert office.post(at("imports"), json={}).status_code == 422
    assert upload(office, at("imports"), "日期,天气\n1,2\n").json["code"] == "ledger_no_table"
    assert office.post(at(f"imports/{uuid.uuid4()}/start"), json={"digest": "x"}).status_code == 404

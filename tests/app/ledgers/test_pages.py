"""A ledger's way through the pages: upload, columns, preview, import, result."""

import io
import re
import uuid
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app import queue
from services.core.db import db
from services.ledgers import background, uploads
from services.ledgers.models import LedgerImport
from tests.factories import households, world

HEAD = "户主姓名,身份证号,小区,楼号,门牌,联系电话,需求,类别,备注,颜色"
FIRST = "张三,999999194604134712,东里,10,101,19000000001,理发,独居老人,怕生,红"


def ledger(*rows, head=HEAD):
    return "\n".join((head, *rows)).encode("gb18030")


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


def send(client, north, data, name="台账.csv"):
    return client.post(north.path("ledgers/upload"), data={"file": (io.BytesIO(data), name)})


def brought(client, north, data, **form):
    """Upload, preview and import; the answer's page."""
    way = send(client, north, data).location
    seen = preview_of(client, north, way).text
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', seen)[1]
    waiting = client.post(way.replace("columns", "import"), data={"digest": digest, **form})
    work(client, north)
    return client.get(waiting.location, follow_redirects=True)


def work(client, north):
    """What the worker does with everything that waits."""
    app = client.application
    with world.inside(app, north):
        waiting = select(LedgerImport.id).where(LedgerImport.state.in_(background.BACK))
        rows = [str(row) for row in db.session.scalars(waiting)]
    with app.app_context():
        for name in ("ledgers.begin", "ledgers.work"):
            queue.run(name, north.id, rows)


def preview_of(client, north, way, **query):
    """The preview's page, once the file is read with the columns as they were recognised."""
    with world.inside(client.application, north):
        staff, number = north.actor("staff"), uuid.UUID(way.split("/")[-2])
        if uploads.get_own(staff, number).state == "uploaded":
            background.ask_reading(staff, import_id=number)
    work(client, north)
    return client.get(way.replace("columns", "preview"), query_string=query)


def test_the_whole_way(staff, north):
    columns = send(staff, north, ledger(FIRST, "李四,,东里,10,,,,,,"))
    assert columns.status_code == 302
    page = staff.get(columns.location).text
    assert "never stored" in page and "999999" not in page
    assert "颜色" in page and "红" in page  # the column nobody asked for is named
    chosen = dict(re.findall(r'name="(column-\d+)" value="(\w+)"', page))
    fields = ["name", "", "estate", "building", "door", "phone", "needs", "categories", "notes", ""]
    chosen |= {f"column-{n}": field for n, field in enumerate(fields) if n != 1}
    preview = staff.post(columns.location, data=chosen)
    assert preview.status_code == 302
    waiting = staff.get(preview.location).text
    assert "Waiting for its turn" in waiting and "call-off" in waiting
    work(staff, north)
    page = staff.get(preview.location).text
    assert "E · 门牌" in page and "is empty. Please fill it in." in page
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)[1]
    done = staff.post(preview.location.replace("preview", "import"), data={"digest": digest})
    assert done.status_code == 302
    work(staff, north)
    done = staff.get(done.location)
    result = staff.get(done.location).text
    assert "Result of the import" in result and "李四" in result
    file = staff.get(f"{done.location}/result.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1], row[2]) for row in rows[1:]] == [
        (1, "户主姓名 身份证号 小区 楼号 门牌 联系电话 需求 类别 备注 颜色", "No record"),
        (2, "张三", "Newly added"),
        (3, "李四", "Not imported"),
    ]


def test_a_filled_list_of_imports(staff, north):
    assert "No ledger yet" in staff.get(north.path("ledgers/")).text
    brought(staff, north, ledger(FIRST))
    page = staff.get(north.path("ledgers/")).text
    assert "台账.csv" in page and "Household ledger" in page and "staff of north" in page


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "空.xlsx", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "照片.png", "Save it as .xlsx or .csv"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "密.xlsx",
            "has a password",
        ),
        ("日期,天气\n2026-01-01,晴\n".encode(), "日记.csv", "No row of column titles was found"),
        (b"x" * (10 * 1024 * 1024 + 1), "大.csv", "too large"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_in_words(staff, north, data, name, words):
    answer = send(staff, north, data, name)
    assert answer.status_code == 422
    assert words in answer.text


def test_no_file_at_all(staff, north):
    assert staff.post(north.path("ledgers/upload"), data={}).status_code == 422


def test_a_file_beyond_what_any_request_may_carry(staff, north):
    assert send(staff, north, b"x" * (13 * 1024 * 1024)).status_code == 413


def test_a_field_chosen_twice_keeps_what_was_chosen(staff, north):
    way = send(staff, north, ledger(FIRST)).location
    chosen = {f"column-{n}": "name" for n in range(3)} | {"column-4": "door", "column-9": "notes"}
    answer = staff.post(way, data=chosen)
    assert answer.status_code == 422
    assert "Choose each field once" in answer.text
    select = re.search(r'id="f-column-9".*?</select>', answer.text, re.S)[0]
    assert re.search(r'value="notes" selected', select)


@pytest.mark.parametrize("field", ["nothing", "promise", "", "id_number"])
def test_fields_from_elsewhere_are_refused(staff, north, field):
    way = send(staff, north, ledger(FIRST)).location
    assert staff.post(way, data={"column-0": field}).status_code == 422


def test_the_file_can_be_read_as_another_kind(staff, north):
    way = send(staff, north, ledger(FIRST)).location.replace("columns", "read-again")
    answer = staff.post(way, data={"kind": "volunteers", "sheet": "0"}, follow_redirects=True)
    assert "Volunteer register" in answer.text
    for wrong in (
        {"kind": "dogs"},
        {"kind": "pledges", "sheet": "7"},
        {"kind": "pledges", "header_row": "99"},
    ):
        answer = staff.post(way, data={"sheet": "0", **wrong})
        assert answer.status_code == 422
    preview = way.replace("read-again", "preview")
    assert staff.get(preview).status_code in (200, 302)


def test_a_preview_without_a_needed_column_leads_back(staff, north):
    way = send(staff, north, ledger(FIRST)).location
    staff.post(
        way.replace("columns", "read-again"), data={"kind": "pledges", "sheet": "0", "header_row": "1"}
    )
    answer = staff.post(way, data={"column-0": "organisation"})
    assert answer.status_code == 422
    assert "No column holds" in answer.text and "What the columns hold" in answer.text


@pytest.mark.parametrize("show", ["issues", "error", "warning", "changed", "dropped", "rows", "nonsense"])
def test_every_view_of_the_preview(staff, north, show):
    brought(staff, north, ledger(FIRST))
    bad = FIRST.replace("19000000001", "12").replace("怕生", "<script>alert(1)</script>").replace("李", "<i>")
    way = send(staff, north, ledger(bad, FIRST.replace("101", ""), "合计,,,,,,,,,")).location
    page = preview_of(staff, north, way, **{"show": show, "from": "9999999999"})
    assert page.status_code == 200
    page = preview_of(staff, north, way, **{"show": show, "from": "0"}).text
    assert "<script>alert" not in page
    wanted = {
        "error": "is empty. Please fill it in.",
        "warning": "is not a phone number",
        "changed": "something else (hidden)",
        "dropped": "Total",
        "rows": "&lt;script&gt;alert",
    }
    assert wanted.get(show, "is empty. Please fill it in.") in page


def test_an_old_phone_is_shown_by_its_tail_only(staff, north):
    brought(staff, north, ledger(FIRST))
    way = send(staff, north, ledger(FIRST.replace("19000000001", "19000000002"))).location
    page = preview_of(staff, north, way, show="changed").text
    assert "…0001" in page and "19000000001" not in page and "+8619000000002" in page


def test_differences_can_be_left(staff, north):
    brought(staff, north, ledger(FIRST))
    done = brought(staff, north, ledger(FIRST.replace("19000000001", "19000000002")), differing="leave")
    assert "Left as it was" in done.text
    done = brought(staff, north, ledger(FIRST.replace("19000000001", "19000000002")))
    assert "Changed: Phone" in staff.get(done.request.path, query_string={"part": "changed"}).text


def test_what_was_not_seen_is_not_imported(staff, north):
    way = send(staff, north, ledger(FIRST)).location
    preview_of(staff, north, way)
    way = way.replace("columns", "import")
    answer = staff.post(way, data={"digest": "0" * 64})
    assert answer.status_code == 422
    assert "Something changed since you looked" in answer.text
    assert staff.post(way, data={}).status_code == 422


def test_a_ledger_nothing_comes_of(staff, north):
    brought(staff, north, ledger(FIRST))
    way = send(staff, north, ledger(FIRST)).location
    assert "This file changes nothing" in preview_of(staff, north, way).text
    assert brought(staff, north, ledger(FIRST)).status_code == 200


def test_a_removed_file_is_gone(staff, north):
    way = send(staff, north, ledger(FIRST)).location
    gone = staff.post(way.replace("columns", "remove"), follow_redirects=True)
    assert "Removed, not imported" in gone.text
    for page in ("columns", "preview"):
        assert staff.get(way.replace("columns", page), follow_redirects=True).status_code == 200
    assert staff.get(way.replace("columns", "result.xlsx")).status_code == 302
    answer = staff.post(way.replace("columns", "import"), data={"digest": "0" * 64}, follow_redirects=True)
    assert "Removed, not imported" in answer.text


def test_a_colleague_sees_the_list_and_not_the_file(staff, client, north):
    way = send(staff, north, ledger(FIRST)).location
    world.sign_in(client, north.accounts["admin"])
    assert "台账.csv" in client.get(north.path("ledgers/")).text
    for page in ("columns", "preview"):
        assert client.get(way.replace("columns", page)).status_code == 404
    assert client.post(way.replace("columns", "remove")).status_code == 404


def test_another_community_does_not_have_it(staff, client, north, south):
    way = brought(staff, north, ledger(FIRST)).request.path
    world.sign_in(client, south.accounts["staff"])
    for rest in ("", "/result.xlsx", "/columns", "/preview"):
        assert client.get(way + rest).status_code == 404
        assert client.get(way.replace("north", "south") + rest).status_code == 404


def test_volunteers_do_not_import(app, client, north):
    with world.inside(app, north):
        volunteer = world.add_member(north, "volunteer")
    world.sign_in(client, volunteer)
    for path in ("ledgers/", "ledgers/upload", f"ledgers/{world.some_id()}"):
        assert client.get(north.path(path)).status_code == 403


def test_the_result_file_holds_no_formulas(staff, north):
    row = FIRST.replace("张三", "=HYPERLINK(1)").replace("19000000001", "12")
    done = brought(staff, north, ledger(row))
    file = staff.get(f"{done.request.path}/result.xlsx")
    assert "台账" not in file.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        texts = archive.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "=HYPERLINK(1)" in texts


def test_refused_rows_come_back_to_be_mended(staff, north):
    done = brought(staff, north, ledger(FIRST, "李四,999999194604134712,东里,10,,,,,,蓝"))
    assert "Rows to mend" in done.text
    file = staff.get(f"{done.request.path}/to-mend.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert [row[:5] for row in rows] == [HEAD.split(",")[:5], ["李四", "", "东里", "10", ""]]
    assert "门牌 is empty" in rows[1][-1]
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert "门牌 is empty" in archive.read("xl/comments1.xml").decode()
    # Mended with another tool and brought in again as it is: the reasons are no column of the ledger.
    mended = "\n".join(",".join(map(str, [*row[:4], row[4] or "102", *row[5:-1], "说明"])) for row in rows)
    again = brought(staff, north, mended.encode())
    assert "Rows to mend" not in again.text
    with world.inside(staff.application, north):
        row = db.session.get_one(LedgerImport, (north.id, uuid.UUID(again.request.path.split("/")[-1])))
        assert row.counts["new"] == 1


def test_waiting_is_called_off_and_asked_again(staff, north):
    way = send(staff, north, ledger(FIRST)).location
    preview_of(staff, north, way)
    digest = re.search(
        r'name="digest" value="([0-9a-f]+)"', staff.get(way.replace("columns", "preview")).text
    )
    for _ in range(2):
        staff.post(way.replace("columns", "import"), data={"digest": digest[1]})
    part = way.replace("columns", "progress")
    assert staff.get(part).status_code == 302
    assert "HX-Refresh" not in staff.get(part, headers={"HX-Request": "true"}).headers
    assert staff.get(way).status_code == 302
    staff.post(way.replace("columns", "call-off"))
    work(staff, north)
    assert staff.get(part, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "Import now" in staff.get(way.replace("columns", "preview")).text


def test_the_command_says_what_it_did(app, north, tmp_path):
    file = tmp_path / "台账.csv"
    file.write_bytes(ledger(FIRST, FIRST.replace("101", "")))
    run = app.test_cli_runner().invoke
    tried = run(args=["ledgers", "import", "north", str(file), "--dry-run"])
    assert tried.exit_code == 0
    assert "row 3, column E: 门牌 is empty" in tried.output and "Nothing was imported" in tried.output
    done = run(args=["ledgers", "import", "north", str(file)])
    assert "households: 3 rows: 1 new, 0 changed, 0 same, 0 left, 1 refused, 1 dropped" in done.output
    again = run(args=["ledgers", "import", "north", str(file)])
    assert "0 new, 0 changed, 1 same" in again.output
    wrong = run(args=["ledgers", "import", "north", str(file), "--kind", "pledges"])
    assert wrong.exit_code == 1 and "单位名称" in wrong.output


@pytest.mark.parametrize("form", ["xlsx", "csv", "csv-gb18030"])
def test_a_file_taken_out_is_brought_in_again(staff, north, form):
    with world.inside(staff.application, north):
        households.make_household(north, name="=1+1")
    assert staff.get(north.path("ledgers/export")).status_code == 200
    out = staff.post(north.path("ledgers/export"), data={"kind": "households", "form": form})
    assert out.status_code == 200
    assert "households" in out.headers["Content-Disposition"]
    way = send(staff, north, out.data, f"households.{form[:4].rstrip('-')}").location
    assert way.endswith("/preview")
    work(staff, north)
    assert "This file changes nothing" in staff.get(way).text
    for part in ("columns", "read-again"):
        assert staff.open(way.replace("preview", part), method="POST").location == way


def test_what_is_sealed_needs_a_reason(staff, north):
    asked = {"kind": "households", "form": "csv", "sealed": "1"}
    refused = staff.post(north.path("ledgers/export"), data=asked)
    assert refused.status_code == 422
    assert "checked" in refused.text
    given = staff.post(north.path("ledgers/export"), data={**asked, "reason": "keep"})
    assert "phone" in given.data.decode("utf-8-sig").splitlines()[1].split(",")

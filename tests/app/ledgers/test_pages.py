"""A ledger's way through the pages: upload, columns, preview, import, result."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from services.ledgers import uploads
from services.ledgers.models import LedgerImport
from tests.factories import world
from tests.services.ledgers.test_files import workbook

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
    seen = client.get(way.replace("columns", "preview")).text
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', seen)[1]
    return client.post(
        way.replace("columns", "import"), data={"digest": digest, **form}, follow_redirects=True
    )


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
    page = staff.get(preview.location).text
    assert "E · 门牌" in page and "is empty. Please fill it in." in page
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)[1]
    done = staff.post(preview.location.replace("preview", "import"), data={"digest": digest})
    assert done.status_code == 302
    result = staff.get(done.location).text
    assert "Result of the import" in result and "李四" in result
    file = staff.get(f"{done.location}/result.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1], row[2]) for row in rows[1:]] == [
        (1, "户主姓名 身份证号 小区 楼号 门牌 联系电话 需求 类别 备注 颜色", "No record"),
        (2, "张三", "New"),
        (3, "李四", "Not imported"),
    ]
    assert (
        "张三" in staff.get(north.path("ledgers/")).text
        or "台账.csv" in staff.get(north.path("ledgers/")).text
    )

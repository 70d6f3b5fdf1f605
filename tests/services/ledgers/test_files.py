"""Bytes to sheets: encodings, merged cells, and files that are not what they say."""

import io
import zipfile

import pytest
import xlsxwriter

from services.ledgers import sheets
from services.ledgers.cells.text import ID_REMOVED
from services.ledgers.issues import LedgerError

ROWS = "姓名,手机\n张三,19000000001\n"


def workbook(fill, **options) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, options)
    fill(book.add_worksheet("台账"), book)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding_reads_the_same(encoding):
    (sheet,) = sheets.read(ROWS.encode(encoding), "志愿者.csv")
    assert sheet.rows == (("姓名", "手机"), ("张三", "19000000001"))


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_with_other_delimiters(delimiter):
    (sheet,) = sheets.read(ROWS.replace(",", delimiter).encode(), "a.csv")
    assert sheet.rows[1] == ("张三", "19000000001")


def test_rare_characters_of_gb18030_survive():
    (sheet,) = sheets.read("姓名,村\n㐂𠮷,䶮\n".encode("gb18030"), "a.csv")
    assert sheet.rows[1] == ("㐂𠮷", "䶮")


def test_merged_cells_are_filled_downwards_and_not_sideways():
    def fill(sheet, book):
        sheet.merge_range(0, 0, 0, 2, "标题", book.add_format())
        sheet.merge_range(1, 0, 3, 0, "供电公司", book.add_format())
        sheet.write_column(1, 1, [1, 2, 3])

    (sheet,) = sheets.read(workbook(fill), "a.xlsx")
    assert sheet.rows == (("标题", ""), ("供电公司", "1"), ("供电公司", "2"), ("供电公司", "3"))


def test_numbers_and_dates_read_as_people_see_them():
    def fill(sheet, book):
        sheet.write_row(0, 0, [19000006046, 5.0, 1.5])
        sheet.write_number(0, 3, 41000, book.add_format({"num_format": "yyyy-mm-dd"}))

    (sheet,) = sheets.read(workbook(fill), "a.xlsx")
    assert sheet.rows == (("19000006046", "5", "1.5", "2012-04-01"),)


@pytest.mark.parametrize(
    "written",
    [
        "999999201203192057",
        "99999919460413471X",
        "９９９９９９２０１２０３１９２０５７",
        "999999 20120319 205x",
        "999999620319205",
    ],
)
def test_id_numbers_do_not_leave_the_reader(written):
    (sheet,) = sheets.read(f"备注\n证 {written} 请核\n".encode(), "a.csv")
    assert sheet.rows[1] == (f"证 {ID_REMOVED} 请核",)


def test_an_id_number_that_lost_its_last_digits_does_not_leave_the_reader():
    (sheet,) = sheets.read(workbook(lambda sheet, _: sheet.write_number(0, 0, 999999194104069123)), "a.xlsx")
    assert sheet.rows == ((ID_REMOVED,),)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "ledger_empty"),
        (b",,\n,,\n", "a.csv", "ledger_empty"),
        (b"", "a.xlsx", "ledger_empty"),
        (b"hello", "a.xlsx", "ledger_unreadable"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "ledger_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "ledger_unreadable"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.csv", "ledger_unreadable"),
        (b"\xff\xff\xff", "a.csv", "ledger_unreadable"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.csv", "ledger_too_large"),
        (b"a\n" * 20_001, "a.csv", "ledger_too_large"),
        (b"a," * 200 + b"a\n", "a.csv", "ledger_too_large"),
    ],
)
def test_bad_files_are_refused_in_words(data, name, code):
    with pytest.raises(LedgerError) as refusal:
        sheets.read(data, name)
    assert refusal.value.code == code
    assert refusal.value.message.endswith((".", "parts."))


def test_an_encrypted_workbook_says_it_has_a_password():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(LedgerError) as refusal:
        sheets.read(data, "a.xlsx")
    assert refusal.value.code == "ledger_protected"


def rezipped(data: bytes, change) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def small(sheet, _):
    sheet.write(0, 0, "a")


def test_a_zip_that_unfolds_too_far_is_refused_before_it_is_opened():
    data = rezipped(
        workbook(small), lambda name, body: body + b" " * 30_000_000 if name.endswith("sheet1.xml") else body
    )
    assert len(data) < 100_000
    with pytest.raises(LedgerError) as refusal:
        sheets.read(data, "a.xlsx")
    assert refusal.value.code == "ledger_too_large"


@pytest.mark.parametrize("reach", [b'r="XFD1"', b'r="A1048576"', b"r='zz20000'", b'r = "ZZ1"'])
def test_one_cell_far_away_is_refused_before_it_is_opened(reach):
    def change(name, body):
        return body.replace(b'r="A1"', reach) if name.endswith("sheet1.xml") else body

    with pytest.raises(LedgerError) as refusal:
        sheets.read(rezipped(workbook(small), change), "a.xlsx")
    assert refusal.value.code == "ledger_too_large"


def test_a_row_far_away_is_refused_before_it_is_opened():
    def change(name, body):
        return body.replace(b'<row r="1"', b'<row r="1048576"') if name.endswith("sheet1.xml") else body

    with pytest.raises(LedgerError) as refusal:
        sheets.read(rezipped(workbook(small), change), "a.xlsx")
    assert refusal.value.code == "ledger_too_large"


def test_kinds_of_workbook_that_cannot_be_measured_beforehand_are_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content.xml", "<x/>")
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(LedgerError) as refusal:
        sheets.read(buffer.getvalue(), "a.ods")
    assert refusal.value.code == "ledger_unreadable"


def test_merged_cells_cannot_fill_for_ever():
    def change(name, body):
        merges = b'<mergeCell ref="A1:A20000"/>' * 400
        return (
            body.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
            if name.endswith("sheet1.xml")
            else body
        )

    def fill(sheet, _):
        sheet.write(0, 0, "a")
        sheet.write(19_999, 0, "b")

    with pytest.raises(LedgerError) as refusal:
        sheets.read(rezipped(workbook(fill), change), "a.xlsx")
    assert refusal.value.code == "ledger_too_large"


def test_many_wide_sheets_are_too_large_together():
    def fill(sheet, book):
        for page in [sheet, book.add_worksheet("2")]:
            page.write(0, 0, "a")
            page.write(19_999, 199, "b")

    with pytest.raises(LedgerError) as refusal:
        sheets.read(workbook(fill), "a.xlsx")
    assert refusal.value.code == "ledger_too_large"


@pytest.mark.parametrize("cut", [10, 200, 1000, -10])
def test_a_damaged_workbook_is_refused(cut):
    with pytest.raises(LedgerError) as refusal:
        sheets.read(workbook(small)[:cut], "a.xlsx")
    assert refusal.value.code == "ledger_unreadable"

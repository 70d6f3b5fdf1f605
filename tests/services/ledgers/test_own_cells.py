"""Cells of Linli's own files: whatever a text holds, no spreadsheet runs it and it is read back as it was."""

import csv
import io
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from services.communities.catalogue import BARS, NEED_KINDS
from services.core.errors import DomainError
from services.core.week import FULL_WEEK
from services.ledgers import sheets
from services.ledgers.files import cells, writing

# All that the database keeps: no NUL, no half of a pair.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
HEAD = [["编号 ID", "Notes"], ["id", "note"]]


def through(written, ending, encoding):
    """What is read of a file whose second column holds `written`."""
    buffer = io.BytesIO()
    rows = [*HEAD, *(["x", cell] for cell in written)]
    writing.write(rows, buffer, ending=ending, encoding=encoding, name="Linli")
    (sheet,) = sheets.read(buffer.getvalue(), f"file.{ending}", exact=True)
    return [row[1] for row in sheet.rows[2:]], buffer.getvalue()


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, min_size=1, max_size=8))
@example(
    [
        "=1+1",
        "+86",
        "-1",
        "@x",
        "\t=1",
        "\r",
        "\n",
        "'",
        "''=",
        "＝1",
        '"',
        ",;\t",
        "0012",
        "2026-01-05",
        "𠮷😀聙",
    ]
)
@pytest.mark.parametrize("encoding", writing.ENCODINGS)
def test_a_csv_gives_back_every_text(encoding, written):
    read, data = through(written, "csv", encoding)
    assert read == written
    rows = csv.reader(io.StringIO(data.decode(encoding), newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=8))
@example(["=1+1", "https://a.example", "_x0041_", " a ", "a\nb", "0012", "2026-01-05", "TRUE", "𠮷😀"])
def test_an_xlsx_gives_back_every_text(written):
    read, data = through(written, "xlsx", "")
    assert read == written
    sheet = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}


@given(
    st.dictionaries(st.sampled_from([term.code for term in NEED_KINDS]), st.integers(1, 3)),
    st.lists(st.sampled_from([term.code for term in BARS]), unique=True).map(sorted),
    st.integers(0, FULL_WEEK),
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.decimals("0.1", "999.9", places=1),
    st.sets(st.tuples(texts, texts).filter(any)).map(sorted),
    st.sampled_from(["zh_Hans", "en"]),
)
def test_every_form_reads_what_it_shows(levels, bars, week, day, amount, pairs, language):
    for form, value in (
        (cells.levels(NEED_KINDS), levels),
        (cells.several(BARS), bars),
        (cells.WEEK, week),
        (cells.DAY, day),
        (cells.AMOUNT, amount),
        (cells.lines(2), pairs),
        (cells.YES, bool(bars)),
    ):
        assert form.read(form.show(value, language)) == value


@pytest.mark.parametrize(
    "form", [cells.DAY, cells.AMOUNT, cells.WEEK, cells.ID, cells.YES, cells.MOMENT, cells.lines(2)]
)
@given(texts)
def test_what_is_not_understood_is_refused_in_words(form, written):
    try:
        form.read(written)
    except DomainError as refusal:
        assert refusal.message

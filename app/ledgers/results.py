"""What became of each row of a ledger, in the reader's language: for the page, and as a spreadsheet."""

import io
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.ledgers import words
from services.ledgers import columns, steps
from services.ledgers.issues import ERROR, Issue
from services.ledgers.models import LedgerImport


def remarks(kind: str, line: dict[str, Any]) -> list[str]:
    """Everything there is to say of a row: why it is no record, what changed, what was said of its cells."""
    said = []
    if "reason" in line:
        said.append(words.reason(line["reason"], line["of_row"]))
    for name in line.get("changes", []):
        said.append(_("Changed: %(field)s", field=words.field_label(kind, name)))
    for about in line["issues"]:
        issue = Issue(**about)
        where = " ".join(part for part in (issue.letter, issue.title) if part)
        text = words.message(issue)
        said.append(_("%(where)s: %(text)s", where=where, text=text) if where else text)
    return said


def workbook(row: LedgerImport) -> io.BytesIO:
    """An xlsx of every row of the ledger with what became of it; all cells are text, so that nothing in them runs."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Result")[:31])
    head, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True})
    titles = (_("Row"), _("Name"), _("Outcome"), _("Remarks"))
    for position, (title, width) in enumerate(zip(titles, (8, 28, 18, 100), strict=True)):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, title, head)
    for number, line in enumerate(row.result or [], 1):
        sheet.write_number(number, 0, line["row"])
        sheet.write_string(number, 1, line.get("name") or "")
        outcome = words.OUTCOMES[line["outcome"]][0]
        sheet.write_string(number, 2, _(outcome))
        sheet.write_string(number, 3, "\n".join(remarks(row.kind, line)), wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(row.result or []), len(titles) - 1)
    book.close()
    buffer.seek(0)
    return buffer


def to_mend(row: LedgerImport) -> list[dict[str, Any]]:
    """The refused rows whose cells are still kept."""
    lines = row.result or []
    return [line for line in lines if line["outcome"] == steps.REFUSED and "cells" in line]


def mend_book(row: LedgerImport) -> io.BytesIO:
    """An xlsx of the refused rows as they stood in the ledger: the wrong cells marked, with the reason on them and in a last column.

    It has the ledger's own titles, so that it can be brought in again once it is mended.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("To be mended")[:31])
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    wrong = book.add_format({"bg_color": "#FBE3D6", "border": 1, "border_color": "#AD4620"})
    wrapped = book.add_format({"text_wrap": True, "font_color": "#AD4620"})
    rows = to_mend(row)
    titles: list[str] = next(
        (line["cells"] for line in row.result or [] if "cells" in line and line not in rows), []
    )
    last = max([len(titles), *(len(line["cells"]) for line in rows)])
    for position, title in enumerate(titles):
        sheet.write_string(0, position, title, head)
    sheet.write_string(0, last, _("What to mend"), head)
    sheet.set_column(0, last - 1, 14)
    sheet.set_column(last, last, 80)
    for number, line in enumerate(rows, 1):
        reasons = _reasons(line)
        for position, cell in enumerate(line["cells"]):
            if columns.letter(position) in reasons:
                sheet.write_string(number, position, cell, wrong)
                sheet.write_comment(number, position, reasons[columns.letter(position)])
            else:
                sheet.write_string(number, position, cell)
        sheet.write_string(number, last, "\n".join(remarks(row.kind, line)), wrapped)
    sheet.freeze_panes(1, 0)
    book.close()
    buffer.seek(0)
    return buffer


def _reasons(line: dict[str, Any]) -> dict[str, str]:
    """Why a row was refused, by the letter of the cell it is about."""
    found: dict[str, str] = {}
    for about in line["issues"]:
        issue = Issue(**about)
        if issue.letter and issue.severity == ERROR:
            found[issue.letter] = "\n".join(filter(None, [found.get(issue.letter), words.message(issue)]))
    return found

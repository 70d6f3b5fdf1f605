"""What became of each row of a ledger, in the reader's language: for the page, and as a spreadsheet."""

import io
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.ledgers import words
from services.ledgers.issues import Issue
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

"""Pledges and their movements as a spreadsheet or as plain text with commas; nothing in a cell runs."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Response, g, request
from flask_babel import gettext as _

from app.auth import allow
from app.language import day, moment
from app.pledges import impact, words
from app.pledges.blueprint import bp
from app.words import said
from services.communities import catalogue, regions
from services.core import locks
from services.core.errors import NotFound
from services.ledgers.files.writing import harmless
from services.people import accounts
from services.pledges import exports as rules
from services.pledges import quantities, standings
from services.pledges.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | Decimal


@dataclass(frozen=True)
class Sheet:
    """One table of a file: text stays text, a number is a number."""

    columns: Sequence[str]
    rows: list[Sequence[Cell]]


@bp.get("/export/<what>.<ending>")
@allow("pledges.read")
def export(what: str, ending: str) -> Response:
    """The list of pledges, or a year's movements, as a file."""
    makers = {"pledges": _pledges, "movements": _movements}
    if what not in makers or ending not in ("xlsx", "csv"):
        raise NotFound()
    sheet = makers[what]()
    name = f"{g.community.code}-{what}-{regions.today(g.community.id).isoformat()}.{ending}"
    return Response(
        workbook(sheet) if ending == "xlsx" else plain(sheet),
        mimetype=XLSX if ending == "xlsx" else "text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _unit() -> Any:
    wanted = request.args.get("unit", "")
    return locks.get(Unit, wanted).id if wanted else None


def _pledges() -> Sheet:
    lines = rules.pledges(
        g.actor, unit_id=_unit(), **{name: request.args.get(name, "") for name in ("kind", "theme", "only")}
    )
    columns = [_("Unit"), _("Pledge"), _("Kind"), _("Theme"), _("For needs of the kind"), _("How often")]
    columns += [_("Counted in"), _("From"), _("Until"), _("State"), _("Period"), _("Promised"), _("Reserved")]
    columns += [_("Delivered"), _("Taken back"), _("Written off"), _("Still free")]
    return Sheet(columns, [_line(line) for line in lines])


def _line(line: standings.Line) -> list[Cell]:
    pledge, now = line.pledge, line.standing
    amounts = (now.promised, now.reserved, now.delivered, now.withdrawn, now.written_off, now.free)
    return [
        line.unit.name,
        pledge.item,
        said(catalogue.PLEDGE_KINDS, [pledge.kind]),
        words.theme(pledge.theme),
        said(catalogue.NEED_KINDS, [pledge.need_kind]) if pledge.need_kind else "",
        _(words.PERIOD_NAMES[pledge.period]),
        words.measure_name(pledge.measure),
        day(pledge.starts_on),
        day(pledge.ends_on),
        words.standing_state(line),
        day(now.begin) if pledge.period else "",
        *(quantities.number(amount, pledge.measure) for amount in amounts),
    ]


def _movements() -> Sheet:
    entries = rules.movements(g.actor, year=impact.asked_year(), unit_id=_unit())
    names = accounts.names({one.movement.account_id for one in entries if one.movement.account_id})
    columns = [_("When"), _("Unit"), _("Pledge"), _("What"), _("Quantity"), _("Counted in"), _("Period")]
    columns += [_("For needs of the kind"), _("Reason"), _("By")]
    return Sheet(columns, [_entry(one, names) for one in entries])


def _entry(one: rules.Entry, names: dict[Any, str]) -> list[Cell]:
    movement, measure = one.movement, one.pledge.measure
    return [
        moment(movement.at),
        one.unit.name,
        one.pledge.item,
        _(words.MOVEMENT_NAMES[movement.kind]),
        quantities.number(movement.quantity, measure),
        words.measure_name(measure),
        day(one.begin) if one.pledge.period else _("in all"),
        said(catalogue.NEED_KINDS, [one.need_kind]) if one.need_kind else one.project,
        _(words.REASONS[movement.reason]) if movement.reason in words.REASONS else movement.reason,
        names.get(movement.account_id, ""),
    ]


def workbook(sheet: Sheet) -> bytes:
    """The table as an xlsx."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page, head = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
    page.set_column(0, len(sheet.columns) - 1, 16)
    for position, title in enumerate(sheet.columns):
        page.write_string(0, position, title, head)
    for number, row in enumerate(sheet.rows, 1):
        for position, cell in enumerate(row):
            if isinstance(cell, Decimal):
                page.write_number(number, position, float(cell))
            else:
                page.write_string(number, position, cell)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    book.close()
    return buffer.getvalue()


def plain(sheet: Sheet) -> bytes:
    """The table as text with commas, as spreadsheets open it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in (sheet.columns, *sheet.rows):
        writer.writerow([f"{cell:f}" if isinstance(cell, Decimal) else harmless(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")

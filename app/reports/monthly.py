"""The monthly report: one object of tables in the reader's language; page, paper and spreadsheet only lay it out."""

import contextlib
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import xlsxwriter
from flask import Response, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app import papers
from app.auth import allow
from app.language import day, local
from app.language import month as month_name
from app.reports import words
from app.reports.blueprint import bp
from app.words import options
from services.communities import catalogue, regions
from services.core.errors import N_, NotFound
from services.reports import monthly
from services.reports.monthly import Report

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What each figure means, and where it is not the general one, its name.
NAMES = {
    "confirmed_hours_this_month": N_("Confirmed hours"),
    "visits_this_month": N_("Visits"),
    "visits_waiting_of_month": N_("of these still to be confirmed"),
    "visits_disputed_of_month": N_("of these disputed"),
    "households_visited_this_month": N_("Households visited"),
    "helpers_visiting_this_month": N_("Helpers who visited"),
    "pairings_begun_this_month": N_("Pairings begun"),
    "pairings_ended_this_month": N_("Pairings ended"),
    "volunteers_joined_this_month": N_("Volunteers who joined"),
    "followups_done_this_month": N_("Follow-ups done"),
    "deliveries_this_month": N_("Deliveries handed over"),
}
MEANS = {
    "confirmed_hours_this_month": N_("Minutes of the month's visits that helper and household both confirmed, in whole hours."),
    "visits_this_month": N_("Visits and calls begun in the month, attempts included; not those corrected or taken back."),
    "visits_waiting_of_month": N_("Somebody's word is missing; their minutes do not count yet."),
    "visits_disputed_of_month": N_("Somebody says it was not so; their minutes do not count."),
    "households_visited_this_month": N_("Households with at least one confirmed visit, each once."),
    "helpers_visiting_this_month": N_("Helpers with at least one confirmed visit, each once."),
    "pairings_begun_this_month": N_("Pairings whose first day is in the month."),
    "pairings_ended_this_month": N_("Pairings whose last day is in the month."),
    "volunteers_joined_this_month": N_("Registered in the month and accepted by the office."),
    "followups_done_this_month": N_("Promises of a day in the month or before that were marked as kept in it."),
    "deliveries_this_month": N_("Goods, money, rooms, hours and services of units that were signed for."),
    "households_in_need": N_("Households the community serves that have an open need."),
    "households_paired": N_("Those of them that have a living pairing."),
    "volunteers": N_("Accepted volunteers who have neither paused nor left."),
    "volunteers_helping": N_("Those of them who have a living pairing."),
    "pairings": N_("Pairings that have begun and not ended."),
    "followups_late": N_("Promises whose day has passed and that nobody has marked as kept."),
    "units_pledging": N_("Units with at least one pledge that holds."),
    "pledges_open": N_("Pledges that hold: neither taken back nor past their last day."),
}  # fmt: skip
# Lists that can be narrowed to any month; the others' own lists know the present one only.
BY_MONTH = {
    "confirmed_hours_this_month": {"state": "confirmed"},
    "visits_this_month": {},
    "visits_waiting_of_month": {"state": "noted"},
    "visits_disputed_of_month": {"state": "disputed"},
}


@dataclass(frozen=True)
class Row:
    """One figure: its name, the number, what it means and the list behind it."""

    name: str
    number: int
    means: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Table:
    """Figures that belong together, under the names of their two columns."""

    code: str
    title: str
    columns: tuple[str, str]
    rows: list[Row]
    bars: bool = False


@dataclass(frozen=True)
class Sheet:
    """The whole report in words and numbers."""

    title: str
    lead: str
    tables: list[Table]
    remark: str


def sheet(report: Report) -> Sheet:
    """The report in the reader's language."""
    columns = (_("Figure"), _("Number"))
    happened = [_row(code, number, report) for code, number in report.happened.items()]
    stood = [_row(code, number, report) for code, number in report.stood.items()]
    kinds = [
        Row(
            text,
            report.unmet[code],
            url=None if report.over else words.url("unmet_by_kind", show="unpaired", kind=code),
        )
        for code, text in options(catalogue.NEED_KINDS)
        if code in report.unmet
    ]
    months = [
        Row(month_name(first), number, url=_of_month("confirmed_hours_this_month", first))
        for first, number in report.hours
    ]
    tables = [
        Table("happened", _("What happened in the month"), columns, happened),
        Table("hours", _("Confirmed hours by month"), (_("Month"), _("Hours")), months, bars=True),
        Table("stood", _("How things stood on %(day)s", day=day(report.counted_on)), columns, stood),
        Table(
            "unmet",
            _("Open needs of households without a helper"),
            (_("Kind of need"), _("Number")),
            kinds,
            bars=True,
        ),
    ]
    return Sheet(
        _("Monthly report: %(month)s", month=month_name(report.month)),
        local(g.community) if report.over else _("%(community)s, so far", community=local(g.community)),
        [table for table in tables if table.rows],
        ""
        if report.counted_on
        else _("How things stood at the end of this month was not counted then and cannot be told."),
    )


def _row(code: str, number: int, report: Report) -> Row:
    name = _(NAMES[code]) if code in NAMES else words.label(code)
    url = _of_month(code, report.month)
    if url is None and code in words.FIGURES and not report.over:
        url = words.url(code)
    return Row(name, number, _(MEANS[code]), url)


def _of_month(code: str, month: date) -> str | None:
    if code not in BY_MONTH:
        return None
    values: dict[str, Any] = BY_MONTH[code]
    return url_for("visits.index", month=f"{month:%Y-%m}", **values)


@bp.get("/c/<community>/figures/month")
@allow("reports.community")
def choose_month() -> Answer:
    """The report of the chosen month, or of the present one where there is none of that."""
    month = present = regions.today(g.community.id).replace(day=1)
    with contextlib.suppress(NotFound):
        month = first_day(request.args.get("month", ""))
    if not monthly.FIRST <= month <= present:
        month = present
    return redirect(url_for("reports.month_report", month=f"{month:%Y-%m}"))


@bp.get("/c/<community>/figures/month/<month>")
@allow("reports.community")
def month_report(month: str) -> str:
    """The report of a month as a page; each number leads to its list where there is one."""
    report = monthly.report(g.actor, month=first_day(month))
    before, following = report.month - timedelta(days=1), report.month + timedelta(days=31)
    return render_template(
        "reports/month.html",
        sheet=sheet(report),
        month=month,
        before=f"{before:%Y-%m}" if before >= monthly.FIRST else None,
        following=f"{following:%Y-%m}" if report.over else None,
    )


@bp.get("/c/<community>/figures/month/<month>.pdf")
@allow("reports.community")
def month_pdf(month: str) -> Response:
    """The same report on paper."""
    made = sheet(monthly.report(g.actor, month=first_day(month)))
    return papers.answer("month", on_paper(made), filename=f"{g.community.code}-{month}.pdf")


def on_paper(made: Sheet) -> dict[str, Any]:
    """What the layout of the report shows."""
    return {
        "title": made.title,
        "lead": made.lead,
        "remark": made.remark,
        "foot": f"{local(g.community)} · {made.title}",
        "tables": [
            {
                "title": table.title,
                "columns": table.columns,
                "rows": [{"name": row.name, "means": row.means, "number": row.number} for row in table.rows],
            }
            for table in made.tables
        ],
    }


@bp.get("/c/<community>/figures/month/<month>.xlsx")
@allow("reports.community")
def month_xlsx(month: str) -> Answer:
    """The same report as a spreadsheet, to reckon with."""
    made = sheet(monthly.report(g.actor, month=first_day(month)))
    name = f"{g.community.code}-{month}.xlsx"
    return send_file(workbook(made), mimetype=XLSX, as_attachment=True, download_name=name)


def workbook(made: Sheet) -> io.BytesIO:
    """The tables one under the other; text is text, so that nothing in it runs, and numbers are numbers."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title, head = (
        book.add_format({"bold": True, "font_size": 14}),
        book.add_format({"bold": True, "bottom": 1}),
    )
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(_("Report")[:31])
    page.set_column(0, 0, 44)
    page.set_column(1, 1, 12)
    page.set_column(2, 2, 80, wrapped)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, made.title, title)
    page.write_string(1, 0, made.lead)
    page.write_string(2, 0, made.remark)
    at = 4
    for table in made.tables:
        page.write_string(at, 0, table.title, head)
        page.write_string(at, 1, table.columns[1], head)
        page.write_string(at, 2, _("What it means") if any(row.means for row in table.rows) else "", head)
        for row in table.rows:
            at += 1
            page.write_string(at, 0, row.name)
            page.write_number(at, 1, row.number)
            page.write_string(at, 2, row.means, wrapped)
        at += 2
    book.close()
    buffer.seek(0)
    return buffer


def first_day(month: str) -> date:
    """The first day of a month written as 2026-11. Raises NotFound for anything else."""
    with contextlib.suppress(ValueError):
        if len(month) == 7:
            return date.fromisoformat(f"{month}-01")
    raise NotFound()

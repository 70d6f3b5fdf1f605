"""A month's report: the same numbers on the page, on paper and in the spreadsheet, each leading to as many rows."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import openpyxl
import pytest
import time_machine
import typst
from sqlalchemy import select

from app import papers
from app.reports import monthly as pages
from services.core.actor import system
from services.core.db import db
from services.reports import monthly, roll_up
from services.reports.models import RollupSchedule
from tests.factories import households, visits, world

NOVEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 2, tzinfo=UTC)


@pytest.fixture
def november(app, north) -> Iterator[None]:
    """A November with a pairing, a confirmed visit, one that waits and a household without a helper; it is still November."""
    with time_machine.travel(NOVEMBER, tick=False):
        with world.inside(app, north):
            pairing = visits.make_old_pairing(north, days=10)
            visits.make_confirmed(north, pairing, ago=50, minutes=90)
            visits.make_visit(north, pairing, ago=30)
            households.make_household(north)
            roll_up.begin(system(north.id))
            roll_up.roll_up(system(north.id), db.session.scalars(select(RollupSchedule.id)).one())
        yield


def _page(client, place, month="2026-11"):
    page = client.get(place.path(f"figures/month/{month}"))
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>.*?<td class="num"[^>]*>(?:<a href="([^"]+)">)?(\d+)', page.text, re.S
    )
    return {name: (int(number), url) for name, url, number in rows}


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from [node["text"]] if "text" in node else []
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _texts(one)


def test_page_paper_and_spreadsheet_have_the_same_numbers(app, client, north, november):
    world.sign_in(client, north.accounts["staff"])
    shown = {name: number for name, (number, _) in _page(client, north).items()}
    assert shown["Confirmed hours"] == 1 and shown["Visits"] == 2 and shown["Households in need"] == 2

    book = openpyxl.load_workbook(io.BytesIO(client.get(north.path("figures/month/2026-11.xlsx")).data))
    cells = [row[:2] for row in book.active.iter_rows(values_only=True) if isinstance(row[1], int)]
    assert dict(cells) == shown

    with world.inside(app, north):
        report = monthly.report(north.actor("staff"), month=date(2026, 11, 1))
    with client:
        client.get(north.path("figures/month/2026-11"))
        data = pages.on_paper(pages.sheet(report))
        laid_out = typst.query(
            papers.HERE / "month.typ",
            "table",
            root=papers.HERE,
            font_paths=papers.FONTS,
            sys_inputs=papers.inputs(data),
        )
    texts = list(_texts(json.loads(laid_out)))
    assert client.get(north.path("figures/month/2026-11.pdf")).data.startswith(b"%PDF-")
    assert [int(text) for text in texts if text.isdigit()] == list(shown.values())


def test_each_number_is_the_length_of_its_list(client, north, november):
    world.sign_in(client, north.accounts["staff"])
    for name in ("Visits", "of these still to be confirmed", "Households in need", "Living pairings"):
        number, url = _page(client, north)[name]
        rows = re.search(r"<tbody>(.*?)</tbody>", client.get(unescape(url)).text, re.S)[1]
        assert rows.count("<tr") == number, name


def test_a_month_that_is_over_stands_as_it_was_counted_then(app, client, north, november):
    with time_machine.travel(DECEMBER, tick=False):
        with world.inside(app, north):
            households.make_household(north)
        world.sign_in(client, north.accounts["staff"])
        assert _page(client, north)["Households in need"] == (2, "")
        assert [_page(client, north, month)["Visits"][0] for month in ("2026-11", "2026-12")] == [2, 0]
        assert _page(client, north, "2026-12")["Households in need"][0] == 3
        assert "was not counted then" in client.get(north.path("figures/month/2026-10")).text


@pytest.mark.parametrize("month", ["2026-13", "2026-12", "1999-12", "x", "2026-11-01", "9" * 50])
def test_there_is_no_report_of_what_is_no_month_or_still_to_come(client, north, november, month):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path(f"figures/month?month={month}")).location.endswith("/2026-11")
    for ending in ("", ".pdf", ".xlsx"):
        assert client.get(north.path(f"figures/month/{month}{ending}")).status_code == 404


def test_it_is_the_offices(client, north, south, november):
    address = north.path("figures/month/2026-11")
    assert client.get(address).status_code == 302
    world.sign_in(client, south.accounts["staff"])
    assert client.get(address).status_code == 404


def test_nothing_in_the_spreadsheet_runs():
    strange = "=1+1"
    row = pages.Row(strange, 7, strange)
    made = pages.Sheet(strange, strange, [pages.Table("a", strange, (strange, strange), [row])], strange)
    book = openpyxl.load_workbook(io.BytesIO(pages.workbook(made).getvalue()))
    kinds = {cell.data_type for line in book.active.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s", "n"}

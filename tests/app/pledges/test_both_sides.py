"""What a unit gave and got, what is free in a week, and the files: on pages, for whom they are."""

import csv
import io

import openpyxl
import pytest

from services.pledges import allocations, benefits, deliveries
from tests.factories import pledges, world


@pytest.fixture
def unit(app, client, north):
    with world.inside(app, north):
        unit = pledges.make_unit(north, area="Food", hopes=["parking"])
        pledges.join_unit(north, unit)
        pledges.make_room(north, unit=unit)
        rice = pledges.make_pledge(north, unit, item="=1+1", theme="culture")
        need = pledges.make_need(north)
        staff = north.actor("staff")
        made = allocations.allocate(
            staff, pledge_id=rice.id, need_id=need.id, planned_on=pledges.TODAY, quantity=2
        )
        deliveries.sign(staff, allocation_id=made.id, receiver="Old Li", how="typed")
    return unit


def test_the_office_enters_what_a_unit_got_and_both_sides_see_it(app, client, north, unit):
    world.sign_in(client, north.accounts["staff"])
    book = north.path(f"pledges/units/{unit.id}/benefits")
    refused = client.post(book, data={"kind": "parking", "line": "Eight places", "given_on": "2999-01-01"})
    assert refused.status_code == 422 and "Eight places" in refused.text
    entry = {"kind": "parking", "line": "Eight places", "given_on": "2026-11-20"}
    assert client.post(book, data=entry).status_code == 302
    assert "Eight places" in client.get(north.path(f"pledges/units/{unit.id}")).text
    world.sign_in(client, north.accounts["unit"])
    for page in ("pledges/mine", f"pledges/units/{unit.id}/impact"):
        shown = client.get(north.path(page)).text
        assert "Eight places" in shown and "Culture" in shown and "Old Li" not in shown
    assert client.get(book).status_code == 403
    world.sign_in(client, north.accounts["staff"])
    with world.inside(app, north):
        row = benefits.of_unit(north.actor("staff"), unit_id=unit.id)[0]
    back = north.path(f"pledges/benefits/{row.id}/take-back")
    assert [client.post(back).status_code for _ in range(2)] == [302, 409]
    assert "Eight places" not in client.get(north.path(f"pledges/units/{unit.id}/impact")).text
    assert "Eight places" in client.get(book).text


def test_another_communitys_entries_do_not_exist(app, client, north, south, unit):
    with world.inside(app, north):
        row = benefits.give(
            north.actor("staff"), unit_id=unit.id, kind="other", line="Thanks", given_on=pledges.TODAY
        )
    world.sign_in(client, south.accounts["staff"])
    assert client.post(south.path(f"pledges/benefits/{row.id}/take-back")).status_code == 404
    assert client.get(south.path(f"pledges/units/{unit.id}/benefits")).status_code == 404


def test_a_free_hour_leads_to_its_allocation_with_day_and_time_filled_in(client, north, unit):
    world.sign_in(client, north.accounts["staff"])
    week = client.get(north.path("pledges/week?week=2026-11-26")).text
    assert "14:00–16:00" in week
    link = next(part for part in week.split('"') if "from_time=14" in part).replace("&amp;", "&")
    assert "planned_on=2026-11-25" in link
    assert client.get(link).status_code == 200
    for typed in ("x", "9999-12-31", "0001-01-01", "2026-13-01"):
        assert client.get(north.path(f"pledges/week?week={typed}")).status_code == 404
    strange = link.replace("2026-11-25", "9999-12-31").replace("from_time=14", "from_time=99")
    assert client.get(strange).status_code == 200
    world.sign_in(client, north.accounts["unit"])
    assert "14:00–16:00" in client.get(north.path("pledges/mine/week?week=2026-11-23")).text
    assert client.get(north.path("pledges/week")).status_code == 403


def test_the_files_say_what_the_lists_say_and_run_nothing(client, north, unit):
    world.sign_in(client, north.accounts["staff"])
    text = client.get(north.path("pledges/export/pledges.csv?theme=culture")).data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Pledge"], row["Promised"], row["Delivered"], row["Theme"]) == ("'=1+1", "5", "2", "Culture")
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(north.path("pledges/export/movements.xlsx")).data)
    ).active
    rows = list(book.iter_rows(values_only=True))
    assert [row[3] for row in rows if row[2] == "=1+1"] == ["Pledged", "Reserved", "Delivered"]
    assert "Secret" not in str(rows) and "Old Li" not in str(rows)
    assert client.get(north.path("pledges/export/households.csv")).status_code == 404
    assert client.get(north.path("pledges/year?year=2026")).status_code == 200
    world.sign_in(client, north.accounts["unit"])
    assert client.get(north.path("pledges/export/pledges.csv")).status_code == 403


def test_a_unit_says_what_its_pledge_is_for(client, north, unit):
    world.sign_in(client, north.accounts["unit"])
    mine = client.get(north.path("pledges/mine")).text
    assert "Thank you! In 2026 so far" in mine
    pledge = next(part for part in mine.split('"') if "/pledges/0" in part)
    assert client.post(f"{pledge}/theme", data={"theme": "gold"}).status_code == 422
    assert client.post(f"{pledge}/theme", data={"theme": "security"}).status_code == 302
    assert "Safety" in client.get(pledge).text


def test_a_unit_is_paired_on_pages_and_reads_no_name(app, client, north, unit):
    with world.inside(app, north):
        home = pledges.make_need(north).household_id
    world.sign_in(client, north.accounts["staff"])
    form = north.path(f"pledges/pairings/new?household={home}")
    assert client.get(form).status_code == 200
    assert client.post(form, data={"unit": str(unit.id), "rhythm": "hourly"}).status_code == 422
    made = [client.post(form, data={"unit": str(unit.id), "rhythm": "monthly"}).status_code for _ in range(2)]
    assert made == [302, 422]
    office = client.get(north.path(f"pledges/units/{unit.id}")).text
    assert "Secret Household" in office
    assert unit.name in client.get(north.path(f"households/{home}")).text
    ending = next(part for part in office.split('"') if "/pairings/" in part and part.endswith("/end"))
    world.sign_in(client, north.accounts["unit"])
    mine = client.get(north.path("pledges/mine")).text
    assert "the community knows which" in mine and "Secret" not in mine
    assert client.post(ending, data={"reason": "unit_stops"}).status_code == 403
    world.sign_in(client, north.accounts["staff"])
    said = [
        client.post(ending, data={"reason": reason}).status_code for reason in ("unit_stops", "unit_stops")
    ]
    assert said == [302, 422]
    assert "Secret Household" not in client.get(north.path(f"pledges/units/{unit.id}")).text

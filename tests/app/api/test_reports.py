"""Figures for programs: what waits, a month, timelines, and a region's roll-up."""

import pytest

from services.core.actor import Actor
from services.core.db import db
from services.people import memberships
from tests.factories import access, visits, world


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def visit(app, north):
    with world.inside(app, north):
        row = visits.make_confirmed(north, note="A quiet word")
        db.session.commit()
        return row.id


@pytest.fixture
def of_role(app, north):
    return lambda role: access.program(app, access.make_token(app, north, role))


def items(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_what_waits_is_told_by_role(visit, of_role, at):
    assert {row["role"] for row in items(of_role("staff"), at("work"))} == {"office"}
    own = {row["code"]: row["count"] for row in items(of_role("volunteer"), at("work"))}
    assert own["own_pairings"] == 1


def test_figures_and_the_months_report(visit, of_role, at):
    office = of_role("staff")
    now = {(row["code"], row["part"]): row["number"] for row in items(office, at("figures?limit=200"))}
    assert now["pairings", ""] == 1 and now["confirmed_hours_this_month", ""] == 1
    row = office.get(at(f"visits/{visit}")).json
    report = office.get(at(f"monthly-reports/{row['started_at'][:7]}")).json
    assert report["happened"]["confirmed_hours_this_month"] == 1 and not report["over"]
    for month in ("2999-01", "x", "2026-1"):
        assert office.get(at(f"monthly-reports/{month}")).status_code == 404
    assert of_role("volunteer").get(at("figures")).status_code == 403


def test_timelines_tell_what_their_reader_may_know(visit, of_role, at):
    office = of_role("staff")
    row = office.get(at(f"visits/{visit}")).json
    told = items(office, at(f"households/{row['household_id']}/timeline?limit=1"))
    assert len(told) == 1
    told = office.get(at(f"volunteers/{row['volunteer_id']}/timeline"))
    assert {"visit", "pairing.begun"} <= {one["code"] for one in told.json["items"]}
    assert "A quiet word" not in told.text
    for role, path in (("volunteer", "own-help"), ("resident", "own-household")):
        assert "visit" in {one["code"] for one in items(of_role(role), at(f"timeline/{path}"))}
    assert office.get(at("timeline/own-help")).status_code == 403


def test_a_regions_officials_read_its_roll_up(app, client, north, south):
    address = f"/api/v1/r/{north.region_id}/roll-up"
    assert client.get(address).status_code == 401
    operator = Actor(None, None, frozenset({"operator"}))
    with world.inside(app, north):
        account = world.make_account("An official")
        memberships.grant_region(operator, account_id=account.id, region_id=north.region_id, role="official")
        db.session.commit()
    world.sign_in(client, account)
    places = client.get(address).json["places"]
    assert [place["code"] for place in places if place["kind"] == "community"] == [north.code]
    assert client.get(f"/api/v1/r/{south.region_id}/roll-up").status_code == 404

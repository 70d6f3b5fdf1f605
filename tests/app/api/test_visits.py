"""Visits for programs: noted by a helper, confirmed by the household, put right, counted."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core import clock, locks
from services.core.db import db
from services.pairings.models import Pairing
from services.visits import codes
from tests.factories import access, visits, world


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def pairing(app, north):
    with world.inside(app, north):
        row = visits.make_old_pairing(north)
        db.session.commit()
        return str(row.id)


@pytest.fixture
def of_role(app, north):
    return lambda role: access.program(app, access.make_token(app, north, role))


def said(**changes):
    begun = (clock.now() - timedelta(hours=3)).isoformat()
    return {"started_at": begun, "minutes": 45, "outcome": "well", **changes}


def items(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_a_visit_is_noted_confirmed_and_certified(app, north, south, pairing, of_role, at):
    helper, home, office = of_role("volunteer"), of_role("resident"), of_role("staff")
    noted = helper.post(at(f"pairings/{pairing}/visits"), json=said(note="A quiet word"))
    assert noted.status_code == 201, noted.text
    assert noted.json["state"] == "noted" and {"note", "witness"}.isdisjoint(noted.json)
    address = noted.headers["Location"]
    assert home.get(address).json == noted.json
    assert [row["id"] for row in items(home, at("visits/waiting"))] == [noted.json["id"]]
    assert helper.post(f"{address}/confirm", json={"side": "household", "how": "account"}).status_code == 403
    confirmed = home.post(f"{address}/confirm", json={"side": "household", "how": "account"})
    assert confirmed.json["state"] == "confirmed"
    assert items(helper, at("visits/own")) == items(home, at("visits/at-home")) == [confirmed.json]
    assert office.post(f"{address}/reveal").json == {"value": "A quiet word"}
    assert helper.get(at("visits")).status_code == 403
    month = confirmed.json["started_at"][:7]
    assert items(office, at(f"visits?state=confirmed&month={month}&limit=1")) == [confirmed.json]
    other = access.program(app, access.make_token(app, south))
    assert other.get(f"/api/v1/c/{south.code}/visits/{noted.json['id']}").status_code == 404

    with world.inside(app, north):
        today = regions.today(north.id)
    period = {"since": str(today - timedelta(days=30)), "until": str(today)}
    hours = helper.get(at("visits/hours"), query_string=period).json
    assert hours["minutes"] == 45 and hours["visits"] == [confirmed.json]
    paper = helper.post(at("certificates"), json=period)
    assert paper.status_code == 201 and paper.json["stands"] and paper.json["minutes"] == 45
    assert helper.post(at("certificates"), json=period).json["id"] == paper.json["id"]
    assert items(helper, at("certificates/own")) == items(office, at("certificates")) == [paper.json]
    assert home.post(f"{address}/dispute", json={"reason": "wrong_day"}).json["state"] == "disputed"
    assert office.get(paper.headers["Location"]).json["stands"] is False


def test_a_visit_is_put_right_or_taken_back(pairing, of_role, at):
    helper, office = of_role("volunteer"), of_role("staff")
    address = helper.post(at(f"pairings/{pairing}/visits"), json=said()).headers["Location"]
    new = helper.post(f"{address}/correct", json=said(minutes=30, reason="wrong_length")).json
    assert new["corrects_id"] and new["minutes"] == 30
    assert helper.get(address).json["state"] == "corrected"
    assert helper.post(f"{address}/withdraw").status_code == 409
    late = helper.post(at(f"pairings/{pairing}/visits"), json=said(started_at="2026-01-01T08:00:00Z"))
    assert late.status_code == 422 and late.json["errors"][0]["pointer"] == "#/started_at"
    vague = helper.post(at(f"pairings/{pairing}/visits"), json=said(started_at="2026-01-01T08:00:00"))
    assert vague.status_code == 422
    again = at(f"visits/{new['id']}")
    assert office.post(f"{again}/witness", json={"witness": "Aunt Zhao"}).json["state"] == "confirmed"
    assert "Zhao" not in office.get(again).text
    assert office.post(f"{again}/withdraw").json["state"] == "withdrawn"
    assert office.get(at("visits/counts")).json["states"]["withdrawn"] == 1


def test_the_household_speaks_by_link_or_code(app, north, pairing, of_role, at):
    helper = of_role("volunteer")
    with world.inside(app, north):
        home = locks.get(Pairing, pairing).household_id
        digits = codes.issue_code(north.actor("staff"), household_id=home, after=0)
        db.session.commit()
    address = helper.post(at(f"pairings/{pairing}/visits"), json=said()).headers["Location"]
    assert "/visits/answer/" in helper.post(f"{address}/link").json["address"]
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    assert helper.post(f"{address}/code", json={"code": wrong}).json == {"confirmed": False, "left": 4}
    assert helper.post(f"{address}/code", json={"code": digits}).json == {"confirmed": True, "left": None}


def test_what_of_a_month_is_worth_a_look(pairing, of_role, at):
    office = of_role("staff")
    assert items(office, at("visit-findings?month=2026-11")) == []
    gone = office.post(
        at(f"visit-findings/{world.some_id()}/look-at"), json={"month": "2026-11", "reason": "asked"}
    )
    assert gone.status_code == 409
    assert office.get(at("visit-findings?month=2026-13")).status_code == 422

"""Giving, as programs do it: a unit promises, the office reserves, the receiver signs; a project step by step."""

import uuid

import pytest

from services.core.db import db
from tests.factories import access, pledges, projects, world

RICE = {"kind": "goods", "item": "Rice", "quantity": 60, "measure": "袋", "starts_on": "2026-01-01"}


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def office(app, north):
    return access.program(app, access.make_token(app, north))


@pytest.fixture
def shop(app, north):
    """A unit with a person of its own, as (program, unit's id)."""
    with world.inside(app, north):
        unit = pledges.make_unit(north)
        pledges.join_unit(north, unit)
        unit_id = str(unit.id)
    return access.program(app, access.make_token(app, north, "unit")), unit_id


@pytest.fixture
def need(app, north):
    with world.inside(app, north):
        return str(pledges.make_need(north).id)


def sent(program, address, status=200, **body):
    answer = program.post(address, json=body)
    assert answer.status_code == status, answer.text
    return answer.json


def test_a_pledge_is_entered_reserved_signed_for_and_counted(office, shop, need, at):
    made = office.post(at("pledges"), json={**RICE, "unit_id": shop[1]})
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    assert office.get(address).json["standing"]["free"] == 60
    held = sent(office, f"{address}/allocations", 201, need_id=need, quantity=10, planned_on="2026-11-20")
    use = at(f"allocations/{held['id']}")
    told = sent(office, f"{use}/sign", receiver="Wang", how="paper", day="2026-11-20", quantity=4)
    assert (told["state"], told["left"], told["deliveries"][0]["quantity"]) == ("reserved", 6, 4)
    assert sent(office, f"{use}/release", reason="not_needed")["state"] == "delivered"
    assert sent(office, f"{use}/return", reason="lent", quantity=1)["came"] == 3
    assert sent(office, f"{address}/write-off", reason="broken", quantity=7)["standing"]["written_off"] == 7
    assert sent(office, f"{address}/withdraw", reason="mistake")["state"] == "withdrawn"
    kinds = [row["kind"] for row in office.get(f"{address}/movements").json["items"]]
    assert kinds[::-1][:3] == ["pledged", "reserved", "delivered"]
    assert office.get(f"{address}/periods?as_of=2000-01-01").json["items"] == []
    assert [row["id"] for row in office.get(at("allocations?state=delivered")).json["items"]] == [held["id"]]
    year = office.get(at(f"units/{shop[1]}/giving/2026")).json
    assert year["parts"][0]["delivered"] == 3 and year["households"] == 1
    assert office.get(at("giving/2026")).json["units"][0]["delivered"] == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**20}, "quantity"),
        ({"measure": "minute"}, "measure"),
        ({"ends_on": "2026-01-02"}, "ends_on"),
        ({"kind": "venue", "quantity": None, "week": []}, "week"),
    ],
)
def test_what_is_wrong_with_a_pledge_is_named(office, shop, at, wrong, field):
    answer = office.post(at("pledges"), json={**RICE, "unit_id": shop[1], **wrong})
    assert answer.status_code == 422 and answer.json["errors"][0]["pointer"] == f"#/{field}"


def test_a_service_by_the_hour_counts_in_minutes(office, shop, at):
    hours = {**RICE, "kind": "service", "item": "Repairs", "measure": "minute", "quantity": 90}
    assert sent(office, at("pledges"), 201, unit_id=shop[1], **hours)["measure"] == "minute"


def test_a_room_is_free_by_the_week_and_reserved_by_the_hour(app, north, office, need, at):
    with world.inside(app, north):
        room = str(pledges.make_room(north, ends_on=None).id)
    found = office.get(at("free-weeks/2027-03-03")).json["rooms"]
    assert [(one["pledge_id"], one["spans"]) for one in found] == [(room, [[14 * 60, 16 * 60]])]
    asked = {"need_id": need, "planned_on": "2027-03-03", "from_time": "14:00", "to_time": "15:00"}
    held = sent(office, at(f"pledges/{room}/allocations"), 201, **asked)
    assert held["quantity"] == 60 and held["begins_at"].startswith("2027-03-03T06:00")
    again = office.post(at(f"pledges/{room}/allocations"), json=asked)
    assert again.status_code == 409 and again.json["code"] == "venue_taken"
    late = office.post(at(f"pledges/{room}/allocations"), json={**asked, "planned_on": "9999-12-29"})
    assert late.status_code == 422
    assert office.get(at("free-weeks/9999-12-31")).status_code == 404


def test_a_unit_helps_and_never_learns_whom(app, north, shop, need, office, at):
    program, unit_id = shop
    assert program.get(at("own-unit")).json["id"] == unit_id
    mine = sent(program, at("pledges"), 201, unit_id=unit_id, **RICE)["id"]
    wanted = program.get(at("market/needs")).json["items"]
    assert [row["id"] for row in wanted] == [need] and "household_id" not in wanted[0]
    assert [row["id"] for row in program.get(at(f"market/needs/{need}/pledges")).json["items"]] == [mine]
    given = sent(program, at(f"market/needs/{need}/offer"), pledge_id=mine, quantity=2)
    assert program.get(at(f"units/{unit_id}/allocations?state=offered")).json["items"] == [given]
    assert sent(program, at(f"allocations/{given['id']}/take-back"))["state"] == "released"
    told = program.get(at("pledges")).text + program.get(at(f"units/{unit_id}/allocations")).text
    assert "Secret" not in told and "household" not in told
    for path in (
        "units",
        "allocations",
        f"allocations/{given['id']}",
        f"needs/{need}/pledges",
        "giving/2026",
    ):
        assert program.get(at(path)).status_code == 403, path
    with world.inside(app, north):
        other = pledges.make_pledge(north)
        others = (f"pledges/{other.id}", f"units/{other.unit_id}", f"units/{other.unit_id}/people")
    for path in others:
        assert program.get(at(path)).status_code == 404 and office.get(at(path)).status_code == 200


def test_a_unit_is_kept_with_its_people_benefits_and_pairings(office, at):
    made = office.post(at("units"), json={"name": "Bakery", "kind": "shop", "hopes": ["hiring"]})
    address, tag = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    assert office.patch(address, json={"wish": "Bread days"}, headers=tag).json["hopes"] == ["hiring"]
    assert office.patch(address, json={"wish": "No"}, headers=tag).status_code == 412
    person = office.post(f"{address}/people", json={"person_name": "Li", "phone": "13800001234"})
    assert "1380" not in person.text and not person.json["signs_in"]
    whom = person.headers["Location"]
    assert sent(office, f"{whom}/reveal")["value"].endswith("13800001234")
    assert "/pledges/join/" in sent(office, f"{whom}/invite")["url"]
    assert office.delete(whom, headers={"If-Match": person.headers["ETag"]}).status_code == 204
    got = sent(office, f"{address}/benefits", 201, kind="hiring", line="A market", given_on="2026-11-02")
    against = sent(office, at(f"benefits/{got['id']}/take-back"))
    assert against["counters"] == got["id"] and office.get(f"{address}/benefits").json["items"] == []
    pair = sent(office, at("unit-pairings"), 201, unit_id=made.json["id"], rhythm="monthly")
    assert office.get(f"{address}/pairings").json["items"][0]["id"] == pair["id"]
    assert sent(office, at(f"unit-pairings/{pair['id']}/end"), reason="mistake")["ended_on"]


def test_a_household_signs_for_what_came(app, north, office, need, at):
    with world.inside(app, north):
        pledge = pledges.make_pledge(north)
        row = db.session.get_one(pledges.Need, (north.id, uuid.UUID(need)))
        pledges.join_household(north, row.household_id)
        pledge_id = pledge.id
    day = {"planned_on": "2026-11-20", "quantity": 2, "need_id": need}
    held = sent(office, at(f"pledges/{pledge_id}/allocations"), 201, **day)["id"]
    home = access.program(app, access.make_token(app, north, "resident"))
    assert [row["left"] for row in home.get(at("received")).json["items"]] == [2]
    assert home.post(at(f"received/{held}/sign"), json={"receiver": "Wang"}).status_code == 204
    assert home.get(at(f"allocations/{held}")).status_code == 403
    assert home.post(at(f"received/{uuid.uuid4()}/sign"), json={"receiver": "W"}).status_code == 404


def test_a_project_goes_step_by_step(north, office, shop, at):
    lead = str(north.accounts["staff"].id)
    facts = {"title": "Garden", "theme": "service", "starts_on": "2026-11-01", "target_on": "2027-01-01"}
    made = office.post(at("projects"), json={**facts, "lead_id": lead})
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    step = office.post(f"{address}/steps", json={"title": "Dig", "due_on": "2026-11-05"})
    tag = {"If-Match": step.headers["ETag"]}
    assert office.patch(step.headers["Location"], json={"line": "Deep"}, headers=tag).json["title"] == "Dig"
    part = sent(office, f"{address}/parts", 201, kind="goods", item="Rice", measure="袋", quantity=9)
    sent(office, f"{address}/publish")
    program, unit_id = shop
    mine = sent(program, at("pledges"), 201, unit_id=unit_id, **RICE)["id"]
    assert program.get(at("market/parts")).json["items"][0]["part"]["missing"] == 9
    sent(program, at(f"market/parts/{part['id']}/offer"), pledge_id=mine, quantity=9)
    whole = {"project_id": made.json["id"], "part_id": part["id"], "planned_on": "2026-12-01", "quantity": 9}
    sent(office, at(f"pledges/{mine}/allocations"), 201, **whole)
    seen = program.get(at(f"published-projects/{made.json['id']}")).json
    assert seen["parts"][0]["missing"] == 0 and "lead_id" not in seen
    assert office.post(f"{address}/finish").json["code"] == "steps_open"
    sent(office, f"{step.headers['Location']}/tick", day="2026-11-06")
    assert sent(office, f"{address}/stop", reason="mistake")["state"] == "stopped"
    changed = office.patch(address, json={"place": "Yard"}, headers={"If-Match": "x"})
    assert changed.status_code == 412
    assert sent(office, f"{address}/again")["state"] == "under_way"
    assert [row["state"] for row in office.get(at("projects?mine=true")).json["items"]] == ["under_way"]


def test_what_is_of_another_community_is_not_there(app, south, office, at):
    with world.inside(app, south):
        pledge, need = pledges.make_pledge(south), pledges.make_need(south)
        person = pledges.join_unit(south, pledges.make_unit(south))
        project = projects.make_project(south)
        ids = {"pledge": pledge.id, "unit": pledge.unit_id, "need": need.id, "person": person.id}
        ids["project"] = project.id
    for path in (
        "pledges/{pledge}",
        "pledges/{pledge}/movements",
        "pledges/{pledge}/needs",
        "units/{unit}",
        "units/{unit}/allocations",
        "units/{unit}/benefits",
        "units/{unit}/giving/2026",
        "needs/{need}/pledges",
        "unit-people/{person}",
        "projects/{project}",
        "published-projects/{project}",
    ):
        assert office.get(at(path.format(**ids))).status_code == 404, path
    answer = office.post(at("pledges"), json={**RICE, "unit_id": str(ids["unit"])})
    assert answer.status_code == 404

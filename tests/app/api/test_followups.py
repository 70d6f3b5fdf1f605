"""Follow-ups for programs: what is due, what is said to it, plans, and who is away."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core.db import db
from tests.factories import access, followups, world


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def program(app, north):
    return access.program(app, access.make_token(app, north))


@pytest.fixture
def day(app, north):
    with world.inside(app, north):
        return regions.today(north.id)


@pytest.fixture
def helper(app, north, day):
    """A helper's program; two follow-ups are his, one is the staff's."""
    with world.inside(app, north):
        account = world.add_member(north, "volunteer")
        followups.make_followups(north, day=day, helper=account.id)
        db.session.commit()
    return access.program(app, access.make_token(app, north, "volunteer"))


def items(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_a_helper_says_what_he_can_do_and_does_it(program, helper, south, app, at, day):
    mine = items(helper, at("follow-ups"))
    assert {row["plan"] for row in mine} == {"look", "water"}
    assert {row["plan"] for row in items(program, at("follow-ups?whose=staff"))} == {"survey"}
    look = at(f"follow-ups/{mine[0]['id']}")
    assert helper.get(look).json == mine[0] and "note" not in mine[0]
    assert helper.post(f"{look}/cannot", json={"reason": "ill"}).json["state"] == "escalated"
    assert helper.post(f"{look}/take-back").json["state"] == "open"
    assert helper.post(f"{look}/can").status_code == 200
    later = {"day": str(day + timedelta(days=10)), "reason": "weather"}
    assert helper.post(f"{look}/postpone", json=later).json["due_on"] == later["day"]
    assert helper.post(f"{look}/finish", json={"note": "All well"}).json["state"] == "done"
    assert [row["action"] for row in items(helper, f"{look}/history")][-1] == "done"
    survey = items(program, at("follow-ups?whose=staff"))[0]["id"]
    assert helper.get(at(f"follow-ups/{survey}")).status_code == 404
    other = access.program(app, access.make_token(app, south))
    assert other.get(f"/api/v1/c/{south.code}/follow-ups/{survey}").status_code == 404
    counts = program.get(at("follow-ups/counts")).json
    assert counts["stages"]["open"] == 2 and counts["funnel"]["kept"] == 1


def test_the_office_hands_over_and_names_who_stands_in(program, helper, north, at):
    staff = str(north.accounts["staff"].id)
    mine = [row["id"] for row in items(helper, at("follow-ups"))]
    named = program.post(at(f"follow-ups/{mine[0]}/deputy"), json={"deputy": staff})
    assert named.json["deputy_id"] == staff
    stranger = program.post(at(f"follow-ups/{mine[0]}/hand-over"), json={"account_id": str(world.some_id())})
    assert stranger.status_code == 422 and stranger.json["errors"][0]["pointer"] == "#/account_id"
    assert helper.post(at(f"follow-ups/{mine[0]}/hand-over"), json={}).json["owner_id"] is None
    unknown = str(world.some_id())
    refused = program.post(at("follow-ups/finish"), json={"ids": [mine[1], unknown]})
    assert refused.status_code == 422 and [one["pointer"] for one in refused.json["errors"]] == ["#/ids/1"]
    body = {"ids": mine[1:], "account_id": staff}
    assert program.post(at("follow-ups/hand-over"), json=body).json == {"number": 1}
    everything = program.post(at("follow-ups/hand-all-over"), json={"owner": staff})
    assert everything.json == {"number": 1}
    assert program.post(at("follow-ups/finish"), json={"ids": mine}).json == {"number": 2}


def test_a_plan_is_looked_at_and_changed(program, helper, at):
    [plan] = [row for row in items(program, at("plans")) if row["code"] == "water"]
    address = at(f"plans/{plan['id']}")
    told = program.post(f"{address}/preview", json={"after_days": 9}).json
    assert told["moves"] == 1 and told["days"][0]["planned"]
    tag = {"If-Match": program.get(address).headers["ETag"]}
    changed = program.patch(address, json={"after_days": 9, "rule": ""}, headers=tag)
    assert changed.json == {**plan, "after_days": 9, "rule": ""}
    wrong = program.patch(address, json={"rule": "FREQ=NEVER"}, headers={"If-Match": changed.headers["ETag"]})
    assert wrong.status_code == 422 and wrong.json["errors"][0]["pointer"] == "#/rule"
    assert helper.get(at("plans")).status_code == 403


def test_who_is_away_says_so(program, helper, north, at, day):
    days = {"since": str(day), "until": str(day + timedelta(days=7))}
    made = helper.post(at("absences"), json={**days, "deputy": str(north.accounts["staff"].id)})
    assert made.status_code == 201 and helper.get(made.headers["Location"]).json == made.json
    assert [row["id"] for row in items(program, at("absences"))] == [made.json["id"]]
    stood_in = items(program, at("follow-ups?whose=standing_in"))
    assert {row["plan"] for row in stood_in} == {"look", "water"}
    address = made.headers["Location"]
    assert helper.post(f"{address}/end-earlier", json={"until": str(day)}).json["until"] == str(day)
    assert program.post(f"{address}/cancel").json["cancelled"] is True
    assert items(helper, at("absences/own")) == []
    others = helper.post(at("absences"), json={**days, "account": str(north.accounts["admin"].id)})
    assert others.status_code == 403
    link = helper.post(at("follow-ups/calendar-link")).json["address"]
    assert helper.get(link).status_code == 200
    assert helper.post(at("follow-ups/calendar-link/end")).status_code == 204
    assert helper.get(link).status_code == 404

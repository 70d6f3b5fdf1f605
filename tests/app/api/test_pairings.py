"""Matching for programs: from a run to a pairing, the office's own choices, offers, and one's own."""

import pytest
from sqlalchemy import select

from services.core.actor import system
from services.core.db import db
from services.pairings import runs
from services.pairings.models import MatchingRun
from tests.factories import access, households, pairings, volunteers, world

PRIVATE = {"phone", "door", "birthday", "note", "categories"}


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def program(app, north):
    return access.program(app, access.make_token(app, north))


@pytest.fixture
def of_role(app, north):
    return lambda role: access.program(app, access.make_token(app, north, role))


def names(value):
    """Every name in an answer."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def items(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert PRIVATE.isdisjoint(names(answer.json))
    return answer.json["items"]


def test_a_run_becomes_a_pairing_that_ends(app, north, south, program, of_role, at):
    with world.inside(app, north):
        pairings.make_couple(north)
        db.session.commit()
    begun = program.post(at("matching-runs"))
    assert begun.status_code == 202 and begun.json["state"] == "waiting"
    job = begun.headers["Location"]
    assert job == at(f"jobs/matching-run/{begun.json['id']}") and program.get(job).json == begun.json
    with world.inside(app, north):
        runs.compute(system(north.id), db.session.scalars(select(MatchingRun.id)).one())
        db.session.commit()
    run = program.get(job).json
    assert run["state"] == "done" and program.get(run["result"]).json["covered"] == 1
    [draft] = items(program, f"{run['result']}/proposals?state=draft")
    assert program.post(f"{run['result']}/publish", json={}).json == {"sent": 1, "withdrawn": 0}
    [asked] = items(program, at("proposals"))
    assert asked["id"] == draft["id"] and asked["state"] == "published"
    assert program.get(at(f"proposals/{asked['id']}")).json == asked
    link = program.post(at(f"proposals/{asked['id']}/link")).json["address"]
    assert "/pairings/answer/" in link

    helper = of_role("volunteer")
    [own] = items(helper, at("proposals/own"))
    assert own["side"] == "helper" and "household" not in own
    yes = {"side": "helper", "answer": "yes"}
    assert helper.post(at(f"proposals/own/{own['id']}/answer"), json=yes).json["state"] == "published"
    said = {"side": "household", "answer": "yes", "how": "paper"}
    assert program.post(at(f"proposals/{own['id']}/answer"), json=said).json["state"] == "accepted"

    [pairing] = items(program, at("pairings?state=living"))
    assert pairing["proposal_id"] == own["id"] and pairing["ended_on"] is None
    [mine] = items(of_role("resident"), at("pairings/own"))
    assert mine["id"] == pairing["id"] and mine["side"] == "household"
    address = at(f"pairings/own/{pairing['id']}")
    assert helper.get(address).json["household"] and helper.get(at("pairings")).status_code == 403
    assert items(helper, at("pairings/standing-in")) == []
    plan = {"day": "2999-01-01", "at": "09:00"}
    assert helper.post(f"{address}/plan-visit", json=plan).status_code == 422
    assert helper.post(f"{address}/drop-visit").status_code == 204
    assert helper.post(f"{address}/stop", json={"reason": "health"}).status_code == 200
    told = helper.post(at(f"pairings/{pairing['id']}/reveal"), json={"field": "phone"})
    assert told.status_code == 200 and set(told.json) == {"value"}
    assert items(program, at("pairings?state=stop"))

    other = access.program(app, access.make_token(app, south))
    there = f"/api/v1/c/{south.code}/pairings/{pairing['id']}"
    assert (
        other.get(there).status_code
        == other.post(f"{there}/end", json={"reason": "other"}).status_code
        == 404
    )
    ended = program.post(at(f"pairings/{pairing['id']}/end"), json={"reason": "need_met"})
    assert ended.json["end_reason"] == "need_met" and ended.json["ended_on"]
    again = program.post(at(f"pairings/{pairing['id']}/end"), json={"reason": "need_met"})
    assert again.status_code == 409


def test_the_office_chooses_locks_and_leaves_out(app, north, program, at):
    with world.inside(app, north):
        first, second = (volunteers.make_volunteer(north) for _time in range(2))
        homes = [households.make_household(north) for _time in range(2)]
        run_id = pairings.make_run(north).id
        helpers = {str(first.id), str(second.id)}
        home_ids = [str(home.id) for home in homes]
        db.session.commit()
    board = at(f"matching-runs/{run_id}/board")
    lines = items(program, board)
    assert {line["household_id"] for line in lines} == set(home_ids)
    drafts = items(program, at(f"matching-runs/{run_id}/proposals"))
    swapped = program.post(at(f"proposals/{drafts[0]['id']}/swap"), json={"other_id": drafts[1]["id"]})
    one, other = swapped.json["proposals"]
    assert {one["volunteer_id"], other["volunteer_id"]} == helpers
    assert program.post(at(f"proposals/{one['id']}/lock")).json["volunteer_id"] == one["volunteer_id"]
    refused = program.post(at(f"proposals/{one['id']}/refuse"), json={"reason": "not_now"})
    assert refused.status_code == 409 and refused.json["code"] == "locked"
    body = {"volunteer_id": one["volunteer_id"]}
    assert program.post(at(f"households/{one['household_id']}/unlock"), json=body).status_code == 204
    home = other["household_id"]
    assert program.post(f"{board}/{home}/leave-out").json["volunteer_id"] is None
    assert [lock["household_id"] for lock in items(program, at("pair-locks"))] == [home]
    assert program.post(at(f"households/{home}/unlock"), json={}).status_code == 204
    [best, *_rest] = items(program, f"{board}/{home}/choices?limit=1")
    chosen = program.post(f"{board}/{home}/choose", json={"volunteer_id": best["volunteer_id"]})
    assert chosen.json["state"] == "draft" and chosen.json["household_id"] == home
    stranger = program.post(f"{board}/{home}/choose", json={"volunteer_id": str(world.some_id())})
    assert stranger.status_code == 404
    cells = items(program, at("pairings/coverage"))
    assert sum(cell["unpaired"] for cell in cells) == 2
    assert items(program, at("pairings/declines")) == []


def test_a_helper_offers_and_the_office_answers(app, north, program, of_role, at):
    with world.inside(app, north):
        pairings.make_couple(north)
        db.session.commit()
    helper = of_role("volunteer")
    near = helper.get(at("offers/near")).json
    [fit] = near["fits"]
    assert PRIVATE.isdisjoint(names(near)) and not near["full"]
    offer = helper.post(at(f"households/{fit['household_id']}/offer")).json
    assert offer["state"] == "offered"
    assert helper.post(at(f"offers/{offer['id']}/take-back")).json["state"] == "withdrawn"
    offer = helper.post(at(f"households/{fit['household_id']}/offer")).json
    assert [row["id"] for row in items(helper, at("offers/own"))] == [offer["id"]]
    assert [row["id"] for row in items(program, at("offers"))] == [offer["id"]]
    assert helper.post(at(f"offers/{offer['id']}/accept"), json={}).status_code == 403
    assert program.post(at(f"offers/{offer['id']}/accept"), json={"how": "paper"}).json["state"] == "accepted"
    late = program.post(at(f"offers/{offer['id']}/decline"), json={"reason": "other"})
    assert late.status_code == 409


def test_a_pairing_goes_to_another_helper(app, north, program, at):
    with world.inside(app, north):
        pairing_id = pairings.enter_pairing(north, couple=False).id
        volunteers.make_volunteer(north)
        db.session.commit()
    [taker] = [row for row in items(program, at(f"pairings/{pairing_id}/takers")) if not row["bars"]]
    body = {"volunteer_id": taker["volunteer_id"]}
    unasked = program.post(at(f"pairings/{pairing_id}/hand-over"), json=body)
    assert unasked.status_code == 422 and unasked.json["errors"][0]["pointer"] == "#/agreed"
    made = program.post(at(f"pairings/{pairing_id}/hand-over"), json={**body, "agreed": True})
    assert made.json["volunteer_id"] == taker["volunteer_id"]
    assert program.get(at(f"pairings/{pairing_id}")).json["end_reason"] == "replaced"

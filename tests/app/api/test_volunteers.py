"""Helpers over the API: registered, seen, changed, revealed; and what a helper does himself."""

import pytest

from services.core.db import db
from tests.factories import access, volunteers, world

NEW = {"name": "王芳", "phone": "13900001234", "skills": {"haircut": 2}, "hours": "3.5", "week": [20, 21]}


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def office(app, north):
    return access.program(app, access.make_token(app, north))


@pytest.fixture
def helper(app, north):
    """A helper's own program."""
    with world.inside(app, north):
        account = world.add_member(north, "volunteer")
        row = volunteers.make_volunteer(north, name="Helper", account_id=account.id)
        db.session.commit()
        volunteer_id = str(row.id)
    return access.program(app, access.make_token(app, north, "volunteer")), volunteer_id


def test_a_helper_is_registered_seen_changed_and_found(office, at):
    made = office.post(at("volunteers"), json={**NEW, "note": "quiet", "birthday": "1960-02-03"})
    assert made.status_code == 201, made.text
    assert (
        made.json["skills"] == {"haircut": 2}
        and made.json["week"] == [20, 21]
        and made.json["hours"] == "3.5"
    )
    assert {"phone", "birthday", "note", "employer"}.isdisjoint(made.json)
    address = made.headers["Location"]
    changed = office.patch(
        address,
        json={"skills": {"haircut": 3, "company": 1}, "hours": None},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert changed.status_code == 200, changed.text
    assert changed.json["skills"] == {"haircut": 3, "company": 1} and changed.json["hours"] is None
    assert changed.json["places"] == 1 and changed.json["name"] == "王芳"
    listed = office.get(at("volunteers?skill=company")).json["items"]
    assert listed == [changed.json] == office.post(at("volunteers/find"), json={"text": "1234"}).json["items"]
    assert office.get(at("volunteers?helping=true")).json["items"] == []
    told = office.post(f"{address}/reveal", json={"field": "birthday", "reason": "call"})
    assert told.json == {"value": "1960-02-03"}, told.text
    gone = office.post(f"{address}/private-facts", json={"birthday": None})
    assert gone.status_code == 200
    assert office.post(f"{address}/reveal", json={"field": "birthday", "reason": "call"}).json["value"] == ""
    assert office.post(f"{address}/invitation").json["url"].startswith("http")
    assert office.post(f"{address}/state", json={"state": "paused"}).json["state"] == "paused"


def test_papers_and_exclusions(office, at, helper):
    _program, volunteer_id = helper
    for noun, sent in (("papers", {"kind": "first_aid"}), ("exclusions", {"surname": "李", "building": "3"})):
        made = office.post(at(f"volunteers/{volunteer_id}/{noun}"), json=sent)
        assert made.status_code == 201, made.text
        seen = office.get(made.headers["Location"])
        assert seen.json == made.json == office.get(at(f"volunteers/{volunteer_id}/{noun}")).json["items"][0]
        gone = office.delete(made.headers["Location"], headers={"If-Match": seen.headers["ETag"]})
        assert gone.status_code == 204 and office.get(made.headers["Location"]).status_code == 404


def test_a_helper_has_his_own_profile_only(at, helper):
    program, volunteer_id = helper
    own = program.get(at("volunteers/own"))
    assert own.json["id"] == volunteer_id
    tag = {"If-Match": own.headers["ETag"]}
    assert program.patch(at("volunteers/own"), json={"week": [0]}).status_code == 428
    changed = program.patch(at("volunteers/own"), json={"week": [0, 1]}, headers=tag)
    assert changed.json["week"] == [0, 1], changed.text
    assert program.patch(at("volunteers/own"), json={"week": []}, headers=tag).status_code == 412
    assert program.post(at("volunteers/own/pause"), json={"paused": True}).json["state"] == "paused"
    assert program.get(at(f"volunteers/{volunteer_id}")).status_code == 403
    assert program.get(at("volunteers")).status_code == 403


def test_somebody_registers_himself_and_is_approved(app, north, office, at):
    with world.inside(app, north):
        world.add_member(north, "resident")
        db.session.commit()
    person = access.program(app, access.make_token(app, north, "resident"))
    assert person.get(at("volunteers/own")).status_code == 403
    asked = person.post(at("volunteers/own/register"), json=NEW)
    assert asked.status_code == 200 and asked.json["state"] == "pending", asked.text
    assert person.post(at("volunteers/own/register"), json=NEW).status_code == 409
    assert app.test_client().post(at("volunteers/own/register"), json=NEW).status_code == 401
    accepted = office.post(at(f"volunteers/{asked.json['id']}/approve"))
    assert accepted.json["state"] == "active", accepted.text
    assert (
        office.post(at(f"volunteers/{asked.json['id']}/decline"), json={"reason": "mistake"}).status_code
        == 409
    )


def test_another_communitys_helpers_do_not_exist(app, south, office, at):
    with world.inside(app, south):
        foreign = str(volunteers.make_volunteer(south, name="Far").id)
        db.session.commit()
    assert office.get(at(f"volunteers/{foreign}")).status_code == 404
    for act in ("approve", "invitation", "join-profiles"):
        assert office.post(at(f"volunteers/{foreign}/{act}")).status_code == 404

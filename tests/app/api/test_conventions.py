"""What holds for every operation of the API, shown on households."""

import uuid

import pytest
from sqlalchemy import select, text

from services.core.audit import AuditEntry
from services.core.db import db
from services.households.models import Household
from tests.factories import access, households, world

NEW = {"name": "李梅", "estate": "枣园北里", "building": "3", "door": "2-101"}


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def home(app, north):
    with world.inside(app, north):
        row = households.make_household(north, name="Home")
        db.session.commit()
        return str(row.id)


@pytest.fixture
def program(app, north):
    return access.program(app, access.make_token(app, north))


def test_a_household_is_registered_seen_changed_and_closed(program, at):
    made = program.post(at("households"), json=NEW)
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    seen = program.get(address)
    assert seen.json == made.json and seen.headers["ETag"] == made.headers["ETag"]
    assert {"phone", "door", "note", "categories"}.isdisjoint(seen.json)
    tag = {"If-Match": seen.headers["ETag"]}
    changed = program.patch(address, json={"people": 3}, headers=tag)
    assert changed.status_code == 200 and changed.json["people"] == 3 and changed.json["name"] == "李梅"
    closed = program.post(f"{address}/close", json={"reason": "moved"})
    assert closed.json["state"] == "moved"
    listed = program.get(at("households?state=moved")).json
    assert [row["id"] for row in listed["items"]] == [seen.json["id"]]


@pytest.mark.parametrize(
    "header", ["", "Basic abc", "Bearer ", "Bearer linli_wrong", "Bearer ünï", "linli_x"]
)
def test_what_is_no_token_opens_nothing(app, at, header):
    answer = app.test_client().get(at("households"), headers={"Authorization": header})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["code"] == "unauthorized" and answer.mimetype == "application/problem+json"


def test_a_token_is_of_one_community(program, south):
    for code in (south.code, "nowhere"):
        assert program.get(f"/api/v1/c/{code}/households").status_code == 401


def test_a_token_opens_no_page(app, north, program):
    assert program.get(f"/c/{north.code}/households/").status_code == 302


def test_a_token_does_what_it_is_made_for(app, north, at, home):
    reader = access.program(app, access.make_token(app, north, scopes={"households:read"}))
    assert reader.get(at(f"households/{home}")).status_code == 200
    refused = reader.post(at("households"), json=NEW)
    assert refused.status_code == 403 and refused.json["code"] == "scope"
    assert "households:write" in refused.json["detail"]


def test_roles_hold_for_programs_too(app, north, at):
    with world.inside(app, north):
        world.add_member(north, "volunteer")
    volunteer = access.program(app, access.make_token(app, north, "volunteer"))
    assert volunteer.get(at("households")).status_code == 403


def test_a_session_must_prove_its_own_page(app, client, north, at, home):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(at("households")).status_code == 200
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post(at("households"), json=NEW).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_change_names_what_was_seen(program, at, home):
    address = at(f"households/{home}")
    assert program.patch(address, json={"people": 3}).status_code == 428
    tag = program.get(address).headers["ETag"]
    assert program.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert program.patch(address, json={"people": 3}, headers={"If-Match": tag}).status_code == 200
    late = program.patch(address, json={"people": 4}, headers={"If-Match": tag})
    assert late.status_code == 412 and late.json["code"] == "changed"
    assert program.get(address).json["people"] == 3


def test_the_same_key_has_one_effect_and_one_answer(app, program, north, at):
    key = {"Idempotency-Key": "a key of ours"}
    first, again = (program.post(at("households"), json=NEW, headers=key) for _time in range(2))
    assert first.status_code == again.status_code == 201 and first.data == again.data
    assert again.headers["Location"] == first.headers["Location"] and again.headers["Idempotent-Replayed"]
    other = program.post(at("households"), json={**NEW, "door": "9"}, headers=key)
    assert other.status_code == 422 and other.json["code"] == "key_reused"
    with world.inside(app, north):
        assert len(db.session.scalars(select(Household).where(Household.name == "李梅")).all()) == 1
        assert "李梅".encode() not in db.session.execute(text("SELECT body FROM reply")).scalar_one()


def test_what_is_refused_is_not_kept(program, at):
    key = {"Idempotency-Key": "k"}
    assert program.post(at("households"), json={}, headers=key).status_code == 422
    assert program.post(at("households"), json=NEW, headers=key).status_code == 201


def test_what_is_private_is_looked_at_anew(app, program, north, at, home):
    asked = {"json": {"field": "door", "reason": "visit"}, "headers": {"Idempotency-Key": "a look"}}
    first, again = (program.post(at(f"households/{home}/reveal"), **asked) for _time in range(2))
    assert first.status_code == 200 and first.json == again.json
    assert "Idempotent-Replayed" not in again.headers
    with world.inside(app, north):
        looks = select(AuditEntry).where(AuditEntry.action == "household.revealed")
        assert len(db.session.scalars(looks).all()) == 2
        assert db.session.execute(text("SELECT count(*) FROM reply")).scalar_one() == 0


def test_a_refusal_names_where_and_what(program, at):
    told = program.post(at("households"), json={"building": "3", "door": "1", "people": 99, "odd": 1}).json
    assert told["code"] == "invalid" and uuid.UUID(told["instance"].removeprefix("urn:uuid:"))
    assert {(one["pointer"], one["code"]) for one in told["errors"]} == {
        ("#/name", "required"),
        ("#/people", "out_of_range"),
        ("#/odd", "unknown"),
    }
    told = program.get(at("households?limit=0&odd=1&state=gone")).json
    assert {one["parameter"] for one in told["errors"]} == {"limit", "odd", "state"}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": b"{"}, 400),
        ({"data": b"\xff", "content_type": "application/json"}, 400),
        ({"data": b'{"name": "\\u0000"}'}, 400),
        ({"data": b'{"name": "\\ud800"}'}, 400),
        ({"data": b"[" * 5000}, 400),
        ({"data": b"[]"}, 422),
        ({"data": b"null"}, 422),
        ({"data": b"name=x", "content_type": "text/plain"}, 415),
        ({"data": b""}, 400),
    ],
)
def test_anything_may_be_sent(program, at, sent, status):
    answer = program.post(at("households"), **{"content_type": "application/json", **sent})
    assert answer.status_code == status and answer.mimetype == "application/problem+json"


def test_lists_come_in_parts_with_the_fields_asked_for(app, program, north, at):
    with world.inside(app, north):
        ids = [str(households.make_household(north, name=f"H{n}").id) for n in range(5)]
        db.session.commit()
    seen, address = [], at("households?limit=2&fields=id,name")
    while address:
        part = program.get(address)
        seen += part.json["items"]
        link = part.headers.get("Link")
        address = link and link.partition("<")[2].partition(">")[0]
    assert [row["id"] for row in seen] == ids[::-1] and set(seen[0]) == {"id", "name"}


@pytest.mark.parametrize("path", ["nothing", "households/x", f"households/{uuid.UUID(int=1)}"])
def test_what_is_not_there_is_a_problem(program, at, path):
    answer = program.get(at(path))
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"


def test_a_wrong_method_is_a_problem(program, at):
    answer = program.delete(at("households"))
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


def test_a_request_has_an_id(program, at):
    mine = str(uuid.uuid4())
    assert program.get(at("households"), headers={"Request-Id": mine}).headers["Request-Id"] == mine
    assert program.get(at("households"), headers={"Request-Id": "13800000000"}).headers["Request-Id"] != mine


def test_the_document_tells_all_of_it(client, program, at):
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0" and "/api/v1/c/{community}/households" in document["paths"]
    assert client.get("/api/v1/").status_code == 200

"""Members, the community's facts and words, the register, tokens and messages over the API."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core.db import db
from tests.factories import access, households, letters, volunteers, world


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def office(app, north):
    return access.program(app, access.make_token(app, north))


@pytest.fixture
def admin(app, north):
    return access.program(app, access.make_token(app, north, "admin"))


@pytest.fixture
def helper(app, north):
    with world.inside(app, north):
        world.add_member(north, "volunteer")
        db.session.commit()
    return access.program(app, access.make_token(app, north, "volunteer"))


def test_members_are_let_in_and_end(app, north, admin, office, at):
    with world.inside(app, north):
        account = world.make_account("New one")
        login = account.email
        db.session.commit()
    nobody = admin.post(at("members"), json={"login": "nobody@example.org", "role": "staff"})
    assert nobody.status_code == 422 and nobody.json["errors"][0]["pointer"] == "#/login"
    made = admin.post(at("members"), json={"login": login, "role": "staff"})
    assert made.status_code == 201 and made.json["name"] == "New one", made.text
    assert login not in made.text
    address = made.headers["Location"]
    assert admin.get(address).json == made.json
    assert made.json in admin.get(at("members?role=staff")).json["items"]
    ended = admin.post(f"{address}/end", json={})
    assert ended.json["until"] < ended.json["since"], ended.text
    assert office.get(at("members")).status_code == 403


def test_a_household_is_invited(app, north, office, at):
    with world.inside(app, north):
        home = households.make_household(north, name="Home").id
        db.session.commit()
    assert "/households/join/" in office.post(at(f"households/{home}/invitation")).json["url"]


def test_whom_a_request_is_by(helper, at):
    told = helper.get(at("account")).json
    assert told["roles"] == ["volunteer"]
    assert helper.post(at("account/settings"), json={"big_text": True}).json == {**told, "big_text": True}


def test_the_communitys_facts_and_words(helper, admin, at):
    seen = admin.get(at("community"))
    facts = {name: seen.json[name] for name in ("name", "name_en", "households_total", "people_total")}
    facts |= {"floating_total": 0, "estates": ["东院", "西院"]}
    tag = {"If-Match": seen.headers["ETag"]}
    assert helper.put(at("community"), json=facts, headers=tag).status_code == 403
    assert admin.put(at("community"), json=facts, headers=tag).json["estates"] == ["东院", "西院"]
    assert admin.put(at("community"), json=facts, headers=tag).status_code == 412
    assert admin.post(at("community/rate"), json={"messages_a_minute": 7}).json["messages_a_minute"] == 7
    assert helper.get(at("buildings")).json["next"] is None
    lists = {one["code"]: one["open"] for one in helper.get(at("word-lists")).json["items"]}
    assert lists["kinds"] and not lists["languages"]
    made = admin.post(at("word-lists/kinds/words"), json={"name": "遛狗", "name_en": "Walking dogs"})
    assert made.status_code == 201 and made.json["own"], made.text
    address = made.headers["Location"]
    assert helper.get(address).json == made.json
    tag = {"If-Match": made.headers["ETag"]}
    called = admin.put(
        address, json={"name": "带狗散步", "name_en": "Dog walks", "words": ["遛弯"]}, headers=tag
    )
    assert called.json["name"] == "带狗散步" and "遛弯" in called.json["synonyms"], called.text
    assert admin.post(f"{address}/offer", json={"offered": False}).json["offered"] is False
    tag = {"If-Match": admin.get(address).headers["ETag"]}
    assert admin.delete(address, headers=tag).status_code == 204 and admin.get(address).status_code == 404
    assert admin.post(at("word-lists/languages/words"), json=facts).status_code in (404, 422)


def test_anyone_is_found_and_two_become_one(app, north, office, at):
    with world.inside(app, north):
        ids = [str(volunteers.make_volunteer(north, name="Wang Fang").id) for _one in range(2)]
        db.session.commit()
    found = office.post(at("register/find"), json={"text": "wang"}).json
    assert {hit["row"]["id"] for hit in found["hits"]} == set(ids) and not found["more"]
    both = {"kind": "volunteer", "kept_id": ids[0], "other_id": ids[1]}
    made = office.post(at("register/merge"), json={**both, "take": ["hours"]})
    assert made.status_code == 201 and made.json["verdict"] == "same", made.text
    assert office.get(made.headers["Location"]).json == made.json
    assert office.post(at("register/merge"), json=both).status_code == 409
    undone = office.post(f"{made.headers['Location']}/undo")
    assert undone.json["undone_at"], undone.text
    apart = office.post(
        at("register/keep-apart"), json={"kind": "volunteer", "one_id": ids[0], "other_id": ids[1]}
    )
    assert apart.json["verdict"] == "different"
    assert len(office.get(at("decisions?limit=1")).json["items"]) == 1
    assert office.get(at("register/alike?kind=volunteer")).json["items"] == []


def test_tokens_are_made_shown_once_and_revoked(app, north, at, office, admin):
    with world.inside(app, north):
        today = regions.today(north.id)
    new = {"title": "Ours", "scopes": ["access:read"], "expires_on": (today + timedelta(days=3)).isoformat()}
    made = office.post(at("tokens"), json=new)
    assert made.status_code == 201 and made.json["secret"].startswith(made.json["token"]["prefix"]), made.text
    address = made.headers["Location"]
    ours = access.program(app, made.json["secret"])
    assert ours.get(address).json["title"] == "Ours" and "secret" not in office.get(at("tokens")).text
    assert ours.post(at("tokens"), json=new).status_code == 403
    assert made.json["id"] in [one["id"] for one in admin.get(at("tokens/everybodys")).json["items"]]
    assert office.get(at("tokens/everybodys")).status_code == 403
    assert (
        office.post(at("tokens"), json={**new, "scopes": ["all"]}).json["errors"][0]["pointer"] == "#/scopes"
    )
    assert admin.post(f"{address}/revoke").json["revoked_at"]
    assert ours.get(address).status_code == 401


def test_a_token_gives_on_no_more_than_it_has(app, north, at):
    maker = access.program(app, access.make_token(app, north, scopes={"access:write", "access:read"}))
    with world.inside(app, north):
        today = regions.today(north.id)
    new = {"title": "More", "scopes": ["households:read"], "expires_on": today.isoformat()}
    assert maker.post(at("tokens"), json=new).json["errors"][0]["pointer"] == "#/scopes"
    late = {**new, "scopes": ["access:read"], "expires_on": (today + timedelta(days=31)).isoformat()}
    assert maker.post(at("tokens"), json=late).json["errors"][0]["pointer"] == "#/expires_on"


def test_ones_messages_are_read(app, north, helper, at, office):
    with world.inside(app, north):
        letters.tell(north, north.accounts["volunteer"].id)
        db.session.commit()
    [one] = helper.get(at("messages")).json["items"]
    assert one["subject"] and one["read_at"] is None
    assert helper.post(at(f"messages/{one['id']}/read")).json["read_at"]
    assert helper.post(at("messages/read-all")).json == {"count": 0}
    assert office.get(at(f"messages/{one['id']}")).status_code == 404
    sent = office.get(at("sent-messages")).json["items"]
    assert sent and {"params", "subject", "body"}.isdisjoint(sent[0])
    assert office.get(at(f"sent-messages/{sent[0]['id']}")).json == sent[0]
    assert office.get(at(f"sent-messages/{one['id']}")).status_code == 404
    assert office.post(at(f"sent-messages/{sent[0]['id']}/retry")).status_code == 409
    assert helper.get(at("sent-messages")).status_code == 403


def test_how_one_is_reached(helper, at):
    seen = helper.get(at("messages/preference"))
    tag = {"If-Match": seen.headers["ETag"]}
    wanted = {"channels": ["sms"], "quiet_from": "21:30", "quiet_until": "07:00"}
    changed = helper.patch(at("messages/preference"), json=wanted, headers=tag)
    assert changed.status_code == 200 and changed.json == {**seen.json, **wanted}, changed.text
    half = helper.patch(
        at("messages/preference"), json={"quiet_from": None}, headers={"If-Match": changed.headers["ETag"]}
    )
    assert half.json["errors"][0]["pointer"] == "#/quiet_from", half.text
    assert helper.post(at("messages/preference/try-again"), json={"channel": "sms"}).json == changed.json


def test_a_communitys_own_wordings(admin, office, at):
    assert office.get(at("wordings")).status_code == 403
    address = at("wordings/volunteer.declined")
    seen = admin.get(address)
    new = {name: seen.json[name] for name in ("subject_zh", "body_zh", "body_en")}
    new["subject_en"] = "Dear {name}"
    assert admin.post(f"{address}/preview", json=new).json["en"]["subject"] == "Dear Wang Fang"
    changed = admin.put(address, json=new, headers={"If-Match": seen.headers["ETag"]})
    assert changed.json["subject_en"] == "Dear {name}", changed.text
    assert {"code": "volunteer.declined", "own": True} in admin.get(at("wordings")).json["items"]
    assert admin.post(f"{address}/restore").json == seen.json
    assert admin.get(at("wordings/nothing")).status_code == 404

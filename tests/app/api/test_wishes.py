"""Small wishes, as programs do it: written down, taken on, fulfilled, thanked for."""

import pytest

from services.core import clock
from tests.factories import access, households, pledges, wishes, world

LAMP = {"kind": "home", "text": "一盏看书用的台灯", "worth": 80}


@pytest.fixture
def at(north):
    return lambda path: f"/api/v1/c/{north.code}/{path}"


@pytest.fixture
def office(app, north):
    return access.program(app, access.make_token(app, north))


@pytest.fixture
def home(app, north):
    """A household with an account: its program and its id."""
    with world.inside(app, north):
        row = households.make_household(north, name="王秀英")
        pledges.join_household(north, row.id)
        household_id = str(row.id)
    return access.program(app, access.make_token(app, north, "resident")), household_id


@pytest.fixture
def helper(app, north):
    with world.inside(app, north):
        pledges.join_unit(north, pledges.make_unit(north))
    return access.program(app, access.make_token(app, north, "unit"))


def sent(program, address, status=200, **body):
    answer = program.post(address, json=body)
    assert answer.status_code == status, answer.text
    return answer.json


def test_a_wish_comes_true(office, home, helper, at):
    program, household_id = home
    asked = program.post(at("own-wishes"), json=LAMP)
    assert asked.status_code == 201 and asked.json["state"] == "asked", asked.text
    wish = asked.json["id"]
    assert helper.get(at("open-wishes")).json["items"] == []
    tag = {"If-Match": office.get(at(f"wishes/{wish}")).headers["ETag"]}
    opened = office.patch(at(f"wishes/{wish}"), json={"worth": 90}, headers=tag)
    assert (opened.json["state"], opened.json["text"], opened.json["worth"]) == ("open", LAMP["text"], 90)
    seen = helper.get(at("open-wishes?kind=home"))
    assert [row["id"] for row in seen.json["items"]] == [wish] and household_id not in seen.text
    assert sent(helper, at(f"open-wishes/{wish}/claim"))["state"] == "claimed"
    assert [row["id"] for row in helper.get(at("wish-claims?only_open=true")).json["items"]] == [wish]
    day = str(clock.today("Asia/Shanghai"))
    assert sent(helper, at(f"wish-claims/{wish}/fulfil"), day=day)["fulfilled_on"] == day
    assert sent(program, at(f"own-wishes/{wish}/confirm"))["state"] == "confirmed"
    told = office.get(at(f"wishes?state=confirmed&household_id={household_id}")).json["items"]
    assert told[0]["claim"]["confirmed_by"] == "household" and told[0]["unit"].startswith("Shop")


def test_a_wish_is_given_back_handed_over_or_closed(office, home, helper, at):
    wish = sent(office, at(f"households/{home[1]}/wishes"), 201, **LAMP)["id"]
    sent(helper, at(f"open-wishes/{wish}/claim"))
    assert helper.post(at(f"wish-claims/{wish}/give-back")).status_code == 204
    assert helper.post(at(f"wish-claims/{wish}/give-back")).status_code == 404
    sent(helper, at(f"open-wishes/{wish}/claim"))
    assert sent(office, at(f"wishes/{wish}/release"))["claim"] is None
    refused = office.post(at(f"wishes/{wish}/confirm"))
    assert refused.status_code == 409 and refused.json["code"] == "not_fulfilled"
    assert sent(office, at(f"wishes/{wish}/close"), reason="elsewhere")["close_reason"] == "elsewhere"


def test_everybody_has_the_own_wishes_only(app, north, south, office, home, helper, at):
    with world.inside(app, south):
        theirs = wishes.make_wish(south, households.make_household(south).id).id
    with world.inside(app, north):
        other = wishes.make_wish(north, households.make_household(north).id).id
    assert office.get(at(f"wishes/{theirs}")).status_code == 404
    assert helper.post(at(f"open-wishes/{theirs}/claim")).status_code == 404
    assert helper.get(at(f"wish-claims/{other}")).status_code == 404
    assert helper.get(at("wishes")).status_code == 403
    for deed in ("confirm", "close"):
        assert home[0].post(at(f"own-wishes/{other}/{deed}")).status_code == 404
    long = office.post(at(f"households/{home[1]}/wishes"), json={**LAMP, "worth": 501, "text": "x" * 81})
    assert {one["pointer"] for one in long.json["errors"]} == {"#/worth", "#/text"}

"""The calendar link: what it shows, to whom, and until when."""

import re
from datetime import date, timedelta

import icalendar
import pytest
import time_machine

from services.communities import regions
from services.core import clock, locks
from services.core.db import db
from services.followups import absences, life
from services.followups.models import FollowUp
from services.people import accounts, memberships
from services.people.models import Token
from tests.factories import world

LINK = re.compile(r'value="http://localhost(/c/[^"]+\.ics)"')


@pytest.fixture
def helper(client, north, garden):
    world.sign_in(client, north.accounts["volunteer"])
    return client


def new_link(client, north):
    answer = client.post(north.path("followups/calendar"))
    assert answer.status_code == 200
    return LINK.search(answer.text)[1]


def fetch(app, address):
    """As a phone does, without a sign-in."""
    return app.test_client().get(address)


def events(app, address):
    answer = fetch(app, address)
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.data).events


def test_what_a_calendar_holds(helper, app, north, garden):
    answer = fetch(app, new_link(helper, north))
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    made = icalendar.Calendar.from_ical(answer.data)
    made.validate()
    assert made.refresh_interval == timedelta(hours=6)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in answer.data
    assert {event["UID"] for event in made.events} == {str(garden[c].id) for c in ("look", "water")}
    look = next(event for event in made.events if event["UID"] == str(garden["look"].id))
    assert (look["SUMMARY"], look.start) == ("Have a look", garden["look"].due_on)
    assert type(look.start) is date
    assert look["URL"] == f"http://localhost{north.path('followups/')}{garden['look'].id}"
    assert not look.subcomponents
    for private in ("Garden", north.accounts["volunteer"].name, str(north.accounts["volunteer"].id)):
        assert private not in answer.text


def test_who_stands_in_sees_what_he_stands_in_for(client, app, north, garden):
    with world.inside(app, north):
        today, staff = regions.today(north.id), north.accounts["staff"].id
        absences.register(
            north.actor("admin"),
            account_id=north.accounts["volunteer"].id,
            since=today,
            until=today,
            deputy_id=staff,
        )
    world.sign_in(client, north.accounts["staff"])
    held = {event["UID"] for event in events(app, new_link(client, north))}
    assert {str(row.id) for row in garden.values()} <= held


def test_the_language_is_the_accounts(helper, app, north, garden):
    address = new_link(helper, north)
    helper.post("/language", data={"locale": "zh_Hans"})
    assert {event["SUMMARY"] for event in events(app, address)} == {"看一看", "浇水"}


def test_what_is_done_or_long_past_is_left_out(helper, app, north, garden):
    address = new_link(helper, north)
    with world.inside(app, north):
        today = regions.today(north.id)
        look, water = (locks.get(FollowUp, garden[code].id) for code in ("look", "water"))
        look.due_on, water.due_on = today - timedelta(days=30), today - timedelta(days=31)
    assert [event["UID"] for event in events(app, address)] == [str(garden["look"].id)]
    with world.inside(app, north):
        life.finish(north.actor("staff"), follow_up_id=garden["look"].id)
    assert events(app, address) == []


def test_the_office_sees_what_the_staff_have_to_do(client, app, north, garden):
    world.sign_in(client, north.accounts["staff"])
    assert [event["SUMMARY"] for event in events(app, new_link(client, north))] == ["Survey"]


def test_a_new_link_ends_the_old_one_and_none_is_shown_again(helper, app, north):
    first, second = new_link(helper, north), new_link(helper, north)
    assert first != second
    assert fetch(app, first).status_code == 404
    assert fetch(app, second).status_code == 200
    assert not LINK.search(helper.get(north.path("followups/calendar")).text)
    assert helper.post(north.path("followups/calendar/off")).status_code == 303
    assert fetch(app, second).status_code == 404
    assert helper.post(north.path("followups/calendar/off")).status_code == 303


def test_each_has_his_own(helper, app, north, garden):
    address = new_link(helper, north)
    other = app.test_client()
    world.sign_in(other, north.accounts["staff"])
    new_link(other, north)
    other.post(north.path("followups/calendar/off"))
    assert fetch(app, address).status_code == 200


def test_only_the_digest_is_stored_and_nothing_is_logged(helper, app, north, garden, capfd, caplog):
    address = new_link(helper, north)
    secret = address.rpartition("/")[2].removesuffix(".ics")
    fetch(app, address)
    helper.post(north.path("followups/calendar/off"))
    fetch(app, address)
    told = capfd.readouterr()
    assert secret not in told.out + told.err + caplog.text
    with world.inside(app, north):
        token = db.session.query(Token).where(Token.purpose == "calendar").one()
        assert secret not in str(vars(token))


def test_it_ends_with_the_year_the_role_and_the_account(helper, app, north, garden):
    address = new_link(helper, north)
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert fetch(app, address).status_code == 404
    account = north.accounts["volunteer"]
    with world.inside(app, north):
        closed = accounts.get_account(account.id)
        with world.scope.identity("account_id", account.id):
            closed.active = False
    assert fetch(app, address).status_code == 404
    with world.inside(app, north):
        opened = accounts.get_account(account.id)
        with world.scope.identity("account_id", account.id):
            opened.active = True
    assert fetch(app, address).status_code == 200
    with world.inside(app, north):
        memberships.withdraw(
            north.actor("admin"), account_id=account.id, role="volunteer", day=regions.today(north.id)
        )
    assert fetch(app, address).status_code == 404


def test_it_opens_nothing_elsewhere(helper, app, north, south, garden):
    address = new_link(helper, north)
    assert fetch(app, address.replace("/c/north/", "/c/south/")).status_code == 404
    assert fetch(app, north.path("calendar/x.ics")).status_code == 404
    assert fetch(app, north.path("followups/calendar")).status_code == 302


def test_a_household_has_none(client, app, north):
    with world.inside(app, north):
        world.add_member(north, "resident")
    world.sign_in(client, north.accounts["resident"])
    assert client.post(north.path("followups/calendar")).status_code == 403

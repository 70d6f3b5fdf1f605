"""The calendar as another program reads it, that has nothing to do with the one that writes it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus

from services.core import clock, locks
from services.followups import appointments, life
from services.followups.models import FollowUp, Plan
from tests.factories import followups, world


@pytest.fixture
def fetch(client, app, north, garden):
    """What a phone gets: the answer, and the entries by UID as the other program reads them."""
    world.sign_in(client, north.accounts["volunteer"])
    text = client.post(north.path("followups/calendar")).text
    address = text.partition('value="http://localhost/c/')[2].partition('"')[0]

    def get(**headers):
        answer = app.test_client().get(f"/c/{address}", headers=headers)
        if answer.status_code != 200:
            return answer, {}
        read = IcsCalendarStream.calendar_from_ics(answer.text)
        return answer, {event.uid: event for event in read.events}

    return get


def test_its_lines_are_as_the_rules_want_them(fetch, app, north, garden):
    with world.inside(app, north):
        plan = locks.get(Plan, garden["look"].plan_id)
        plan.name_en = "看看窗台上的花，浇水；记下长了多高，\\n再想一想要不要换一个大一点的花盆, ok; yes"
    answer, held = fetch()
    assert held[str(garden["look"].id)].summary == plan.name_en
    lines = answer.data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert b"PRODID:-//Linli//Follow-ups//EN" in lines
    assert b"X-PUBLISHED-TTL;VALUE=DURATION:PT6H" in lines
    for private in (north.accounts["volunteer"], north.accounts["staff"]):
        for told in (private.name, private.phone, private.email, str(private.id)):
            assert told not in answer.text


def test_an_unchanged_calendar_is_not_sent_again(fetch, app, north, garden):
    answer, _ = fetch()
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        again, _ = fetch(If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    with world.inside(app, north):
        life.finish(north.actor("staff"), follow_up_id=garden["look"].id)
    assert fetch(If_None_Match=answer.headers["ETag"])[0].status_code == 200


def test_what_moves_keeps_its_id_and_counts(fetch, app, north, garden):
    row = garden["look"]
    before = fetch()[1][str(row.id)]
    assert (before.sequence, before.status, before.dtstart) == (0, EventStatus.CONFIRMED, row.due_on)
    moment = clock.now() + timedelta(hours=1)
    with time_machine.travel(moment), world.inside(app, north):
        day = row.due_on + timedelta(days=2)
        life.postpone(north.actor("staff"), follow_up_id=row.id, day=day, reason="weather")
    after = fetch()[1][str(row.id)]
    assert (after.sequence, after.dtstart) == (1, day)
    assert after.dtstamp > before.dtstamp
    assert after.last_modified == after.dtstamp


def test_what_is_called_off_says_so_for_a_while(fetch, app, north, garden):
    row = garden["look"]
    with world.inside(app, north):
        life.close_subject(
            north.actor("staff"), subject_kind=followups.KIND, subject_id=row.subject_id, reason="ended"
        )
    held = fetch()[1]
    assert {event.status for event in held.values()} == {EventStatus.CANCELLED}
    assert held[str(row.id)].sequence == 1
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert fetch()[1] == {}


def test_an_hour_is_the_communitys(fetch, app, north, garden):
    day, row = date.today() + timedelta(days=5), garden["look"]
    with world.inside(app, north):
        made = appointments.agree(
            north.actor("staff"),
            plan_code="look",
            subject_kind=followups.KIND,
            subject_id=row.subject_id,
            owner_id=row.owner_id,
            day=day,
            at=time(14, 30),
        )
        assert locks.get(FollowUp, made.id).id == row.id
    answer, held = fetch()
    assert f"DTSTART;TZID=Asia/Shanghai:{day:%Y%m%d}T143000".encode() in answer.data
    assert answer.data.count(b"BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai") == 1
    assert held[str(row.id)].dtstart == datetime.combine(day, time(14, 30), ZoneInfo("Asia/Shanghai"))
    assert held[str(row.id)].sequence == 1

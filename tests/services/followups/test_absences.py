"""Somebody is away: who is reached meanwhile, who may act, and that nothing has to be put right afterwards."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from services.core.actor import Actor, system
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import absences, advance, deputies, handing, life, lists, occurrences
from services.messages.models import Message
from services.people import memberships
from tests.factories import followups, world

MONDAY = date(2026, 11, 2)


def november(day):
    return date(2026, 11, day)


def at(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), tick=False)


@pytest.fixture
def garden(session, north):
    """A helper with a deputy beside him, and somebody else who might stand in."""
    world.enter(north)
    for role in ("unit", "volunteer"):
        world.add_member(north, role)
    helper = north.accounts["volunteer"]
    for name in ("deputy", "friend"):
        north.accounts[name] = world.add_member(north, "volunteer")
    north.accounts["volunteer"] = helper
    with at(MONDAY):
        return followups.make_followups(
            north, day=MONDAY, helper=helper.id, deputy=north.accounts["deputy"].id
        )


def acting(north, name):
    return Actor(north.accounts[name].id, north.id, frozenset({"volunteer"}))


def away(north, since, until, *, deputy=None, who="volunteer", by="staff"):
    return absences.register(
        north.actor(by) if by in ("staff", "admin") else acting(north, by),
        account_id=north.accounts[who].id,
        since=since,
        until=until,
        deputy_id=north.accounts[deputy].id if deputy else None,
    )


def told(north, name):
    rows = db.session.scalars(
        select(Message)
        .where(Message.account_id == north.accounts[name].id, Message.channel == "inbox")
        .order_by(Message.id)
    )
    return [row.template.removeprefix("followup.") for row in rows]


def advance_on(north, row, *days):
    for day in days:
        with at(november(day)):
            advance.advance(system(north.id), row.id)


def test_the_deputy_of_an_absence_is_reached_and_told_at_once(garden, north):
    with at(MONDAY):
        away(north, november(3), november(20), deputy="friend")
    (message,) = db.session.scalars(
        select(Message).where(Message.template == "followup.standing_in", Message.channel == "inbox")
    )
    assert message.params["count"] == "2"
    assert message.params["since"] == "November 3, 2026"
    advance_on(north, garden["look"], 4, 5, 7)
    assert told(north, "friend") == ["standing_in", "reminder", "reminder", "late"]
    assert told(north, "volunteer") == told(north, "deputy") == []
    assert garden["look"].owner_id == north.accounts["volunteer"].id


def test_without_one_the_deputy_of_the_follow_up_and_then_the_office(garden, north):
    with at(MONDAY):
        away(north, november(3), november(20))
    advance_on(north, garden["look"], 4)
    assert told(north, "deputy") == ["reminder"]
    with at(november(4)):
        deputies.name_deputy(north.actor("staff"), follow_up_id=garden["look"].id, account_id=None)
    advance_on(north, garden["look"], 5)
    assert told(north, "staff") == ["reminder"]
    assert told(north, "volunteer") == []


def test_who_is_away_himself_is_passed_over(garden, north):
    with at(MONDAY):
        away(north, november(3), november(20), deputy="friend")
        away(north, november(4), november(4), who="friend")
        away(north, november(5), november(5), who="friend")
        away(north, november(5), november(5), who="deputy")
    advance_on(north, garden["look"], 4, 5)
    assert told(north, "deputy") == ["reminder"]
    assert told(north, "staff") == ["reminder"]


def test_a_deputy_who_left_is_not_waited_for(garden, north):
    with at(MONDAY):
        away(north, november(3), november(20), deputy="friend")
        memberships.withdraw(
            system(north.id), account_id=north.accounts["friend"].id, role="volunteer", day=november(3)
        )
    advance_on(north, garden["look"], 4)
    assert told(north, "friend") == ["standing_in"]
    assert told(north, "deputy") == ["reminder"]


def test_an_owner_who_left_is_the_office_s_even_when_he_was_away(garden, north):
    with at(MONDAY):
        away(north, november(3), november(20), deputy="friend")
        memberships.withdraw(
            system(north.id), account_id=north.accounts["volunteer"].id, role="volunteer", day=november(4)
        )
    advance_on(north, garden["look"], 4)
    assert told(north, "staff") == ["reminder"]


def test_the_days_before_and_after_are_the_owner_s(garden, north):
    with at(MONDAY):
        away(north, november(5), november(5), deputy="friend")
    advance_on(north, garden["look"], 4, 5)
    advance_on(north, garden["water"], 8)
    assert told(north, "volunteer") == ["reminder"] * 2
    assert told(north, "friend") == ["standing_in", "reminder"]


def test_an_absence_that_ends_earlier_needs_no_repair(garden, north):
    with at(MONDAY):
        absence = away(north, november(3), november(20), deputy="friend")
    advance_on(north, garden["look"], 4)
    with at(november(4)):
        absences.end_earlier(acting(north, "volunteer"), absence_id=absence.id, until=november(4))
    advance_on(north, garden["look"], 5)
    assert told(north, "friend") == ["standing_in", "reminder", "standing_in"]
    assert told(north, "volunteer") == ["reminder"]


def test_a_cancelled_one_counts_no_longer_and_the_deputy_hears(garden, north):
    with at(MONDAY):
        absence = away(north, november(3), november(20), deputy="friend")
        absences.cancel(north.actor("staff"), absence_id=absence.id)
        with pytest.raises(Conflict):
            absences.cancel(north.actor("staff"), absence_id=absence.id)
        away(north, november(10), november(12))
    advance_on(north, garden["look"], 4)
    assert told(north, "friend") == ["standing_in", "not_standing_in"]
    assert told(north, "volunteer") == ["reminder"]


def test_who_stands_in_sees_and_acts_and_no_longer_afterwards(garden, north):
    friend, look = acting(north, "friend"), garden["look"]
    with at(MONDAY):
        away(north, november(3), november(6), deputy="friend")
        assert not lists.find(friend).rows
        with pytest.raises(NotFound):
            life.get(friend, look.id)
    with at(november(3)):
        assert {row.id for row in lists.find(friend).rows} == {look.id, garden["water"].id}
        assert lists.counts(friend)["open"] == 2
        life.postpone(friend, follow_up_id=look.id, day=november(6), reason="ill")
    with at(november(6)):
        assert life.finish(friend, follow_up_id=look.id).done_by == friend.account_id
    with at(november(7)):
        assert not lists.find(friend).rows
        with pytest.raises(NotFound):
            life.finish(friend, follow_up_id=garden["water"].id)


def test_what_stays_late_reaches_the_office_whoever_stands_in(garden, north):
    with at(MONDAY):
        away(north, november(3), november(20), deputy="friend")
    advance_on(north, garden["look"], 4, 7, 14)
    assert told(north, "friend") == ["standing_in", "reminder", "late"]
    assert told(north, "staff") == ["late"]


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (november(10), november(12), "overlap"),
        (november(1), november(5), "overlap"),
        (november(20), november(20), "overlap"),
        (november(3), november(2), "ends_before"),
        (date(2026, 10, 1), date(2026, 11, 1), "ends_before"),
        (november(21), date(2027, 11, 22), "too_long"),
        (date(2027, 11, 3), date(2027, 11, 4), "too_long"),
        (date(1, 1, 1), date(9999, 12, 31), "too_long"),
    ],
)
def test_days_that_cannot_be(garden, north, since, until, code):
    with at(MONDAY):
        away(north, november(5), november(20))
        with pytest.raises(DomainError, match=code):
            away(north, since, until)
        assert away(north, november(21), date(2027, 11, 21))


def test_one_s_own_is_one_s_own(garden, north):
    with at(MONDAY):
        mine = away(north, november(3), november(4), deputy="deputy", by="volunteer")
        for who in ("friend", "unit"):  # not beside him, not a helper
            with pytest.raises(DomainError, match="deputy"):
                away(north, november(10), november(11), deputy=who, by="volunteer")
        with pytest.raises(Forbidden):
            away(north, november(10), november(11), who="friend", by="volunteer")
        with pytest.raises(NotFound):
            absences.cancel(acting(north, "friend"), absence_id=mine.id)
        with pytest.raises(DomainError):
            away(north, november(10), november(11), who="unit")
        with pytest.raises(Forbidden):
            absences.everybodys(acting(north, "volunteer"))
        assert list(absences.own(acting(north, "volunteer"))) == [mine]
        assert list(absences.everybodys(north.actor("staff"))) == [mine]
        for until in (november(1), november(4), november(9)):
            with pytest.raises(DomainError, match="not_earlier"):
                absences.end_earlier(acting(north, "volunteer"), absence_id=mine.id, until=until)
    with at(november(5)):
        assert not absences.own(acting(north, "volunteer"))


def test_for_the_staff_only_the_staff_stand_in(garden, north):
    with at(MONDAY):
        with pytest.raises(DomainError, match="deputy"):
            away(north, november(3), november(4), who="staff", deputy="friend", by="admin")
        assert away(north, november(3), november(4), who="staff", deputy="admin", by="admin")


def test_all_of_one_person_goes_to_another_in_one_step(garden, north):
    staff, helper = north.actor("staff"), north.accounts["volunteer"]
    with at(MONDAY):
        life.finish(staff, follow_up_id=garden["look"].id)
        again = followups.make_followups(north, day=MONDAY, helper=helper.id)
        given = handing.hand_over_all(
            staff, owner_id=helper.id, account_id=north.accounts["friend"].id, note="She moved"
        )
    assert {row.id for row in given} == {garden["water"].id, again["look"].id, again["water"].id}
    assert garden["look"].owner_id == helper.id
    for row in given:
        assert row.owner_id == north.accounts["friend"].id
        assert [entry.note for entry in occurrences.history(row.id)][-1] == "She moved"
    assert told(north, "friend") == ["handed_over_many"]
    with at(MONDAY):
        handing.hand_over_all(staff, owner_id=north.accounts["friend"].id, account_id=None)
        for wrong in (helper.id, north.accounts["friend"].id):
            with pytest.raises(DomainError):
                handing.hand_over_all(staff, owner_id=wrong, account_id=helper.id)
        with pytest.raises(Forbidden):
            handing.hand_over_all(acting(north, "volunteer"), owner_id=helper.id, account_id=None)


def test_what_is_the_office_s_own_stays_in_the_office(garden, north):
    staff, survey = north.actor("staff"), garden["survey"]
    with at(MONDAY):
        life.hand_over(staff, follow_up_id=survey.id, account_id=staff.account_id)
        with pytest.raises(DomainError, match="no_candidate"):
            handing.hand_over_all(staff, owner_id=staff.account_id, account_id=north.accounts["friend"].id)
        handing.hand_over_all(staff, owner_id=staff.account_id, account_id=north.accounts["admin"].id)
    assert survey.owner_id == north.accounts["admin"].id
    assert told(north, "admin") == ["handed_over"]

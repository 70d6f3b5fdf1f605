"""A pledge that ends or has ended with something open: the office is asked once, and no longer when it is settled."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from services.core.actor import system
from services.core.db import db
from services.core.errors import Conflict, DomainError, NotFound
from services.followups import life, plans, subjects
from services.followups.models import Plan
from services.pledges import allocations, deliveries, endings, offers, settling
from services.pledges.models import Balance
from tests.factories import pledges as make
from tests.factories import world

LAST = date(2026, 12, 31)


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


@pytest.fixture
def at():
    """Let it be mid-day of another day until the test ends."""
    travellers = []

    def go(day):
        travellers.append(time_machine.travel(datetime.combine(day, time(4), UTC)))
        travellers[-1].start()

    yield go
    for traveller in reversed(travellers):
        traveller.stop()


@pytest.fixture
def computers(place, at):
    """Five computers until the last day of the year, entered in autumn."""
    at(make.TODAY)
    return make.make_pledge(place)


def asked(place, pledge):
    """What the office was asked about a pledge: the plan and how it stands, the first first."""
    endings.look(system(place.id), pledge.id)
    found = sorted(life.of_subjects("pledge", [pledge.id]), key=lambda one: one.created_at)
    return [(db.session.get_one(Plan, (place.id, one.plan_id)).code, one.state) for one in found]


def test_asked_a_fortnight_before_and_again_when_it_has_ended(place, at, computers):
    at(LAST - timedelta(days=15))
    assert asked(place, computers) == []
    at(LAST - timedelta(days=14))
    assert asked(place, computers) == [("pledge_ending", "open")]
    assert asked(place, computers) == [("pledge_ending", "open")]
    at(LAST + timedelta(days=1))
    assert asked(place, computers) == [("pledge_ending", "closed"), ("pledge_unsettled", "open")]
    assert computers.next_at is None


def settle_by_delivery(staff, pledge, need):
    part = {"pledge_id": pledge.id, "need_id": need.id, "planned_on": LAST}
    given = allocations.allocate(staff, quantity=5, **part)
    endings.look(system(staff.community_id), pledge.id)
    assert life.of_subjects("pledge", [pledge.id])[0].state == "open"
    deliveries.sign(staff, allocation_id=given.id, receiver="G", how="typed")


@pytest.mark.parametrize(
    "settle",
    [
        settle_by_delivery,
        lambda staff, pledge, _: settling.write_off(staff, pledge_id=pledge.id, reason="expired"),
        lambda staff, pledge, _: offers.withdraw(staff, pledge_id=pledge.id),
        lambda staff, pledge, _: offers.extend(staff, pledge_id=pledge.id, ends_on=LAST.replace(year=2027)),
    ],
    ids=["delivered", "written off", "taken back", "extended"],
)
@pytest.mark.parametrize("days", [-3, 3], ids=["before its end", "after it"])
def test_closed_by_itself_once_it_is_settled(place, staff, at, computers, settle, days):
    at(LAST + timedelta(days=days))
    assert [state for _plan, state in asked(place, computers)] == ["open"]
    settle(staff, computers, make.make_need(place))
    assert [state for _plan, state in asked(place, computers)] == ["closed"]


def test_what_somebody_has_dealt_with_is_not_asked_again(place, staff, at, computers):
    at(LAST)
    asked(place, computers)
    life.finish(staff, follow_up_id=life.of_subjects("pledge", [computers.id])[0].id)
    settling.write_off(staff, pledge_id=computers.id, reason="broken", quantity=1)
    assert asked(place, computers) == [("pledge_ending", "done")]


def test_asked_once_more_near_the_new_end(place, staff, at, computers):
    at(LAST)
    asked(place, computers)
    later = LAST.replace(year=2027)
    offers.extend(staff, pledge_id=computers.id, ends_on=later)
    assert asked(place, computers) == [("pledge_ending", "closed")]
    at(later - timedelta(days=1))
    assert asked(place, computers) == [("pledge_ending", "closed"), ("pledge_ending", "open")]


def test_what_renews_is_asked_about_before_its_end_and_after_it_only_when_reserved(place, staff, at):
    at(make.TODAY)
    quiet, owed = make.make_haircuts(place), make.make_haircuts(place)
    allocations.allocate(
        staff, pledge_id=owed.id, need_id=make.make_need(place).id, planned_on=LAST, quantity=2
    )
    at(LAST - timedelta(days=3))
    assert asked(place, quiet) == asked(place, owed) == [("pledge_ending", "open")]
    at(LAST + timedelta(days=3))
    assert asked(place, quiet) == [("pledge_ending", "closed")]
    assert asked(place, owed)[1:] == [("pledge_unsettled", "open")]


def test_not_asked_about_what_is_entered_when_it_is_over_or_never_ends(place, at):
    at(LAST + timedelta(days=90))
    for pledge in (make.make_pledge(place), make.make_pledge(place, ends_on=None)):
        assert asked(place, pledge) == []


def test_the_office_reads_whose_it_is_and_a_unit_nothing(place, computers):
    subject = subjects.of(place.actor("staff"), [("pledge", computers.id)])[computers.id]
    assert subject.title.endswith(computers.item) and str(computers.id) in subject.path
    make.join_unit(place, make.make_unit(place))
    assert subjects.of(place.actor("unit"), [("pledge", computers.id)]) == {}
    assert {plan.owner for plan in plans.ensure(place.actor("staff"), "pledge")} == {plans.STAFF}


def test_a_unit_extends_its_own_and_only_to_a_later_day(place, staff, at, computers):
    at(LAST)
    ours = make.make_unit(place)
    make.join_unit(place, ours)
    own, unit = make.make_pledge(place, ours), place.actor("unit")
    with pytest.raises(NotFound):
        offers.extend(unit, pledge_id=computers.id, ends_on=LAST + timedelta(days=1))
    for day in (LAST, date(2027, 1, 1) - timedelta(days=40), date(9999, 12, 31)):
        with pytest.raises(DomainError):
            offers.extend(unit, pledge_id=own.id, ends_on=day)
    assert offers.extend(unit, pledge_id=own.id, ends_on=date(2027, 3, 1)).ends_on == date(2027, 3, 1)
    offers.withdraw(staff, pledge_id=own.id)
    for pledge in (own, make.make_pledge(place, ends_on=None)):
        with pytest.raises(Conflict):
            offers.extend(staff, pledge_id=pledge.id, ends_on=date(2027, 6, 1))


def test_a_rooms_last_week_gets_its_other_days(place, staff, at):
    at(make.TODAY)
    room = make.make_room(
        place, starts_on=date(2026, 11, 25), ends_on=date(2026, 11, 26), week=make.WEDNESDAYS | 0b11 << 48 * 4
    )
    balance = db.session.query(Balance).filter_by(pledge_id=room.id).one()
    assert balance.promised == balance.free == 120
    offers.extend(staff, pledge_id=room.id, ends_on=date(2026, 11, 27))
    assert balance.promised == balance.free == 180

"""Reserving, releasing and taking back: nothing is promised twice."""

from datetime import date, time

import pytest

from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.pledges import allocations, movements, offers
from services.pledges.models import Balance
from tests.factories import pledges as make
from tests.factories import world


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


def give(staff, pledge, need, quantity=1, day=make.TODAY, **times):
    return allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, quantity=quantity, planned_on=day, **times
    )


def numbers(pledge, start=make.START):
    balance = db.session.query(Balance).filter_by(pledge_id=pledge.id, starts_on=start).one()
    return balance.free, balance.reserved, balance.delivered, balance.withdrawn


def test_a_part_is_reserved_and_the_rest_stays_free(place, staff):
    pledge, need = make.make_pledge(place), make.make_need(place)
    give(staff, pledge, need, 2)
    give(staff, pledge, need, 1)
    assert numbers(pledge) == (2, 3, 0, 0)


def test_more_than_is_free_is_refused_with_what_is_free(place, staff):
    pledge, need = make.make_pledge(place), make.make_need(place)
    give(staff, pledge, need, 4)
    with pytest.raises(Conflict) as refusal:
        give(staff, pledge, need, 2)
    assert refusal.value.params == {"free": "1 台"}
    assert numbers(pledge) == (1, 4, 0, 0)


def test_released_is_free_again_and_only_once(place, staff):
    pledge, need = make.make_pledge(place), make.make_need(place)
    allocation = give(staff, pledge, need, 5)
    allocations.release(staff, allocation_id=allocation.id, reason="not_needed")
    assert numbers(pledge) == (5, 0, 0, 0)
    with pytest.raises(Conflict):
        allocations.release(staff, allocation_id=allocation.id, reason="not_needed")
    assert [m.kind for m, _ in movements.of_pledge(pledge)] == ["released", "reserved", "pledged"]


def test_a_release_needs_a_known_reason(place, staff):
    allocation = give(staff, make.make_pledge(place), make.make_need(place))
    with pytest.raises(DomainError) as refusal:
        allocations.release(staff, allocation_id=allocation.id, reason="because")
    assert refusal.value.field == "reason"


def test_each_month_has_its_own_thirty(place, staff):
    pledge, need = make.make_haircuts(place), make.make_need(place)
    give(staff, pledge, need, 30, date(2026, 11, 30))
    give(staff, pledge, need, 30, date(2026, 12, 1))
    with pytest.raises(Conflict):
        give(staff, pledge, need, 1, date(2026, 11, 1))
    assert numbers(pledge, date(2026, 11, 1)) == numbers(pledge, date(2026, 12, 1)) == (0, 30, 0, 0)


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_only_within_the_dates(place, staff, day):
    with pytest.raises(DomainError) as refusal:
        give(staff, make.make_pledge(place), make.make_need(place), day=day)
    assert refusal.value.field == "planned_on"


@pytest.mark.parametrize("quantity", [0, -1, None])
def test_nothing_is_no_quantity(place, staff, quantity):
    with pytest.raises(DomainError) as refusal:
        give(staff, make.make_pledge(place), make.make_need(place), quantity)
    assert refusal.value.field == "quantity"


def test_a_met_need_gets_nothing(place, staff):
    with pytest.raises(Conflict):
        give(staff, make.make_pledge(place), make.make_need(place, state="met"))


WEDNESDAY = date(2026, 11, 25)


def room(staff, pledge, need, begin, end, day=WEDNESDAY):
    return give(staff, pledge, need, None, day, from_time=time(*begin), to_time=time(*end))


def test_a_room_is_given_from_till_and_never_twice(place, staff):
    pledge, need = make.make_room(place), make.make_need(place)
    first = room(staff, pledge, need, (14, 0), (15, 0))
    assert first.quantity == 60
    room(staff, pledge, need, (15, 0), (16, 0))
    with pytest.raises(Conflict):
        room(staff, pledge, need, (14, 30), (15, 30))
    allocations.release(staff, allocation_id=first.id, reason="mistake")
    room(staff, pledge, need, (14, 15), (14, 45))


@pytest.mark.parametrize(
    ("begin", "end", "day"),
    [
        ((13, 30), (14, 30), WEDNESDAY),
        ((15, 0), (16, 1), WEDNESDAY),
        ((14, 0), (15, 0), date(2026, 11, 26)),
        ((15, 0), (14, 0), WEDNESDAY),
        ((15, 0), (0, 0), WEDNESDAY),
    ],
)
def test_a_room_only_in_its_hours(place, staff, begin, end, day):
    with pytest.raises(DomainError):
        room(staff, make.make_room(place), make.make_need(place), begin, end, day)


def test_a_room_until_midnight(place, staff):
    pledge = make.make_room(place, week=make.half_hours(2, 44, 48))
    assert room(staff, pledge, make.make_need(place), (22, 0), (0, 0)).quantity == 120


def test_a_week_cut_by_the_dates_promises_less(place, staff):
    week = make.half_hours(0, 28, 32) | make.half_hours(2, 28, 32)
    pledge = make.make_room(place, week=week, starts_on=WEDNESDAY)
    assert numbers(pledge, date(2026, 11, 23)) == (120, 0, 0, 0)


def test_what_is_free_can_be_taken_back(place, staff):
    pledge, need = make.make_pledge(place), make.make_need(place)
    allocation = give(staff, pledge, need, 2)
    offers.withdraw(staff, pledge_id=pledge.id, quantity=1)
    assert numbers(pledge) == (2, 2, 0, 1)
    with pytest.raises(Conflict):
        offers.withdraw(staff, pledge_id=pledge.id, quantity=3)
    offers.withdraw(staff, pledge_id=pledge.id)
    assert numbers(pledge) == (0, 2, 0, 3)
    allocations.release(staff, allocation_id=allocation.id, reason="not_needed")
    assert numbers(pledge) == (0, 0, 0, 5)
    with pytest.raises(Conflict):
        give(staff, pledge, need, 1)


def test_a_renewing_pledge_stops(place, staff):
    pledge, need = make.make_haircuts(place), make.make_need(place)
    give(staff, pledge, need, 3)
    offers.withdraw(staff, pledge_id=pledge.id)
    assert numbers(pledge, date(2026, 11, 1)) == (0, 3, 0, 27)
    with pytest.raises(Conflict):
        give(staff, pledge, need, 1, date(2026, 12, 5))


def test_a_unit_reaches_its_own_pledges_only(place, staff):
    unit = make.make_unit(place)
    make.join_unit(place, unit)
    own, other = make.make_pledge(place, unit), make.make_pledge(place)
    me = place.actor("unit")
    offers.withdraw(me, pledge_id=own.id)
    with pytest.raises(NotFound):
        offers.withdraw(me, pledge_id=other.id)
    with pytest.raises(NotFound):
        offers.pledge(
            me, unit_id=other.unit_id, kind="money", item="Money", quantity=100, starts_on=make.START
        )
    with pytest.raises(Forbidden):
        give(me, other, make.make_need(place))


def test_another_communitys_ids_do_not_exist(place, south, staff):
    world.enter(south)
    pledge, need = make.make_pledge(south), make.make_need(south)
    db.session.commit()
    world.enter(place)
    with pytest.raises(NotFound):
        give(staff, pledge, make.make_need(place))
    with pytest.raises(NotFound):
        give(staff, make.make_pledge(place), need)

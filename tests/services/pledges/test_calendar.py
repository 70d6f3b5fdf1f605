"""What is free in a week: what is offered less what is taken, and nothing else."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import Forbidden, NotFound
from services.pledges import allocations, calendar, offers
from tests.factories import pledges, world

WEDNESDAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)
SPANS = st.lists(
    st.tuples(st.integers(0, 1440), st.integers(0, 1440)).filter(lambda one: one[0] < one[1]), max_size=6
)


@given(st.integers(0, (1 << 48) - 1), SPANS)
def test_every_minute_is_free_exactly_when_it_is_offered_and_not_taken(hours, taken):
    found = calendar.without(calendar.offered(hours), taken)
    free = [minute for first, last in found for minute in range(first, last)]
    wanted = [
        minute
        for minute in range(1440)
        if hours >> minute // 30 & 1 and not any(first <= minute < last for first, last in taken)
    ]
    assert sorted(free) == wanted


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


def _allocate(place, pledge, **changes):
    facts = {"planned_on": WEDNESDAY, "need_id": pledges.make_need(place).id} | changes
    return allocations.allocate(place.actor("staff"), pledge_id=pledge.id, **facts)


def test_a_room_is_free_where_nobody_has_it(place):
    room, staff = pledges.make_room(place), place.actor("staff")
    made = _allocate(place, room, from_time=time(14, 20), to_time=time(15))
    told = [(one.day, one.spans) for one in calendar.week(staff, day=WEDNESDAY).rooms]
    assert told == [(WEDNESDAY, [(840, 860), (900, 960)])]
    allocations.release(staff, allocation_id=made.id, reason="mistake")
    assert calendar.week(staff, day=MONDAY).rooms[0].spans == [(840, 960)]


def test_what_renews_is_told_by_period_and_stock_by_what_is_there(place):
    staff = place.actor("staff")
    haircuts = pledges.make_haircuts(place)
    rice, gone = pledges.make_pledge(place, item="Rice"), pledges.make_pledge(place, item="Gone")
    _allocate(place, haircuts, quantity=29, planned_on=date(2026, 12, 2))
    _allocate(place, rice, quantity=2)
    _allocate(place, gone, quantity=5)
    found = calendar.week(staff, day=date(2026, 12, 2))
    told = [(one.first, one.last, one.free) for one in found.renewing]
    # The week lies in two months.
    assert told == [(date(2026, 11, 30), date(2026, 11, 30), 30), (date(2026, 12, 1), date(2026, 12, 6), 1)]
    assert [(one.pledge.item, one.free) for one in found.stock] == [("Rice", 3)]


def test_what_is_past_over_or_taken_back_is_not_free(place):
    staff = place.actor("staff")
    room = pledges.make_room(place, ends_on=date(2026, 12, 31))
    for day in (date(2026, 11, 18), date(2027, 1, 6)):
        found = calendar.week(staff, day=day)
        assert not (found.rooms or found.renewing or found.stock)
    offers.withdraw(staff, pledge_id=room.id)
    assert calendar.week(staff, day=MONDAY).rooms == []


def test_a_unit_sees_its_own_week_only(place):
    unit = pledges.make_unit(place)
    pledges.join_unit(place, unit)
    pledges.make_pledge(place, unit)
    pledges.make_pledge(place)
    mine = place.actor("unit")
    assert len(calendar.week(mine, day=MONDAY, unit_id=unit.id).stock) == 1
    assert len(calendar.week(place.actor("staff"), day=MONDAY).stock) == 2
    with pytest.raises(Forbidden):
        calendar.week(mine, day=MONDAY)
    with pytest.raises(NotFound):
        calendar.week(mine, day=MONDAY, unit_id=pledges.make_unit(place).id)
    for far in (date(1, 1, 1), date(9999, 12, 31)):
        with pytest.raises(NotFound):
            calendar.week(mine, day=far, unit_id=unit.id)

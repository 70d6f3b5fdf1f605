"""How pledges stand, what fits what, and finding a pledge again."""

from datetime import date

import pytest

from services.communities import regions
from services.core.errors import NotFound
from services.pledges import allocations, offers, periods, standings, suggestions, units
from tests.factories import pledges as make
from tests.factories import world

NEVER_ENDS = {"starts_on": date(2020, 1, 1), "ends_on": None}


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


@pytest.fixture
def today(place):
    return regions.today(place.id)


def shown(staff, **filters):
    return [line.pledge.item for line in standings.lines(staff, **filters)[0]]


def give(staff, pledge, need, quantity, day):
    return allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, quantity=quantity, planned_on=day
    )


@pytest.mark.parametrize(
    ("period", "day", "begin", "last"),
    [
        ("day", date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 22)),
        ("week", date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        ("week", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2027, 2, 3), date(2027, 2, 1), date(2027, 2, 28)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2027, 1, 1), date(2027, 1, 1), date(2027, 3, 31)),
        ("year", date(2026, 5, 5), date(2026, 1, 1), date(2026, 12, 31)),
        ("", date(2026, 5, 5), make.START, make.END),
    ],
)
def test_periods(place, period, day, begin, last):
    pledge = make.make_pledge(place, period=period)
    assert periods.begin(pledge, day) == begin
    assert periods.last(pledge, begin) == last


def test_free_means_free_in_the_present_period(place, staff, today):
    need = make.make_need(place)
    gone = make.make_pledge(place, item="gone", **NEVER_ENDS)
    give(staff, gone, need, 5, today)
    month_gone = make.make_haircuts(place, item="month gone", **NEVER_ENDS)
    give(staff, month_gone, need, 30, today)
    last_month_gone = make.make_haircuts(place, item="last month gone", **NEVER_ENDS)
    give(staff, last_month_gone, need, 30, today.replace(day=1).fromordinal(today.toordinal() - 40))
    make.make_pledge(place, item="ended", starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
    soon = date.fromordinal(today.toordinal() + 9)
    make.make_pledge(place, item="soon", starts_on=date(2020, 1, 1), ends_on=soon)
    later = date.fromordinal(today.toordinal() + 400)
    make.make_pledge(place, item="future", starts_on=later, ends_on=None)
    back = make.make_pledge(place, item="taken back", **NEVER_ENDS)
    offers.withdraw(staff, pledge_id=back.id)
    assert shown(staff, only="free") == ["future", "soon", "last month gone"]
    assert shown(staff, only="expiring") == ["soon"]
    assert shown(staff, only="expired") == ["ended"]
    assert shown(staff, only="withdrawn") == ["taken back"]
    assert len(shown(staff)) == 7
    assert standings.counts(staff) == {"units": 7, "pledges": 7, "free": 3, "expiring": 1, "offered": 0}


def test_a_list_goes_on(place, staff):
    for number in range(5):
        make.make_pledge(place, item=str(number))
    lines, following = standings.lines(staff, limit=3)
    assert [line.pledge.item for line in lines] == ["4", "3", "2"]
    rest, end = standings.lines(staff, limit=3, after=following)
    assert [line.pledge.item for line in rest] == ["1", "0"]
    assert end is None


def test_a_unit_lists_its_own(place, staff):
    own, other = make.make_unit(place), make.make_unit(place)
    make.join_unit(place, own)
    make.make_pledge(place, own, item="ours")
    make.make_pledge(place, other, item="theirs")
    me = place.actor("unit")
    assert shown(me) == ["ours"]
    with pytest.raises(NotFound):
        standings.lines(me, unit_id=other.id)


def test_pledges_that_fit_a_need(place, staff, today):
    need = make.make_need(place, "haircut", week=make.half_hours(0, 20, 24))
    soon, late = (date.fromordinal(today.toordinal() + days) for days in (9, 90))
    make.make_pledge(place, item="anything, late", starts_on=make.START, ends_on=late)
    make.make_pledge(place, item="anything, soon", starts_on=make.START, ends_on=soon)
    make.make_haircuts(place, item="haircuts", **NEVER_ENDS)
    make.make_haircuts(place, item="lessons", need_kind="homework", **NEVER_ENDS)
    make.make_room(place, item="a room at another time", **NEVER_ENDS)
    found = suggestions.pledges_for(staff, need_id=need.id)
    assert [one.line.pledge.item for one in found] == ["haircuts", "anything, soon", "anything, late"]
    assert [one.exact for one in found] == [True, False, False]


def test_needs_that_fit_a_pledge(place, staff, today):
    pledge = make.make_haircuts(place, **NEVER_ENDS)
    calm, urgent = (make.make_need(place, "haircut", urgency=n) for n in (2, 5))
    make.make_need(place, "company")
    make.make_need(place, "haircut", state="met")
    give(staff, pledge, calm, 1, today)
    found = suggestions.needs_for(staff, pledge_id=pledge.id)
    assert [(one.need.id, one.allocations) for one in found] == [(urgent.id, 0), (calm.id, 1)]
    named = suggestions.needs_for(staff, pledge_id=pledge.id, name=found[0].household.name)
    assert [one.need.id for one in named] == [urgent.id]
    assert suggestions.needs_for(staff, pledge_id=pledge.id, name="%") == []


def test_a_person_is_entered_once(place, staff):
    unit = make.make_unit(place)
    first = units.add_person(staff, unit_id=unit.id, name="Li", phone="138 0000 1234")
    assert units.add_person(staff, unit_id=unit.id, name="Li", phone="13800001234") is first
    assert units.add_person(staff, unit_id=unit.id, name="Li") is not first
    assert units.find_unit(unit.name) is unit


def test_a_room_is_offered_on_its_next_day(place):
    room = make.make_room(place)
    assert periods.next_day(room, date(2026, 11, 22)) == date(2026, 11, 25)
    assert periods.next_day(room, date(2026, 11, 25)) == date(2026, 11, 25)
    assert periods.next_day(room, date(2020, 1, 1)) == date(2026, 1, 7)

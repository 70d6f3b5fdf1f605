"""What comes back and what never came: counter-entries, and the ledger as of an earlier day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from services.communities import regions
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden
from services.pledges import (
    allocations,
    deliveries,
    earlier,
    impact,
    movements,
    offers,
    settling,
    standings,
    uses,
)
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


@pytest.fixture
def delivered(place, staff):
    """Three of five computers, signed for."""
    pledge, need = make.make_pledge(place), make.make_need(place)
    given = allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, quantity=3, planned_on=make.TODAY
    )
    deliveries.sign(staff, allocation_id=given.id, receiver="G", how="typed")
    return pledge, given


def numbers(pledge):
    balance = db.session.query(Balance).filter_by(pledge_id=pledge.id).one()
    return balance.free, balance.reserved, balance.delivered, balance.withdrawn, balance.written_off


def test_a_part_comes_back_and_then_the_rest(staff, delivered):
    pledge, given = delivered
    settling.take_return(staff, allocation_id=given.id, reason="lent", quantity=1)
    assert numbers(pledge) == (3, 0, 2, 0, 0)
    use = uses.one(staff, given.id)
    assert (use.came, use.returned, use.quantity, given.state) == (2, 1, 2, "delivered")
    settling.take_return(staff, allocation_id=given.id, reason="wrong")
    assert numbers(pledge) == (5, 0, 0, 0, 0)
    assert given.state == "released" and len(uses.one(staff, given.id).deliveries) == 1
    with pytest.raises(Conflict):
        settling.take_return(staff, allocation_id=given.id, reason="wrong")


def test_what_is_still_to_come_stays_so_when_a_part_comes_back(place, staff):
    pledge, need = make.make_pledge(place), make.make_need(place)
    given = allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, quantity=3, planned_on=make.TODAY
    )
    deliveries.sign(staff, allocation_id=given.id, receiver="G", how="typed", quantity=1)
    settling.take_return(staff, allocation_id=given.id, reason="not_used")
    use = uses.one(staff, given.id)
    assert (given.state, use.left, use.came, numbers(pledge)) == ("reserved", 2, 0, (3, 2, 0, 0, 0))


@pytest.mark.parametrize(("quantity", "reason"), [(4, "lent"), (0, "lent"), (1, "mistake"), (1, "")])
def test_no_more_than_came_and_only_for_a_known_reason(staff, delivered, quantity, reason):
    pledge, given = delivered
    with pytest.raises(DomainError) as refused:
        settling.take_return(staff, allocation_id=given.id, reason=reason, quantity=quantity)
    assert refused.value.field in ("quantity", "reason") and numbers(pledge) == (2, 0, 3, 0, 0)


def test_of_a_pledge_that_was_taken_back_it_goes_to_the_unit(staff, delivered):
    pledge, given = delivered
    offers.withdraw(staff, pledge_id=pledge.id, reason="unit_cannot")
    settling.take_return(staff, allocation_id=given.id, reason="lent", quantity=1)
    assert numbers(pledge) == (0, 0, 2, 3, 0)


def test_what_never_came_is_written_off(staff, delivered):
    pledge, _given = delivered
    settling.write_off(staff, pledge_id=pledge.id, reason="broken", quantity=1)
    settling.write_off(staff, pledge_id=pledge.id, reason="never_came")
    assert numbers(pledge) == (0, 0, 3, 0, 2)
    newest = [(movement.kind, movement.reason) for movement, _balance in movements.of_pledge(pledge)][:2]
    assert newest == [("written_off", "never_came"), ("written_off", "broken")]
    with pytest.raises(Conflict):
        settling.write_off(staff, pledge_id=pledge.id, reason="expired")


def test_more_than_is_free_is_not_written_off(staff, delivered):
    pledge, _given = delivered
    with pytest.raises(Conflict):
        settling.write_off(staff, pledge_id=pledge.id, reason="broken", quantity=3)
    assert numbers(pledge) == (2, 0, 3, 0, 0)


def test_of_one_that_renews_the_present_period_alone(place, staff):
    pledge = make.make_haircuts(place)
    settling.write_off(staff, pledge_id=pledge.id, reason="never_came")
    standing, *before = standings.of_periods(pledge)
    assert before and all(one.written_off == 0 for one in before)
    assert (standing.promised, standing.free, standing.written_off) == (30, 0, 30)
    assert pledge.state == "open"


def test_of_one_that_was_taken_back_nothing_is_free_in_an_untouched_month_either(place, staff):
    pledge = make.make_haircuts(place)
    offers.withdraw(staff, pledge_id=pledge.id, reason="unit_cannot")
    before = standings.of_periods(pledge)
    with time_machine.travel(datetime(2026, 12, 5, 4, tzinfo=UTC)), pytest.raises(Conflict):
        settling.write_off(staff, pledge_id=pledge.id, reason="never_came", quantity=1)
    assert standings.of_periods(pledge) == before


def test_a_rooms_hours_come_back_as_a_whole(place, staff):
    room, need = make.make_room(place), make.make_need(place)
    hours = {"planned_on": date(2026, 11, 18), "from_time": time(14), "to_time": time(16)}
    given = allocations.allocate(staff, pledge_id=room.id, need_id=need.id, **hours)
    deliveries.sign(staff, allocation_id=given.id, receiver="G", how="typed")
    with pytest.raises(DomainError):
        settling.take_return(staff, allocation_id=given.id, reason="not_used", quantity=60)
    settling.take_return(staff, allocation_id=given.id, reason="wrong")
    assert given.state == "released"
    again = allocations.allocate(staff, pledge_id=room.id, need_id=need.id, **hours)
    assert again.state == "reserved"


def test_only_the_office(place, delivered):
    pledge, given = delivered
    make.join_unit(place, make.make_unit(place))
    unit = place.actor("unit")
    with pytest.raises(Forbidden):
        settling.write_off(unit, pledge_id=pledge.id, reason="broken")
    with pytest.raises(Forbidden):
        settling.take_return(unit, allocation_id=given.id, reason="lent")


def test_as_of_an_earlier_day(place, staff, delivered):
    pledge, given = delivered
    today = regions.today(place.id)
    with time_machine.travel(datetime(2026, 11, 25, 4, tzinfo=UTC)):
        settling.take_return(staff, allocation_id=given.id, reason="lent")
        settling.write_off(staff, pledge_id=pledge.id, reason="broken", quantity=1)
    [then] = standings.as_of(pledge, today)
    assert (then.delivered, then.free, then.written_off) == (3, 2, 0)
    assert standings.as_of(pledge, today + timedelta(days=3)) == standings.of_periods(pledge)
    assert standings.as_of(pledge, date(2020, 1, 1)) == []
    assert len(movements.of_pledge(pledge, until=today)) == 3


def test_the_years_sheet_counts_what_stayed(place, staff, delivered):
    pledge, given = delivered
    settling.take_return(staff, allocation_id=given.id, reason="lent", quantity=1)
    year = regions.today(place.id).year
    [part] = impact.of_unit(staff, unit_id=pledge.unit_id, year=year).parts
    assert (part.delivered, part.households) == (2, 1)
    settling.take_return(staff, allocation_id=given.id, reason="lent")
    found = impact.of_unit(staff, unit_id=pledge.unit_id, year=year)
    assert (found.parts[0].delivered, found.handed_over, found.households) == (0, 0, 0)


def test_all_pledges_as_of_an_earlier_day(place, staff, delivered):
    pledge, given = delivered
    haircuts, today = make.make_haircuts(place), regions.today(place.id)
    with time_machine.travel(datetime(2027, 1, 25, 4, tzinfo=UTC)):
        settling.take_return(staff, allocation_id=given.id, reason="lent")
        make.make_pledge(place)
        offers.withdraw(staff, pledge_id=haircuts.id)
    (renewing, once), following = earlier.lines(staff, day=today)
    assert (renewing.pledge, once.pledge, following) == (haircuts, pledge, None)
    assert (renewing.standing.free, once.standing.delivered, once.standing.free) == (30, 3, 2)
    assert earlier.lines(staff, day=today - timedelta(days=1))[0] == []
    later, _ = earlier.lines(staff, day=date(2027, 1, 25))
    assert [line.standing for line in later] == [
        line.standing for line in standings.describe([line.pledge for line in later], date(2027, 1, 25))
    ]


def test_after_each_entry_so_much_is_free(staff, delivered):
    pledge, given = delivered
    settling.take_return(staff, allocation_id=given.id, reason="lent", quantity=1)
    settling.write_off(staff, pledge_id=pledge.id, reason="broken")
    entries = movements.of_pledge(pledge)
    free = movements.free_after(entries)
    assert [free[movement.id] for movement, _balance in reversed(entries)] == [5, 2, 2, 3, 0]

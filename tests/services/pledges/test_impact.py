"""What a unit's year came to, and that it says nothing of whom."""

from datetime import date

import pytest
import time_machine

from services.core.errors import NotFound
from services.pledges import allocations, deliveries, impact, offers
from tests.factories import pledges, world


@pytest.fixture
def unit(session, north):
    world.enter(north)
    with time_machine.travel(date(2026, 11, 22), tick=False):
        yield pledges.make_unit(north)


def _give(place, pledge, need, quantity, came=None):
    staff = place.actor("staff")
    made = allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, planned_on=pledges.TODAY, quantity=quantity
    )
    deliveries.sign(staff, allocation_id=made.id, receiver="Old Li", how="typed", quantity=came or quantity)


def test_a_year_counts_what_was_promised_signed_for_and_how_many_households(unit, north):
    haircuts = pledges.make_haircuts(north, unit=unit, starts_on=date(2026, 3, 10))
    goods = pledges.make_pledge(north, unit)
    first, second = pledges.make_need(north), pledges.make_need(north)
    _give(north, haircuts, first, 4)
    _give(north, haircuts, first, 2)
    _give(north, haircuts, second, 5, came=3)
    _give(north, goods, second, 1)
    offers.withdraw(north.actor("staff"), pledge_id=goods.id, quantity=2)
    found = impact.of_unit(north.actor("staff"), unit_id=unit.id, year=2026)
    told = {part.pledge.item: (part.promised, part.delivered, part.households) for part in found.parts}
    # March to November: nine months of thirty; five computers less the two taken back.
    assert told == {"Haircuts": (270, 9, 2), "Computers": (3, 1, 1)}
    assert (found.handed_over, found.households) == (4, 2)
    assert "Secret" not in repr(found)


def test_a_week_over_new_year_belongs_to_one_year(unit, north):
    pledges.make_room(north, unit=unit, starts_on=date(2024, 12, 1), ends_on=date(2025, 12, 31))
    numbers = [
        sum(part.promised for part in impact.of_unit(north.actor("staff"), unit_id=unit.id, year=year).parts)
        for year in (2024, 2025)
    ]
    # Wednesdays of two hours from 4 December 2024 to 31 December 2025.
    assert sum(numbers) == 57 * 120


def test_a_unit_sees_its_own_only_and_no_year_to_come(unit, north):
    pledges.join_unit(north, unit)
    mine = north.actor("unit")
    assert impact.of_unit(mine, unit_id=unit.id, year=2026).parts == []
    assert impact.years_of(mine, unit_id=unit.id) == [2026]
    for other, year in ((pledges.make_unit(north).id, 2026), (unit.id, 2027), (unit.id, 1999)):
        with pytest.raises(NotFound):
            impact.of_unit(mine, unit_id=other, year=year)

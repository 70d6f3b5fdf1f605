"""Identity numbers are kept nowhere, however somebody tries to write one down."""

import pytest

from services.communities import regions
from services.core.errors import DomainError
from services.followups import life
from services.people import accounts
from services.pledges import allocations, deliveries, units
from tests.factories import followups, households, pledges, visits, world

NUMBER = "110105194912310021"


def note_of_a_visit(place):
    visits.make_visit(place, note=f"身份证 {NUMBER}")


def remark_on_a_follow_up(place):
    follow_up = next(iter(followups.make_followups(place, day=regions.today(place.id)).values()))
    life.finish(place.actor("staff"), follow_up_id=follow_up.id, note=NUMBER)


def wish_of_a_unit(place):
    pledges.make_unit(place, wish=NUMBER)


def person_of_a_unit(place):
    units.add_person(place.actor("staff"), unit_id=pledges.make_unit(place).id, name=f"王 {NUMBER}")


def item_of_a_pledge(place):
    pledges.make_pledge(place, item=NUMBER)


def conditions_of_a_pledge(place):
    pledges.make_pledge(place, conditions="110105-1949-1231-0021")


def receiver_of_a_delivery(place):
    staff, need = (
        place.actor("staff"),
        households.make_need(place, households.make_household(place), "haircut"),
    )
    given = allocations.allocate(
        staff,
        pledge_id=pledges.make_pledge(place, ends_on=None).id,
        need_id=need.id,
        planned_on=regions.today(place.id),
        quantity=1,
    )
    deliveries.sign(staff, allocation_id=given.id, receiver=NUMBER, how="typed")


def name_of_an_account(place):
    accounts.open_account(name=NUMBER, phone="+8619900000001")


@pytest.mark.parametrize(
    "write",
    [
        note_of_a_visit,
        remark_on_a_follow_up,
        wish_of_a_unit,
        person_of_a_unit,
        item_of_a_pledge,
        conditions_of_a_pledge,
        receiver_of_a_delivery,
        name_of_an_account,
    ],
)
def test_an_identity_number_is_refused(session, north, write):
    world.enter(north)
    with pytest.raises(DomainError) as refused:
        write(north)
    assert refused.value.code == "id_number"

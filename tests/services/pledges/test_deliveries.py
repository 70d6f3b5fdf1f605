"""Handing over and signing, in every way, and what the unit is told."""

from datetime import date, time

import pytest

from services.core import locks
from services.core.actor import guest
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.households.models import Need
from services.messages.models import Message
from services.pledges import allocations, deliveries, movements, offers, units, uses
from services.pledges.models import Balance, Pledge
from tests.factories import pledges as make
from tests.factories import world

STROKES = "[[[1, 1], [500, 200], [1000, 400]]]"


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


@pytest.fixture
def unit(place):
    made = make.make_unit(place)
    make.join_unit(place, made)
    return made


@pytest.fixture
def reserved(place, staff, unit):
    pledge, need = make.make_pledge(place, unit), make.make_need(place)
    make.join_household(place, need.household_id)
    return allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, quantity=3, planned_on=make.TODAY
    )


def balance_of(allocation):
    row = db.session.get_one(Balance, (allocation.community_id, allocation.balance_id))
    return row.free, row.reserved, row.delivered


def sign(actor, allocation, **more):
    facts = {"receiver": "Granny", "how": "typed"} | more
    return deliveries.sign(actor, allocation_id=allocation.id, **facts)


def test_the_whole_is_delivered(staff, reserved):
    delivery = sign(staff, reserved, how="screen", strokes=STROKES)
    assert reserved.state == "delivered"
    assert balance_of(reserved) == (2, 0, 3)
    path = deliveries.reveal_signature(staff, delivery_id=delivery.id)[1]
    assert path == "M1 1 L500 200 L1000 400"
    assert delivery.noted_by == staff.account_id


def test_what_does_not_come_any_more_is_released(staff, reserved):
    delivery = sign(staff, reserved, quantity=1, last=True)
    assert (delivery.quantity, reserved.state) == (1, "delivered")
    assert balance_of(reserved) == (4, 0, 1)
    newest = [
        (m.kind, m.quantity, m.reason) for m, _ in movements.of_pledge(locks.get(Pledge, reserved.pledge_id))
    ][:2]
    assert newest == [("released", 2, "partial"), ("delivered", 1, "")]


def test_what_did_not_come_of_a_withdrawn_pledge_goes_back_to_the_unit(staff, reserved):
    offers.withdraw(staff, pledge_id=reserved.pledge_id)
    sign(staff, reserved, quantity=1, last=True)
    assert balance_of(reserved) == (0, 0, 1)


def test_in_parts_until_all_of_it_is_there(staff, place, reserved):
    sign(staff, reserved, quantity=1)
    assert (reserved.state, balance_of(reserved)) == ("reserved", (2, 2, 1))
    with pytest.raises(DomainError):
        sign(staff, reserved, quantity=3)
    use = uses.one(staff, reserved.id)
    assert (use.came, use.left, use.quantity) == (1, 2, 3)
    sign(place.actor("resident"), reserved, how="account", quantity=2)
    assert (reserved.state, balance_of(reserved)) == ("delivered", (2, 0, 3))
    assert [delivery.quantity for delivery in uses.one(staff, reserved.id).deliveries] == [1, 2]
    rows = db.session.query(Message).filter_by(template="pledge.delivered", channel="inbox")
    assert sorted(row.params["quantity"] for row in rows) == ["1 台", "2 台"]


def test_a_second_submission_signs_nothing(staff, reserved):
    sign(staff, reserved, quantity=1, left=3)
    with pytest.raises(Conflict):
        sign(staff, reserved, quantity=1, left=3)
    assert balance_of(reserved) == (2, 2, 1)


def test_what_came_stays_when_the_rest_is_released(staff, reserved):
    sign(staff, reserved, quantity=1)
    allocations.release(staff, allocation_id=reserved.id, reason="unit_cannot")
    assert (reserved.state, balance_of(reserved)) == ("delivered", (4, 0, 1))


def test_a_need_that_is_met_by_a_part_wants_no_more(staff, reserved):
    sign(staff, reserved, quantity=1, met=True)
    assert (reserved.state, balance_of(reserved)) == ("delivered", (4, 0, 1))


@pytest.mark.parametrize("quantity", [0, -1, 4])
def test_no_other_quantity(staff, reserved, quantity):
    with pytest.raises(DomainError) as refusal:
        sign(staff, reserved, quantity=quantity)
    assert refusal.value.field == "quantity"
    assert reserved.state == "reserved"


def test_signed_once(staff, reserved):
    sign(staff, reserved)
    with pytest.raises(Conflict):
        sign(staff, reserved)
    with pytest.raises(Conflict):
        allocations.release(staff, allocation_id=reserved.id, reason="mistake")


@pytest.mark.parametrize("how", ["account", "link", "telepathy"])
def test_the_office_signs_in_its_own_ways(staff, reserved, how):
    with pytest.raises(DomainError) as refusal:
        sign(staff, reserved, how=how)
    assert refusal.value.field == "how"


def test_paper_of_an_earlier_day_and_not_of_a_later_one(staff, reserved):
    with pytest.raises(DomainError) as refusal:
        sign(staff, reserved, how="paper", day=date(2999, 1, 1))
    assert refusal.value.field == "day"
    assert sign(staff, reserved, how="paper", day=date(2026, 11, 20)).delivered_on == date(2026, 11, 20)


def test_the_need_is_met_when_the_office_says_so(staff, place, reserved):
    sign(staff, reserved, met=True)
    assert db.session.get_one(Need, (place.id, reserved.need_id)).state == "met"


def test_a_need_closed_meanwhile_does_not_stop_the_delivery(staff, place, reserved):
    need = db.session.get_one(Need, (place.id, reserved.need_id))
    need.state = "closed"
    db.session.flush()
    sign(staff, reserved, met=True)
    assert need.state == "closed"


def test_the_household_signs_its_own(place, staff, reserved):
    me = place.actor("resident")
    delivery = sign(me, reserved, how="account", met=True)
    assert delivery.how == "account"
    # Whether a need is met is the office's to say.
    assert db.session.get_one(Need, (place.id, reserved.need_id)).state == "open"


def test_nobody_signs_for_another(place, staff, reserved):
    pledge, need = make.make_pledge(place), make.make_need(place)
    other = allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, quantity=1, planned_on=make.TODAY
    )
    with pytest.raises(NotFound):
        sign(place.actor("resident"), other, how="account")
    with pytest.raises(Forbidden):
        sign(place.actor("unit"), reserved)


def test_a_link_signs_once(place, staff, reserved):
    secret = deliveries.invite(staff, allocation_id=reserved.id)
    holder = guest(place.id)
    assert deliveries.sign_by_link(holder, secret=secret, receiver="Granny").how == "link"
    with pytest.raises(DomainError):
        deliveries.sign_by_link(holder, secret=secret, receiver="Granny")


def test_a_room_is_delivered_as_a_whole(place, staff):
    room, need = make.make_room(place), make.make_need(place)
    allocation = allocations.allocate(
        staff,
        pledge_id=room.id,
        need_id=need.id,
        planned_on=date(2026, 11, 18),
        from_time=time(14),
        to_time=time(15),
    )
    with pytest.raises(DomainError):
        sign(staff, allocation, quantity=30)
    assert sign(staff, allocation).quantity == 60


def messages_to(place, role):
    rows = db.session.query(Message).filter_by(account_id=place.accounts[role].id, channel="inbox")
    return {row.template: row.params for row in rows}


def test_the_unit_is_told_without_a_name(place, staff, reserved):
    sign(staff, reserved)
    told = messages_to(place, "unit")
    assert set(told) == {"pledge.allocated", "pledge.delivered"}
    assert told["pledge.allocated"] == {
        "item": "Computers",
        "quantity": "3 台",
        "need": "Haircut",
        "month": "November 2026",
    }
    assert set(messages_to(place, "resident")) == {"pledge.coming"}


def test_somebody_taken_off_the_unit_is_told_nothing(place, staff, unit):
    for person in units.people_of(staff, unit.id):
        units.remove_person(staff, person_id=person.id)
    pledge, need = make.make_pledge(place, unit), make.make_need(place)
    allocations.allocate(staff, pledge_id=pledge.id, need_id=need.id, quantity=1, planned_on=make.TODAY)
    assert messages_to(place, "unit") == {}


def test_no_paper_from_long_ago(staff, reserved):
    with pytest.raises(DomainError) as refusal:
        sign(staff, reserved, how="paper", day=date(1, 1, 1))
    assert refusal.value.field == "day"


def test_what_came_this_month_is_found_by_its_day(session, north):
    world.enter(north)
    staff, pledge = north.actor("staff"), make.make_pledge(north)
    for day in (date(2026, 10, 31), date(2026, 11, 1)):
        given = allocations.allocate(
            staff, pledge_id=pledge.id, need_id=make.make_need(north).id, quantity=1, planned_on=make.TODAY
        )
        deliveries.sign(staff, allocation_id=given.id, receiver="A", how="paper", day=day)
    rows, _ = uses.page(staff, delivered_since=date(2026, 11, 1))
    assert [use.day for use in rows] == [date(2026, 11, 1)]

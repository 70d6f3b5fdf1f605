"""What a unit sees of needs, how it offers help, and how the office answers; who its people are."""

import dataclasses

import pytest

from services.core.db import db
from services.core.errors import Conflict, DomainError, NotFound
from services.messages.models import Message
from services.pledges import allocations, burndown, deliveries, market, standings, units, uses
from services.pledges.models import Allocation, Balance
from tests.factories import pledges as make
from tests.factories import volunteers, world


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def unit(place):
    made = make.make_unit(place)
    make.join_unit(place, made)
    return made


@pytest.fixture
def me(place, unit):
    return place.actor("unit")


def balance():
    row = db.session.query(Balance).one()
    return row.free, row.reserved, row.delivered


def test_a_need_without_a_word_of_whose_it_is(place, me):
    need = make.make_need(place, urgency=5)
    (wish,) = market.wishes(me)[0]
    assert (wish.id, wish.kind, wish.estate, wish.urgent) == (need.id, "haircut", "Garden", True)
    assert not {"name", "household_id", "door", "categories", "note"} & set(dataclasses.asdict(wish))
    assert market.counts(me) == {"haircut": 1}
    assert market.wishes(me, kind="reading")[0] == []


def test_offered_looked_at_and_reserved(place, unit, me):
    pledge, need = make.make_pledge(place, unit), make.make_need(place)
    row = market.offer(me, need_id=need.id, pledge_id=pledge.id, quantity=2)
    # The same tap twice is one offer, and nothing is bound by it.
    assert market.offer(me, need_id=need.id, pledge_id=pledge.id, quantity=2) is row
    assert (row.state, balance()) == ("offered", (5, 0, 0))
    assert [wish.offered for wish in market.wishes(me)[0]] == [True]
    staff = place.actor("staff")
    assert [use.allocation for use in uses.page(staff, state="offered")[0]] == [row]
    given = {"pledge_id": pledge.id, "need_id": need.id, "planned_on": make.TODAY}
    assert allocations.allocate(staff, **given, quantity=1) is row
    assert (row.state, row.quantity, balance()) == ("reserved", 1, (4, 1, 0))
    assert market.wishes(me)[0] == []
    with pytest.raises(Conflict):
        market.take_back(me, allocation_id=row.id)
    with pytest.raises(Conflict):
        market.offer(me, need_id=need.id, pledge_id=make.make_pledge(place, unit).id, quantity=1)


def test_declined_and_taken_back(place, unit, me):
    pledge, staff = make.make_pledge(place, unit), place.actor("staff")
    first, second = (
        market.offer(me, need_id=make.make_need(place).id, pledge_id=pledge.id, quantity=5) for _ in range(2)
    )
    with pytest.raises(Conflict):
        deliveries.sign(staff, allocation_id=first.id, receiver="G", how="typed")
    allocations.release(staff, allocation_id=first.id, reason="another_fits")
    market.take_back(me, allocation_id=second.id)
    assert {row.state for row in db.session.query(Allocation)} == {"released"}
    assert balance() == (5, 0, 0)
    told = db.session.query(Message).filter_by(channel="inbox").all()
    assert [message.template for message in told] == ["pledge.not_taken"]


@pytest.mark.parametrize("quantity", [None, 0, 6])
def test_no_more_than_is_free(place, unit, me, quantity):
    pledge, need = make.make_pledge(place, unit), make.make_need(place)
    with pytest.raises(DomainError) as refusal:
        market.offer(me, need_id=need.id, pledge_id=pledge.id, quantity=quantity)
    assert refusal.value.field == "quantity"


def test_a_room_is_offered_as_far_as_it_is_free(place, unit, me):
    room, need = make.make_room(place, unit=unit), make.make_need(place)
    assert market.offer(me, need_id=need.id, pledge_id=room.id).quantity == 120
    assert [line.pledge for line in market.fitting(me, need_id=need.id)] == [room]


def test_another_units_pledge_and_offer(place, unit, me):
    need, other = make.make_need(place), make.make_pledge(place)
    with pytest.raises(NotFound):
        market.offer(me, need_id=need.id, pledge_id=other.id, quantity=1)
    with pytest.raises(DomainError):
        reading = make.make_haircuts(place, unit=unit, need_kind="reading")
        market.offer(me, need_id=need.id, pledge_id=reading.id, quantity=1)


def test_how_a_promise_goes_down(place, unit, me):
    staff, pledge = place.actor("staff"), make.make_pledge(place, unit)
    given = allocations.allocate(
        staff, pledge_id=pledge.id, need_id=make.make_need(place).id, quantity=3, planned_on=make.TODAY
    )
    deliveries.sign(staff, allocation_id=given.id, receiver="G", how="typed", quantity=1)
    lines = standings.lines(me)[0]
    points = burndown.of_lines(me, lines)[pledge.id]
    assert (points[0].day, points[0].to_come, points[0].delivered) == (make.START, 5, 0)
    assert (points[-1].to_come, points[-1].reserved, points[-1].delivered) == (4, 2, 1)
    assert [point.day for point in points] == sorted({point.day for point in points})
    assert uses.counts_of_unit(me, unit_id=unit.id)["reserved"] == 1


def test_a_units_people(place, unit, me):
    colleague = units.add_person(me, unit_id=unit.id, name="Colleague")
    assert units.invite_person(me, person_id=colleague.id)
    assert colleague in units.people_of(me, unit.id)
    other = make.make_unit(place)
    stranger = units.add_person(place.actor("staff"), unit_id=other.id, name="Stranger")
    for act in (units.remove_person, units.invite_person):
        with pytest.raises(NotFound):
            act(me, person_id=stranger.id)
    with pytest.raises(NotFound):
        units.add_person(me, unit_id=other.id, name="Spy")
    with pytest.raises(NotFound):
        units.people_of(me, other.id)
    units.remove_person(me, person_id=colleague.id)
    (myself,) = units.people_of(me, unit.id)
    with pytest.raises(DomainError):
        units.remove_person(me, person_id=myself.id)


def test_who_of_them_volunteers_is_theirs_to_say(place, unit, me):
    helper = volunteers.make_volunteer(place)
    helper.account_id = me.account_id
    assert units.helpers_among(me, unit_id=unit.id) == (True, None)
    for number in range(units.TELLING - 1):
        person = units.add_person(me, unit_id=unit.id, name=f"Colleague {number}")
        person.account_id = world.make_account(f"colleague{number}").id
    db.session.flush()
    assert units.helpers_among(me, unit_id=unit.id) == (True, 1)

"""Whatever is done in whatever order, and by however many at once: the balance is the sum of its movements."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from itertools import accumulate, pairwise

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.communities import regions
from services.core import clock
from services.core.db import db
from services.core.errors import Conflict, DomainError
from services.pledges import allocations, deliveries, market, movements, offers, settling, standings
from services.pledges.models import Allocation, Balance, Movement, Unit
from tests.factories import pledges as make
from tests.factories import world

SUMS = text(
    "SELECT b.promised, b.free, b.reserved, b.delivered, b.withdrawn, b.written_off, "
    "sum(CASE kind WHEN 'pledged' THEN quantity ELSE 0 END) AS p, "
    "sum(CASE kind WHEN 'pledged' THEN quantity WHEN 'released' THEN quantity WHEN 'reserved' THEN -quantity WHEN 'withdrawn' THEN -quantity WHEN 'returned' THEN quantity WHEN 'written_off' THEN -quantity ELSE 0 END) AS f, "
    "sum(CASE kind WHEN 'reserved' THEN quantity WHEN 'released' THEN -quantity WHEN 'delivered' THEN -quantity ELSE 0 END) AS r, "
    "sum(CASE kind WHEN 'delivered' THEN quantity WHEN 'returned' THEN -quantity ELSE 0 END) AS d, "
    "sum(CASE kind WHEN 'withdrawn' THEN quantity ELSE 0 END) AS w, "
    "sum(CASE kind WHEN 'written_off' THEN quantity ELSE 0 END) AS o "
    "FROM balance b JOIN movement m ON m.community_id = b.community_id AND m.balance_id = b.id "
    "GROUP BY b.community_id, b.id"
)


def refuse_any_difference():
    rows = db.session.execute(SUMS).all()
    assert rows
    for row in rows:
        assert tuple(row[:6]) == tuple(row[6:])
        assert min(row) >= 0
        assert row.free + row.reserved + row.delivered + row.withdrawn + row.written_off == row.promised
    # What is reserved is exactly what is still to come, whatever came in parts.
    reserved = sum(row.reserved for row in rows)
    waiting = db.session.query(Allocation).filter_by(state="reserved").all()
    assert reserved == sum(allocations.left(one) for one in waiting)
    assert all(allocations.left(one) > 0 for one in waiting)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "allocate",
                "allocate",
                "allocate",
                "release",
                "sign",
                "part",
                "part",
                "last",
                "withdraw",
                "back",
                "off",
            ]
        ),
        st.integers(1, 7),
        st.integers(0, 9),
        st.sampled_from([date(2026, 11, 22), date(2026, 12, 5)]),
    ),
    max_size=14,
)


@pytest.mark.parametrize("maker", [make.make_pledge, make.make_haircuts])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_sequence_breaks_the_sum(session, north, maker, steps):
    world.enter(north)
    pledge, need = maker(north), make.make_need(north)
    made = []
    for step in steps:
        act(north, pledge, need, made, *step)
        refuse_any_difference()
        assert standings.as_of(pledge, regions.today(north.id)) == standings.of_periods(pledge)


def act(place, pledge, need, made, step, quantity, which, day, hour=None):
    """Do a step, or be refused; what is allocated joins `made`."""
    staff = place.actor("staff")
    chosen = made[which % len(made)] if made else world.some_id()
    with contextlib.suppress(DomainError):
        if step == "allocate":
            hours = {"from_time": hour, "to_time": time(hour.hour + 1)} if hour else {"quantity": quantity}
            given_now = allocations.allocate(
                staff, pledge_id=pledge.id, need_id=need.id, planned_on=day, **hours
            )
            made.append(given_now.id)
        elif step == "release":
            allocations.release(staff, allocation_id=chosen, reason="mistake")
        elif step == "back":
            settling.take_return(staff, allocation_id=chosen, reason="lent", quantity=quantity % 3 or None)
        elif step == "off":
            settling.write_off(staff, pledge_id=pledge.id, reason="never_came", quantity=quantity)
        elif step == "withdraw":
            offers.withdraw(staff, pledge_id=pledge.id, quantity=quantity)
        else:
            part = None if step == "sign" else 1
            how = {"receiver": "G", "how": "typed", "last": step == "last"}
            deliveries.sign(staff, allocation_id=chosen, quantity=part, **how)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, pauses=st.lists(st.integers(0, 2), min_size=14, max_size=14))
def test_as_of_any_evening_is_how_it_stood_then(session, north, steps, pauses):
    world.enter(north)
    pledge, need = make.make_haircuts(north), make.make_need(north)
    made, evenings = [], {}
    morning = clock.now()
    for step, days in zip(steps, accumulate(pauses), strict=False):
        with time_machine.travel(morning + timedelta(days=days), tick=False):
            act(north, pledge, need, made, *step)
            evenings[regions.today(north.id)] = standings.of_periods(pledge)
    assert all(standings.as_of(pledge, day) == then for day, then in evenings.items())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, hours=st.lists(st.sampled_from([time(14), time(14, 30), time(15)]), min_size=14))
def test_no_sequence_gives_a_room_twice(session, north, steps, hours):
    world.enter(north)
    room, need = make.make_room(north), make.make_need(north)
    made = []
    for (step, quantity, which, _day), hour in zip(steps, hours, strict=False):
        day = date(2026, 12, 2 + 7 * (quantity % 2))
        act(north, room, need, made, step, quantity, which, day, hour)
        refuse_any_difference()
        living = (
            db.session.query(Allocation).filter_by(pledge_id=room.id).filter(Allocation.state != "released")
        )
        taken = sorted((one.during for one in living), key=lambda during: during.lower)
        assert all(one.upper <= other.lower for one, other in pairwise(taken))


def test_the_database_keeps_the_balance_by_itself(session, north):
    world.enter(north)
    pledge = make.make_pledge(north)
    for change in ("free = -1, reserved = 6", "free = 6", "promised = 6"):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(f"UPDATE balance SET {change}"))
    balance = db.session.query(Balance).filter_by(pledge_id=pledge.id).one()
    with pytest.raises(Conflict):
        movements.move(north.actor("staff"), balance, "reserved", 6)
    assert balance.free == 5


def test_the_ledger_is_append_only(session, north):
    world.enter(north)
    make.make_pledge(north)
    for statement in ("UPDATE movement SET quantity = 1", "DELETE FROM movement"):
        with pytest.raises(ProgrammingError), db.session.begin_nested():
            db.session.execute(text(statement))


def _race(app, place, work, workers=50):
    def one(number):
        try:
            with world.inside(app, place):
                work(number)
            return "won"
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, range(workers)))


@pytest.fixture
def live(live_app):
    with live_app.app_context():
        place = world.make_place("race")
    return live_app, place


def test_fifty_at_once_the_last_five(live):
    app, place = live
    with world.inside(app, place):
        pledge = make.make_pledge(place, quantity=5).id
        needs = [make.make_need(place).id for _ in range(50)]
    staff = place.actor("staff")

    def give(number):
        allocations.allocate(
            staff, pledge_id=pledge, need_id=needs[number], quantity=1, planned_on=make.TODAY
        )

    answers = _race(app, place, give)
    assert sorted(answers) == ["not_enough"] * 45 + ["won"] * 5
    with world.inside(app, place):
        assert db.session.query(Allocation).count() == 5
        refuse_any_difference()


def test_fifty_at_once_a_fresh_month(live):
    app, place = live
    with world.inside(app, place):
        pledge = make.make_haircuts(place).id
        need = make.make_need(place).id
    staff = place.actor("staff")

    def give(number):
        allocations.allocate(
            staff, pledge_id=pledge, need_id=need, quantity=7, planned_on=date(2026, 12, 1 + number % 20)
        )

    answers = _race(app, place, give)
    assert sorted(answers) == ["not_enough"] * 46 + ["won"] * 4
    with world.inside(app, place):
        refuse_any_difference()


def test_fifty_at_once_one_room(live):
    app, place = live
    with world.inside(app, place):
        room = make.make_room(place).id
        need = make.make_need(place).id
    staff = place.actor("staff")

    def give(number):
        allocations.allocate(
            staff,
            pledge_id=room,
            need_id=need,
            planned_on=date(2026, 11, 25),
            from_time=time(14, number % 30),
            to_time=time(15),
        )

    answers = _race(app, place, give)
    assert sorted(answers) == ["venue_taken"] * 49 + ["won"]


def test_signed_and_released_at_once(live):
    app, place = live
    staff = place.actor("staff")
    with world.inside(app, place):
        pledge, need = make.make_pledge(place), make.make_need(place)
        allocation = allocations.allocate(
            staff, pledge_id=pledge.id, need_id=need.id, quantity=5, planned_on=make.TODAY
        ).id

    def act(number):
        if number % 2:
            deliveries.sign(staff, allocation_id=allocation, receiver="G", how="typed")
        else:
            allocations.release(staff, allocation_id=allocation, reason="mistake")

    answers = _race(app, place, act, workers=20)
    assert answers.count("won") == 1
    with world.inside(app, place):
        assert db.session.query(Movement).count() == 3
        refuse_any_difference()


def test_offers_taken_up_and_taken_back_at_once(live):
    app, place = live
    staff = place.actor("staff")
    with world.inside(app, place):
        pledge, needs = make.make_pledge(place, quantity=10), [make.make_need(place).id for _ in range(10)]
        make.join_unit(place, db.session.get_one(Unit, (place.id, pledge.unit_id)))
        me = place.actor("unit")
        offered = [market.offer(me, need_id=need, pledge_id=pledge.id, quantity=1).id for need in needs]
        pledge_id = pledge.id

    def act(number):
        if number % 2:
            market.take_back(me, allocation_id=offered[number // 2])
        else:
            allocations.allocate(
                staff, pledge_id=pledge_id, need_id=needs[number // 2], quantity=1, planned_on=make.TODAY
            )

    answers = _race(app, place, act, workers=20)
    assert set(answers) <= {"won", "answered"}
    with world.inside(app, place):
        assert db.session.query(Allocation).filter_by(state="reserved").count() == 10
        refuse_any_difference()


def test_ten_parts_at_once_of_three_pieces(live):
    app, place = live
    staff = place.actor("staff")
    with world.inside(app, place):
        pledge, need = make.make_pledge(place), make.make_need(place)
        allocation = allocations.allocate(
            staff, pledge_id=pledge.id, need_id=need.id, quantity=3, planned_on=make.TODAY
        ).id

    def act(number):
        deliveries.sign(staff, allocation_id=allocation, receiver="G", how="typed", quantity=1)

    answers = _race(app, place, act, workers=10)
    assert sorted(answers) == ["delivered"] * 7 + ["won"] * 3
    with world.inside(app, place):
        refuse_any_difference()


def test_the_database_refuses_a_room_twice_by_itself(session, north):
    world.enter(north)
    staff = north.actor("staff")
    room, need = make.make_room(north), make.make_need(north)
    first = allocations.allocate(
        staff,
        pledge_id=room.id,
        need_id=need.id,
        planned_on=date(2026, 11, 25),
        from_time=time(14),
        to_time=time(15),
    )
    twin = Allocation(
        pledge_id=first.pledge_id,
        balance_id=first.balance_id,
        household_id=first.household_id,
        need_id=first.need_id,
        quantity=30,
        during=first.during,
        planned_on=first.planned_on,
    )
    with pytest.raises(IntegrityError, match="ex_allocation_during"), db.session.begin_nested():
        db.session.add(twin)
        db.session.flush()

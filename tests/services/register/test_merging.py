"""Two become one, and two again: nothing is lost on the way, and what stands in the way is said."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core import clock
from services.core.db import Base, Scoped, db
from services.core.errors import Conflict, DomainError, Forbidden
from services.households import needs, registration, residents
from services.households.models import Household
from services.pairings.models import Pairing, Proposal
from services.register import likeness, merging, undoing
from services.register.fields import FIELDS, HEAD
from services.visits.models import Certificate
from services.volunteers.models import Volunteer
from tests.factories import households, volunteers, world

FACTS: dict[str, dict[str, Any]] = {
    "household": {
        "phone": "+8613800001111",
        "people": 3,
        "languages": ["mandarin"],
        "note": "怕生",
        "places": 2,
    },
    "volunteer": {
        "phone": "+8613800001111",
        "gender": "female",
        "hours": 4,
        "reach": 500,
        "limits": ["dog"],
        "note": "早",
    },
}
COUNTED = {"version", "created_at"}


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


def everything():
    """Every row of the community but the audit and the decisions themselves, by table and id."""
    db.session.flush()
    db.session.expire_all()
    found = {}
    for mapper in Base.registry.mappers:
        model: Any = mapper.class_
        if issubclass(model, Scoped) and model.__tablename__ not in ("audit_entry", "twin"):
            for row in db.session.scalars(db.select(model)):
                names = {column.key for column in row.__table__.columns} - COUNTED
                found[model.__tablename__, row.id] = {name: getattr(row, name) for name in names}
    return found


def make(place, kind, **facts):
    maker = households.make_household if kind == "household" else volunteers.make_volunteer
    return maker(place, **facts)


def pair(volunteer, household, kind="supporting", **more):
    row = Pairing(
        volunteer_id=volunteer.id, household_id=household.id, kind=kind, started_on=world.SINCE, **more
    )
    db.session.add(row)
    return row


def propose(volunteer, household, state="published", **more):
    row = Proposal(volunteer_id=volunteer.id, household_id=household.id, state=state, **more)
    db.session.add(row)
    return row


def equip(place, kind, row, has):
    """Give a row some of what such rows have."""
    staff = place.actor("staff")
    mate = make(place, "volunteer" if kind == "household" else "household")
    two = (mate, row) if kind == "household" else (row, mate)
    if "pairing" in has:
        pair(*two, kind="primary")
    if "proposal" in has:
        propose(*two, state="declined")
        propose(*two)
    if "account" in has:
        row.account_id = world.add_member(place, "resident" if kind == "household" else "volunteer").id
    if kind == "household":
        if "parts" in has:
            residents.add_resident(staff, household_id=row.id, name="小妹")
            needs.add_need(staff, household_id=row.id, kind="haircut")
    elif "parts" in has:
        volunteers.make_paper(place, row)
        volunteers.papers.add_exclusion(staff, volunteer_id=row.id, surname="王")
        number = f"2026-{row.id.int % 10**6:06d}"
        days = {"since": world.SINCE, "until": world.SINCE, "issued_on": world.SINCE}
        paper = {"volunteer_id": row.id, "name": row.name, "minutes": 60, "visits": [], **days}
        db.session.add(Certificate(number=number, **paper))
    db.session.flush()


HAS = st.sets(st.sampled_from(("pairing", "proposal", "parts", "account")))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(("household", "volunteer")), st.data())
def test_merge_then_undo_leaves_the_same_rows(place, kind, data):
    point = db.session.begin_nested()
    try:
        there_and_back(place, kind, data)
    finally:
        point.rollback()


def there_and_back(place, kind, data):
    facts = FACTS[kind]
    kept = make(
        place,
        kind,
        **{name: facts[name] for name in data.draw(st.sets(st.sampled_from(sorted(set(facts) - {"phone"}))))},
    )
    other = make(
        place, kind, **{name: facts[name] for name in data.draw(st.sets(st.sampled_from(sorted(facts))))}
    )
    equip(place, kind, kept, data.draw(HAS))
    equip(place, kind, other, data.draw(HAS))
    before = everything()
    take = data.draw(st.sets(st.sampled_from(sorted({*FIELDS[kind], *HEAD}))))
    twin = merging.merge(place.actor("staff"), kind=kind, kept_id=kept.id, other_id=other.id, take=take)
    link = f"{kind}_id"
    gone = [key for key, row in everything().items() if row.get(link) == other.id]
    assert all(table in ("resident", "volunteer_skill", "credential", "exclusion") for table, _id in gone)
    undoing.undo(place.actor("staff"), twin_id=twin.id)
    assert everything() == before


def test_the_chosen_values_are_kept_and_the_rest_goes_over(place):
    staff = place.actor("staff")
    kept = households.make_household(place, name="王秀英", note="旧")
    other = households.make_household(place, name="王秀瑛", phone="+8613800001111", note="新", door="909")
    households.make_need(place, other, kind="haircut")
    merging.merge(staff, kind="household", kept_id=kept.id, other_id=other.id, take={"name", "note", "place"})
    assert (kept.name, kept.note, kept.door, kept.phone) == ("王秀瑛", "新", "909", None)
    assert {(one.kind, one.state) for one in needs.of_household(kept.id)} == {
        ("company", "open"), ("company", "closed"), ("haircut", "open")
    }  # fmt: skip
    assert next(one.name for one in residents.residents_of([kept.id])[kept.id]) == "王秀瑛"
    assert other.state == "merged"
    with pytest.raises(Conflict):
        registration.reopen_household(staff, household_id=other.id)
    with pytest.raises(Conflict):
        registration.update_household(staff, household_id=other.id, name="新名")


def test_what_somebody_changed_since_stays_when_it_is_undone(place):
    staff = place.actor("staff")
    kept = households.make_household(place, note="旧")
    other = households.make_household(place, name="王五", note="新")
    twin = merging.merge(staff, kind="household", kept_id=kept.id, other_id=other.id, take={"name", "note"})
    registration.update_household(staff, household_id=kept.id, note="更新")
    added = households.make_need(place, kept, kind="haircut")
    undoing.undo(staff, twin_id=twin.id)
    assert (kept.note, kept.name != "王五", added.household_id) == ("更新", True, kept.id)


def test_what_stands_in_the_way_is_said_and_nothing_happens(place):
    staff = place.actor("staff")
    kept, other = (households.make_household(place) for _ in range(2))
    helper = volunteers.make_volunteer(place)
    pair(helper, kept), pair(helper, other)
    propose(helper, kept), propose(helper, other)
    registration.withdraw_consent(staff, household_id=other.id)
    before = everything()
    assert {one.code for one in merging.obstacles(kept, other)} == {
        "pairings",
        "proposals",
        "consent",
    }
    with pytest.raises(Conflict):
        merging.merge(staff, kind="household", kept_id=kept.id, other_id=other.id)
    assert everything() == before


def test_undoing_is_refused_when_something_depends_on_it(place):
    staff = place.actor("staff")
    one, two, three = (households.make_household(place) for _ in range(3))
    proposal = propose(volunteers.make_volunteer(place), two)
    db.session.flush()
    first = merging.merge(staff, kind="household", kept_id=one.id, other_id=two.id)
    second = merging.merge(staff, kind="household", kept_id=one.id, other_id=three.id)

    def refused():
        with pytest.raises(Conflict) as caught:
            undoing.undo(staff, twin_id=first.id)
        return caught.value.code

    assert refused() == "later"
    undoing.undo(staff, twin_id=second.id)
    made = pair(
        db.session.get_one(Volunteer, (place.id, proposal.volunteer_id)), one, proposal_id=proposal.id
    )
    db.session.flush()
    assert refused() == "depends"
    db.session.delete(made)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert refused() == "late"
    undoing.undo(staff, twin_id=first.id)
    assert refused() == "undone"


def test_a_door_that_is_taken_since_is_not_given_back(place):
    staff = place.actor("staff")
    kept, other = households.make_household(place), households.make_household(place, door="777")
    twin = merging.merge(staff, kind="household", kept_id=kept.id, other_id=other.id)
    households.make_household(place, door="777")
    with pytest.raises(Conflict) as caught:
        undoing.undo(staff, twin_id=twin.id)
    assert caught.value.code == "door_taken"


def test_who_may_be_there_twice(place):
    staff = place.actor("staff")
    one = households.make_household(place, name="王秀英", birthday=world.SINCE - timedelta(days=9999))
    two = households.make_household(place, name="王秀瑛", phone="+8613800001111")
    three = households.make_household(place, name="赵四", phone="+8613800001111", building="7")
    four = households.make_household(
        place, name="王秀英", birthday=world.SINCE - timedelta(days=9999), building="8"
    )
    households.make_household(place, name="孙六")
    found = [((pair.one.id, pair.other.id), pair.reasons) for pair in likeness.find(staff, kind="household")]
    assert found == [
        ((two.id, three.id), ["phone"]),
        ((one.id, four.id), ["birthday"]),
        ((one.id, two.id), ["sound"]),
    ]
    merging.keep_apart(staff, kind="household", one_id=three.id, other_id=two.id)
    assert len(likeness.find(staff, kind="household")) == 2
    volunteers.make_volunteer(place, name="钱七"), volunteers.make_volunteer(place, name="钱七")
    assert likeness.find(staff, kind="volunteer") == []
    world.add_member(place, "volunteer")
    with pytest.raises(Forbidden):
        likeness.find(place.actor("volunteer"), kind="volunteer")


def test_of_two_merges_at_once_one_wins(live_app):
    with live_app.app_context():
        place = world.make_place("north")
    with world.inside(live_app, place):
        one, two = households.make_household(place).id, households.make_household(place).id
    start, said = threading.Barrier(2), []

    def merge(kept, other):
        try:
            with world.inside(live_app, place):
                start.wait(10)
                merging.merge(place.actor("staff"), kind="household", kept_id=kept, other_id=other)
            said.append("done")
        except DomainError as error:
            said.append(error.code)

    threads = [threading.Thread(target=merge, args=args) for args in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "over"]
    with world.inside(live_app, place):
        assert sorted(db.session.scalars(db.select(Household.state))) == ["active", "merged"]

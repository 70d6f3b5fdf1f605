"""Many at once: all or none, with a reason for each that could not be."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core import locks
from services.core.db import db
from services.core.errors import DomainError, Forbidden
from services.followups import bulk, life, occurrences
from services.followups.models import FollowUp
from services.messages import inbox
from services.messages.models import Message
from tests.factories import followups, world


@pytest.fixture
def garden(session, north):
    world.enter(north)
    helper = world.add_member(north, "volunteer")
    day = regions.today(north.id) - timedelta(days=14)
    made = followups.make_followups(north, day=day, helper=helper.id)
    db.session.commit()
    return {code: row.id for code, row in made.items()}


def states(garden):
    db.session.expire_all()
    return {code: locks.get(FollowUp, row_id).state for code, row_id in garden.items()}


def why(refused):
    return {row_id: error.code for row_id, error in refused.value.rows.items()}


def test_done_with_one_remark(garden, north):
    number = bulk.finish(north.actor("staff"), follow_up_ids=[*garden.values()] * 2, note="All well")
    assert number == 3
    assert set(states(garden).values()) == {"done"}
    for row_id in garden.values():
        assert [e.note for e in occurrences.history(row_id) if e.action == "done"] == ["All well"]
    following = life.of_subjects(followups.KIND, [locks.get(FollowUp, garden["water"]).subject_id])
    assert [
        row.occurrence for row in following if row.plan_id == locks.get(FollowUp, garden["water"]).plan_id
    ] == [0, 1]


def test_one_that_is_over_stops_all(garden, north):
    staff = north.actor("staff")
    life.finish(staff, follow_up_id=garden["water"])
    db.session.commit()
    with pytest.raises(bulk.Refused) as refused:
        bulk.finish(staff, follow_up_ids=garden.values())
    assert why(refused) == {garden["water"]: "over"}
    db.session.rollback()
    assert states(garden) == {"look": "open", "water": "done", "survey": "open"}


def test_handing_over_tells_the_new_owner_once(garden, north):
    other = world.add_member(north, "volunteer")
    taken = [garden["look"], garden["water"]]
    assert bulk.hand_over(north.actor("staff"), follow_up_ids=taken, account_id=other.id) == 2
    assert {locks.get(FollowUp, one).owner_id for one in taken} == {other.id}
    (told,) = inbox.page(north.actor("volunteer")).rows
    assert (told.template, told.params["number"]) == ("followup.handed_over_many", "2")
    assert told.path == f"/c/north/followups/?owner={other.id}"


def test_given_back_to_the_staff_tells_the_others_of_the_office_once(garden, north):
    clerk = north.actor("staff")
    colleague = world.add_member(north, "staff")
    taken = [garden["look"], garden["water"]]
    assert bulk.hand_over(clerk, follow_up_ids=taken, account_id=None) == 2
    told = db.session.scalars(db.select(Message).where(Message.template == "followup.handed_over_many")).all()
    assert {(one.account_id, one.path) for one in told} == {(colleague.id, "/c/north/followups/?owner=staff")}


def test_what_a_person_cannot_take_is_named(garden, north):
    other = world.add_member(north, "volunteer")
    with pytest.raises(bulk.Refused) as refused:
        bulk.hand_over(north.actor("staff"), follow_up_ids=garden.values(), account_id=other.id)
    assert why(refused) == {garden["survey"]: "no_candidate"}
    db.session.rollback()
    with pytest.raises(bulk.Refused) as refused:
        bulk.hand_over(north.actor("staff"), follow_up_ids=garden.values(), account_id=None)
    assert why(refused) == {garden["survey"]: "same_owner"}


def test_what_is_not_ones_own_is_named(garden, north):
    with pytest.raises(bulk.Refused) as refused:
        bulk.finish(north.actor("volunteer"), follow_up_ids=[*garden.values(), gone := world.some_id()])
    assert why(refused) == {garden["survey"]: "not_yours", gone: "not_yours"}
    db.session.rollback()
    with pytest.raises(Forbidden):
        bulk.hand_over(
            north.actor("volunteer"), follow_up_ids=[garden["look"]], account_id=north.accounts["staff"].id
        )


def test_another_community_has_none_of_it(garden, north, south):
    world.enter(south)
    with pytest.raises(bulk.Refused) as refused:
        bulk.finish(south.actor("staff"), follow_up_ids=garden.values())
    assert set(why(refused).values()) == {"not_yours"}


@pytest.mark.parametrize(
    ("number", "note", "code"),
    [(0, "", "none"), (bulk.MOST + 1, "", "many"), (1, "11010519491231002X", "id_number")],
)
def test_what_is_wrong_with_all_is_said_once(garden, north, number, note, code):
    ids = [garden["look"]] if number == 1 else [world.some_id() for _ in range(number)]
    with pytest.raises(DomainError) as refused:
        bulk.finish(north.actor("staff"), follow_up_ids=ids, note=note)
    assert refused.value.code == code

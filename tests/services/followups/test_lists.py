"""Every number over the follow-ups is the length of its list, whatever is looked for."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core import locks
from services.core.db import db
from services.core.errors import Forbidden
from services.followups import life, lists
from services.households.models import Household
from tests.factories import followups, pairings, visits, world

OVERDUE = {"not_yet": (-5, -1), "days_0": (0, 1), "days_2": (2, 3), "days_4": (4, 7), "days_8": (8, 90)}


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


def find(actor, **asked):
    return {row.id for row in lists.find(actor, **asked).rows}


def test_ages_at_their_edges(place):
    today = regions.today(place.id)
    made = followups.make_followups(place, day=today)["look"]
    for age, days in OVERDUE.items():
        for late in days:
            made.due_on = today - timedelta(days=late)
            db.session.flush()
            wanted = lists.Wanted(plan_id=made.plan_id)
            assert lists.ages(place.actor("staff"), wanted) == {**dict.fromkeys(lists.AGES, 0), age: 1}
            for other in lists.AGES:
                listed = find(place.actor("staff"), age=other, wanted=wanted)
                assert listed == ({made.id} if other == age else set())


def test_what_is_done_has_no_age(place):
    made = followups.make_followups(place, day=regions.today(place.id) - timedelta(days=9))
    before = sum(lists.ages(place.actor("staff")).values())
    life.finish(place.actor("staff"), follow_up_id=made["look"].id)
    assert sum(lists.ages(place.actor("staff")).values()) == before - 1


def test_counts_follow_what_is_looked_for(place):
    helper = world.add_member(place, "volunteer").id
    today = regions.today(place.id)
    made = followups.make_followups(place, day=today - timedelta(days=30), helper=helper)
    for wanted in (
        lists.Wanted(),
        lists.Wanted(owner=lists.STAFF),
        lists.Wanted(owner=str(helper)),
        lists.Wanted(plan_id=made["look"].plan_id),
        lists.Wanted(owner=lists.STAFF, plan_id=made["look"].plan_id),
    ):
        for stage, number in lists.counts(place.actor("staff"), wanted).items():
            assert len(find(place.actor("staff"), stage=stage, wanted=wanted)) == number
        for age, number in lists.ages(place.actor("staff"), wanted).items():
            assert len(find(place.actor("staff"), age=age, wanted=wanted)) == number


def test_a_building_has_its_pairings_proposals_and_visits(place):
    staff = place.actor("staff")
    pairing = visits.make_old_pairing(place)
    visits.make_visit(place, pairing, outcome="concern")
    proposal = pairings.make_proposal(place, couple=False)
    listed = lists.find(staff).rows
    assert {row.subject_kind for row in listed} == {"pairing", "proposal", "visit"}
    home = locks.get(Household, pairing.household_id)
    assert find(staff, wanted=lists.Wanted(building_id=home.building_id)) == {row.id for row in listed}
    locks.get(Household, proposal.household_id).building_id = regions.building(estate="", number="9").id
    db.session.flush()
    kept = {row.id for row in listed if row.subject_id != proposal.id}
    assert find(staff, wanted=lists.Wanted(building_id=home.building_id)) == kept
    assert find(staff, wanted=lists.Wanted(building_id=world.some_id())) == set()


def test_a_building_is_the_offices_to_ask_for(place):
    world.add_member(place, "volunteer")
    with pytest.raises(Forbidden):
        lists.counts(place.actor("volunteer"), lists.Wanted(building_id=world.some_id()))

"""What the engine is told: every hard rule from a row, and the same rows give the same snapshot."""

from datetime import date, timedelta

import pytest

from services.core import week
from services.core.db import db
from services.households import registration
from services.pairings import pairings, proposals, snapshot
from services.volunteers.models import Exclusion
from tests.factories import households, volunteers
from tests.factories import pairings as made

DAY = date(2026, 11, 22)


def eligible(taken: snapshot.Snapshot) -> int:
    return len(taken.table())


def test_two_who_fit_are_eligible(here):
    volunteers.make_volunteer(here)
    households.make_household(here)
    assert eligible(snapshot.take(DAY)) == 1


def test_the_same_rows_give_the_same_snapshot(here):
    volunteers.make_volunteer(here)
    household = households.make_household(here)
    first = snapshot.take(DAY).digest
    assert snapshot.take(DAY).digest == first
    households.make_need(here, household, kind="shopping")
    assert snapshot.take(DAY).digest != first


def test_without_consent_a_household_is_left_out_by_name(here):
    volunteers.make_volunteer(here)
    household = households.make_household(here, consent_on=None)
    taken = snapshot.take(DAY)
    assert not taken.households
    assert taken.no_consent == (household.id,)


def test_a_household_without_open_needs_is_not_looked_at(here):
    households.make_household(here, need=None)
    taken = snapshot.take(DAY)
    assert not taken.households
    assert not taken.no_consent


@pytest.mark.parametrize("state", ["paused", "left", "pending"])
def test_only_active_helpers_count(here, state):
    volunteers.make_volunteer(here).state = state
    db.session.flush()
    assert not snapshot.take(DAY).helpers


@pytest.mark.parametrize(
    ("helper", "home"),
    [
        ({"skills": {"haircut": 1}}, {}),
        ({"week": week.week_from_text("周日全天")}, {"week": week.week_from_text("周一上午")}),
        ({"week": 0}, {}),
        ({"languages": ["cantonese"]}, {"languages": ["mandarin"]}),
        ({"gender": "male"}, {"gender_wish": "female"}),
        ({"limits": ["dog"]}, {"circumstances": ["dog"]}),
        ({"hours": 1}, {"hours": 2}),
        ({"places": 0}, {}),
    ],
)
def test_a_hard_rule_keeps_two_apart(here, helper, home):
    amount = {name: home[name] for name in ("week", "hours") if name in home}
    facts = {name: home[name] for name in home if name not in amount}
    volunteers.make_volunteer(here, **helper)
    household = households.make_household(here, need=None, **facts)
    households.make_need(here, household, kind="company", **amount)
    assert eligible(snapshot.take(DAY)) == 0


@pytest.mark.parametrize(
    ("expires", "fits"),
    [(DAY, True), (None, True), (DAY - timedelta(days=1), False)],
)
def test_a_paper_counts_up_to_its_last_day(here, expires, fits):
    volunteer = volunteers.make_volunteer(here, skills={"homework": 1})
    households.make_household(here, need="homework")
    assert eligible(snapshot.take(DAY)) == 0
    volunteers.make_paper(here, volunteer, "no_criminal_record", expires)
    assert eligible(snapshot.take(DAY)) == int(fits)


@pytest.mark.parametrize(
    ("building", "surname", "kept_apart"),
    [("6", "陈", True), ("6号楼", "陈", True), ("", "陈", True), ("7", "陈", False), ("6", "王", False)],
)
def test_a_conflict_is_a_surname_in_a_building(here, building, surname, kept_apart):
    volunteer = volunteers.make_volunteer(here)
    households.make_household(here, name="陈大娘", building="6")
    db.session.add(Exclusion(volunteer_id=volunteer.id, building=building, surname=surname))
    db.session.flush()
    assert eligible(snapshot.take(DAY)) == int(not kept_apart)


def test_a_living_pairing_takes_a_place_on_both_sides(here):
    made.make_pairing(here, couple=False)
    taken = snapshot.take(DAY)
    assert [(helper.places, helper.load) for helper in taken.helpers] == [(0, 1)]
    assert [(home.places, home.helped) for home in taken.households] == [(0, 1)]
    assert eligible(taken) == 0


def test_what_a_helper_meets_already_counts_less_for_the_next(here):
    household = households.make_household(here, places=2, need="company")
    first = volunteers.make_volunteer(here)
    made.agree(here, made.publish_between(here, first, household))
    assert snapshot.take(DAY).households[0].met == {"company"}
    households.make_need(here, household, kind="shopping")
    same = volunteers.make_volunteer(here, name="同样会陪聊", skills={"company": 1})
    other = volunteers.make_volunteer(here, name="会买菜", skills={"shopping": 1})
    run = made.make_run(here)
    (draft,) = proposals.of_run(here.actor("staff"), run_id=run.id, state="draft").rows
    assert (draft.volunteer_id, draft.kind) == (other.id, "supporting")
    assert draft.terms["complement"] == 10 and same.id != other.id


def test_a_pair_that_stands_is_kept_even_for_a_more_urgent_home(here):
    pairing = made.make_pairing(here, couple=False)
    urgent = households.make_household(here, need=None)
    households.make_need(here, urgent, urgency=5)
    run = made.make_run(here)
    assert run.left_out[str(urgent.id)]["code"] == "no_helper"
    assert pairings.living()[0].id == pairing.id


def test_every_home_comes_before_a_second_helper(here):
    household = households.make_household(here, places=2)
    made.agree(here, made.publish_between(here, volunteers.make_volunteer(here), household))
    volunteers.make_volunteer(here)
    other = households.make_household(here, name="另一户")
    households.make_need(here, household, kind="shopping", urgency=5)
    run = made.make_run(here)
    drafts = proposals.of_run(here.actor("staff"), run_id=run.id, state="draft").rows
    assert [draft.household_id for draft in drafts] == [other.id]


def test_withdrawn_consent_leaves_a_household_out(here):
    volunteers.make_volunteer(here)
    household = households.make_household(here)
    registration.withdraw_consent(here.actor("staff"), household_id=household.id)
    assert snapshot.take(DAY).no_consent == (household.id,)

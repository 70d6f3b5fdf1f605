"""What if: what would change, without anything being written."""

import pytest

from services.core.db import db
from services.core.errors import DomainError, Forbidden
from services.pairings import whatif
from services.pairings.models import Proposal
from services.pairings.whatif import QUESTIONS, Question
from tests.factories import households, pairings, volunteers


def test_one_more_helper_of_a_kind(here):
    households.make_household(here, need="repairs")
    change = whatif.ask(here.actor("staff"), Question("newcomer", skill="repairs"))
    assert list(change.coverage.values()) == [1] and len(change.added) == 1
    change = whatif.ask(here.actor("staff"), Question("newcomer", skill="haircut"))
    assert not change.added and not change.coverage


def test_a_helper_who_could_do_this_too(here):
    helper, household = volunteers.make_volunteer(here), households.make_household(here, need="haircut")
    asked = Question("more_skill", volunteer_id=helper.id, skill="haircut")
    change = whatif.ask(here.actor("staff"), asked)
    assert change.added == ((str(helper.id), str(household.id)),)


def test_without_a_helper_another_comes_or_nobody(here):
    household = households.make_household(here)
    best, spare = volunteers.make_volunteer(here), volunteers.make_volunteer(here, skills={"company": 3})
    change = whatif.ask(here.actor("staff"), Question("without_helper", volunteer_id=spare.id))
    assert not change.added and not change.removed
    change = whatif.ask(here.actor("staff"), Question("without_helper", volunteer_id=best.id))
    assert change.removed == ((str(best.id), str(household.id)),)
    assert change.added == ((str(spare.id), str(household.id)),)


def test_more_room_and_more_places(here):
    helper = volunteers.make_volunteer(here, places=1)
    first, second = households.make_household(here), households.make_household(here)
    change = whatif.ask(here.actor("staff"), Question("more_room", volunteer_id=helper.id))
    assert list(change.coverage.values()) == [1]
    assert change.added[0][1] in (str(first.id), str(second.id))
    volunteers.make_volunteer(here, places=3)
    change = whatif.ask(here.actor("staff"), Question("more_places", household_id=first.id))
    assert [place for place, _ in change.coverage] == [2]


def test_pairs_that_live_part_only_for_more_points_than_asked(here):
    household = households.make_household(here)
    old = volunteers.make_volunteer(here, skills={"company": 3})
    pairings.agree(here, pairings.publish_between(here, old, household))
    volunteers.make_volunteer(here, skills={"company": 1})
    staff = here.actor("staff")
    change = whatif.ask(staff, Question("loose", points=1))
    assert change.removed == ((str(old.id), str(household.id)),) and change.points > 1
    assert not whatif.ask(staff, Question("loose", points=change.points)).removed


def test_a_pair_that_no_rule_allows_any_more_stays_out_of_it(here):
    household = households.make_household(here)
    old = volunteers.make_volunteer(here)
    pairings.agree(here, pairings.publish_between(here, old, household))
    old.languages, household.languages = ["cantonese"], ["mandarin"]
    db.session.flush()
    households.make_household(here)
    change = whatif.ask(here.actor("staff"), Question("loose", points=0))
    assert not change.removed and not change.added


@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_empty_community_answers_too(here, kind):
    question = Question(kind, skill="company")
    if kind in ("without_helper", "more_room", "more_skill", "more_places"):
        with pytest.raises(DomainError) as refused:
            whatif.ask(here.actor("staff"), question)
        assert refused.value.field in ("volunteer_id", "household_id")
    else:
        assert not whatif.ask(here.actor("staff"), question).added


def test_nothing_is_written_and_only_staff_may_ask(here):
    pairings.make_couple(here)
    whatif.ask(here.actor("staff"), Question("further", metres=1_000))
    assert db.session.query(Proposal).count() == 0
    with pytest.raises(Forbidden):
        whatif.ask(here.actor("volunteer"), Question("further"))

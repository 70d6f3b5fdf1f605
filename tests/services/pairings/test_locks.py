"""Locks: what the office insists on stands in the next run, as far as the rules allow; what it leaves out stays out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matching.model import Helper, Household, Need
from matching.rules import served_needs
from services.core.db import db
from services.core.errors import Conflict
from services.pairings import choices, drafts, leaving, pair_locks, proposals, runs
from services.pairings.models import PairLock
from services.volunteers import profiles
from tests.factories import households, pairings, volunteers


@pytest.fixture
def two(here):
    """A household, the helper a run drafts for it and a spare one; the run."""
    household = households.make_household(here)
    best = volunteers.make_volunteer(here, skills={"company": 1})
    spare = volunteers.make_volunteer(here, skills={"company": 3})
    run = pairings.make_run(here)
    assert [one.volunteer_id for one in pairings.drafts(here, run)] == [best.id]
    return household, best, spare, run


def lock_spare(here, two):
    _, _, spare, run = two
    [draft] = pairings.drafts(here, run)
    made = drafts.replace_helper(here.actor("staff"), proposal_id=draft.id, volunteer_id=spare.id)
    pair_locks.keep_pair(here.actor("staff"), proposal_id=made.id)
    return made


def test_a_locked_pair_is_drafted_again(here, two):
    household, best, spare, _ = two
    made = lock_spare(here, two)
    run = pairings.make_run(here)
    [again] = pairings.drafts(here, run)
    assert (again.volunteer_id, again.kind, again.score) == (spare.id, "primary", made.score)
    assert again.needs == made.needs
    assert (run.covered, run.proven, run.certificate["locks"]["kept"]) == (1, True, 1)
    assert run.levels["coverage"] == [{"place": 1, "urgency": 3, "wanted": 1, "covered": 1}]
    ids = {"household_id": household.id}
    assert choices.why(here.actor("staff"), volunteer_id=spare.id, **ids).code == "locked"
    # The household's one place is taken, so nobody else is looked at for it.
    assert choices.why(here.actor("staff"), volunteer_id=best.id, **ids).code == "barred"


def test_nobody_changes_a_locked_pair_unawares(here, two):
    household, best, _, run = two
    staff, made = here.actor("staff"), lock_spare(here, two)
    assert pair_locks.keep_pair(staff, proposal_id=made.id).volunteer_id == made.volunteer_id
    for act in (
        lambda: drafts.replace_helper(staff, proposal_id=made.id, volunteer_id=best.id),
        lambda: proposals.refuse(staff, proposal_id=made.id, reason="not_now"),
        lambda: pair_locks.leave_out(staff, run_id=run.id, household_id=household.id),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "locked"
    assert pair_locks.unlock(staff, household_id=household.id, volunteer_id=made.volunteer_id)
    drafts.replace_helper(staff, proposal_id=made.id, volunteer_id=best.id)


def test_a_lock_that_a_rule_forbids_is_named_and_harms_nobody(here, two):
    household, best, spare, _ = two
    lock_spare(here, two)
    profiles.get_volunteer(here.actor("staff"), spare.id).state = "paused"
    db.session.flush()
    run = pairings.make_run(here)
    assert [one.volunteer_id for one in pairings.drafts(here, run)] == [best.id]
    assert run.certificate["locks"]["broken"] == [[str(spare.id), str(household.id)]]


def test_publishing_a_locked_pair_ends_the_lock(here, two):
    lock_spare(here, two)
    assert runs.publish(here.actor("staff"), run_id=two[3].id).sent == 1
    assert not pair_locks.all_locks()


def test_a_household_left_out_is_proposed_to_nobody(here, two):
    household, best, _, run = two
    staff = here.actor("staff")
    for _ in range(2):
        pair_locks.leave_out(staff, run_id=run.id, household_id=household.id)
    assert not pairings.drafts(here, run)
    with pytest.raises(Conflict) as refused:
        drafts.add_helper(staff, run_id=run.id, household_id=household.id, volunteer_id=best.id)
    assert refused.value.code == "held_back"
    later = pairings.make_run(here)
    assert later.left_out == {str(household.id): {"code": "held_back"}}
    assert choices.why(staff, household_id=household.id, volunteer_id=best.id).code == "held_back"
    assert pair_locks.unlock(staff, household_id=household.id, volunteer_id=None)
    assert not pair_locks.unlock(staff, household_id=household.id, volunteer_id=None)
    assert len(pairings.drafts(here, pairings.make_run(here))) == 1


def test_who_leaves_takes_the_locks_along(here, two):
    lock_spare(here, two)
    leaving.set_helper_state(here.actor("staff"), volunteer_id=two[2].id, state="left")
    assert db.session.scalars(select(PairLock)).first() is None


@given(st.data())
def test_locked_pairs_never_take_more_than_there_is(data):
    """Whatever is locked: places and hours never go below nothing, and what is kept or broken is all that was asked."""
    whole = st.integers(0, 3)
    helpers = {
        f"v{n}": Helper(f"v{n}", {"company": 1}, places=data.draw(whole), hours=data.draw(st.none() | whole))
        for n in range(3)
    }
    homes = {
        f"h{n}": Household(
            f"h{n}", (Need("company", half_hours=data.draw(st.integers(1, 3))),), places=data.draw(whole)
        )
        for n in range(3)
    }
    pairs = data.draw(
        st.lists(st.tuples(st.sampled_from(sorted(helpers)), st.sampled_from(sorted(homes))), unique=True)
    )
    before, wanted = dict(helpers), dict(homes)
    kept, broken = pair_locks.fix(helpers, homes, pairs)
    assert sorted([*kept, *broken]) == sorted(pairs)
    assert all(served_needs(*both) for both in kept.values())
    for name, helper in helpers.items():
        mine = [pair for pair in kept if pair[0] == name]
        assert helper.places == before[name].places - len(mine) >= 0
        assert helper.hours is None or helper.hours >= 0
    for name, home in homes.items():
        assert home.places == wanted[name].places - sum(pair[1] == name for pair in kept) >= 0

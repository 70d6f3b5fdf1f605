"""Two drafts change their helpers: both or neither."""

import pytest

from services.core.errors import Conflict, DomainError
from services.pairings import drafts, pair_locks
from tests.factories import households, pairings, volunteers


@pytest.fixture
def couples(here):
    """Two drafts of a run, of helpers who fit both households."""
    for _ in range(2):
        households.make_household(here)
        volunteers.make_volunteer(here)
    return pairings.drafts(here, pairings.make_run(here))


def test_both_choices_change(here, couples):
    one, other = couples
    made = drafts.swap(here.actor("staff"), proposal_id=one.id, other_id=other.id)
    assert [(row.household_id, row.volunteer_id) for row in made] == [
        (one.household_id, other.volunteer_id),
        (other.household_id, one.volunteer_id),
    ]
    assert {one.state, other.state} == {"withdrawn"}
    assert all(sum(row.terms.values()) == row.score > 0 and row.needs for row in made)


def test_a_rule_between_two_of_them_forbids_it(here):
    """The only helper with the one skill cannot change places with the only one with the other."""
    for skill in ("company", "haircut"):
        households.make_household(here, need=skill)
        volunteers.make_volunteer(here, skills={skill: 1})
    one, other = pairings.drafts(here, pairings.make_run(here))
    with pytest.raises(DomainError) as refused:
        drafts.swap(here.actor("staff"), proposal_id=one.id, other_id=other.id)
    assert refused.value.code == "barred"
    assert refused.value.params["helper"] and refused.value.params["household"]


def test_what_cannot_be_swapped(here, couples):
    one, other = couples
    staff = here.actor("staff")
    with pytest.raises(Conflict):
        drafts.swap(staff, proposal_id=one.id, other_id=one.id)
    pair_locks.keep_pair(staff, proposal_id=other.id)
    with pytest.raises(Conflict) as refused:
        drafts.swap(staff, proposal_id=one.id, other_id=other.id)
    assert refused.value.code == "locked"

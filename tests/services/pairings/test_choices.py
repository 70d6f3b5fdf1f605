"""The office's own choice: who else could come, why not, replacing and adding."""

import pytest

from services.core.errors import Conflict, DomainError, Forbidden
from services.households import registration
from services.pairings import choices, drafts, proposals, runs
from services.volunteers import profiles
from tests.factories import households, pairings, volunteers, world


@pytest.fixture
def drafted(here):
    """A household, its drafted helper, a spare helper who fits, one who does not; and the run."""
    household = households.make_household(here)
    best = volunteers.make_volunteer(here, skills={"company": 1})
    spare = volunteers.make_volunteer(here, skills={"company": 3})
    other = volunteers.make_volunteer(here, skills={"haircut": 1})
    run = pairings.make_run(here)
    draft = proposals.of_run(here.actor("staff"), run_id=run.id).rows[0]
    assert draft.volunteer_id == best.id
    return household, best, spare, other, run, draft


def test_others_are_ranked_and_the_rest_has_reasons(here, drafted):
    household, best, spare, other, run, _ = drafted
    staff, second = here.actor("staff"), households.make_household(here)
    can, cannot = choices.of_household(staff, household_id=household.id, run_id=run.id)
    assert [(one.volunteer_id, one.busy) for one in can] == [(best.id, False), (spare.id, False)]
    elsewhere, _ = choices.of_household(staff, household_id=second.id, run_id=run.id)
    assert [(one.volunteer_id, one.busy) for one in elsewhere] == [(spare.id, False), (best.id, True)]
    assert [(one.volunteer_id, [bar.code for bar in one.bars]) for one in cannot] == [(other.id, ["skill"])]
    assert cannot[0].bars[0].facts["skills"] == ("company",)


def test_a_draft_gets_another_helper(here, drafted):
    _, _, spare, _, run, draft = drafted
    made = drafts.replace_helper(here.actor("staff"), proposal_id=draft.id, volunteer_id=spare.id)
    assert (draft.state, made.state, made.volunteer_id, made.kind) == (
        "withdrawn",
        "draft",
        spare.id,
        "primary",
    )
    assert sum(made.terms.values()) == made.score
    assert runs.publish(here.actor("staff"), run_id=run.id).sent == 1
    with pytest.raises(Conflict):
        drafts.replace_helper(here.actor("staff"), proposal_id=made.id, volunteer_id=draft.volunteer_id)


def test_nobody_barred_is_put_in(here, drafted):
    _, _, _, other, _, draft = drafted
    with pytest.raises(DomainError) as refused:
        drafts.replace_helper(here.actor("staff"), proposal_id=draft.id, volunteer_id=other.id)
    assert refused.value.code == "barred"


def test_a_supporting_helper_where_the_household_wants_two(here, drafted):
    household, _, spare, _, run, _ = drafted
    staff = here.actor("staff")
    with pytest.raises(DomainError) as refused:
        drafts.add_helper(staff, run_id=run.id, household_id=household.id, volunteer_id=spare.id)
    assert refused.value.code == "household_full"
    registration.update_household(staff, household_id=household.id, places=2)
    made = drafts.add_helper(staff, run_id=run.id, household_id=household.id, volunteer_id=spare.id)
    assert made.kind == "supporting"


def test_a_helper_is_not_drafted_beyond_his_places(here, drafted):
    _, best, _, _, run, _ = drafted
    second = households.make_household(here)
    with pytest.raises(DomainError) as refused:
        drafts.add_helper(here.actor("staff"), run_id=run.id, household_id=second.id, volunteer_id=best.id)
    assert refused.value.code == "helper_busy"


def test_only_the_latest_run_is_worked_on(here, drafted):
    household, _, spare, _, run, _ = drafted
    pairings.make_run(here)
    with pytest.raises(Conflict):
        drafts.add_helper(
            here.actor("staff"), run_id=run.id, household_id=household.id, volunteer_id=spare.id
        )


def test_why_and_why_not(here, drafted):
    household, best, spare, other, _, _ = drafted
    staff = here.actor("staff")
    assert choices.why(staff, household_id=household.id, volunteer_id=best.id).code == "chosen"
    possible = choices.why(staff, household_id=household.id, volunteer_id=spare.id)
    assert possible.code == "possible"
    assert possible.change.points < 0
    assert possible.change.removed == ((str(best.id), str(household.id)),)
    barred = choices.why(staff, household_id=household.id, volunteer_id=other.id)
    assert (barred.code, [bar.code for bar in barred.bars]) == ("barred", ["skill"])


def test_why_says_what_was_not_looked_at(here):
    staff = here.actor("staff")
    pairing = pairings.make_pairing(here)
    ids = {"household_id": pairing.household_id, "volunteer_id": pairing.volunteer_id}
    assert choices.why(staff, **ids).code == "standing"
    volunteer = volunteers.make_volunteer(here)
    silent = households.make_household(here, consent_on=None)
    content = households.make_household(here, need=None)
    gone = households.make_household(here)
    registration.close_household(staff, household_id=gone.id, reason="moved")
    for household, code in ((silent, "no_consent"), (content, "no_needs"), (gone, "household_state")):
        assert choices.why(staff, household_id=household.id, volunteer_id=volunteer.id).code == code
    profiles.get_volunteer(staff, volunteer.id).state = "paused"
    assert choices.why(staff, household_id=content.id, volunteer_id=volunteer.id).code == "helper_state"


def test_a_pair_that_stands_is_no_reason_on_the_page(here):
    """The stand-in for a living pair is the engine's matter; nobody reads about it."""
    pairing = pairings.make_pairing(here)
    other = volunteers.make_volunteer(here, skills={"haircut": 1})
    why = choices.why(here.actor("staff"), household_id=pairing.household_id, volunteer_id=other.id)
    assert [bar.facts["skills"] for bar in why.bars if bar.code == "skill"] == [("company",)]


def test_choices_are_the_offices(here, drafted):
    world.add_member(here, "volunteer")
    with pytest.raises(Forbidden):
        choices.of_household(here.actor("volunteer"), household_id=drafted[0].id)

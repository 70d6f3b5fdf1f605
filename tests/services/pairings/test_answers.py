"""Yes and no: whose it is, how it came, what follows."""

import pytest
import time_machine
from sqlalchemy import select

from services.core import clock
from services.core.actor import guest
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import life
from services.followups.models import LIVING, FollowUp
from services.messages.models import Message
from services.pairings import pairings, proposals, reasons, runs
from services.pairings.models import Pairing, Proposal
from tests.factories import households, volunteers, world
from tests.factories import pairings as made

ROLES = {"helper": "volunteer", "household": "resident"}


@pytest.fixture
def proposal(here):
    return made.make_proposal(here)


def say(place, proposal, side, answer="yes", reason="", role=None):
    return proposals.answer(
        place.actor(role or ROLES[side]), proposal_id=proposal.id, side=side, answer=answer, reason=reason
    )


def told(template):
    return db.session.scalars(
        select(Message).where(Message.template == template, Message.channel == "inbox")
    ).all()


def plans_of(kind, subject_id):
    found = life.of_subjects(kind, {subject_id})
    return sorted((one.due_on, one.owner_id is not None) for one in found if one.state in LIVING)


@pytest.mark.parametrize("order", [("helper", "household"), ("household", "helper")])
def test_two_yeses_make_a_pairing(here, proposal, order):
    assert say(here, proposal, order[0]).state == "published"
    assert not db.session.scalars(select(Pairing)).all()
    assert say(here, proposal, order[1]).state == "accepted"
    pairing = db.session.scalars(select(Pairing)).one()
    assert pairing.kind == "primary"
    assert (proposal.helper_how, proposal.household_how) == ("account", "account")
    assert len(told("pairing.helper")) == len(told("pairing.household")) == 1


def test_a_pairing_starts_its_plans_and_ends_the_asking(here, proposal):
    made.agree(here, proposal)
    pairing = db.session.scalars(select(Pairing)).one()
    day = pairing.started_on
    due = plans_of("pairing", pairing.id)
    # First contact, first visit and monthly call are the helper's; the review is the office's. Days off may move them on.
    assert [owned for _, owned in due] == [True, True, True, False]
    for (when, _), days in zip(due, (3, 7, 30, 180), strict=True):
        assert days <= (when - day).days <= days + 10
    assert not plans_of("proposal", proposal.id)


def test_a_helper_without_account_leaves_the_plans_to_the_office(here):
    pairing = made.make_pairing(here, couple=False)
    owners = [one.owner_id for one in life.of_subjects("pairing", {pairing.id})]
    assert owners == [None] * 4


def test_saying_yes_again_changes_nothing(here, proposal):
    say(here, proposal, "helper")
    say(here, proposal, "helper")
    say(here, proposal, "household")
    assert say(here, proposal, "household").state == "accepted"
    assert len(db.session.scalars(select(Pairing)).all()) == 1


@pytest.mark.parametrize(
    ("side", "reason", "template"),
    [("helper", "too_far", "proposal.household.over"), ("household", "not_needed", "proposal.helper.over")],
)
def test_a_no_is_final_and_the_other_is_told(here, proposal, side, reason, template):
    declined = say(here, proposal, side, "no", reason)
    assert (declined.state, declined.declined_by, declined.reason) == ("declined", side, reason)
    assert len(told(template)) == 1
    assert not plans_of("proposal", proposal.id)
    for other in ROLES:
        with pytest.raises(Conflict):
            say(here, proposal, other)


@pytest.mark.parametrize("side", ["helper", "household"])
def test_a_declined_pair_is_not_proposed_again(here, proposal, side):
    say(here, proposal, side, "no", reasons.BY_SIDE[side][0].code)
    run = made.make_run(here)
    assert not proposals.of_run(here.actor("staff"), run_id=run.id).rows
    assert run.left_out[str(proposal.household_id)]["bars"] == {"declined": 1}


def test_a_yes_can_become_a_no_before_the_other_answers(here, proposal):
    say(here, proposal, "helper")
    assert say(here, proposal, "helper", "no", "health").state == "declined"


@pytest.mark.parametrize("reason", ["", "because", "not_needed"])
def test_a_no_needs_a_reason_of_its_side(here, proposal, reason):
    with pytest.raises(DomainError) as refused:
        say(here, proposal, "helper", "no", reason)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("how", proposals.STAFF_HOW)
def test_staff_answer_for_somebody_and_say_how_they_know(here, proposal, how):
    staff = here.actor("staff")
    answered = proposals.answer(staff, proposal_id=proposal.id, side="household", answer="yes", how=how)
    assert (answered.household_how, answered.household_by) == (how, staff.account_id)


def test_staff_must_say_how_they_know(here, proposal):
    with pytest.raises(DomainError) as refused:
        proposals.answer(here.actor("staff"), proposal_id=proposal.id, side="helper", answer="yes")
    assert refused.value.field == "how"


def test_nobody_answers_for_somebody_else(here, proposal):
    with pytest.raises(NotFound):
        say(here, proposal, "helper", role="resident")
    with pytest.raises(NotFound):
        say(here, proposal, "household", role="volunteer")
    world.add_member(here, "volunteer")
    with pytest.raises(NotFound):
        say(here, proposal, "helper")
    with pytest.raises(NotFound):
        proposals.answer(guest(here.id), proposal_id=proposal.id, side="household", answer="yes")
    world.add_member(here, "unit")
    with pytest.raises(Forbidden):
        say(here, proposal, "helper", role="unit")


def test_a_draft_cannot_be_answered(here):
    made.make_couple(here)
    run = made.make_run(here)
    draft = proposals.of_run(here.actor("staff"), run_id=run.id).rows[0]
    with pytest.raises(NotFound):
        say(here, draft, "helper")


def rival_proposals(here, **household):
    """Two helpers asked about one household, which wants one."""
    home = households.make_resident(here, **household)
    first = made.publish_between(here, volunteers.make_volunteer(here), home)
    second = Proposal(
        volunteer_id=volunteers.make_helper(here).id,
        household_id=home.id,
        run_id=first.run_id,
        needs=first.needs,
        state="draft",
    )
    db.session.add(second)
    db.session.flush()
    runs.publish(here.actor("staff"), run_id=first.run_id)
    return first, second


def test_the_first_pair_ends_what_no_longer_fits(here):
    first, second = rival_proposals(here)
    made.agree(here, first)
    assert second.state == "lost"
    assert len(told("proposal.helper.taken")) == 1
    assert not plans_of("proposal", second.id)
    with pytest.raises(Conflict) as refused:
        say(here, second, "helper")
    assert refused.value.code == "taken"


def test_a_second_helper_is_a_supporting_one(here):
    first, second = rival_proposals(here, places=2)
    made.agree(here, first)
    made.agree(here, second)
    kinds = db.session.scalars(select(Pairing.kind).order_by(Pairing.id)).all()
    assert kinds == ["primary", "supporting"]


def test_a_helper_whose_places_are_full_is_no_longer_waited_for(here):
    volunteer = volunteers.make_helper(here, places=2)
    made.publish_between(here, volunteer, households.make_household(here))
    home = households.make_resident(here)
    other = made.publish_between(here, volunteer, home)
    volunteer.places = 1
    db.session.flush()
    first = db.session.scalars(select(Proposal).where(Proposal.household_id != home.id)).one()
    made.agree(here, first)
    assert other.state == "lost"
    assert len(told("proposal.household.over")) == 1


def test_a_yes_that_comes_too_late_is_told_so(here, proposal):
    say(here, proposal, "household")
    other = made.make_pairing(here, couple=False)
    other.household_id = proposal.household_id
    db.session.flush()
    assert say(here, proposal, "helper").state == "lost"
    assert len(told("proposal.household.over")) == 1


def test_refused_by_the_office_is_not_proposed_again(here, proposal):
    proposals.refuse(here.actor("staff"), proposal_id=proposal.id, reason="do_not_get_on")
    assert (proposal.state, proposal.declined_by) == ("declined", "staff")
    assert len(told("proposal.helper.over")) == len(told("proposal.household.over")) == 1
    assert made.make_run(here).left_out


def test_not_now_may_be_proposed_again(here):
    made.make_couple(here)
    run = made.make_run(here)
    draft = proposals.of_run(here.actor("staff"), run_id=run.id).rows[0]
    proposals.refuse(here.actor("staff"), proposal_id=draft.id, reason="not_now")
    assert draft.state == "withdrawn"
    assert not told("proposal.helper.over")
    assert made.make_run(here).covered == 1


def test_a_link_answers_once_for_a_household(here):
    proposal = made.make_proposal(here, couple=False)
    secret = proposals.make_link(here.actor("staff"), proposal_id=proposal.id)
    assert proposals.open_link(guest(here.id), secret=secret).row.id == proposal.id
    answered = proposals.answer_by_link(guest(here.id), secret=secret, answer="yes")
    assert (answered.household_answer, answered.household_how) == ("yes", "link")
    with pytest.raises(DomainError):
        proposals.open_link(guest(here.id), secret=secret)
    with pytest.raises(Conflict):
        proposals.make_link(here.actor("staff"), proposal_id=proposal.id)


def test_a_link_is_not_used_up_by_a_mistake(here, proposal):
    secret = proposals.make_link(here.actor("staff"), proposal_id=proposal.id)
    with pytest.raises(DomainError):
        proposals.answer_by_link(guest(here.id), secret=secret, answer="no", reason="")
    assert (
        proposals.answer_by_link(guest(here.id), secret=secret, answer="no", reason="family_helps").state
        == "declined"
    )


def test_a_link_grows_old(here, proposal):
    secret = proposals.make_link(here.actor("staff"), proposal_id=proposal.id)
    with (
        time_machine.travel(clock.now().replace(year=clock.now().year + 1)),
        pytest.raises(DomainError),
    ):
        proposals.answer_by_link(guest(here.id), secret=secret, answer="yes")


def test_a_helper_cannot_make_a_link(here, proposal):
    with pytest.raises(Forbidden):
        proposals.make_link(here.actor("volunteer"), proposal_id=proposal.id)


def test_own_proposals_only(here, proposal):
    assert [one.row.id for one in proposals.waiting_for(here.actor("volunteer"))] == [proposal.id]
    world.add_member(here, "volunteer")
    assert not proposals.waiting_for(here.actor("volunteer"))


def test_pairings_are_named_for_those_they_concern(here, proposal):
    made.agree(here, proposal)
    pairing = db.session.scalars(select(Pairing)).one()
    due = db.session.scalars(select(FollowUp).where(FollowUp.subject_id == pairing.id)).first()
    assert due is not None
    assert pairings.living()[0].id == pairing.id

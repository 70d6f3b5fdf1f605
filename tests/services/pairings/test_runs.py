"""A run over real rows: asked for, computed, proven, published; killed, failed, replaced."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from services.communities import regions
from services.core import jobs
from services.core.actor import system
from services.core.db import db
from services.core.errors import Conflict, Forbidden
from services.followups import life
from services.households import registration
from services.messages.models import Message
from services.pairings import proposals, results, runs
from services.pairings.models import Pairing, Proposal
from tests.factories import households, pairings, volunteers, world


def drafts(place, run):
    return proposals.of_run(place.actor("staff"), run_id=run.id, state="draft").rows


def test_from_a_run_to_a_pairing(here):
    volunteer, household = pairings.make_couple(here)
    run = pairings.make_run(here)
    assert (run.state, run.proven, run.value) == ("done", True, run.bound)
    assert (run.households, run.helpers, run.covered, run.candidates) == (1, 1, 1, 1)
    assert len(run.snapshot) == 64
    assert runs.publish(here.actor("staff"), run_id=run.id) == runs.Published(1, 0)
    proposal = db.session.scalars(select(Proposal)).one()
    assert sum(proposal.terms.values()) == proposal.score > 0
    pairings.agree(here, proposal)
    pairing = db.session.scalars(select(Pairing)).one()
    assert (pairing.volunteer_id, pairing.household_id, pairing.kind) == (
        volunteer.id,
        household.id,
        "primary",
    )
    assert proposal.state == "accepted"


def test_the_proof_is_kept_as_text(here):
    pairings.make_couple(here)
    run = pairings.make_run(here)
    assert int(run.value) > 0
    assert run.certificate["value"] == run.certificate["bound"] == run.value
    assert all(isinstance(price, str) for price in run.certificate["prices"].values())


def test_asking_twice_is_one_run(here):
    first = runs.request_run(here.actor("staff"))
    assert runs.request_run(here.actor("staff")).id == first.id
    assert ("pairings.begin", here.id) in jobs.take_rings()


def test_a_helper_cannot_ask(here):
    world.add_member(here, "volunteer")
    with pytest.raises(Forbidden):
        runs.request_run(here.actor("volunteer"))


def test_begin_shows_the_work_and_rings_for_it(here):
    run = runs.request_run(here.actor("staff"))
    jobs.take_rings()
    runs.begin(system(here.id), run.id)
    assert run.state == "running"
    assert ("pairings.compute", here.id) in jobs.take_rings()


def test_a_repeated_job_changes_nothing(here):
    pairings.make_couple(here)
    run = pairings.make_run(here)
    runs.begin(system(here.id), run.id)
    runs.compute(system(here.id), run.id)
    assert run.state == "done"
    assert len(drafts(here, run)) == 1


def test_a_run_after_a_killed_worker_is_computed(here):
    pairings.make_couple(here)
    run = runs.request_run(here.actor("staff"))
    runs.begin(system(here.id), run.id)
    runs.begin(system(here.id), run.id)
    runs.compute(system(here.id), run.id)
    assert run.state == "done"


def test_a_run_without_end_is_given_up(here):
    run = runs.request_run(here.actor("staff"))
    runs.begin(system(here.id), run.id)
    with time_machine.travel(run.started_at + runs.LONGEST + timedelta(seconds=1)):
        runs.begin(system(here.id), run.id)
    assert (run.state, run.error) == ("failed", "took_too_long")
    assert runs.request_run(here.actor("staff")).id != run.id


def test_an_input_the_engine_refuses_fails_with_its_code(here):
    pairings.make_couple(here)
    regions.buildings()[0].x = regions.buildings()[0].y = 1e9
    run = pairings.make_run(here)
    assert (run.state, run.error) == ("failed", "out_of_range")


def test_an_unproven_answer_is_thrown_away(here):
    pairings.make_couple(here)
    run = runs.request_run(here.actor("staff"))
    found = results.solve_all(regions.today(here.id))
    assert found.proven
    results.keep(run, replace(found, proven=False))
    assert (run.state, run.error) == ("failed", "not_proven")
    assert not drafts(here, run)


def test_a_later_run_takes_the_place_of_drafts(here):
    pairings.make_couple(here)
    first = pairings.make_run(here)
    second = pairings.make_run(here)
    assert (first.state, second.state) == ("replaced", "done")
    assert not drafts(here, first)
    with pytest.raises(Conflict):
        runs.publish(here.actor("staff"), run_id=first.id)


def test_everybody_left_out_has_a_reason(here):
    volunteers.make_volunteer(here, places=1)
    unasked = households.make_household(here, consent_on=None)
    hopeless = households.make_household(here, need="repairs")
    rivals = [households.make_household(here) for _ in range(2)]
    run = pairings.make_run(here)
    assert run.left_out[str(unasked.id)] == {"code": "no_consent"}
    assert run.left_out[str(hopeless.id)] == {"code": "no_helper", "bars": {"skill": 1}}
    (short,) = [run.left_out[str(one.id)] for one in rivals if str(one.id) in run.left_out]
    assert (short["code"], short["wanted"], short["places"]) == ("shortage", 2, 1)
    assert set(short["households"]) == {str(one.id) for one in rivals}


def test_the_more_urgent_home_comes_first(here):
    volunteers.make_volunteer(here)
    calm = households.make_household(here, need=None)
    households.make_need(here, calm, urgency=2)
    urgent = households.make_household(here, need=None)
    households.make_need(here, urgent, urgency=4)
    run = pairings.make_run(here)
    assert [draft.household_id for draft in drafts(here, run)] == [urgent.id]
    assert [level["covered"] for level in run.levels["coverage"]] == [1, 0]


def test_only_the_chosen_drafts_are_published(here):
    for _ in range(2):
        pairings.make_couple(here)
    run = pairings.make_run(here)
    chosen = drafts(here, run)[0]
    assert runs.publish(here.actor("staff"), run_id=run.id, proposal_ids=[chosen.id]).sent == 1
    assert len(drafts(here, run)) == 1
    assert runs.publish(here.actor("staff"), run_id=run.id).sent == 1
    with pytest.raises(Conflict):
        runs.publish(here.actor("staff"), run_id=run.id)


def test_publishing_asks_both_and_has_the_answers_collected(here):
    proposal = pairings.make_proposal(here)
    told = {
        message.template: message
        for message in db.session.scalars(select(Message).where(Message.channel == "inbox"))
    }
    assert set(told) == {"proposal.helper", "proposal.household"}
    assert "陪伴" in str(told["proposal.helper"].params) or "Company" in str(told["proposal.helper"].params)
    due = life.of_subjects("proposal", {proposal.id})
    assert [(one.owner_id, one.state) for one in due] == [(None, "open")]


def test_before_acceptance_a_helper_reads_no_name_door_or_phone(here):
    volunteers.make_helper(here)
    household = households.make_household(
        here, name="秘密人家", door="7788", phone="13800007788", entrance="9"
    )
    pairings.publish_between(here, db.session.scalars(select(volunteers.Volunteer)).one(), household)
    words = str([message.params for message in db.session.scalars(select(Message))])
    assert "building 1" in words
    for secret in ("秘密", "7788", "entrance", "9单元"):
        assert secret not in words


def test_a_draft_that_no_longer_fits_is_taken_back(here):
    _, household = pairings.make_couple(here)
    run = pairings.make_run(here)
    registration.withdraw_consent(here.actor("staff"), household_id=household.id)
    assert runs.publish(here.actor("staff"), run_id=run.id) == runs.Published(0, 1)
    assert not db.session.scalars(select(Message)).all()


def test_a_waiting_proposal_keeps_its_places(here):
    pairings.make_proposal(here)
    run = pairings.make_run(here)
    assert not drafts(here, run)
    assert not run.left_out


def test_nobody_gets_more_households_than_hours(here):
    helper = volunteers.make_volunteer(here, places=2, hours=2)
    homes = [households.make_household(here, need=None) for _ in range(2)]
    for home in homes:
        households.make_need(here, home, kind="company", hours=2)
    run = pairings.make_run(here)
    (draft,) = drafts(here, run)
    assert draft.volunteer_id == helper.id and run.covered == 1
    hours = run.certificate["hours"]
    without = next(str(home.id) for home in homes if home.id != draft.household_id)
    assert hours["given_up"] == [[str(helper.id), without]]
    assert run.left_out[without] == {"code": "no_helper", "bars": {"hours": 1}}
    assert int(hours["value"]) <= int(hours["bound"]) and hours["points"] >= 0 and not hours["more_helped"]
    assert run.certificate["value"] == run.certificate["bound"]


def test_a_run_says_how_work_spreads_and_whom_to_look_for(here):
    volunteers.make_volunteer(here)
    households.make_household(here)
    waiting = households.make_household(here, need="repairs")
    run = pairings.make_run(here)
    assert run.fairness["load"] == {"1": 1} and run.fairness["choices"] == {"1": 1}
    (advice,) = run.advice
    assert advice["skill"] == "repairs" and advice["households"] == [str(waiting.id)]
    assert [level["more"] for level in advice["coverage"]] == [1]


def test_a_second_helper_complements_the_first_in_the_same_run(here):
    household = households.make_household(here, places=2)
    households.make_need(here, household, kind="shopping")
    volunteers.make_volunteer(here, skills={"company": 1})
    volunteers.make_volunteer(here, skills={"company": 1})
    other = volunteers.make_volunteer(here, skills={"shopping": 1})
    run = pairings.make_run(here)
    supporting = [one for one in drafts(here, run) if one.kind == "supporting"]
    assert [one.volunteer_id for one in supporting] == [other.id]
    support = run.certificate["support"]
    assert support["value"] == support["bound"]

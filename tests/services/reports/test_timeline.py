"""Everything so far: whole for the office, and for each side what is its own."""

from datetime import timedelta

import pytest
import sqlalchemy

from services.communities import regions
from services.core.db import db
from services.core.errors import Forbidden, NotFound
from services.followups import life
from services.pairings import pairings as pairing_rules
from services.pledges import allocations, deliveries
from services.reports import timeline
from services.visits import confirmations, corrections
from services.wishes import claims
from tests.factories import households, pairings, pledges, visits, world
from tests.factories.wishes import make_wish

WISHED = {"wish.asked", "wish.claimed", "wish.not_come", "wish.fulfilled", "wish.given_back"}


@pytest.fixture
def pairing(session, north):
    world.enter(north)
    made = pairings.make_pairing(north)
    made.started_on -= timedelta(days=30)
    return made


def codes(page):
    return [line.code for line in page.rows]


def whole(north, pairing):
    """A visit put right, one disputed, a follow-up done, a gift delivered, the pairing ended."""
    staff = north.actor("staff")
    wrong = visits.make_visit(north, pairing, ago=50)
    corrections.correct_visit(
        north.actor("volunteer"),
        visit_id=wrong.id,
        reason="wrong_length",
        started_at=wrong.started_at,
        minutes=30,
        kind="visit",
        outcome="well",
        note="secret word",
    )
    bad = visits.make_visit(north, pairing, ago=5, kind="call")
    confirmations.dispute(north.actor("resident"), visit_id=bad.id, reason="nobody_came")
    for plan in life.of_subjects("pairing", {pairing.id}):
        if plan.owner_id is None:
            life.finish(staff, follow_up_id=plan.id)
        else:
            life.hand_over(staff, follow_up_id=plan.id, account_id=None)
            life.hand_over(staff, follow_up_id=plan.id, account_id=north.accounts["volunteer"].id)
    today = regions.today(north.id)
    need = households.make_need(north, households_of(pairing), kind="haircut")
    pledge = pledges.make_haircuts(north, starts_on=today, ends_on=today + timedelta(days=60))
    given = allocations.allocate(staff, pledge_id=pledge.id, need_id=need.id, planned_on=today, quantity=2)
    deliveries.sign(staff, allocation_id=given.id, receiver="Old Li", how="typed")
    wish = make_wish(north, pairing.household_id)
    for _ in range(2):
        claims.claim(north.actor("volunteer"), wish_id=wish.id)
        claims.fulfil(north.actor("volunteer"), wish_id=wish.id, day=today)
        claims.not_come(staff, wish_id=wish.id)
    claims.claim(north.actor("volunteer"), wish_id=wish.id)
    claims.fulfil(staff, wish_id=wish.id, day=today)
    pairing_rules.end_pairing(staff, pairing_id=pairing.id, reason="need_met", day=today)


def households_of(pairing):
    return db.session.get_one(households.Household, (pairing.community_id, pairing.household_id))


def test_the_office_sees_everything_newest_first(north, pairing):
    whole(north, pairing)
    page = timeline.of_household(north.actor("staff"), household_id=pairing.household_id)
    assert [line.at for line in page.rows] == sorted((line.at for line in page.rows), reverse=True)
    assert set(codes(page)) == {
        "pairing.begun",
        "pairing.ended",
        "proposal.asked",
        "proposal.helper",
        "proposal.household",
        "followup",
        "visit",
        "visit.disputed",
        "visit.closed",
        "delivery",
        *WISHED,
    }
    assert [code for code in reversed(codes(page)) if code in WISHED][:2] == ["wish.asked", "wish.claimed"]
    ended = next(line for line in page.rows if line.code == "pairing.ended")
    assert ended.facts["reason"] == "need_met"
    assert "secret word" not in str([line.facts for line in page.rows])
    helper = timeline.of_volunteer(north.actor("staff"), volunteer_id=pairing.volunteer_id)
    assert set(codes(page)) - set(codes(helper)) == {"delivery", *WISHED}


def test_each_side_sees_what_is_its_own(north, pairing):
    whole(north, pairing)
    mine = timeline.own_help(north.actor("volunteer"))
    assert "proposal.household" not in codes(mine) and "delivery" not in codes(mine)
    handed = [line for line in mine.rows if line.code == "followup"]
    # The office's own reviews are not his.
    assert handed and {line.facts["plan"].owner for line in handed} == {"helper"}
    assert {line.facts.get("reason", "") for line in mine.rows} == {""}
    home = timeline.own_household(north.actor("resident"))
    assert "followup" not in codes(home) and "proposal.helper" not in codes(home)
    wished = [line for line in home.rows if line.code in WISHED]
    assert {line.code for line in wished} == WISHED - {"wish.given_back"}
    assert {line.facts["by"] for line in wished} == {""}
    assert "delivery" in codes(home) and "visit" in codes(home)
    assert {line.facts.get("reason", "") for line in home.rows} == {""}


@pytest.mark.parametrize(("days", "named"), [(0, True), (7, True), (8, False)])
def test_a_helper_reads_the_name_as_long_as_anywhere_else(north, pairing, days, named):
    pairing.ended_on = regions.today(north.id) - timedelta(days=days)
    pairing.started_on = pairing.ended_on - timedelta(days=3)
    db.session.flush()
    home = households_of(pairing)
    found = {line.household for line in timeline.own_help(north.actor("volunteer")).rows}
    assert found == ({home.name} if named else {"东里, building 1, entrance 2"})


def test_after_a_no_a_helper_reads_nothing_of_the_household(session, north):
    world.enter(north)
    proposal = pairings.make_proposal(north)
    assert {line.household for line in timeline.own_help(north.actor("volunteer")).rows} == {
        "东里, building 1, entrance 2"
    }
    pairings.proposals.answer(
        north.actor("volunteer"), proposal_id=proposal.id, side="helper", answer="no", reason="no_time"
    )
    assert {line.household for line in timeline.own_help(north.actor("volunteer")).rows} == {""}


def test_pages_hold_each_thing_once(north, pairing, monkeypatch):
    whole(north, pairing)
    staff = north.actor("staff")
    everything = timeline.of_household(staff, household_id=pairing.household_id).rows
    monkeypatch.setattr(timeline, "PAGE", 4)
    found, after = [], None
    while True:
        page = timeline.of_household(staff, household_id=pairing.household_id, after=after)
        found += page.rows
        after = page.next
        if after is None:
            break
    assert [(line.id, line.code) for line in found] == [(line.id, line.code) for line in everything]
    assert len({(line.id, line.code) for line in found}) == len(found)


@pytest.mark.parametrize(
    "after",
    ["", "x", "2026-01-01_x_y", "2026-01-01T00:00:00_01a0b7a2-0000-7000-8000-000000000000_visit",
     "9999-12-31T00:00:00+00:00_01a0b7a2-0000-7000-8000-000000000000_visit"],
)  # fmt: skip
def test_a_cursor_that_is_none_begins_at_the_start(north, pairing, after):
    staff = north.actor("staff")
    page = timeline.of_household(staff, household_id=pairing.household_id, after=after)
    assert "pairing.begun" in codes(page)


def test_the_number_of_queries_does_not_grow(north, pairing):
    def asked(ids):
        seen = []
        with_count = sqlalchemy.event.listens_for(db.session.connection(), "before_cursor_execute")
        listener = with_count(lambda *given: seen.append(given[2]))
        timeline.of_household(north.actor("staff"), household_id=ids)
        sqlalchemy.event.remove(db.session.connection(), "before_cursor_execute", listener)
        return len(seen)

    few = asked(pairing.household_id)
    whole(north, pairing)
    for ago in range(60, 100, 4):
        visits.make_visit(north, _again(north, pairing), ago=ago)
    assert asked(pairing.household_id) <= few + 2


def _again(north, pairing):
    pairing.ended_on = None
    db.session.flush()
    return pairing


def test_others_see_nothing(north, south, pairing):
    for role in ("volunteer", "resident"):
        with pytest.raises(Forbidden):
            timeline.of_household(north.actor(role), household_id=pairing.household_id)
    with pytest.raises(Forbidden):
        timeline.own_help(north.actor("resident"))
    db.session.flush()
    world.enter(south)
    with pytest.raises(NotFound):
        timeline.of_household(south.actor("staff"), household_id=pairing.household_id)
    with pytest.raises(NotFound):
        timeline.of_volunteer(south.actor("staff"), volunteer_id=pairing.volunteer_id)

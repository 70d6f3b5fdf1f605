"""Which minutes count, and how a visit is put right."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from services.communities import regions
from services.core.db import db
from services.core.errors import Conflict, DomainError, NotFound
from services.followups import life
from services.pairings.models import Pairing
from services.visits import confirmations, corrections, hours, lists
from tests.factories import visits, world


@pytest.fixture
def pairing(session, north):
    world.enter(north)
    return visits.make_old_pairing(north)


def _all(pairing):
    return hours.of_volunteer(pairing.volunteer_id, None, None)


def _correct(place, visit, role="volunteer", **changes):
    facts = {
        "reason": "wrong_length",
        "started_at": visit.started_at,
        "minutes": 30,
        "kind": "visit",
        "outcome": "well",
    }
    return corrections.correct_visit(place.actor(role), visit_id=visit.id, **{**facts, **changes})


def test_only_confirmed_visits_count(pairing, north):
    visits.make_confirmed(north, pairing, ago=30, minutes=45)
    visits.make_visit(north, pairing, ago=20)
    visits.make_visit(north, pairing, ago=18, outcome="absent")
    confirmations.dispute(
        north.actor("resident"), visit_id=visits.make_confirmed(north, pairing, ago=10).id, reason="other"
    )
    assert _all(pairing) == 45


@time_machine.travel(datetime(2026, 12, 5, tzinfo=UTC), tick=False)
def test_a_month_is_the_communitys_month(pairing, north):
    # 16:30 UTC on the 30th is half past midnight of the 1st in Shanghai.
    pairing.started_on = date(2026, 11, 1)
    visits.make_confirmed(north, pairing, started_at=datetime(2026, 11, 30, 15, 30, tzinfo=UTC), minutes=20)
    visits.make_confirmed(north, pairing, started_at=datetime(2026, 11, 30, 16, 30, tzinfo=UTC), minutes=50)
    helper = pairing.volunteer_id
    assert hours.of_volunteer(helper, date(2026, 12, 1), date(2026, 12, 31)) == 50
    assert hours.of_volunteer(helper, date(2026, 11, 1), date(2026, 11, 30)) == 20
    assert hours.of_volunteer(helper, date(2026, 12, 2), None) == 0


def test_each_helper_has_his_own(pairing, north):
    visits.make_confirmed(north, pairing, minutes=45)
    other = visits.make_old_pairing(north)
    visits.make_confirmed(north, other, minutes=15)
    found = hours.of_volunteers([pairing.volunteer_id, other.volunteer_id, world.some_id()], None, None)
    assert found == {pairing.volunteer_id: 45, other.volunteer_id: 15}


def test_a_correction_takes_the_old_minutes_away_until_it_is_confirmed(pairing, north):
    old = visits.make_confirmed(north, pairing)
    new = _correct(north, old)
    assert (old.state, new.corrects_id, new.correction_reason) == ("corrected", old.id, "wrong_length")
    assert _all(pairing) == 0
    confirmations.confirm(north.actor("resident"), visit_id=new.id, side="household", how="account")
    assert _all(pairing) == 30
    assert old.minutes == 60


def test_a_correction_may_keep_its_own_hour_but_no_other(pairing, north):
    first = visits.make_visit(north, pairing, ago=3)
    second = visits.make_visit(north, pairing, ago=6)
    with pytest.raises(DomainError, match="overlap"):
        _correct(north, second, started_at=first.started_at)
    assert _correct(north, first).id


def test_a_visit_is_corrected_once(pairing, north):
    old = visits.make_visit(north, pairing)
    _correct(north, old)
    for again in (
        lambda: _correct(north, old),
        lambda: corrections.withdraw_visit(north.actor("staff"), visit_id=old.id),
    ):
        with pytest.raises(Conflict, match="closed"):
            again()


def test_a_correction_needs_a_reason_and_the_right_person(pairing, north):
    old = visits.make_visit(north, pairing)
    with pytest.raises(DomainError, match="reason"):
        _correct(north, old, reason="")
    world.add_member(north, "volunteer")
    with pytest.raises(NotFound):
        _correct(north, old)


def test_staff_who_correct_speak_for_neither_side(pairing, north):
    new = _correct(north, visits.make_confirmed(north, pairing), role="staff")
    assert (new.state, new.helper_at, new.household_at) == ("noted", None, None)


def test_taken_back_does_not_count_and_frees_the_hour(pairing, north):
    old = visits.make_confirmed(north, pairing)
    corrections.withdraw_visit(north.actor("volunteer"), visit_id=old.id)
    assert _all(pairing) == 0
    assert visits.make_visit(north, pairing, started_at=old.started_at).id


def test_a_concern_taken_back_asks_staff_for_nothing_more(pairing, north):
    old = visits.make_visit(north, pairing, outcome="concern")
    corrections.withdraw_visit(north.actor("volunteer"), visit_id=old.id)
    assert [one.state for one in life.of_subjects("visit", {old.id})] == ["closed"]


def test_what_waits_longest_comes_first(pairing, north):
    noted = [visits.make_visit(north, pairing, ago=ago) for ago in (4, 30, 8)]
    page = lists.search(north.actor("staff"), state="noted")
    assert [line.visit.id for line in page.rows] == [visit.id for visit in noted]
    assert [line.visit.id for line in lists.search(north.actor("staff")).rows] == [
        visit.id for visit in reversed(noted)
    ]


def test_pages_of_the_list_meet_without_gap(pairing, north):
    noted = [visits.make_visit(north, pairing, ago=ago) for ago in (2, 4, 6, 8, 10)]
    for state, wanted in (("noted", noted), ("", noted[::-1])):
        seen, after = [], None
        while True:
            page = lists.search(north.actor("staff"), state=state, after=after, limit=2)
            seen += [line.visit.id for line in page.rows]
            after = page.next
            if after is None:
                break
        assert seen == [visit.id for visit in wanted]


def test_history_is_kept_out_of_what_stands_and_found_by_its_state(pairing, north):
    old = visits.make_visit(north, pairing)
    new = _correct(north, old)
    staff = north.actor("staff")
    assert [line.visit.id for line in lists.search(staff).rows] == [new.id]
    assert [line.visit.id for line in lists.search(staff, state="corrected").rows] == [old.id]
    assert lists.counts(staff)["corrected"] == 1


def test_filters_narrow(pairing, north):
    visits.make_visit(north, pairing, ago=3)
    other = visits.make_visit(north, ago=3)
    staff = north.actor("staff")
    found = db.session.scalars(select(Pairing).where(Pairing.id == other.pairing_id)).one()
    for chosen in ({"volunteer_id": found.volunteer_id}, {"household_id": found.household_id}):
        assert [line.visit.id for line in lists.search(staff, **chosen).rows] == [other.id]
    assert not lists.search(staff, month=regions.today(north.id) - timedelta(days=70)).rows


def test_what_waits_for_me(pairing, north):
    mine = visits.make_visit(north, pairing, ago=3)
    by_staff = visits.make_visit(north, pairing, ago=6, role="staff")
    assert {line.visit.id for line in lists.waiting_for(north.actor("resident"))} == {mine.id, by_staff.id}
    assert [line.visit.id for line in lists.waiting_for(north.actor("volunteer"))] == [by_staff.id]

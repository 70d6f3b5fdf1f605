"""My household: the next visit in the calendar, and what who stands in may see."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from services.communities import regions
from services.core.actor import Actor
from services.core.audit import AuditEntry
from services.core.db import db
from services.core.errors import Conflict, DomainError, NotFound
from services.followups import absences, appointments, calendar, feeds, life, subjects
from services.followups.models import FollowUp
from services.pairings import own, pairings
from tests.factories import visits, world

THREE = time(15)


@pytest.fixture
def pairing(here):
    """A living pairing of the accounts "volunteer" and "resident"."""
    return visits.make_old_pairing(here)


def _day(here, days=3):
    return regions.today(here.id) + timedelta(days=days)


def _agreed():
    return db.session.scalars(select(FollowUp).where(FollowUp.agreed_at.is_not(None))).all()


def test_a_planned_visit_is_a_follow_up_at_its_hour_and_one_at_a_time(here, pairing):
    helper = here.actor("volunteer")
    made = own.plan_visit(helper, pairing_id=pairing.id, day=_day(here), at=THREE)
    assert (made.due_on, made.agreed_at, made.owner_id) == (_day(here), THREE, helper.account_id)
    assert made.next_at == calendar.moment(_day(here, 2), regions.zone_of(here.id))
    moved = own.plan_visit(helper, pairing_id=pairing.id, day=_day(here, 5), at=time(9, 30))
    assert moved.id == made.id
    assert [(one.due_on, one.agreed_at) for one in _agreed()] == [(_day(here, 5), time(9, 30))]
    secret = feeds.make_link(helper)
    assert made.id in {one.follow_up.id for one in feeds.open_feed(helper, secret=secret).entries}


def test_dropped_it_is_gone_and_another_can_be_planned(here, pairing):
    helper = here.actor("volunteer")
    first = own.plan_visit(helper, pairing_id=pairing.id, day=_day(here), at=THREE)
    own.drop_visit(helper, pairing_id=pairing.id)
    own.drop_visit(helper, pairing_id=pairing.id)
    assert first.state == "closed" and appointments.agreed("pairing", {pairing.id}) == {}
    second = own.plan_visit(helper, pairing_id=pairing.id, day=_day(here), at=THREE)
    assert (second.occurrence, second.state) == (1, "open")


def test_a_visit_keeps_what_was_agreed_and_an_attempt_does_not(here, pairing):
    helper = here.actor("volunteer")
    planned = own.plan_visit(helper, pairing_id=pairing.id, day=_day(here, 1), at=THREE)
    visits.make_visit(here, pairing, outcome="absent")
    assert planned.state == "open"
    visits.make_visit(here, pairing)
    assert planned.state == "done"
    later = own.plan_visit(helper, pairing_id=pairing.id, day=_day(here, 9), at=THREE)
    visits.make_visit(here, pairing, ago=6)
    assert later.state == "open"


@pytest.mark.parametrize("days", [-1, appointments.DAYS_AHEAD + 1])
def test_the_day_lies_ahead_and_not_too_far(here, pairing, days):
    with pytest.raises(DomainError):
        own.plan_visit(here.actor("volunteer"), pairing_id=pairing.id, day=_day(here, days), at=THREE)


def test_nobody_plans_for_another_or_after_the_end(here, pairing):
    with pytest.raises(NotFound):
        own.plan_visit(here.actor("resident"), pairing_id=pairing.id, day=_day(here), at=THREE)
    pairings.end_pairing(
        here.actor("staff"), pairing_id=pairing.id, reason="other", day=regions.today(here.id)
    )
    with pytest.raises(Conflict):
        own.plan_visit(here.actor("volunteer"), pairing_id=pairing.id, day=_day(here), at=THREE)
    assert own.household_of(here.actor("volunteer"), pairing.id)[1] == "recent"


def test_who_stands_in_finds_the_household_as_long_as_he_does(here, pairing):
    account = world.add_member(here, "volunteer")
    friend = Actor(account.id, here.id, frozenset({"volunteer"}))
    with pytest.raises(NotFound):
        own.household_of(friend, pairing.id)
    with pytest.raises(NotFound):
        pairings.reveal(friend, pairing_id=pairing.id, field="phone")
    absence = absences.register(
        here.actor("staff"),
        account_id=_helper(pairing),
        since=regions.today(here.id),
        until=_day(here),
        deputy_id=account.id,
    )
    assert own.household_of(friend, pairing.id)[1] == "standing_in"
    assert [one.row.id for one in own.stood_in(friend)] == [pairing.id]
    assert str(pairing.id) in subjects.of(friend, [("pairing", pairing.id)])[pairing.id].path
    pairings.reveal(friend, pairing_id=pairing.id, field="phone")
    look = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "household.revealed").order_by(AuditEntry.id.desc())
    ).first()
    assert look.details["relation"] == "standing_in"
    with pytest.raises(NotFound):
        own.plan_visit(friend, pairing_id=pairing.id, day=_day(here), at=THREE)
    absences.cancel(here.actor("staff"), absence_id=absence.id)
    assert own.stood_in(friend) == []
    with pytest.raises(NotFound):
        pairings.reveal(friend, pairing_id=pairing.id, field="phone")


def _helper(pairing):
    return next(one.owner_id for one in life.of_subjects("pairing", {pairing.id}) if one.owner_id)

"""The review list: what is on it, and how it goes off."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core import audit, clock
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden
from services.visits import corrections, review
from tests.factories import visits, world


@pytest.fixture
def two(session, north):
    """Two visits of a helper at the same time, as an import may bring them."""
    world.enter(north)
    pairing = visits.make_old_pairing(north)
    first = visits.make_visit(north, pairing, ago=30, note="a line")
    second = visits.make_visit(north, pairing, ago=28)
    second.started_at = first.started_at + timedelta(minutes=30)
    db.session.flush()
    return first, second


@pytest.fixture
def month(north, two):
    return clock.day_of(two[0].started_at, "Asia/Shanghai")


def listed(place, month, role="staff"):
    return review.findings(place.actor(role), month=month)


def look(place, month, finding, reason="asked", role="staff"):
    review.look_at(place.actor(role), month=month, finding_id=finding.id, reason=reason)


def test_looked_at_goes_off_the_list_and_stays_on_record(north, two, month):
    (finding,) = listed(north, month)
    assert finding.pattern.code == "overlap"
    assert {one.id for one in finding.pattern.visits} == {one.id for one in two}
    look(north, month, finding)
    assert listed(north, month) == []
    entry = db.session.scalars(
        db.select(audit.AuditEntry).where(audit.AuditEntry.action == review.LOOKED_AT)
    ).one()
    assert entry.details["reason"] == "asked"
    assert entry.account_id == north.accounts["staff"].id
    with pytest.raises(Conflict):
        look(north, month, finding)


def test_a_correction_takes_it_off_and_a_new_one_is_new(north, two, month):
    (finding,) = listed(north, month)
    look(north, month, finding)
    third = visits.make_visit(
        north, ago=20, pairing=db.session.get_one(visits.Pairing, (north.id, two[0].pairing_id))
    )
    third.started_at = two[0].started_at + timedelta(minutes=10)
    db.session.flush()
    fresh = listed(north, month)
    assert fresh and finding.id not in {one.id for one in fresh}
    for visit in (two[1], third):
        corrections.withdraw_visit(north.actor("staff"), visit_id=visit.id)
    assert listed(north, month) == []


def test_nothing_is_changed_by_a_pattern(north, two, month):
    listed(north, month)
    assert [one.state for one in two] == ["noted", "noted"]


def test_only_the_office_and_with_a_reason(north, two, month):
    (finding,) = listed(north, month)
    for role in ("volunteer", "resident"):
        with pytest.raises(Forbidden):
            listed(north, month, role)
        with pytest.raises(Forbidden):
            look(north, month, finding, role=role)
    with pytest.raises(DomainError) as refused:
        look(north, month, finding, reason="because")
    assert refused.value.field == "reason"


def test_of_another_month_or_community_there_is_nothing(north, south, two, month):
    assert listed(north, month - timedelta(days=62)) == []
    db.session.flush()
    world.enter(south)
    assert listed(south, month) == []
    assert regions.today(south.id)

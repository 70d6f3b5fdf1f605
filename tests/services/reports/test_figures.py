"""Each figure counts what its name says, in this community and no other."""

from datetime import date

import pytest

from services.core import clock
from services.core.errors import Forbidden
from services.pairings import pairings
from services.reports import figures, work
from tests.factories import households, pledges, volunteers, world
from tests.factories.pairings import make_couple, make_pairing, publish_between

ALL = tuple(figures.FIGURES)


@pytest.fixture
def at(session, north):
    world.enter(north)
    return figures.moment(clock.now(), "Asia/Shanghai")


def _count(at, *codes):
    counted = figures.count(codes, at)
    return [figures.number(counted, code) for code in codes]


def test_an_empty_community_counts_nothing(at):
    assert all(sum(parts.values()) == 0 for parts in figures.count(ALL, at).values())


def test_households_by_whether_they_have_a_helper(at, north):
    make_pairing(north)
    households.make_household(north)
    households.make_household(north, need=None)
    households.make_household(north, consent_on=None)
    assert _count(
        at,
        "households_in_need",
        "households_paired",
        "households_unpaired",
        "households_without_consent",
    ) == [3, 1, 2, 1]


def test_urgency_is_that_of_the_most_urgent_need(at, north):
    make_pairing(north)
    household = households.make_household(north, need=None)
    for kind, urgency in (("company", 2), ("shopping", 5)):
        households.make_need(north, household, kind=kind, urgency=urgency)
    counted = figures.count(("unpaired_by_urgency", "unmet_by_kind", "needs_by_kind"), at)
    assert counted["unpaired_by_urgency"] == {"5": 1}
    assert counted["unmet_by_kind"] == {"company": 1, "shopping": 1}
    assert counted["needs_by_kind"] == {"company": 2, "shopping": 1}


def test_helpers_pairings_and_an_end(at, north):
    pairing = make_pairing(north)
    volunteers.make_volunteer(north)
    assert _count(at, "volunteers", "volunteers_helping", "pairings") == [2, 1, 1]
    pairings.end_pairing(north.actor("staff"), pairing_id=pairing.id, reason="need_met", day=at.day)
    assert _count(at, "volunteers", "volunteers_helping", "pairings") == [2, 0, 0]


def test_pledges(at, north):
    pledges.make_pledge(north)
    assert _count(at, "units_pledging", "pledges_open") == [1, 1]


def test_other_communities_are_not_counted(app, at, north, south):
    with world.inside(app, south):
        make_pairing(south)
    world.enter(north)
    assert all(sum(parts.values()) == 0 for parts in figures.count(ALL, at).values())


def test_what_waits_for_whom(at, north):
    volunteer, household = make_couple(north)
    publish_between(north, volunteer, household)
    waiting = {one.code: one.count for one in work.volunteer(north.actor("volunteer"))}
    assert waiting["own_proposals"] == 1
    assert {one.code: one.count for one in work.resident(north.actor("resident"))}["home_proposals"] == 1
    office = {one.code: one.count for one in work.office(north.actor("staff"), at=at)}
    assert office["proposals_waiting"] == 1
    with pytest.raises(Forbidden):
        work.office(north.actor("volunteer"), at=at)


def test_months_go_back_over_a_new_year(at):
    winter = figures.moment(clock.now().replace(year=2026, month=1, day=15), "Asia/Shanghai")
    assert [first for first, _ in figures.hours_by_month(winter, 3)] == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]

"""Patterns over a month's rows: what is one, and what is not."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from services.pairings.models import Pairing
from services.visits import patterns
from services.visits.models import Visit

HELPER, CLERK = uuid.uuid4(), uuid.uuid4()
START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def row(at=0, minutes=60, *, helper=HELPER, noted=date(2026, 11, 2), place=None, called=False, **facts):
    """A visit that began `at` minutes after the first."""
    how = {"household_how": "call", "household_by": CLERK} if called else {"household_how": "account"}
    visit = Visit(
        id=uuid.uuid4(),
        started_at=START + timedelta(minutes=at),
        minutes=minutes,
        **{"kind": "visit", "state": "confirmed", **how, **facts},
    )
    return patterns.Row(visit, Pairing(volunteer_id=helper), noted, place)


def visits(found):
    return [[one.id for one in pattern.visits] for pattern in found]


def test_overlaps_also_with_a_long_one():
    long, first, second, after = row(0, 300), row(10, 20), row(100, 10), row(300, 60)
    found = patterns.overlapping([after, second, long, first])
    assert visits(found) == [[long.visit.id, first.visit.id], [long.visit.id, second.visit.id]]
    assert not patterns.overlapping([long, row(10, helper=uuid.uuid4())])


@pytest.mark.parametrize(
    ("gap", "kind", "place", "one"),
    [(4, "visit", (1000, 0), True), (5, "visit", (1000, 0), False), (0, "visit", (0, 0), False),
     (0, "call", (1000, 0), False), (0, "visit", None, False), (-10, "visit", (1000, 0), False)],
)  # fmt: skip
def test_the_way_between_two_buildings(gap, kind, place, one):
    found = patterns.too_near([row(0, place=(0, 0)), row(60 + gap, place=place, kind=kind)])
    assert len(found) == one
    if one:
        assert found[0].facts == {"metres": 1000, "minutes": gap}


def test_calls_of_one_person_for_a_helper():
    rows = [row(at, called=at < 400) for at in range(0, 700, 100)]
    found = patterns.calls_of_one_helper(rows)
    assert [one.facts for one in found] == [{"by": CLERK, "number": 4, "all": 7}]
    assert not patterns.calls_of_one_helper([*rows, row(800)])
    assert not patterns.calls_of_one_helper(rows[:3])
    assert not patterns.calls_of_one_helper([row(at, called=True, state="noted") for at in range(9)])


def test_many_calls_of_one_person():
    rows = [row(at, helper=uuid.uuid4(), called=True) for at in range(21)]
    assert [one.facts["number"] for one in patterns.calls_of_one_caller(rows)] == [21]
    assert not patterns.calls_of_one_caller(rows[:20])


@pytest.mark.parametrize(
    ("minutes", "noted", "number", "found"),
    [(60, date(2026, 11, 29), 5, True), (120, date(2026, 11, 30), 5, True), (60, date(2026, 11, 28), 5, False),
     (60, date(2026, 11, 30), 4, False), (65, date(2026, 11, 30), 5, False)],
)  # fmt: skip
def test_whole_hours_noted_at_the_end_of_the_month(minutes, noted, number, found):
    rows = [row(at * 1000, minutes, noted=noted) for at in range(number)]
    assert bool(patterns.round_at_the_end(rows)) == found


def test_always_the_same_length():
    rows = [row(at * 1000, 47) for at in range(8)]
    assert [one.facts for one in patterns.always_the_same(rows)] == [{"number": 8, "minutes": 47}]
    assert not patterns.always_the_same(rows[:7])
    assert not patterns.always_the_same([*rows, row(9000, 48)])

"""A certificate says what is confirmed, can be checked by anybody who holds it, and stops standing when it is no longer true."""

from datetime import date, timedelta

import pytest

from services.communities import regions
from services.core.actor import guest
from services.core.errors import DomainError, NotFound
from services.visits import certificates, corrections, hours, statements
from tests.factories import visits, world


@pytest.fixture
def pairing(session, north):
    world.enter(north)
    return visits.make_old_pairing(north)


@pytest.fixture
def period(pairing, north):
    today = regions.today(north.id)
    return {"since": today - timedelta(days=20), "until": today}


def _paper(row):
    return f"{row.number}-{certificates.secret_of(row)}"


def _verify(place, paper):
    return certificates.verify(guest_of(place), paper=paper)


def guest_of(place):
    """Somebody on the street who holds a paper."""
    actor = guest()
    return type(actor)(None, place.id, actor.roles)


def test_the_statement_has_every_visit_once_and_agrees_with_the_sum(pairing, north, period):
    visits.make_confirmed(north, pairing, ago=30, minutes=45)
    waits = visits.make_visit(north, pairing, ago=20)
    visits.make_visit(north, pairing, ago=18, outcome="absent")
    found = statements.of_helper(north.actor("volunteer"), **period)
    assert len(found.lines) == 3
    assert found.minutes == hours.of_volunteer(pairing.volunteer_id, period["since"], period["until"]) == 45
    assert found.waiting == waits.minutes


def test_a_paper_is_genuine_until_one_of_its_visits_no_longer_counts(pairing, north, period):
    visits.make_confirmed(north, pairing, ago=30, minutes=45)
    wrong = visits.make_confirmed(north, pairing, ago=10)
    row = certificates.issue(north.actor("volunteer"), **period)
    found = _verify(north, _paper(row).upper())
    assert found.stands and (found.minutes, found.number) == (105, row.number)
    visits.make_confirmed(north, pairing, ago=5)
    assert _verify(north, _paper(row)).stands, "later hours take nothing away from it"
    corrections.withdraw_visit(north.actor("staff"), visit_id=wrong.id)
    assert not _verify(north, _paper(row)).stands
    listed = certificates.search(north.actor("staff"), state="fallen").rows
    assert [one.certificate.id for one in listed] == [row.id]
    assert not certificates.search(north.actor("staff"), state="stands").rows


def test_who_checks_a_paper_learns_no_name(pairing, north, period):
    visits.make_confirmed(north, pairing)
    row = certificates.issue(north.actor("volunteer"), **period)
    assert row.name not in repr(_verify(north, _paper(row)))
    assert certificates.masked("欧阳修") == "欧**"


@pytest.mark.parametrize(
    "spoil", [lambda p: p[:-1], lambda p: p + "a", lambda p: p[:11], lambda p: "", lambda p: "é\ud800-" * 9]
)
def test_nothing_but_the_whole_address_opens_it(pairing, north, period, spoil):
    visits.make_confirmed(north, pairing)
    paper = _paper(certificates.issue(north.actor("volunteer"), **period))
    assert _verify(north, spoil(paper)) is None


def test_a_paper_of_one_community_is_unknown_in_another(south, pairing, north, period):
    visits.make_confirmed(north, pairing)
    paper = _paper(certificates.issue(north.actor("volunteer"), **period))
    world.enter(south)
    assert _verify(south, paper) is None


def test_the_same_hours_are_one_paper_and_more_hours_another(pairing, north, period):
    visits.make_confirmed(north, pairing, ago=30)
    first = certificates.issue(north.actor("volunteer"), **period)
    assert (
        certificates.issue(north.actor("staff"), volunteer_id=pairing.volunteer_id, **period).id == first.id
    )
    visits.make_confirmed(north, pairing, ago=10)
    second = certificates.issue(north.actor("volunteer"), **period)
    assert int(second.number[5:]) == int(first.number[5:]) + 1


def test_without_confirmed_hours_there_is_no_paper(pairing, north, period):
    visits.make_visit(north, pairing)
    with pytest.raises(DomainError, match="no_hours"):
        certificates.issue(north.actor("volunteer"), **period)


def test_days_to_come_are_not_certified(pairing, north, period):
    visits.make_confirmed(north, pairing)
    row = certificates.issue(north.actor("volunteer"), since=period["since"], until=date(2099, 12, 31))
    assert row.until == regions.today(north.id)


def test_a_helper_reads_his_own_hours_and_papers_only(pairing, north, period):
    visits.make_confirmed(north, pairing)
    row = certificates.issue(north.actor("staff"), volunteer_id=pairing.volunteer_id, **period)
    world.add_member(north, "volunteer")
    with pytest.raises(NotFound):
        certificates.get(north.actor("volunteer"), row.id)
    with pytest.raises(NotFound):
        statements.of_helper(north.actor("volunteer"), volunteer_id=pairing.volunteer_id, **period)

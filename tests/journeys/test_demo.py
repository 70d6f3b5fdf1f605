"""What the demo district holds when Linli has just started with it."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.demo import loading
from app.demo.district import COMMUNITIES, LIUYUAN, OFFICES, PASSWORD, PEOPLE, ZAOYUAN
from services.communities import regions
from services.core import audit, clock, scope
from services.core.db import db, transaction
from services.households.models import Household
from services.pairings.models import MatchingRun, Pairing
from services.pledges.models import Pledge
from services.reports import figures
from services.visits.models import Visit
from services.volunteers.models import Volunteer


@pytest.fixture
def inside(demo):
    """Opens a transaction in the community of that code."""

    def enter(code):
        scope.leave()
        scope.enter(regions.community_by_code(code).id)

    with demo.app_context(), transaction():
        yield enter


def _count(model):
    return db.session.scalars(select(func.count()).select_from(model)).one()


def test_nothing_of_it_is_missing(inside):
    assert not loading.missing()


def test_zaoyuan_has_what_its_ledgers_hold_and_no_history(inside):
    inside(ZAOYUAN.code)
    assert _count(Household) == 177
    assert _count(Volunteer) == 260
    assert _count(Pledge) == 27
    assert _count(MatchingRun) == _count(Pairing) == 0


def test_the_invented_communities_have_a_life(inside):
    inside(LIUYUAN.code)
    assert _count(MatchingRun) == 1
    states = Counter(db.session.scalars(select(Visit.state)))
    assert states["confirmed"] > 50 and states["noted"] and states["disputed"]
    assert audit.verify(scope.community_id()) is None
    hours = figures.count(("confirmed_hours_this_month",), figures.moment(clock.now(), "Asia/Shanghai"))
    assert isinstance(figures.number(hours, "confirmed_hours_this_month"), int)


@pytest.mark.parametrize("place", COMMUNITIES, ids=lambda place: place.code)
def test_every_building_has_its_place(inside, place):
    inside(place.code)
    assert all(one.x is not None and one.y is not None for one in regions.buildings())


@pytest.mark.parametrize("person", [*PEOPLE, *OFFICES], ids=lambda person: person.login)
def test_everybody_on_the_list_signs_in_to_a_first_page(demo, person):
    answer = demo.test_client().post(
        "/sign-in", data={"login": person.email, "password": PASSWORD}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert answer.request.path != "/sign-in"


def test_the_sign_ins_are_printed_as_a_demo(product):
    said = (product.var / "console.txt").read_text()
    assert PASSWORD in said and "Demo" in said
    assert all(person.email in said for person in (*PEOPLE, *OFFICES))


def test_a_second_load_changes_nothing(demo):
    for arguments in (["demo", "load"], ["demo", "load", "--if-empty"]):
        assert demo.test_cli_runner().invoke(args=arguments).output == ""
    with demo.app_context(), transaction():
        scope.leave()
        scope.enter(regions.community_by_code(ZAOYUAN.code).id)
        assert _count(Volunteer) == 260

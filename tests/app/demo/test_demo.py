"""The demo district: loaded once, cut short on the way and finished by the next start."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.demo import loading
from app.demo.district import COMMUNITIES, LIUYUAN, OFFICES, PASSWORD, PEOPLE, ZAOYUAN
from services.communities import regions
from services.communities.models import Community
from services.core import audit, clock, scope
from services.core.db import db, transaction
from services.households.models import Household
from services.pairings.models import MatchingRun, Pairing
from services.people import accounts
from services.pledges.models import Pledge
from services.reports import figures
from services.visits.models import Visit
from services.volunteers.models import Volunteer
from tests.conftest import committing


class Killed(BaseException):
    """Stands for a kill in the middle of a community."""


def _die_in_liuyuan(line: str) -> None:
    if "pairs" in line:
        raise Killed


@pytest.fixture(scope="module")
def demo(migrated, worker_name):
    """The demo's application, and what was there after the load was cut short."""
    with committing(migrated, f"linli_demo_{worker_name}") as app:
        with app.app_context(), pytest.raises(Killed):
            loading.load(_die_in_liuyuan)
        with app.app_context():
            after_kill = set(db.session.scalars(select(Community.code)))
        again = app.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])
        assert again.exit_code == 0, again.output
        yield app, after_kill


def _count(app, code, model):
    with app.app_context(), transaction():
        scope.leave()
        scope.enter(regions.community_by_code(code).id)
        return db.session.scalars(select(func.count()).select_from(model)).one()


def test_a_load_cut_short_leaves_whole_communities_only_and_is_finished_later(demo):
    app, after_kill = demo
    assert after_kill == {ZAOYUAN.code}
    with app.app_context():
        assert not loading.missing()


def test_zaoyuan_has_what_its_ledgers_hold_and_no_history(demo):
    app, _ = demo
    assert _count(app, ZAOYUAN.code, Household) == 177
    assert _count(app, ZAOYUAN.code, Volunteer) == 260
    assert _count(app, ZAOYUAN.code, Pledge) == 27
    assert _count(app, ZAOYUAN.code, MatchingRun) == _count(app, ZAOYUAN.code, Pairing) == 0


def test_the_invented_communities_have_a_life(demo):
    app, _ = demo
    assert _count(app, LIUYUAN.code, MatchingRun) == 1
    with app.app_context(), transaction():
        scope.leave()
        scope.enter(regions.community_by_code(LIUYUAN.code).id)
        states = Counter(db.session.scalars(select(Visit.state)))
        assert states["confirmed"] > 50 and states["noted"] and states["disputed"]
        assert audit.verify(scope.community_id()) is None
        hours = figures.count(("confirmed_hours_this_month",), figures.moment(clock.now(), "Asia/Shanghai"))
        assert isinstance(figures.number(hours, "confirmed_hours_this_month"), int)


def test_every_building_has_its_place(demo):
    app, _ = demo
    for place in COMMUNITIES:
        with app.app_context(), transaction():
            scope.leave()
            scope.enter(regions.community_by_code(place.code).id)
            assert all(one.x is not None and one.y is not None for one in regions.buildings())


@pytest.mark.parametrize("person", [*PEOPLE, *OFFICES], ids=lambda person: person.login)
def test_everybody_on_the_list_signs_in_to_a_first_page(demo, person):
    app, _ = demo
    answer = app.test_client().post(
        "/sign-in", data={"login": person.email, "password": PASSWORD}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert answer.request.path != "/sign-in"


def test_the_sign_ins_are_printed_as_a_demo(demo):
    app, _ = demo
    said = app.test_cli_runner().invoke(args=["demo", "sign-ins"]).output
    assert PASSWORD in said and "Demo" in said
    assert all(person.email in said for person in (*PEOPLE, *OFFICES))


def test_a_second_load_changes_nothing(demo):
    app, _ = demo
    before = _count(app, ZAOYUAN.code, Volunteer)
    for arguments in (["demo", "load"], ["demo", "load", "--if-empty"]):
        assert app.test_cli_runner().invoke(args=arguments).output == ""
    assert _count(app, ZAOYUAN.code, Volunteer) == before


def test_a_real_installation_gets_no_demo(app, north):
    said = app.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])
    assert (said.exit_code, said.output) == (0, "")
    with app.app_context():
        assert list(db.session.scalars(select(Community.code))) == ["north"]
        assert accounts.find(PEOPLE[0].email) is None
    assert app.test_cli_runner().invoke(args=["demo", "sign-ins"]).output == ""


def test_a_real_district_of_the_demos_name_gets_no_demo(app):
    run = app.test_cli_runner().invoke
    under = ["--under", "滨海市/清河区/枣园街道", "--under-en", "Binhai/Qinghe District/Zaoyuan Street"]
    run(args=["communities", "add", "real", "--name", "真", "--name-en", "Real", *under])
    assert run(args=["demo", "load", "--if-empty"]).output == ""
    refused = run(args=["demo", "load"])
    assert refused.exit_code == 1 and "empty database" in refused.output
    with app.app_context():
        assert list(db.session.scalars(select(Community.code))) == ["real"]
        assert accounts.find(PEOPLE[0].email) is None

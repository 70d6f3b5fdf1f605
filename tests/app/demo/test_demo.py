"""The demo district: cut short on the way and finished by the next start; never mixed with a real one."""

import pytest
from sqlalchemy import select

from app.demo import filling, history, loading
from app.demo.district import HEPING, LIUYUAN, PEOPLE
from services.communities.models import Community
from services.core.db import db
from services.people import accounts


class Killed(BaseException):
    """Stands for a kill in the middle of a community."""


def _die_at_the_second(line: str) -> None:
    if "pairs" in line and db.session.scalars(select(Community.id)).all()[1:]:
        raise Killed


@pytest.fixture
def hamlet(monkeypatch):
    """The two invented communities with a handful of neighbours: the whole demo is tried in tests/journeys."""
    monkeypatch.setattr(loading, "COMMUNITIES", (HEPING, LIUYUAN))
    for module, name in ((filling, "HELPERS"), (filling, "HOUSEHOLDS"), (history, "PAIRS")):
        monkeypatch.setattr(module, name, 12)


@pytest.mark.usefixtures("hamlet")
def test_a_load_cut_short_leaves_whole_communities_only_and_is_finished_later(live_app):
    with live_app.app_context(), pytest.raises(Killed):
        loading.load(_die_at_the_second)
    with live_app.app_context():
        assert set(db.session.scalars(select(Community.code))) == {HEPING.code}
    again = live_app.test_cli_runner().invoke(args=["demo", "load", "--if-empty"])
    assert again.exit_code == 0, again.output
    with live_app.app_context():
        assert not loading.missing()


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

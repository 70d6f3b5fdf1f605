"""The commands by which a real installation begins."""

import re

from sqlalchemy import select

from services.communities import regions
from services.communities.models import Region
from services.core.db import db
from services.people import accounts, memberships

UNDER = ["--under", "滨海市/清河区/枣园街道", "--under-en", "Binhai/Qinghe/Zaoyuan"]


def _flask(app, *arguments):
    return app.test_cli_runner().invoke(args=list(arguments))


def _add(app, code, *more):
    return _flask(
        app, "communities", "add", code, "--name", "新城", "--name-en", "Xincheng", *(more or UNDER)
    )


def test_a_community_and_the_regions_above_it_are_added_once(app):
    assert _add(app, "xincheng").exit_code == 0
    assert _add(app, "xincheng-south").exit_code == 0
    with app.app_context():
        assert [row.kind for row in db.session.scalars(select(Region).order_by(Region.path))] == [
            "city",
            "district",
            "street",
        ]
        first, second = (regions.community_by_code(code) for code in ("xincheng", "xincheng-south"))
        assert first.street_id == second.street_id


def test_a_taken_or_odd_code_is_refused_by_name(app):
    _add(app, "xincheng")
    taken = _add(app, "xincheng")
    assert taken.exit_code == 1 and "xincheng" in taken.output
    assert _add(app, "Xin Cheng").exit_code == 1
    assert _add(app, "other", "--under", "滨海市", "--under-en", "a/b/c").exit_code == 2


def test_the_first_administrator_signs_in_with_the_password_shown(app, client):
    _add(app, "xincheng")
    made = _flask(app, "people", "add-admin", "xincheng", "--name", "赵一", "--login", "one@example.org")
    password = re.search(r"shown this once: (\S+)", made.output)[1]
    answer = client.post(
        "/sign-in", data={"login": "one@example.org", "password": password}, follow_redirects=True
    )
    assert answer.request.path == "/c/xincheng/"


def test_a_known_account_keeps_its_password(app):
    _add(app, "xincheng")
    for _ in range(2):
        again = _flask(app, "people", "add-admin", "xincheng", "--name", "赵一", "--login", "13900000001")
    assert again.exit_code == 0 and "shown this once" not in again.output


def test_an_official_of_a_region(app):
    _add(app, "xincheng")
    for _ in range(2):
        said = _flask(
            app, "people", "add-official", "滨海市/清河区", "--name", "林", "--login", "l@example.org"
        )
        assert said.exit_code == 0
    with app.app_context():
        account = accounts.find("l@example.org")
        district = regions.find_region(["滨海市", "清河区"])
        assert memberships.regions_of(account.id) == {district.id: frozenset({"official"})}


def test_wrong_places_are_named(app):
    for arguments in (
        ("people", "add-admin", "nowhere", "--name", "赵", "--login", "one@example.org"),
        ("people", "add-official", "无名市", "--name", "赵", "--login", "one@example.org"),
    ):
        said = _flask(app, *arguments)
        assert said.exit_code == 1
        assert "nowhere" in said.output or "无名市" in said.output

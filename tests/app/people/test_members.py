"""Who may see and do what is said in plain words, from the tables the product goes by."""

import pytest

from app.people import explained
from services.core.db import PERSONAL_CLASSES
from services.core.permissions import PERMISSIONS, REVEALABLE, ROLES, VISIBLE
from tests.factories import world


def test_every_permission_and_class_has_its_words():
    assert set(explained.PHRASES) == set(PERMISSIONS)
    assert len(set(explained.PHRASES.values())) == len(PERMISSIONS)
    assert tuple(explained.CLASSES) == PERSONAL_CLASSES
    assert {relation for _role, relation in VISIBLE} == set(explained.RELATIONS)


def test_the_explanation_is_what_the_tables_say():
    told = {phrase: let_in for area in explained.areas() for phrase, let_in in area.rows}
    for permission, roles in PERMISSIONS.items():
        if roles & set(ROLES):
            assert told[explained.PHRASES[permission]] == [role in roles for role in ROLES]
    seen = {(role, relation): classes for role, relation, classes in explained.sight()}
    assert {role for role, _relation in seen} == set(ROLES)
    for key in REVEALABLE:
        assert {kind for kind, how in zip(PERSONAL_CLASSES, seen[key], strict=True) if how == "reveals"} == (
            REVEALABLE[key]
        )
    assert seen["official", "any"] == ["never"] * 5


@pytest.mark.parametrize("role", ["admin", "volunteer"])
def test_anybody_may_know(app, client, north, role):
    if role not in north.accounts:
        with world.inside(app, north):
            world.add_member(north, role)
    world.sign_in(client, north.accounts[role])
    page = client.get(north.path("members/roles")).text
    assert "may reveal with a reason" in page
    assert "Reads who did and looked at what" in page


def test_the_last_administrator_is_told_what_to_do(client, north):
    world.sign_in(client, north.accounts["admin"])
    page = client.get(north.path("members?role=admin")).text
    end = page.split('action="')[1:]
    address = next(part.split('"')[0] for part in end if "/end" in part)
    answer = client.post(address)
    assert answer.status_code == 422
    assert "Let another administrator in first" in answer.text

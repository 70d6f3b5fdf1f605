"""Signing in, and what is seen without it."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from services.people import accounts, memberships
from tests.factories import world


@pytest.fixture
def known(app, north):
    with world.inside(app, north):
        account = accounts.get_account(north.accounts["staff"].id)
        with world.scope.identity("account_id", account.id):
            account.password_hash = accounts.hash_password("a good long sentence")
        return account.email


def test_the_right_password_opens(client, known, north):
    answer = client.post(
        "/sign-in", data={"login": known, "password": "a good long sentence"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert answer.request.path == north.path()


@pytest.mark.parametrize("login", ["nobody@example.org", "not a phone", "19999999999", ""])
def test_every_wrong_sign_in_is_a_clear_refusal(client, known, login):
    answer = client.post("/sign-in", data={"login": login, "password": "wrong password"})
    assert answer.status_code == 422


def test_a_wrong_password_keeps_what_was_typed(client, known):
    answer = client.post("/sign-in", data={"login": known, "password": "wrong password"})
    assert answer.status_code == 422
    assert known in answer.text
    assert "wrong password" not in answer.text


def test_strangers_are_asked_to_sign_in(client, north):
    answer = client.get(north.path())
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_another_community_does_not_exist(client, north, south):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path()).status_code == 200
    assert client.get(south.path()).status_code == 404


def test_a_nul_is_a_bad_request(client):
    assert client.post("/sign-in", data={"login": "a\x00b", "password": "x"}).status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_no_redirect_elsewhere(client, known, target):
    answer = client.post(f"/sign-in?next={target}", data={"login": known, "password": "a good long sentence"})
    assert answer.location == "/"


def test_somebody_who_would_like_to_help_finds_the_own_community(client, north, south):
    assert "/join" in client.get("/sign-in").text
    page = client.get("/join").text
    assert north.path("volunteers/register") in page
    assert client.get(north.path("volunteers/register")).status_code == 200


@time_machine.travel(datetime(2026, 11, 21, 22, tzinfo=UTC), tick=False)
def test_who_was_let_in_early_this_morning_finds_the_community(app, client, north):
    """In Shanghai it is six in the morning of the 22nd."""
    with world.inside(app, north):
        account = world.make_account("Early")
        since = date(2026, 11, 22)
        memberships.enrol(north.actor("staff"), account_id=account.id, role="volunteer", since=since)
    world.sign_in(client, account)
    assert client.get("/").location == north.path()

"""Signing in by the district's platform: who comes in, and what nothing and nobody gets by."""

from datetime import timedelta

import pytest
import time_machine
from environs import EnvError
from joserfc.jwk import ECKey, OctKey

from app import config
from services.core import clock
from services.people import accounts
from tests.factories import platforms, world

NONSENSE = (
    (500, b"{}"),
    (302, b""),
    (200, b"<html>"),
    (200, b"[]"),
    (200, b"null"),
    (200, b"{}"),
    (200, b"[" * 5000),
    (400, b'{"error": "invalid_grant"}'),
    (200, b'{"id_token": 5, "keys": [5]}'),
)


@pytest.fixture
def platform(app, monkeypatch):
    with platforms.running() as made:
        for name, value in made.settings().items():
            monkeypatch.setitem(app.config, name, value)
        yield made


def leave(client, **query):
    answer = client.get("/sign-in/platform", query_string=query)
    assert answer.status_code == 302
    return answer.location


def there_and_back(client, platform, **query):
    back = platform.authorize(leave(client, **query))
    return client.get(f"/sign-in/platform/back?{back}")


def refused(client, answer):
    """The page that says why, to somebody who is not signed in."""
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    page = client.get(answer.location)
    assert page.status_code == 200
    assert 'name="password"' in page.text
    assert client.get("/account").status_code == 302
    return page.text


@pytest.fixture
def known(platform, north):
    account = north.accounts["staff"]
    platform.claims = {"email": account.email.upper(), "email_verified": True}
    return account


def test_without_a_platform_there_is_none(client, north):
    assert "/sign-in/platform" not in client.get("/sign-in").text
    assert client.get("/sign-in/platform").status_code == 404
    assert client.get("/sign-in/platform/back?code=x&state=y").status_code == 404


def test_a_verified_address_opens_the_account_it_belongs_to(client, platform, known, north):
    page = client.get("/sign-in?next=/account")
    assert f"Sign in with {platforms.NAME}" in page.text
    assert "/sign-in/platform?next=/account" in page.text
    answer = there_and_back(client, platform, next=north.path("members"))
    assert answer.location == north.path("members")
    assert client.get("/account").status_code == 200
    with client.session_transaction() as cookie:
        assert "platform" not in cookie
    assert platform.sent["scope"] == "openid email phone"
    assert platform.sent["code_challenge_method"] == "S256"
    assert platform.sent["redirect_uri"] == "http://localhost:8000/sign-in/platform/back"
    assert platform.proven()


def test_in_chinese_by_phone(app, client, platform, known, north):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    assert f"用{platforms.NAME}登录" in client.get("/sign-in").text
    platform.claims = {"phone_number": known.phone, "phone_number_verified": True}
    assert there_and_back(client, platform).location == "/"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_no_redirect_elsewhere(client, platform, known, target):
    assert there_and_back(client, platform, next=target).location == "/"


def test_a_token_that_is_not_for_this_sign_in(client, platform, known):
    for claims, header in (
        ({"aud": "somebody-else"}, {}),
        ({"aud": ["linli", "somebody-else"]}, {}),
        ({"iss": "https://evil.example"}, {}),
        ({"nonce": "of another sign-in"}, {}),
        ({"exp": 1}, {}),
        ({"exp": "soon"}, {}),
        ({"sub": None}, {}),
        ({}, {"alg": "none"}),
        ({}, {"kid": "another"}),
    ):
        ordinary = platform.claims
        platform.claims, platform.header = ordinary | claims, header
        page = refused(client, there_and_back(client, platform))
        assert "did not answer as it should" in page, (claims, header)
        platform.claims = ordinary


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({}, ECKey.generate_key("P-256", {"kid": "one"})),
        ({"alg": "HS256"}, OctKey.import_key(platforms.SECRET)),
    ],
)
def test_a_token_that_somebody_else_signed(client, platform, known, header, key):
    platform.header, platform.signs_with = header, key
    assert "did not answer as it should" in refused(client, there_and_back(client, platform))


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_platform_that_answers_nonsense(client, platform, known, path):
    for answer in NONSENSE:
        platform.answers.clear()
        url = leave(client)
        platform.answers[path] = answer
        back = client.get(f"/sign-in/platform/back?{platform.authorize(url)}")
        assert "did not answer as it should" in refused(client, back), answer


@pytest.mark.parametrize(
    "lie",
    [{"issuer": "https://evil.example"}, {"authorization_endpoint": "ftp://x"}, {"token_endpoint": 7}],
)
def test_a_platform_that_says_to_be_another(client, platform, known, lie):
    platform.discovery = lie
    assert "did not answer as it should" in refused(client, client.get("/sign-in/platform"))


def test_a_platform_that_is_down(app, client, platform, known, monkeypatch):
    monkeypatch.setitem(app.config, "LINLI_OIDC_ISSUER", "http://127.0.0.1:1")
    assert "did not answer as it should" in refused(client, client.get("/sign-in/platform"))


def test_who_gives_up_there_is_told_what_else_he_can_do(client, platform, known):
    platform.authorize(leave(client))
    answer = client.get(f"/sign-in/platform/back?error=access_denied&state={platform.sent['state']}")
    assert "sign in with your password" in refused(client, answer)


def test_an_answer_is_good_for_one_browser_once_and_for_a_while(app, client, platform, known):
    back = "/sign-in/platform/back?" + platform.authorize(leave(client))
    other = app.test_client()
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Please begin again" in refused(other, other.get(back))
    assert "Please begin again" in refused(client, client.get(back.replace("state=", "state=x")))
    assert "Please begin again" in refused(client, client.get(back))
    assert platform.asked == []
    url = leave(client)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        late = client.get(f"/sign-in/platform/back?{platform.authorize(url)}")
        assert "Please begin again" in refused(client, late)


def test_who_has_no_account_asks_the_office_and_none_is_made(client, platform, known, capfd, caplog):
    platform.claims["email"] = "nobody-here@example.org"
    page = refused(client, there_and_back(client, platform))
    assert "Please ask your community office" in page
    assert "nobody-here" not in page
    told = capfd.readouterr()
    assert "nobody-here" not in told.out + told.err + caplog.text
    assert accounts_of(client, "nobody-here@example.org") is None


def accounts_of(client, login):
    with client.application.app_context():
        return accounts.find(login)


def test_what_was_in_the_browser_before_is_gone(client, platform, known):
    with client.session_transaction() as cookie:
        cookie["left"] = "by somebody else"
    there_and_back(client, platform)
    with client.session_transaction() as cookie:
        assert "left" not in cookie


def test_a_closed_account_stays_closed(app, client, platform, known, north):
    with world.inside(app, north):
        account = accounts.get_account(known.id)
        with world.scope.identity("account_id", account.id):
            account.active = False
    assert "Please ask your community office" in refused(client, there_and_back(client, platform))


def test_settings_by_half_or_without_https_do_not_start(monkeypatch, app):
    for name in ("DATABASE_URL", "SECRET_KEY", "REDIS_URL", "LINLI_KEYS", "LINLI_LOOKUP_KEY"):
        monkeypatch.setenv(name, "x")
    assert "LINLI_OIDC_ISSUER" not in config.load()
    monkeypatch.setenv("LINLI_OIDC_ISSUER", "https://id.example.org")
    with pytest.raises(EnvError, match="LINLI_OIDC_CLIENT_ID"):
        config.load()
    monkeypatch.setenv("LINLI_OIDC_ISSUER", "http://id.example.org")
    with pytest.raises(ValueError, match="https"):
        config.load()

"""Tokens: who comes in by one, until when, and what nobody learns."""

from datetime import date, timedelta

import pytest
import time_machine

from services.access import tokens
from services.access.models import AccessToken
from services.communities import regions
from services.core import clock, scope
from services.core.db import db
from services.core.errors import DomainError, NotFound
from services.people import accounts, memberships
from tests.factories import world

KNOWN = {"households:read", "households:write"}


@pytest.fixture
def place(app, north):
    with world.inside(app, north):
        yield north


def make(place, role="staff", days=30, **changes):
    last = regions.today(place.id) + timedelta(days=days)
    wanted = {"title": "Ours", "scopes": {"households:read"}, "expires_on": last, "known": KNOWN, **changes}
    return tokens.make(place.actor(role), **wanted)


def enter(place, secret):
    """As a request begins: nothing is served yet."""
    db.session.flush()
    scope.leave()
    return tokens.enter(place.code, secret)


def test_a_token_stands_for_its_account(place):
    token, secret = make(place)
    held = enter(place, secret)
    assert held.account.id == place.accounts["staff"].id and held.roles == {"staff"}
    assert held.token.id == token.id and held.community.id == place.id


def test_the_secret_is_nowhere(place):
    token, secret = make(place)
    kept = [str(getattr(token, column.key)) for column in AccessToken.__table__.columns]
    assert secret not in kept and secret.startswith(token.prefix) and len(token.prefix) < 15


def test_the_last_day_is_included(place):
    _token, secret = make(place, days=2)
    noon = {n: clock.now() + timedelta(days=n) for n in (2, 3)}
    with time_machine.travel(noon[2], tick=False):
        assert enter(place, secret)
    with time_machine.travel(noon[3], tick=False):
        assert enter(place, secret) is None


def test_a_revoked_token_opens_nothing(place):
    token, secret = make(place)
    tokens.revoke(place.actor("staff"), token_id=token.id)
    assert enter(place, secret) is None


def test_a_token_ends_with_the_membership(place):
    _token, secret = make(place)
    memberships.withdraw(
        place.actor("admin"),
        account_id=place.accounts["staff"].id,
        role="staff",
        day=regions.today(place.id),
    )
    assert enter(place, secret) is None


def test_a_token_has_the_roles_of_the_day(place):
    _token, secret = make(place)
    memberships.enrol(
        place.actor("admin"), account_id=place.accounts["staff"].id, role="volunteer", since=world.SINCE
    )
    assert enter(place, secret).roles == {"staff", "volunteer"}


def test_a_closed_account_has_no_tokens(place):
    _token, secret = make(place)
    with scope.identity("account_id", place.accounts["staff"].id):
        accounts.get_account(place.accounts["staff"].id).active = False
        db.session.flush()
    assert enter(place, secret) is None


def test_a_token_opens_one_community(place, south):
    _token, secret = make(place)
    assert enter(south, secret) is None
    assert tokens.enter("nowhere", secret) is None


def test_use_is_written_once_an_hour(place):
    _token, secret = make(place)
    begin = clock.now()
    seen = []
    for minutes in (0, 59, 61):
        with time_machine.travel(begin + timedelta(minutes=minutes), tick=False):
            seen.append(enter(place, secret).token.used_at)
            db.session.flush()
    assert seen[0] == seen[1] < seen[2]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"scopes": set()}, "scopes"),
        ({"scopes": {"all"}}, "scopes"),
        ({"days": -1}, "expires_on"),
        ({"days": 367}, "expires_on"),
        ({"expires_on": date.max}, "expires_on"),
    ],
)
def test_what_no_token_is_made_of(place, changes, field):
    with pytest.raises(DomainError) as refused:
        make(place, **changes)
    assert refused.value.field == field


def test_one_has_a_few_at_a_time(place, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 1)
    token, _secret = make(place)
    with pytest.raises(DomainError, match="many"):
        make(place)
    tokens.revoke(place.actor("staff"), token_id=token.id)
    make(place)
    make(place, "admin")


def test_whose_tokens_one_sees(place):
    token, _secret = make(place, "admin")
    mine, _secret = make(place)
    assert [one.id for one in tokens.own(place.actor("staff")).rows] == [mine.id]
    with pytest.raises(NotFound):
        tokens.get_token(place.actor("staff"), token.id)
    with pytest.raises(NotFound):
        tokens.revoke(place.actor("staff"), token_id=token.id)
    assert {one.id for one in tokens.everybodys(place.actor("admin")).rows} == {token.id, mine.id}
    assert tokens.revoke(place.actor("admin"), token_id=mine.id).revoked_at
    assert [one.id for one in tokens.everybodys(place.actor("admin")).rows] == [token.id]

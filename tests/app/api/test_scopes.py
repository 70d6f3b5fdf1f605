"""Every operation by every kind of asker: a token opens what it is made for, in its own community, while it is good."""

import uuid

import pytest

from app.api.area import SCOPES
from app.api.document import document
from services.access import tokens
from services.access.models import AccessToken
from services.core import scope
from services.core.db import db
from services.people.models import Account, Membership
from tests.app.witness import undone
from tests.factories import access, world


def operations(app):
    """Method, path and scope (None where only sessions are let in) of each operation below a community."""
    with app.test_request_context():
        made = document(app)["paths"]
    for path, each in made.items():
        if path.startswith("/api/v1/c/"):
            for method, one in each.items():
                if method != "parameters":
                    scopes = [way["token"][0] for way in one["security"] if "token" in way]
                    yield method.upper(), path, scopes[0] if scopes else None


def address(path, place):
    """The path in a place, about things that are not there."""
    return path.format_map(_Nowhere(community=place.code))


class _Nowhere(dict):
    def __missing__(self, name):
        numbers = {"year": "2026", "month": "2026-11", "day": "2026-11-30"}
        return numbers.get(name, str(uuid.UUID(int=7)))


def ask(app, client, method, where):
    with undone(app):
        body = {"json": {}} if method in ("POST", "PATCH", "PUT") else {}
        return client.open(where, method=method, **body)


def test_there_are_many(app):
    found = list(operations(app))
    assert len(found) > 200 and {scope for _method, _path, scope in found if scope} <= SCOPES


def test_a_token_opens_what_it_is_made_for(app, north):
    reached = 0
    for wanted in sorted(SCOPES):
        with undone(app):
            own = access.program(app, access.make_token(app, north, "admin", {wanted}))
            others = access.program(app, access.make_token(app, north, "admin", SCOPES - {wanted}))
            for method, path, needed in operations(app):
                if needed == wanted:
                    reached += _tells_apart(app, own, others, method, address(path, north))
    assert reached > 200


def _tells_apart(app, own, others, method, where):
    opened = ask(app, own, method, where)
    assert opened.status_code not in (401, 500), (method, where, opened.text)
    assert opened.status_code != 403 or opened.json["code"] != "scope", (method, where)
    shut = ask(app, others, method, where)
    # What a role may not do is refused before that.
    assert shut.status_code == 403 and shut.json["code"] in ("scope", "forbidden"), (method, where)
    return shut.json["code"] == "scope"


def _revoked(token):
    token.revoked_at = token.created_at


def _too_old(token):
    token.expires_on = token.created_at.date().replace(year=2020)


def _without_a_role(token):
    for held in db.session.query(Membership).where(Membership.account_id == token.account_id):
        held.until = held.since.replace(year=2020)
        held.since = held.until


@pytest.mark.parametrize("ends", [_revoked, _too_old, _without_a_role])
def test_what_has_ended_opens_nothing(app, north, ends):
    secret = access.make_token(app, north, "admin")
    with world.inside(app, north):
        ends(db.session.query(AccessToken).order_by(AccessToken.id.desc()).first())
        db.session.commit()
    _nothing_opens(app, access.program(app, secret), north)


def test_a_suspended_account_opens_nothing(app, north):
    secret = access.make_token(app, north, "admin")
    with app.app_context():
        world.enter(north)
        scope.be_account(north.accounts["admin"].id)
        db.session.get(Account, north.accounts["admin"].id).active = False
        db.session.commit()
    _nothing_opens(app, access.program(app, secret), north)


def test_another_communitys_token_and_none_at_all(app, north, south):
    _nothing_opens(app, access.program(app, access.make_token(app, south, "admin")), north)
    _nothing_opens(app, app.test_client(), north)


def _nothing_opens(app, client, place):
    for method, path, _scope in operations(app):
        answer = ask(app, client, method, address(path, place))
        assert answer.status_code == 401, (method, path, answer.status_code)


def test_a_token_says_its_community(app, north):
    assert tokens.SHAPE.fullmatch(access.make_token(app, north))[1] == str(north.id)

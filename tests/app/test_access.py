"""Every route × everybody: deny by default, and another community's pages do not exist."""

import pytest

from services.core.permissions import PERMISSIONS
from services.people.memberships import COMMUNITY_ROLES
from tests.factories import world

# Reachable without signing in: the front door, one-time links and registration.
OPEN = {rule for rule, roles in PERMISSIONS.items() if "guest" in roles}


def _routes(app):
    """(endpoint, method, address with made-up ids, permission) of every route of a community."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "community" not in rule.arguments:
                continue
            values = {name: _made_up(rule, name) for name in rule.arguments if name != "community"}
            adapter = app.url_map.bind("localhost")
            for method in sorted(rule.methods & {"GET", "POST"}):
                address = adapter.build(rule.endpoint, {**values, "community": "CODE"}, method=method)
                yield rule.endpoint, method, address, app.view_functions[rule.endpoint].__permission__


def _made_up(rule, name):
    converter = rule._converters[name]
    if choices := getattr(converter, "items", None):
        return sorted(choices)[0]
    return {"UUIDConverter": str(world.some_id()), "IntegerConverter": 1}.get(type(converter).__name__, "x")


@pytest.fixture
def routes(app):
    found = list(_routes(app))
    assert len(found) > 40
    return found


def _ask(client, place, method, address):
    return client.open(address.replace("CODE", place.code), method=method)


def test_strangers_only_reach_what_is_open(client, routes, north):
    for endpoint, method, address, permission in routes:
        answer = _ask(client, north, method, address)
        if permission in OPEN:
            assert answer.status_code < 500, (endpoint, method)
        elif address.startswith("/api/"):
            assert answer.status_code == 401, (endpoint, method, answer.status_code)
        else:
            assert answer.status_code == 302, (endpoint, method, answer.status_code)
            assert answer.location.startswith("/sign-in"), (endpoint, method)


def test_another_community_does_not_exist(client, routes, north, south):
    world.sign_in(client, north.accounts["admin"])
    for endpoint, method, address, permission in routes:
        if permission not in OPEN:
            assert _ask(client, south, method, address).status_code == 404, (endpoint, method)


@pytest.mark.parametrize("role", COMMUNITY_ROLES)
def test_a_role_reaches_what_the_table_gives_it(app, client, routes, north, role):
    if role not in north.accounts:
        with world.inside(app, north):
            world.add_member(north, role)
    world.sign_in(client, north.accounts[role])
    for endpoint, method, address, permission in routes:
        answer = _ask(client, north, method, address)
        assert answer.status_code < 500, (endpoint, method, role, answer.status_code)
        if role not in PERMISSIONS[permission]:
            assert answer.status_code == 403, (endpoint, method, role, answer.status_code)


def test_an_account_that_was_closed_is_out_at_once(app, client, north):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path()).status_code == 200
    with world.inside(app, north):
        account = world.accounts.get_account(north.accounts["staff"].id)
        with world.scope.identity("account_id", account.id):
            account.active = False
    assert client.get(north.path()).status_code == 302


def test_posts_need_a_token(_app, north):
    _app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert _app.test_client().post("/sign-in", data={"login": "x", "password": "y"}).status_code == 400
    finally:
        _app.config["WTF_CSRF_ENABLED"] = False


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/sign-in").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"

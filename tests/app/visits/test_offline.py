"""A note that a browser kept and sends later: once, by its own account, with an answer it can read."""

import json

import pytest
from sqlalchemy import func, select

from services.core.db import db
from services.visits.models import Visit
from tests.app.visits.test_pages import _form
from tests.factories import visits, world

JSON = {"Accept": "application/json"}


@pytest.fixture
def pairing(app, north):
    with world.inside(app, north):
        return visits.make_old_pairing(north)


def _visits(app, north):
    with world.inside(app, north):
        return db.session.scalar(select(func.count()).select_from(Visit))


def test_sent_twice_it_is_one_visit_and_both_answers_name_it(app, client, north, pairing):
    world.sign_in(client, north.accounts["volunteer"])
    form = _form(submission=str(world.some_id()), account=str(north.accounts["volunteer"].id))
    first, second = (
        client.post(north.path(f"visits/new/{pairing.id}"), data=form, headers=JSON) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["url"] == second.json["url"]
    assert _visits(app, north) == 1
    assert client.get(first.json["url"]).status_code == 200


def test_what_is_refused_says_why_by_field(client, north, pairing):
    world.sign_in(client, north.accounts["volunteer"])
    answer = client.post(
        north.path(f"visits/new/{pairing.id}"), data=_form(follow_up_id=str(world.some_id())), headers=JSON
    )
    assert answer.status_code == 422
    assert list(answer.json["problems"]) == ["follow_up_id"]


def test_a_note_of_another_account_is_not_taken(app, client, north, pairing):
    world.sign_in(client, north.accounts["staff"])
    form = _form(account=str(north.accounts["volunteer"].id))
    assert client.post(north.path(f"visits/new/{pairing.id}"), data=form, headers=JSON).status_code == 422
    assert client.post(north.path(f"visits/new/{pairing.id}"), data=form).status_code == 422
    assert _visits(app, north) == 0


def test_the_token_tells_who_is_signed_in_and_nobody_else_gets_one(client, north):
    assert client.get(north.path("visits/token"), headers=JSON).status_code == 302
    world.sign_in(client, north.accounts["staff"])
    answer = client.get(north.path("visits/token"), headers=JSON)
    assert answer.json["account"] == str(north.accounts["staff"].id) and answer.json["csrf"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_browser_keeps_bears_its_account_and_the_office_has_nothing_kept(client, north, pairing):
    def page(path):
        return client.get(path).text

    own, office = north.accounts["volunteer"].id, north.accounts["staff"].id
    world.sign_in(client, north.accounts["volunteer"])
    note = north.path(f"visits/new/{pairing.id}")
    assert all(
        f'data-account="{own}"' in page(path) and "data-notes" in page(path) for path in ("/offline", note)
    )
    assert "data-pages-kept" in page(north.path("visits/mine"))
    world.sign_in(client, north.accounts["staff"])
    assert f'data-account="{office}"' in page(note)
    assert "data-notes" not in page(note) and "data-pages-kept" not in page(note)


def test_it_can_be_put_on_a_phone(app, client):
    manifest = client.get("/manifest.webmanifest")
    assert manifest.content_type.startswith("application/manifest+json")
    told = json.loads(manifest.text)
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    for icon in told["icons"]:
        assert client.get(icon["src"]).status_code == 200
    page = client.get("/offline").text
    assert "data-kept-pages" in page and 'rel="manifest"' in page

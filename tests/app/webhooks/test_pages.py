"""The administrator's pages of webhooks."""

import re

import pytest
from sqlalchemy import select

from services.core.db import db
from services.webhooks import deliveries, endpoints, events
from services.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories import households, world

URL = "https://hooks.example.org/linli"
PAGES = "settings/webhooks"


@pytest.fixture
def admin(client, north):
    """The administrator's browser."""
    world.sign_in(client, north.accounts["admin"])
    return client


def added(app, place):
    with world.inside(app, place):
        return endpoints.add(place.actor("admin"), url=URL, wanted=["household.registered"]).id


def read(app, place, column):
    with world.inside(app, place):
        return db.session.scalars(select(column)).all()


def test_add_see_the_secret_once_change_and_remove(app, admin, north):
    assert "No other system hears" in admin.get(north.path(PAGES)).text
    sent = {"url": URL, "events": ["household.registered", "pairing.ended"]}
    answer = admin.post(north.path(f"{PAGES}/new"), data=sent)
    (secret,) = read(app, north, WebhookEndpoint.secret)
    (row_id,) = read(app, north, WebhookEndpoint.id)
    assert answer.status_code == 200 and secret in answer.text
    again = admin.post(north.path(f"{PAGES}/new"), data=sent)
    assert again.status_code == 422 and "in the list already" in again.text and URL in again.text
    shown = admin.get(north.path(f"{PAGES}/{row_id}")).text
    assert URL in shown and secret not in shown
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    renewed = admin.post(north.path(f"{PAGES}/{row_id}/secret"), data={"version": version})
    assert renewed.status_code == 200 and secret not in renewed.text and "whsec_" in renewed.text
    assert admin.post(north.path(f"{PAGES}/{row_id}/secret"), data={"version": version}).status_code == 409
    none = admin.post(north.path(f"{PAGES}/{row_id}/events"), data={"version": "2"})
    assert none.status_code == 422 and "at least one event" in none.text
    admin.post(north.path(f"{PAGES}/{row_id}/events"), data={"events": "visit.noted"})
    assert read(app, north, WebhookEndpoint.events) == [["visit.noted"]]
    admin.post(north.path(f"{PAGES}/{row_id}/events"), data={"all": "1"})
    assert read(app, north, WebhookEndpoint.events) == [list(events.EVENTS)]
    admin.post(north.path(f"{PAGES}/{row_id}/remove"))
    assert admin.get(north.path(f"{PAGES}/{row_id}")).status_code == 404
    assert "No other system hears" in admin.get(north.path(PAGES)).text


@pytest.mark.parametrize("url", ["http://hooks.example.org/", "https://10.0.0.1/", "\ud800", ""])
def test_a_refused_address_says_why_and_stays_typed(admin, north, url):
    sent = {"url": url.encode("utf-8", "surrogatepass"), "events": "visit.noted"}
    answer = admin.post(north.path(f"{PAGES}/new"), data=sent)
    assert answer.status_code == 422 and "What you typed is still here" in answer.text
    assert 'value="visit.noted" checked' in answer.text


def test_the_log_and_what_can_be_done_there(app, admin, north):
    row_id = added(app, north)
    with world.inside(app, north):
        households.make_household(north)
    page = north.path(f"{PAGES}/{row_id}")
    assert "Nothing here yet" not in admin.get(page).text
    assert "Nothing here yet" in admin.get(page + "?state=failed").text
    (delivery_id,) = read(app, north, WebhookDelivery.id)
    answer = admin.post(f"{page}/deliveries/{delivery_id}", follow_redirects=True)
    assert "once more" in answer.text
    assert "A test" in admin.post(f"{page}/test", follow_redirects=True).text
    assert "Paused" in admin.post(f"{page}/pause", follow_redirects=True).text
    refused = admin.post(f"{page}/test")
    assert refused.status_code == 409 and "Start it first" in refused.text
    assert "Paused" not in admin.post(f"{page}/start", follow_redirects=True).text


def test_only_the_communitys_own_administrators(app, client, north, south):
    row_id = added(app, south)
    with world.inside(app, south):
        delivery_id = deliveries.send_test(south.actor("admin"), endpoint_id=row_id).id
    world.sign_in(client, north.accounts["admin"])
    assert client.get(south.path(PAGES)).status_code == 404
    for place in (north, south):
        page = place.path(f"{PAGES}/{row_id}")
        assert client.get(page).status_code == 404
        for step in ("events", "secret", "pause", "start", "remove", "test", f"deliveries/{delivery_id}"):
            assert client.post(f"{page}/{step}", data={"version": "1"}).status_code == 404, step
    assert client.get(north.path(f"{PAGES}/nonsense")).status_code == 404
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path(PAGES)).status_code == 403
    assert read(app, south, WebhookEndpoint.state) == ["on"]

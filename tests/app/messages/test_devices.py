"""My devices as a page: added, listed, removed; whatever a browser sends is answered in words."""

import json
import re

import pytest
from sqlalchemy import select

from services.core import crypto
from services.core.db import db
from services.messages import push
from services.messages.models import PushSubscription
from tests.factories import browsers, world

FCM = "https://fcm.googleapis.com/fcm/send/abc:APA91b-x_y"


@pytest.fixture
def reader(app, client, north):
    with world.inside(app, north):
        account = world.add_member(north, "volunteer")
    world.sign_in(client, account)
    return client


def kept(app, place):
    with world.inside(app, place):
        return db.session.scalars(select(PushSubscription)).all()


def add(client, place, **changes):
    asks = browsers.Browser(FCM).asks | changes
    return client.post(place.path("messages/reach/devices"), data=asks)


def test_a_device_is_added_listed_and_removed(reader, app, north):
    page = reader.get(north.path("messages/reach")).text
    assert f'data-push-key="{push.public_key()}"' in page and len(push.public_key()) == 87
    assert "Devices that notify me" not in page
    answer = add(reader, north)
    assert (answer.status_code, answer.location) == (303, north.path("messages/reach"))
    (row,) = kept(app, north)
    page = reader.get(north.path("messages/reach")).text
    assert "Chrome or a browser like it" in page
    assert f'data-device="{crypto.digest(FCM)}"' in page
    assert FCM not in page
    assert re.search(r'value="push"[^>]* checked', page)
    answer = reader.post(north.path(f"messages/reach/devices/{row.id}/remove"))
    assert (answer.status_code, answer.location) == (303, north.path("messages/reach"))
    assert kept(app, north) == []
    assert reader.post(north.path(f"messages/reach/devices/{row.id}/remove")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": ""},
        {"endpoint": "https://example.org/push"},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 100_000},
        {"endpoint": "http://127.0.0.1:6379/"},
        {"endpoint": "<script>alert(1)</script>"},
        {"p256dh": "wrong"},
        {"p256dh": "\ud800".encode("utf-8", "surrogatepass")},
        {"p256dh": push.encoded(b"\x04" + b"\x01" * 64)},
        {"auth": "AAAA"},
        {"auth": "字" * 22},
    ],
)
def test_what_is_no_subscription_is_refused_in_words(reader, app, north, changes):
    answer = add(reader, north, **changes)
    assert answer.status_code == 422
    assert "This device could not be added" in answer.text
    assert "<script>alert" not in answer.text
    assert kept(app, north) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", json.dumps({"endpoint": FCM}).encode(), b"\xff" * 1000])
def test_what_is_no_form_is_refused_in_words(reader, app, north, body):
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = reader.post(north.path("messages/reach/devices"), data=body, content_type=kind)
        assert answer.status_code in (400, 422), (kind, answer.status_code)
    assert kept(app, north) == []


def test_nobody_removes_another_s_device(reader, app, north, south):
    add(reader, north)
    (row,) = kept(app, north)
    for place, role in ((north, "staff"), (south, "staff")):
        other = app.test_client()
        world.sign_in(other, place.accounts[role])
        answer = other.post(place.path(f"messages/reach/devices/{row.id}/remove"))
        assert answer.status_code == 404
    assert len(kept(app, north)) == 1
    stranger = app.test_client()
    assert add(stranger, north).status_code == 302


def test_without_a_key_it_is_not_offered(reader, app, north):
    before = push._sender
    push._sender = push.Sender()
    try:
        page = reader.get(north.path("messages/reach")).text
        assert "On my devices" not in page and 'value="push"' not in page
        answer = add(reader, north)
        assert answer.status_code == 422
    finally:
        push._sender = before
    assert 'value="push"' in reader.get(north.path("messages/reach")).text


def test_the_service_worker_is_for_all_pages_and_always_asked_for_anew(client):
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_it_speaks_chinese(reader, north):
    reader.post("/language", data={"locale": "zh_Hans"})
    page = reader.get(north.path("messages/reach")).text
    assert "在此设备上通知我" in page and "设备通知" in page

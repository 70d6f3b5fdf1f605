"""What providers call, and the gateway of a developer's machine: signed, and answered whatever is sent."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.serving import make_server

from app import queue
from app.local import gateway as local_gateway
from services.core import clock, locks
from services.core.db import db
from services.messages import gateway
from services.messages.models import Message
from tests.factories import letters, phones, world

TOKEN = {"Authorization": f"Bearer {phones.TOKEN}"}

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def sent(app, north):
    with phones.listening() as gate, world.inside(app, north):
        account = world.add_member(north, "volunteer")
        letters.prefer(north, channels=["sms", "email"])
        row = letters.tell(north, account.id)[1]
        letters.work(clock.now())
        assert len(gate.asked) == 1
    return row


def send(app, client, body, at=None, secret=None, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    head = local_gateway.signed(
        text, secret=secret or app.config["LINLI_SMS_SECRET"], name="report", at=at or clock.now()
    )
    return client.post("/hooks/messages", data=text, headers={**head, **headers}).status_code


def about(north, row, event="delivered"):
    return {"type": f"message.{event}", "data": {"reference": f"{north.id}.{row.id}"}}


def state(app, north, row):
    with world.inside(app, north):
        return locks.get(Message, row.id).state


def test_a_signed_report_is_noted(app, client, north, sent):
    for _ in range(2):
        assert send(app, client, about(north, sent)) == 204
        assert state(app, north, sent) == "delivered"


def test_a_bounce_goes_on_by_e_mail(app, client, north, sent):
    assert send(app, client, about(north, sent, "bounced")) == 204
    with world.inside(app, north):
        rows = db.session.scalars(select(Message.channel).where(Message.state == "queued")).all()
    assert rows == ["email"]


def test_without_a_good_signature_nothing_is_heard(app, client, north, sent):
    report = about(north, sent)
    late = clock.now() - timedelta(minutes=6)
    assert send(app, client, report, secret="whsec_" + "YmFk" * 8) == 401
    assert send(app, client, report, at=late) == 401
    assert send(app, client, report, at=clock.now() + timedelta(minutes=6)) == 401
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        for value in ("", "other", "v1,x", "v1", "\u00ff", "v2,dGVzdA==", "9" * 400):
            assert send(app, client, report, **{name: value}) == 401, (name, value)
    assert client.post("/hooks/messages", json=report).status_code == 401
    assert state(app, north, sent) == "sent"


def test_an_old_report_is_refused_later(app, client, north, sent):
    body = json.dumps(about(north, sent))
    head = local_gateway.signed(body, secret=app.config["LINLI_SMS_SECRET"], name="report", at=clock.now())
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert client.post("/hooks/messages", data=body, headers=head).status_code == 401


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ("[" * 100_000, 400),
        ('{"type": "message.delivered"}', 400),
        ('{"type": 1, "data": {"reference": "x"}}', 400),
        ('{"type": "message.delivered", "data": {"reference": "x"}}', 204),
        ('{"type": "message.delivered", "data": {"reference": "\\u0000\\ud800"}}', 204),
        (f'{{"type": "message.delivered", "data": {{"reference": "999999999999.{NOBODY}"}}}}', 204),
        (f'{{"type": "message.delivered", "data": {{"reference": "987654321.{NOBODY}"}}}}', 204),
        (f'{{"type": "something.else", "data": {{"reference": "1.{NOBODY}"}}}}', 204),
    ],
)
def test_whatever_a_provider_says(app, client, body, answer):
    assert send(app, client, body) == answer


def test_another_community_s_number_does_nothing(app, client, north, south, sent):
    assert send(app, client, about(south, sent)) == 204
    assert state(app, north, sent) == "sent"


def test_without_a_secret_nothing_is_heard(app, client, north, sent, monkeypatch):
    good = about(north, sent)
    head = local_gateway.signed(
        json.dumps(good), secret=app.config["LINLI_SMS_SECRET"], name="report", at=clock.now()
    )
    monkeypatch.setitem(app.config, "LINLI_SMS_SECRET", "")
    assert client.post("/hooks/messages", data=json.dumps(good), headers=head).status_code == 401


@pytest.fixture
def var(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "LINLI_VAR", tmp_path)
    monkeypatch.setattr(local_gateway, "report_later", lambda *_args, **_more: None)
    return tmp_path


def sms(**changes):
    return {"reference": f"1.{world.some_id()}", "to": "+8613800001234", "text": "Hello", **changes}


def test_the_local_gateway_keeps_each_sms_once(client, var):
    one = sms()
    for _ in range(2):
        assert client.post("/dev/gateway/messages", json=one, headers=TOKEN).status_code == 202
    (file,) = (var / "texts").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert one["reference"] in file.name and "138" not in file.name
    assert local_gateway.kept(var / "texts")[0].text == "Hello"


@pytest.mark.parametrize(
    "changes", [{"reference": "../x"}, {"to": "x"}, {"text": ""}, {"text": 1}, {"reference": None}]
)
def test_the_local_gateway_refuses_what_is_no_sms(client, var, changes):
    assert client.post("/dev/gateway/messages", json=sms(**changes), headers=TOKEN).status_code == 400
    assert not (var / "texts").exists()


def test_the_local_gateway_takes_odd_text(client, var):
    assert client.post("/dev/gateway/messages", json=sms(text="\ud800\x00"), headers=TOKEN).status_code == 202


@pytest.mark.parametrize("head", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer \u00ff"}])
def test_the_local_gateway_wants_its_token(client, var, head):
    assert client.post("/dev/gateway/messages", json=sms(), headers=head).status_code == 401


@pytest.mark.parametrize(("name", "value"), [("MAIL_SERVER", "x"), ("SESSION_COOKIE_SECURE", True)])
def test_elsewhere_there_is_no_such_address(app, client, var, monkeypatch, name, value):
    monkeypatch.setitem(app.config, name, value)
    assert client.post("/dev/gateway/messages", json=sms(), headers=TOKEN).status_code == 404


def test_the_development_mailbox_shows_sms(app, client, north, var):
    with world.inside(app, north):
        reader, other = world.add_member(north, "volunteer"), world.add_member(north, "resident")
    local_gateway.keep(var / "texts", **sms(to=reader.phone, text="Your visit\nhttp://localhost/x"))
    world.sign_in(client, reader)
    assert "Your visit" in client.get("/dev/mailbox").text
    world.sign_in(client, other)
    assert "Your visit" not in client.get("/dev/mailbox").text


def test_the_whole_way_on_a_developer_s_machine(live_app, tmp_path):
    """Told, sent over HTTP to Linli's own gateway, kept, reported, delivered."""
    live_app.config["LINLI_VAR"] = tmp_path
    server = make_server("127.0.0.1", 0, live_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    live_app.config["LINLI_SMS_URL"] = f"http://127.0.0.1:{server.server_port}/dev/gateway"
    gateway.configure(live_app.config["LINLI_SMS_URL"], live_app.config["LINLI_SMS_TOKEN"])
    try:
        with live_app.app_context():
            place = world.make_place("live")
        with world.inside(live_app, place):
            account = world.add_member(place, "volunteer")
            letters.prefer(place, channels=["sms"])
            row = letters.tell(place, account.id, path=place.path("messages/"))[1]
        with live_app.app_context():
            assert queue.run("messages.send", place.id, [str(row.id)]) == 1
        deadline = clock.now() + timedelta(seconds=20)
        while state(live_app, place, row) != "delivered":
            assert clock.now() < deadline
        (kept,) = local_gateway.kept(tmp_path / "texts")
        assert (kept.to, kept.reference) == (account.phone, f"{place.id}.{row.id}")
        assert kept.text.endswith(place.path("messages/"))
    finally:
        gateway.configure("", "")
        server.shutdown()

"""Inbox, messages sent, and the development mailbox."""

import pytest

from app import queue
from services.core import locks
from services.messages.models import Message
from tests.factories import letters, world


@pytest.fixture
def told(app, north):
    with world.inside(app, north):
        reader = world.add_member(north, "volunteer")
        return letters.tell(
            north, reader.id, path=north.path("followups/"), params={"who": "Wang", "day": "x"}
        )


@pytest.fixture
def mailbox(app, tmp_path):
    before = app.config["MAIL_FILE_PATH"]
    app.config["MAIL_FILE_PATH"] = app.extensions["mailman"].file_path = str(tmp_path / "mailbox")
    yield tmp_path / "mailbox"
    app.config["MAIL_FILE_PATH"] = app.extensions["mailman"].file_path = before


@pytest.fixture
def reader(client, north, told):
    world.sign_in(client, north.accounts["volunteer"])
    return client


def message(app, north, row):
    with world.inside(app, north):
        return locks.get(Message, row.id)


def test_opening_marks_as_read_and_leads_on(reader, app, north, told):
    page = reader.get(north.path("messages/"))
    assert "Hello Wang" in page.text
    assert "Bring an umbrella." in page.text
    assert message(app, north, told[0]).read_at is None
    answer = reader.post(north.path(f"messages/{told[0].id}/open"))
    assert (answer.status_code, answer.location) == (303, north.path("followups/"))
    assert message(app, north, told[0]).read_at is not None


def test_reading_is_no_get(reader, north, told):
    assert reader.get(north.path(f"messages/{told[0].id}/open")).status_code == 405


def test_mark_all(reader, north):
    assert "Mark all as read" in reader.get(north.path("messages/")).text
    assert reader.post(north.path("messages/read")).status_code == 303
    assert "Mark all as read" not in reader.get(north.path("messages/")).text


def test_an_e_mail_is_not_in_the_inbox(reader, north, told):
    assert reader.post(north.path(f"messages/{told[1].id}/open")).status_code == 404


def test_somebody_else_s_message(client, north, told):
    world.sign_in(client, north.accounts["staff"])
    assert client.post(north.path(f"messages/{told[0].id}/open")).status_code == 404
    assert "Hello Wang" not in client.get(north.path("messages/")).text


def test_sent_shows_no_words(client, north, told):
    world.sign_in(client, north.accounts["staff"])
    text = client.get(north.path("messages/sent")).text
    assert "volunteer of north" in text
    assert "Waiting" in text
    assert "Hello …" in text
    assert "Wang" not in text
    assert "umbrella" not in text
    assert "example.org" not in text
    assert client.get(north.path("messages/sent?state=nonsense&after=x")).status_code == 200


def test_sent_is_not_for_helpers(reader, north, told):
    assert reader.get(north.path("messages/sent")).status_code == 403
    assert reader.post(north.path(f"messages/{told[1].id}/retry")).status_code == 403


def test_a_failed_one_says_why_and_is_sent_again(client, app, north, told):
    with world.inside(app, north):
        row = locks.lock(Message, told[1].id)
        row.state, row.error, row.attempts = "failed", "unreachable", 6
    world.sign_in(client, north.accounts["staff"])
    text = client.get(north.path("messages/sent?state=failed")).text
    assert "The server that sends it cannot be reached." in text
    assert client.post(north.path(f"messages/{told[1].id}/retry")).status_code == 303
    assert message(app, north, told[1]).state == "queued"
    assert client.post(north.path(f"messages/{told[1].id}/retry")).status_code == 409


def test_the_development_mailbox_shows_what_went_out(reader, app, north, told, mailbox):
    assert "Nothing here yet" in reader.get("/dev/mailbox").text
    with app.app_context():
        assert queue.run("messages.send", north.id, [str(told[1].id)]) == 1
    assert len(list(mailbox.iterdir())) == 1
    text = reader.get("/dev/mailbox").text
    assert "For development only" in text
    assert "Hello Wang" in text
    assert f"{told[1].id}@localhost" in text
    assert f'href="http://localhost:8000{north.path("followups/")}"' in text


def test_the_development_mailbox_shows_helpers_their_own_alone(client, app, north, told, mailbox):
    with world.inside(app, north):
        resident = world.add_member(north, "resident")
    with app.app_context():
        assert queue.run("messages.send", north.id, [str(told[1].id)]) == 1
    world.sign_in(client, resident)
    assert "Hello Wang" not in client.get("/dev/mailbox").text
    world.sign_in(client, north.accounts["staff"])
    assert "Hello Wang" in client.get("/dev/mailbox").text


@pytest.mark.parametrize(
    ("name", "value"), [("MAIL_SERVER", "mail.example.org"), ("SESSION_COOKIE_SECURE", True)]
)
def test_with_a_real_server_there_is_no_such_page(reader, app, monkeypatch, name, value):
    monkeypatch.setitem(app.config, name, value)
    assert reader.get("/dev/mailbox").status_code == 404


def test_strangers_see_no_mailbox(client, told):
    assert client.get("/dev/mailbox").status_code == 302

"""Telling people: once per cause and channel, in their language, by the words both languages share."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import text

from services.core import jobs, scope
from services.core.db import db
from services.core.errors import Conflict, Forbidden, NotFound
from services.messages import delivery, inbox, outbox, templates
from services.people import accounts
from tests.factories import letters, world

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)


@pytest.fixture
def reader(session, north):
    world.enter(north)
    account = world.add_member(north, "volunteer")
    db.session.commit()
    jobs.take_rings()
    return account


def test_every_channel_once(reader, north):
    first = letters.tell(north, reader.id, key="k")
    again = letters.tell(north, reader.id, key="k")
    assert [one.channel for one in first] == ["inbox", "email"]
    assert [one.id for one in again] == [one.id for one in first]
    assert jobs.take_rings() == {("messages.send", north.id): [first[1].id]}


def test_without_an_address_the_inbox_alone(reader, north):
    with scope.identity("account_id", reader.id):
        reader.email = reader.email_key = None
    db.session.flush()
    assert [one.channel for one in letters.tell(north, reader.id)] == ["inbox"]
    assert jobs.take_rings() == {}


def test_a_closed_account_is_told_nothing(reader, north):
    with scope.identity("account_id", reader.id):
        reader.active = False
    db.session.flush()
    assert letters.tell(north, reader.id) == []


def test_a_stranger_cannot_be_told(reader, north):
    with pytest.raises(NotFound):
        letters.tell(north, uuid.uuid4())


def test_later_is_neither_rung_for_nor_shown_yet(reader, north):
    with time_machine.travel(NOW, tick=False):
        letters.tell(north, reader.id, due_at=NOW + timedelta(hours=1))
        assert jobs.take_rings() == {}
        assert inbox.unread(north.actor("volunteer")) == 0
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert inbox.unread(north.actor("volunteer")) == 1


@pytest.mark.parametrize("params", [{}, {"who": "x"}, {"who": "x", "day": "y", "more": "z"}])
def test_words_must_fit(reader, north, params):
    with pytest.raises(ValueError, match=r"test\.hello"):
        letters.tell(north, reader.id, params=params)


def test_in_the_reader_s_language(reader, north):
    params = {"who": {"zh": "李", "en": "Li"}, "day": date(2026, 11, 2)}
    told = letters.tell(north, reader.id, params=params)[0]
    assert inbox.words([told])[0].body == "See you on November 2, 2026, Li.\nBring an umbrella."
    with scope.identity("account_id", reader.id):
        accounts.set_preferences(north.actor("volunteer"), language="zh_Hans")
    told = letters.tell(north, reader.id, params=params)[0]
    assert inbox.words([told])[0] == templates.Text("您好，李", "李，2026年11月2日见。\n请带伞。")


def test_what_is_said_is_sealed_in_the_database(reader, north):
    letters.tell(north, reader.id, params={"who": "Secretname", "day": "x"})
    db.session.flush()
    rows = db.session.execute(text("SELECT message::text FROM message")).scalars().all()
    assert rows
    assert not any("Secretname" in row or b"Secretname".hex() in row for row in rows)


def test_a_brace_in_a_name_stays_a_brace(reader, north):
    told = letters.tell(north, reader.id, params={"who": "{day} %(x)s {0}", "day": "x"})[0]
    assert inbox.words([told])[0].subject == "Hello {day} %(x)s {0}"


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        (("{a}", ""), ("{b}", "")),
        (("{a}", ""), ("", "")),
        (("{a.b}", ""), ("{a.b}", "")),
        (("{}", ""), ("{}", "")),
    ],
)
def test_languages_that_say_different_things_are_refused(zh, en):
    with pytest.raises(ValueError, match=r"different|placeholder"):
        templates.register("test.odd", zh=zh, en=en)
    assert "test.odd" not in templates.TEMPLATES


def test_reading_is_one_s_own(reader, north):
    message = letters.tell(north, reader.id)[0]
    with pytest.raises(NotFound):
        inbox.open_message(north.actor("staff"), message_id=message.id)
    assert inbox.unread(north.actor("volunteer")) == 1
    inbox.open_message(north.actor("volunteer"), message_id=message.id)
    assert inbox.unread(north.actor("volunteer")) == 0


def test_marking_all(reader, north):
    for _ in range(3):
        letters.tell(north, reader.id)
    letters.tell(north, north.accounts["staff"].id)
    assert inbox.mark_all_read(north.actor("volunteer")) == 3
    assert inbox.unread(north.actor("volunteer")) == 0
    assert inbox.unread(north.actor("staff")) == 1


def test_the_list_is_the_office_s(reader, north):
    letters.tell(north, reader.id)
    assert [row.account_id for row in outbox.sent(north.actor("staff")).rows] == [reader.id]
    assert outbox.counts(north.actor("staff")) == {"queued": 1}
    with pytest.raises(Forbidden):
        outbox.sent(north.actor("volunteer"))


def test_only_what_failed_is_sent_again(reader, north):
    email = letters.tell(north, reader.id)[1]
    with pytest.raises(Conflict):
        outbox.retry(north.actor("staff"), message_id=email.id)
    email.state, email.attempts, email.error = "failed", delivery.ATTEMPTS, "unreachable"
    db.session.flush()
    jobs.take_rings()
    again = outbox.retry(north.actor("staff"), message_id=email.id)
    assert (again.state, again.attempts, again.error) == ("queued", 0, None)
    assert jobs.take_rings() == {("messages.send", north.id): [email.id]}

"""Sending e-mail to a real mail server of the test's own, and to one that is not there or says no."""

import email
import email.policy
import socketserver
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from services.core import scope
from services.core.actor import system
from services.core.db import db
from services.messages import delivery
from tests.factories import letters, world

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)


class MailServer(socketserver.ThreadingTCPServer):
    """Just enough of SMTP: keeps what it takes; `answer` is what it says to RCPT."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken, self.answer, self.data_answer = [], "250 ok", "250 ok"


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"RCPT"):
                self.say(self.server.answer)
            elif line.startswith(b"DATA"):
                self.say("354 go")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say(self.server.data_answer)
            elif line.startswith(b"QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@pytest.fixture
def server(app):
    state, before = app.extensions["mailman"], dict(vars(app.extensions["mailman"]))
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        vars(state).update(backend="smtp", server="127.0.0.1", port=running.server_address[1], use_tls=False)
        yield running
        running.shutdown()
    vars(state).update(before)


@pytest.fixture
def waiting(session, north, server):
    world.enter(north)
    reader = world.add_member(north, "volunteer")
    with time_machine.travel(NOW, tick=False):
        return letters.tell(north, reader.id, path="/c/north/followups/x")[1]


def send(message, at=NOW):
    with time_machine.travel(at, tick=False):
        # Binding together, and sending what is bound.
        for _ in range(2):
            delivery.send(system(message.community_id), message.id)
        db.session.refresh(message)
    return message.state, message.attempts, message.error


def test_sent_once_with_its_own_reference(waiting, server):
    assert send(waiting) == ("sent", 0, None)
    assert send(waiting) == ("sent", 0, None)
    (raw,) = server.taken
    taken = email.message_from_bytes(raw, policy=email.policy.default)
    assert taken["Message-ID"] == f"<{waiting.id}@localhost>"
    assert taken["Subject"] == "Hello Li"
    assert taken.get_content().replace("\r\n", "\n").rstrip() == (
        "See you on Monday, Li.\nBring an umbrella.\n\nhttp://localhost:8000/c/north/followups/x"
    )


def test_not_before_its_time(session, north, server):
    world.enter(north)
    reader = world.add_member(north, "volunteer")
    with time_machine.travel(NOW, tick=False):
        later = letters.tell(north, reader.id, due_at=NOW + timedelta(hours=1))[1]
    assert send(later)[0] == "queued"
    assert send(later, NOW + timedelta(hours=1))[0] == "sent"


def test_a_lost_server_is_tried_ever_later_and_then_staff_see_why(waiting, server):
    server.shutdown()
    server.server_close()
    waits = []
    at = NOW
    for _ in range(delivery.ATTEMPTS):
        assert waiting.state == "queued"
        state = send(waiting, at)
        waits.append((waiting.due_at - at).total_seconds() / 60)
        at = waiting.due_at
    assert state == ("failed", 6, "unreachable")
    assert waits == [1, 2, 4, 8, 16, 32]


def test_too_early_a_retry_is_not_counted(waiting, server):
    server.answer = "451 later"
    assert send(waiting) == ("queued", 1, "rejected")
    assert send(waiting) == ("queued", 1, "rejected")
    server.answer = "250 ok"
    assert send(waiting, NOW + timedelta(minutes=1)) == ("sent", 1, None)


def test_an_address_refused_for_good_is_not_tried_again(waiting, server):
    server.answer = "550 no such user"
    assert send(waiting) == ("failed", 1, "refused")


def test_a_message_refused_is_tried_again(waiting, server):
    server.data_answer = "554 spam"
    assert send(waiting) == ("queued", 1, "rejected")


def test_an_account_that_lost_its_address(waiting, north):
    account = north.accounts["volunteer"]
    with scope.identity("account_id", account.id):
        account.email = account.email_key = None
    db.session.flush()
    assert send(waiting) == ("failed", 1, "no_address")


def test_words_that_are_gone_are_no_crash(waiting):
    waiting.template = "test.gone"
    db.session.flush()
    assert send(waiting) == ("queued", 1, "broken")


def test_a_line_break_in_a_name_makes_no_header(session, north, server):
    world.enter(north)
    reader = world.add_member(north, "volunteer")
    with time_machine.travel(NOW, tick=False):
        told = letters.tell(north, reader.id, params={"who": "Li\r\nBcc: a@b.example", "day": "x"})[1]
    assert send(told)[0] == "sent"
    taken = email.message_from_bytes(server.taken[0], policy=email.policy.default)
    assert taken["Bcc"] is None
    assert taken["Subject"] == "Hello Li Bcc: a@b.example"

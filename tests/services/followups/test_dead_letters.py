"""A message that reached nobody is the office's to see to, once."""

import pytest
import time_machine
from sqlalchemy import select

from services.core import jobs, scope
from services.core.actor import system
from services.core.db import db
from services.followups import advance, dead_letters, life, subjects
from services.followups.models import FollowUp
from services.messages import outbox
from services.messages.models import Message
from tests.factories import letters, world
from tests.factories.letters import NOW


@pytest.fixture
def reader(session, north):
    world.enter(north)
    return world.add_member(north, "volunteer")


def failed(place, account, **changes):
    with time_machine.travel(NOW, tick=False):
        row = letters.tell(place, account.id, **changes)[1]
    row.state, row.error = "failed", "refused"
    db.session.flush()
    return row


def notice(place, row):
    with time_machine.travel(NOW, tick=False):
        dead_letters.notice(system(place.id), row.id)


def made():
    return db.session.scalars(
        select(FollowUp).where(FollowUp.subject_kind == "message").order_by(FollowUp.id)
    ).all()


def test_it_becomes_a_follow_up_of_the_staff(reader, north):
    row = failed(north, reader)
    for _ in range(2):
        notice(north, row)
    (follow_up,) = made()
    assert (follow_up.subject_id, follow_up.owner_id, follow_up.state) == (row.id, None, "open")
    assert row.noticed_at == NOW
    staff = north.actor("staff")
    subject = subjects.of(staff, [("message", row.id)])[row.id]
    assert subject.title == "Could not reach volunteer of north by e-mail"
    assert subject.path == f"/c/north/messages/sent?message={row.id}"
    assert [one.id for one in outbox.sent(staff, message_id=row.id).rows] == [row.id]
    assert subjects.of(north.actor("volunteer"), [("message", row.id)]) == {}


def test_many_about_one_person_are_one_thing_to_do(reader, north):
    rows = [failed(north, reader) for _ in range(3)]
    notice(north, rows[1])
    assert len(made()) == 1
    assert all(row.noticed_at for row in rows)
    notice(north, failed(north, reader))
    assert len(made()) == 1
    life.finish(north.actor("staff"), follow_up_id=made()[0].id)
    notice(north, failed(north, reader))
    assert len(made()) == 2


def test_what_another_channel_took_over_is_nobody_s(reader, north):
    row = failed(north, reader)
    row.noticed_at = NOW
    db.session.flush()
    notice(north, row)
    assert made() == []


def test_a_closed_account_has_to_be_reached_by_nobody(reader, north):
    row = failed(north, reader)
    with scope.identity("account_id", reader.id):
        reader.active = False
    db.session.flush()
    notice(north, row)
    assert made() == []
    assert row.noticed_at is not None


def test_a_dead_letter_about_a_dead_letter_ends_there(reader, north):
    """The staff cannot be reached either: their reminders fail, and nothing grows out of that."""
    notice(north, failed(north, reader))
    for round_ in range(6):
        moment = NOW.replace(day=3 + round_)
        with time_machine.travel(moment, tick=False):
            for follow_up in made():
                advance.advance(system(north.id), follow_up.id)
        external = select(Message).where(Message.channel != "inbox", Message.state == "queued")
        for row in db.session.scalars(external).all():
            row.state, row.error = "failed", "refused"
        db.session.flush()
        for row in db.session.scalars(
            select(Message).where(Message.state == "failed", Message.noticed_at.is_(None))
        ).all():
            notice(north, row)
    assert len(made()) == 1
    assert db.session.scalars(select(Message).where(Message.template == "followup.late")).all()


def test_a_reminder_of_another_kind_that_fails_is_told(reader, north):
    notice(north, failed(north, reader, subject_kind="followup"))
    assert len(made()) == 1
    jobs.take_rings()

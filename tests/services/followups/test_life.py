"""From the event to done: who is told what, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from services.core.actor import system
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import advance, life, occurrences
from services.followups.models import FollowUp
from services.messages.models import Message
from tests.factories import followups, world

MONDAY = date(2026, 11, 2)


def nine(day):
    """Nine in the morning in Beijing."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


@pytest.fixture
def garden(session, north):
    world.enter(north)
    for role in ("volunteer", "unit"):
        world.add_member(north, role)
    deputy = world.add_member(north, "volunteer").id
    helper = world.add_member(north, "volunteer").id
    with time_machine.travel(nine(MONDAY), tick=False):
        made = followups.make_followups(north, day=MONDAY, helper=helper, deputy=deputy)
        db.session.commit()
    north.accounts["deputy"] = world.accounts.get_account(deputy)
    return made


def advance_at(place, follow_up, moment):
    with time_machine.travel(moment, tick=False):
        advance.advance(system(place.id), follow_up.id)


def told(account=None):
    rows = db.session.scalars(select(Message).where(Message.channel == "inbox").order_by(Message.id)).all()
    return [row.template for row in rows if account is None or row.account_id == account.id]


def test_first_days(garden):
    assert {code: one.due_on for code, one in garden.items()} == {
        "look": date(2026, 11, 5),
        "water": date(2026, 11, 9),
        "survey": date(2026, 11, 12),
    }
    assert garden["look"].next_at == nine(date(2026, 11, 4))
    assert garden["survey"].owner_id is None


def test_remind_late_escalate(garden, north):
    look = garden["look"]
    advance_at(north, look, nine(date(2026, 11, 4)) - timedelta(seconds=1))
    assert told() == []
    advance_at(north, look, nine(date(2026, 11, 4)))
    assert (told(north.accounts["volunteer"]), look.state) == (["followup.reminder"], "reminded")
    advance_at(north, look, nine(date(2026, 11, 5)))
    assert told() == ["followup.reminder"] * 2
    advance_at(north, look, nine(date(2026, 11, 7)))
    assert (told(north.accounts["deputy"]), look.state) == (["followup.late"], "escalated")
    assert look.next_at is None
    assert len(told()) == 3

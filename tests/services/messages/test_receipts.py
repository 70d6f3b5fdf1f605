"""What providers report afterwards."""

import uuid

import pytest
import time_machine

from services.core import jobs
from services.core.actor import system
from services.core.errors import Forbidden
from services.messages import preferences, receipts, waiting
from tests.factories import letters
from tests.factories.letters import NOW, outside, states, work


@pytest.fixture
def sent(by_sms, north):
    """Two messages that left as one text."""
    with time_machine.travel(NOW, tick=False):
        rows = [letters.tell(north, by_sms.id)[1] for _ in range(2)]
    work()
    return rows[0]


def report(place, event, reference):
    with time_machine.travel(NOW, tick=False):
        receipts.note(system(place.id), event=f"message.{event}", reference=reference)


def test_delivered_means_all_of_the_text(sent, north):
    report(north, "delivered", sent.id)
    assert states() == [("sms", "delivered", None)] * 2


def test_failed_goes_on_by_the_next_channel(sent, north):
    report(north, "failed", sent.id)
    assert states() == [("sms", "failed", "undelivered")] * 2 + [("email", "queued", None)] * 2
    assert all(row.noticed_at for row in outside()[:2])
    work(NOW + waiting.APART)
    assert states()[2:] == [("email", "sent", None)] * 2
    assert preferences.of(sent.account_id).blocked == []


def test_a_bounce_blocks_the_channel_and_tells_the_office_once(sent, north):
    report(north, "bounced", sent.id)
    assert preferences.of(sent.account_id).blocked == ["sms"]
    assert states() == [("sms", "failed", "bounced")] * 2 + [("email", "queued", None)] * 2
    assert [row.noticed_at is None for row in outside()[:2]] == [True, False]


@pytest.mark.parametrize("event", ["delivered", "failed", "bounced"])
def test_a_repeated_or_later_report_changes_nothing(sent, north, event):
    report(north, event, sent.id)
    before = [(row.id, row.state, row.error, row.noticed_at) for row in outside()]
    jobs.take_rings()
    for again in ("delivered", "failed", "bounced"):
        report(north, again, sent.id)
    assert [(row.id, row.state, row.error, row.noticed_at) for row in outside()] == before
    assert jobs.take_rings() == {}


def test_what_is_unknown_is_passed_over(sent, north):
    before = states()
    report(north, "delivered", uuid.uuid4())
    report(north, "opened", sent.id)
    # The second row left under the first one's id.
    report(north, "failed", outside()[1].id)
    assert states() == before


def test_nobody_else_reports(sent, north):
    with pytest.raises(Forbidden):
        receipts.note(north.actor("admin"), event="message.failed", reference=sent.id)

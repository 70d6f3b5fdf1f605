"""What is due for one person leaves as one text, at a time that suits, once, whoever is killed meanwhile."""

import re
import uuid
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.communities import regions
from services.core.actor import system
from services.core.db import db
from services.messages import delivery, outbox, receipts, waiting
from services.messages.models import Preference
from tests.factories import letters, world
from tests.factories.letters import NOW, outside, prefer, states, work

ZONE = "Asia/Shanghai"


def tell(place, account, at=NOW, **changes):
    with time_machine.travel(at, tick=False):
        return letters.tell(place, account.id, **changes)[1]


def local(day, hour, minute=0, zone=ZONE):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


def test_several_leave_as_one_list(by_sms, gate, north):
    told = [tell(north, by_sms, params={"who": who, "day": "x"}, path=f"/{who}") for who in ("Li", "Wu")]
    work()
    assert [sms["text"] for sms in gate.asked] == [
        "You have 2 messages:\nHello Li http://localhost:8000/Li\nHello Wu http://localhost:8000/Wu"
    ]
    assert {row.reference for row in outside()} == {told[0].id}
    assert gate.asked[0]["key"] == f"{north.id}.{told[0].id}"


def test_a_long_list_ends_with_how_many_more(by_sms, gate, north):
    for number in range(11):
        tell(north, by_sms, params={"who": str(number), "day": "x"})
    work()
    lines = gate.asked[0]["text"].splitlines()
    assert lines[0] == "You have 11 messages:"
    assert lines[-1] == "And 3 more, in Linli."
    assert len(lines) == 10


def test_each_person_and_channel_on_its_own(by_sms, gate, north):
    tell(north, by_sms)
    prefer(north, channels=["email"])
    tell(north, by_sms)
    letters.tell(north, north.accounts["staff"].id)
    prefer(north, channels=["email", "sms"])
    work(datetime.now(UTC))
    assert len({row.reference for row in outside()}) == 3


def test_the_fourth_text_of_a_day_waits_for_the_morning(by_sms, gate, north):
    for hour in range(5):
        tell(north, by_sms, at=NOW + timedelta(hours=hour))
        work(NOW + timedelta(hours=hour))
    assert [state for _, state, _ in states()] == ["sent"] * 3 + ["queued"] * 2
    assert {(row.due_at, row.error) for row in outside()[3:]} == {(local(3, 9), "limit")}
    work(local(3, 9).astimezone(UTC))
    assert len(gate.asked) == 4
    assert gate.asked[3]["text"].startswith("You have 2 messages:")


def test_what_is_due_right_after_a_text_follows_as_one(by_sms, gate, north):
    for second in range(5):
        tell(north, by_sms, at=NOW + timedelta(seconds=second))
        work(NOW + timedelta(seconds=second))
    assert {(row.due_at, row.error) for row in outside()[1:]} == {(NOW + waiting.APART, "apart")}
    work(NOW + waiting.APART)
    assert len(gate.asked) == 2
    assert gate.asked[1]["text"].startswith("You have 4 messages:")


def test_a_clock_that_was_ahead_holds_nothing_back(by_sms, gate, north):
    for ahead in (timedelta(days=7), timedelta(days=7, hours=1), timedelta(days=7, hours=2), timedelta(0)):
        tell(north, by_sms, at=NOW + ahead)
        work(NOW + ahead)
    assert {state for _, state, _ in states()} == {"sent"}


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (local(2, 21, 29), None),
        (local(2, 21, 30), local(3, 7)),
        (local(2, 23, 59), local(3, 7)),
        (local(3, 0), local(3, 7)),
        (local(3, 6, 59), local(3, 7)),
        (local(3, 7), None),
    ],
)
def test_quiet_hours_across_midnight(by_sms, gate, north, at, over):
    prefer(north, channels=["sms"], quiet_from=time(21, 30), quiet_until=time(7))
    row = tell(north, by_sms, at=at)
    work(at)
    if over is None:
        assert states() == [("sms", "sent", None)]
    else:
        assert states() == [("sms", "queued", "quiet")]
        assert outside()[0].due_at == over
        work(over)
        assert states() == [("sms", "sent", None)]
    assert row.reference == row.id


def test_quiet_hours_within_a_day(by_sms, gate, north):
    prefer(north, channels=["sms"], quiet_from=time(12), quiet_until=time(14))
    tell(north, by_sms, at=local(2, 13))
    work(local(2, 13))
    assert outside()[0].due_at == local(2, 14)


@given(
    st.times(),
    st.times(),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([ZONE, "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"]),
)
def test_quiet_ends_after_now_and_within_a_day(begin, end, now, zone):
    wish = Preference(quiet_from=begin, quiet_until=end) if begin != end else Preference()
    over = waiting.quiet_end(wish, now, zone)
    if over is not None:
        assert now < over <= now + timedelta(hours=26)
    morning = waiting.next_morning(now, zone)
    assert now <= morning <= now + timedelta(hours=26)
    assert morning.astimezone(ZoneInfo(zone)).time() == time(9)


def test_a_digest_is_one_text_in_the_morning(by_sms, gate, north):
    prefer(north, channels=["sms"], digest=True)
    for hour in (10, 15, 20):
        tell(north, by_sms, at=local(2, hour))
        work(local(2, hour))
    assert {(row.due_at, row.error) for row in outside()} == {(local(3, 9), "digest")}
    work(local(3, 9))
    assert len(gate.asked) == 1
    assert gate.asked[0]["text"].startswith("You have 3 messages:")


def test_who_wants_it_at_once_again_gets_what_waited(by_sms, gate, north):
    prefer(north, channels=["sms"], digest=True)
    tell(north, by_sms, at=local(2, 10))
    with time_machine.travel(local(2, 11), tick=False):
        prefer(north, channels=["sms"])
    work(local(2, 11))
    assert states() == [("sms", "sent", None)]


def test_what_comes_in_an_outage_of_the_provider_leaves_as_one_text(by_sms, gate, north):
    gate.status = 429
    for minute in range(4):
        tell(north, by_sms, at=NOW + timedelta(minutes=minute, seconds=30))
        work(NOW + timedelta(minutes=minute, seconds=30))
    assert [error for _, _, error in states()] == ["rejected", "behind", "behind", "behind"]
    gate.status = 202
    work(NOW + timedelta(minutes=30))
    work(NOW + timedelta(minutes=31))
    assert len(gate.texts()) == 2
    assert gate.texts()[1].startswith("You have 3 messages:")


def test_a_provider_that_may_have_taken_it_gets_it_under_the_same_reference_for_ever(by_sms, gate, north):
    row = tell(north, by_sms)
    with time_machine.travel(NOW, tick=False):
        delivery.send(system(north.id), row.id)
    db.session.commit()
    killed(row.id, NOW, north)
    gate.status = 429
    work()
    gate.status = 202
    work(NOW + timedelta(minutes=1))
    assert [sms["status"] for sms in gate.asked] == [202, 429, 202]
    assert len({sms["key"] for sms in gate.asked}) == 1


def test_one_community_s_storm_leaves_the_worker_to_others(app, session, gate, north, south):
    world.enter(south)
    other = world.add_member(south, "volunteer")
    letters.prefer(south, channels=["sms"])
    tell(south, other)
    world.enter(north)
    regions.set_rate(north.actor("admin"), messages_a_minute=10)
    many = [world.add_member(north, "volunteer") for _ in range(25)]
    for account in many:
        tell(north, account)
    work()
    assert Counter((state, error) for _, state, error in states()) == {
        ("sent", None): 10,
        ("queued", "rate"): 15,
    }
    moments = sorted(row.due_at - NOW for row in outside() if row.state == "queued")
    assert timedelta(seconds=5) <= moments[0] <= timedelta(seconds=10)
    assert timedelta(seconds=88) <= moments[-1] <= timedelta(seconds=95)
    for second in range(0, 300, 5):
        work(NOW + timedelta(seconds=second))
    assert {state for _, state, _ in states()} == {"sent"}
    times = sorted(row.sent_at for row in outside())
    for first, eleventh in zip(times, times[10:], strict=False):
        assert eleventh - first >= timedelta(minutes=1)
    world.enter(south)
    work()
    assert states() == [("sms", "sent", None)]


def killed(message_id, at, place):
    """A worker that dies between the provider's yes and the commit."""
    with time_machine.travel(at, tick=False):
        delivery.send(system(place.id), message_id)
    db.session.rollback()


def test_a_killed_send_is_repeated_under_the_same_reference(by_sms, gate, north):
    first, second = tell(north, by_sms), tell(north, by_sms)
    with time_machine.travel(NOW, tick=False):
        delivery.send(system(north.id), second.id)
    db.session.commit()
    killed(first.id, NOW, north)
    # What comes meanwhile does not slip into a text that the provider may know already.
    third = tell(north, by_sms)
    db.session.commit()
    work()
    work(NOW + waiting.APART)
    taken = Counter((sms["key"], sms["text"]) for sms in gate.asked)
    assert sorted(taken.values()) == [1, 2]
    assert {row.id: row.reference for row in outside()} == {
        first.id: first.id,
        second.id: first.id,
        third.id: third.id,
    }


STEPS = st.lists(
    st.one_of(
        st.just(("tell", 0)),
        st.just(("work", 0)),
        st.tuples(st.just("step"), st.integers(0, 5)),
        st.tuples(st.just("kill"), st.integers(0, 5)),
        st.tuples(st.just("trouble"), st.sampled_from([202, 429, 503])),
        st.tuples(st.just("wait"), st.integers(1, 20)),
        st.tuples(st.just("report"), st.integers(0, 5)),
    ),
    max_size=25,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_nothing_is_lost_or_told_twice(app, session, gate, north, steps):
    world.enter(north)
    account = world.add_member(north, "volunteer")
    prefer(north, channels=["sms"])
    db.session.commit()
    gate.asked.clear()
    gate.status, now, told = 202, NOW, []
    for name, number in steps:
        rows = [row for row in outside() if row.account_id == account.id]
        if name == "tell":
            word = uuid.uuid4().hex
            told.append((word, tell(north, account, at=now, params={"who": word, "day": "x"}).id))
        elif name == "work":
            work(now)
        elif name in ("step", "kill") and rows:
            with time_machine.travel(now, tick=False):
                delivery.send(system(north.id), rows[number % len(rows)].id)
            if name == "kill":
                db.session.rollback()
        elif name == "report" and rows:
            reference = rows[number % len(rows)].reference
            # Of what a provider took, also when we did not live to note it.
            if any(sms["status"] == 202 and sms["key"].endswith(str(reference)) for sms in gate.asked):
                receipts.note(system(north.id), event="message.delivered", reference=reference)
        elif name == "trouble":
            gate.status = number
        elif name == "wait":
            now += timedelta(minutes=number)
        db.session.commit()
    gate.status = 202
    for day in range(1, 4):
        for minute in (0, 1):
            work(local(2 + day, 9, minute))
            db.session.commit()
    taken = {}
    for sms in gate.asked:
        # A text that may have been taken is never another one under the same reference.
        if sms["status"] != 429:
            assert taken.setdefault(sms["key"], sms["text"]) == sms["text"]
    texts = {}
    for sms in gate.asked:
        if sms["status"] == 202:
            texts[sms["key"]] = sms["text"]
    for word, _ in told:
        assert [word in text for text in texts.values()].count(True) == 1
    assert {row.state for row in outside() if row.account_id == account.id} <= {"sent", "delivered"}
    assert len(re.findall("Hello", " ".join(texts.values()))) == len(told)
    assert outbox.counts(north.actor("staff")).get("failed") is None

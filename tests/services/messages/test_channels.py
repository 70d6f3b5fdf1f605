"""By which way: the first that is wanted and works, then the next, and the office last."""

from datetime import time, timedelta

import pytest
import time_machine

from services.core import jobs, scope
from services.core.actor import system
from services.core.db import db
from services.core.errors import DomainError, NotFound
from services.messages import channels, chat, outbox, preferences, receipts
from tests.factories import letters
from tests.factories.letters import NOW, outside, prefer, states, work

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


def lose(account, *names):
    with scope.identity("account_id", account.id):
        for name in names:
            setattr(account, name, None)
            setattr(account, f"{name}_key", None)
    db.session.flush()


def tell(place, account, at=NOW, **changes):
    with time_machine.travel(at, tick=False):
        return letters.tell(place, account.id, **changes)


def test_e_mail_comes_first_when_nothing_else_is_said(gate, reader, north):
    assert [row.channel for row in tell(north, reader)] == ["inbox", "email"]


def test_the_order_is_the_person_s(by_sms, north):
    assert [row.channel for row in tell(north, by_sms)] == ["inbox", "sms"]


def test_with_a_phone_alone_it_is_sms(gate, reader, north):
    lose(reader, "email")
    assert [row.channel for row in tell(north, reader)] == ["inbox", "sms"]


def test_without_a_gateway_nobody_is_told_by_sms(reader, north):
    lose(reader, "email")
    assert [row.channel for row in tell(north, reader)] == ["inbox"]


def test_somebody_may_want_the_inbox_alone(gate, reader, north):
    prefer(north, channels=[])
    assert [row.channel for row in tell(north, reader)] == ["inbox"]


def test_another_order_does_not_tell_again(gate, reader, north):
    tell(north, reader, key="k")
    prefer(north, channels=["sms"])
    assert [row.channel for row in tell(north, reader, key="k")] == ["inbox", "email"]


def test_an_sms_is_short_and_has_its_reference(by_sms, gate, north):
    row = tell(north, by_sms, path="/c/north/messages/")[1]
    work()
    assert states() == [("sms", "sent", None)]
    (sms,) = gate.asked
    assert sms["text"] == "Hello Li\nSee you on Monday, Li.\nhttp://localhost:8000/c/north/messages/"
    assert sms["to"] == by_sms.phone
    assert sms["reference"] == sms["key"] == f"{north.id}.{row.id}"
    assert (sms["auth"], sms["path"]) == ("Bearer test-token", "/messages")


@pytest.mark.parametrize("status", [400, 404, 422, 302])
def test_refused_for_good_is_the_next_channel_s(by_sms, gate, north, status):
    gate.status = status
    row = tell(north, by_sms)[1]
    if status == 302:
        work()
        assert states() == [("sms", "queued", "silent")]
        return
    work()
    assert states() == [("sms", "failed", "refused"), ("email", "sent", None)]
    assert outside()[1].key == row.key
    assert outside()[0].noticed_at is not None
    assert outbox.counts(north.actor("staff")) == {"sent": 1}


@pytest.mark.parametrize(("status", "reason"), [(408, "rejected"), (429, "rejected"), (503, "silent")])
def test_trouble_is_tried_again_until_it_is_enough(by_sms, gate, north, status, reason):
    gate.status = status
    tell(north, by_sms)
    at = NOW
    for _ in range(5):
        work(at)
        assert states() == [("sms", "queued", reason)]
        at = outside()[0].due_at
    work(at)
    assert states() == [("sms", "failed", reason), ("email", "sent", None)]
    assert len({one["key"] for one in gate.asked}) == 1


def test_a_gateway_that_is_away_is_tried_again(reader, north, gate):
    prefer(north, channels=["sms"])
    row = tell(north, reader)[1]
    channels.gateway.configure("http://127.0.0.1:9", "x")
    work()
    assert states() == [("sms", "queued", "unreachable")]
    assert outside()[0].reference == row.id


def test_an_answer_that_never_comes(by_sms, gate, north, monkeypatch):
    monkeypatch.setattr(channels.gateway, "TIMEOUT", (0.2, 0.2))
    gate.delay = 1
    row = tell(north, by_sms)[1]
    work()
    assert states() == [("sms", "queued", "silent")]
    gate.delay = 0
    work(NOW + timedelta(minutes=1))
    assert states() == [("sms", "sent", None)]
    assert {one["key"] for one in gate.asked} == {f"{north.id}.{row.id}"}


def test_when_no_way_is_left_it_has_failed_for_the_office(by_sms, gate, north):
    gate.status = 400
    lose(by_sms, "email")
    tell(north, by_sms)
    work()
    assert states() == [("sms", "failed", "refused")]
    assert outside()[0].noticed_at is None
    assert outbox.counts(north.actor("staff")) == {"failed": 1}


def test_who_changed_the_order_meanwhile_is_told_by_the_new_one(by_sms, gate, north):
    tell(north, by_sms)
    prefer(north, channels=["email"])
    work()
    assert states() == [("sms", "failed", "unwanted"), ("email", "sent", None)]
    assert gate.asked == []


def test_a_closed_account_is_not_sent_what_waited(by_sms, gate, north):
    tell(north, by_sms)
    with scope.identity("account_id", by_sms.id):
        by_sms.active = False
    db.session.flush()
    work()
    assert states() == [("sms", "failed", "no_address")]
    assert gate.asked == []


def test_a_bounced_channel_is_not_used_until_the_person_says_so(by_sms, gate, north):
    row = tell(north, by_sms)[1]
    work()
    receipts.note(system(north.id), event="message.bounced", reference=row.id)
    assert [one.channel for one in tell(north, by_sms)] == ["inbox", "email"]
    preferences.try_again(north.actor("volunteer"), channel="sms")
    assert [one.channel for one in tell(north, by_sms)] == ["inbox", "sms"]
    with pytest.raises(NotFound):
        preferences.try_again(north.actor("volunteer"), channel="inbox")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (ROBOT, "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"),
        ("https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789", "dingtalk://abcdef0123456789"),
        ("dingtalk://SECabcdefgh@abcdef0123456789", "dingtalk://SECabcdefgh@abcdef0123456789"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb-cccc", "feishu://aaaa-bbbb-cccc"),
    ],
)
def test_a_robot_s_address_as_the_app_shows_it(reader, north, typed, kept):
    prefer(north, channels=["chat", "email"], chat_url=typed)
    assert preferences.own(north.actor("volunteer")).chat_url == kept
    assert [row.channel for row in tell(north, reader)] == ["inbox", "chat"]
    # Nothing in it can name another host.
    robot = chat._robot(kept)
    assert robot.redirects is False


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org/hook",
        "json://localhost/",
        "http://127.0.0.1:6379/",
        "wecombot://a@b.example/../x",
        "wecombot://key?rto=1",
        "feishu://127.0.0.1",
        "https://open.feishu.cn@evil.example/open-apis/bot/v2/hook/aaaa-bbbb-cccc",
        "https://open.feishu.cn.evil.example/open-apis/bot/v2/hook/aaaa-bbbb-cccc",
        "dingtalk://abcdef0123456789/13800001234",
        "dingtalk://abcdef0123456789\n",
        "mailto://a:b@c.example",
    ],
)
def test_any_other_address_is_refused(reader, north, typed):
    with pytest.raises(DomainError) as refused:
        prefer(north, channels=["chat"], chat_url=typed)
    assert refused.value.field == "chat_url"


def test_half_of_the_quiet_hours_is_none(reader, north):
    with pytest.raises(DomainError) as refused:
        prefer(north, quiet_from=time(21))
    assert refused.value.field == "quiet_until"
    prefer(north, quiet_from=time(21), quiet_until=time(21))
    assert preferences.own(north.actor("volunteer")).quiet_from is None


def test_wishes_are_each_person_s_and_community_s_own(reader, north, south):
    prefer(north, channels=["sms"])
    assert preferences.own(north.actor("staff")).channels == ["push", "email", "sms", "chat"]
    jobs.take_rings()

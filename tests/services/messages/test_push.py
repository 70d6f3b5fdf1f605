"""Notifications on devices: encrypted, signed, neutral, to browsers' own services alone, and another way when none is left."""

from datetime import timedelta

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, text

from services.core import scope
from services.core.actor import guest
from services.core.audit import AuditEntry
from services.core.db import db
from services.core.errors import DomainError, Forbidden, NotFound
from services.messages import devices, outbox, preferences, push
from services.messages.models import PushSubscription
from tests.factories import browsers, letters, world
from tests.factories.letters import NOW, outside, prefer, states, work

FCM = "https://fcm.googleapis.com/fcm/send/abc:APA91b-x_y"


@pytest.fixture
def service():
    """A push service of the test's own."""
    with browsers.listening() as running:
        yield running


def add(place, browser, role="volunteer"):
    return devices.subscribe(place.actor(role), **browser.asks)


def tell(place, account, **changes):
    with time_machine.travel(NOW, tick=False):
        return letters.tell(place, account.id, **changes)


def endpoints(account):
    return [row.endpoint.rpartition("/")[2] for row in devices.of(account.id)]


def test_the_example_of_rfc_8291_byte_by_byte():
    # Appendix A.
    address = push.Address(
        FCM,
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    scalar = int.from_bytes(push.decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    once = ec.derive_private_key(scalar, ec.SECP256R1())
    body = push.sealed(
        b"When I grow up, I want to be a watermelon", address, once, push.decoded("DGv6ra1nlYgDCS1FRnbzlw")
    )
    assert push.encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_device_shows_a_neutral_line_and_the_page_to_open(service, reader, north):
    browser = service.browser()
    add(north, browser)
    row = tell(north, reader, path="/c/north/pairings/")[1]
    work()
    assert states() == [("push", "sent", None)]
    assert service.shown(browser) == [
        {
            "title": "Linli",
            "body": "You have a message",
            "path": "/c/north/pairings/",
            "language": "en",
            "tag": row.reference.hex,
        }
    ]
    ((_path, headers, body),) = service.taken
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Topic"] == row.reference.hex and len(headers["Topic"]) == 32
    assert int(headers["TTL"]) == 3 * 24 * 3600
    assert service.claims(headers) == {
        "aud": service.url,
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": browsers.CONTACT,
    }
    with pytest.raises(InvalidTag):
        service.browser().read(body)


def test_several_are_counted_in_the_reader_s_language(service, reader, north):
    browser = service.browser()
    add(north, browser)
    with scope.identity("account_id", reader.id):
        reader.language = "zh_Hans"
        db.session.flush()
    for _ in range(3):
        tell(north, reader, path="/c/north/pairings/")
    work()
    (shown,) = service.shown(browser)
    assert (shown["title"], shown["body"], shown["language"]) == ("邻里", "您有3条消息", "zh-Hans")
    assert shown["path"] == north.path("messages/")


def test_all_devices_are_notified_and_one_that_takes_it_is_enough(service, reader, north):
    for name in ("one", "two"):
        add(north, service.browser(name))
    service.status["/push/one"] = 503
    tell(north, reader)
    work()
    assert states() == [("push", "sent", None)]
    assert [path for path, _headers, _body in service.taken] == ["/push/one", "/push/two"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_no_more_is_forgotten(service, reader, north, status):
    for name in ("one", "two"):
        add(north, service.browser(name))
    service.status["/push/one"] = status
    tell(north, reader)
    work()
    assert (states(), endpoints(reader)) == ([("push", "sent", None)], ["two"])


def test_when_no_device_is_left_the_next_channel_has_its_turn(service, reader, north):
    add(north, service.browser())
    service.status["/push/one"] = 410
    tell(north, reader)
    work()
    assert states() == [("push", "failed", "gone"), ("email", "sent", None)]
    assert endpoints(reader) == []
    assert outbox.counts(north.actor("staff")) == {"sent": 1}
    assert [row.channel for row in tell(north, reader)] == ["inbox", "email"]


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_refused_for_good_is_the_next_channel_s_and_the_device_stays(service, reader, north, status):
    add(north, service.browser())
    service.status["/push/one"] = status
    tell(north, reader)
    work()
    assert states() == [("push", "failed", "refused"), ("email", "sent", None)]
    assert endpoints(reader) == ["one"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(429, "rejected"), (408, "rejected"), (500, "silent"), (307, "silent"), (0, "silent")],
)
def test_trouble_is_tried_again_under_the_same_topic(service, reader, north, status, reason):
    add(north, service.browser("gone"))
    add(north, service.browser())
    service.status |= {"/push/gone": 410, "/push/one": status}
    tell(north, reader)
    work()
    assert states() == [("push", "queued", reason)]
    assert endpoints(reader) == ["one"]
    service.status.clear()
    work(outside()[0].due_at)
    assert states() == [("push", "sent", None)]
    assert len({headers["Topic"] for _path, headers, _body in service.taken}) == 1
    assert {path for path, _headers, _body in service.taken} == {"/push/gone", "/push/one"}


def test_a_service_that_is_away_or_never_answers(service, reader, north, monkeypatch):
    monkeypatch.setattr(push, "TIMEOUT", (0.2, 0.2))
    service.delay = 1
    add(north, service.browser())
    tell(north, reader)
    work()
    assert states() == [("push", "queued", "silent")]
    push._sender.services = {"google": r"http://127\.0\.0\.1:9"}
    devices.of(reader.id)[0].endpoint = "http://127.0.0.1:9/push/one"
    db.session.flush()
    work(NOW + timedelta(minutes=1))
    assert states() == [("push", "queued", "unreachable")]


@pytest.mark.parametrize(
    ("endpoint", "kind"),
    [
        (FCM, "google"),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAAA-_x", "mozilla"),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2b%2fx%3d", "microsoft"),
        ("https://web.push.apple.com/QGuQyavXutnMO_", "apple"),
        ("http://fcm.googleapis.com/fcm/send/x", None),
        ("https://fcm.googleapis.com:8443/fcm/send/x", None),
        ("https://fcm.googleapis.com.evil.example/x", None),
        ("https://fcm.googleapis.com@evil.example/x", None),
        ("https://user:x@fcm.googleapis.com/x", None),
        ("https://fcm.googleapis.com\\@evil.example/x", None),
        ("https://fcm.googleapis.com/x\r\nHost: evil.example", None),
        ("https://fcm.googleapis.com/x\n", None),
        ("https://fcmXgoogleapis.com/x", None),
        ("https://evilnotify.windows.com/x", None),
        ("https://notify.windows.com/x", None),
        ("https://push.apple.com.evil.example/x", None),
        ("https://127.0.0.1/x", None),
        ("https://[::1]/x", None),
        ("file:///etc/passwd", None),
        ("https://fcm.googleapis.com/字", None),
        ("", None),
    ],
)
def test_only_browsers_own_services_are_called(reader, north, endpoint, kind):
    assert push.kind(endpoint) == kind
    asks = {**browsers.Browser(endpoint).asks}
    if kind:
        assert devices.subscribe(north.actor("volunteer"), **asks).endpoint == endpoint
        return
    with pytest.raises(DomainError) as refused:
        devices.subscribe(north.actor("volunteer"), **asks)
    assert (refused.value.code, refused.value.field) == ("device", "endpoint")
    assert push.send(push.Address(**asks), {}, topic="x") == "refused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": ""},
        {"p256dh": "x"},
        {"p256dh": "字"},
        {"p256dh": push.encoded(b"\x04" + b"\x01" * 64)},
        {"p256dh": push.encoded(b"\x04" * 64)},
        {"p256dh": push.encoded(b"\x02" + b"\x01" * 32)},
        {"p256dh": "A" * 5000},
        {"auth": ""},
        {"auth": "AAAA"},
        {"auth": "A" * 5000},
        {"auth": "=" * 22},
    ],
)
def test_keys_that_are_none_are_refused(service, reader, north, wrong):
    with pytest.raises(DomainError) as refused:
        devices.subscribe(north.actor("volunteer"), **{**service.browser().asks, **wrong})
    assert refused.value.code == "device"
    assert endpoints(reader) == []


def test_the_same_browser_again_is_no_second_device(service, reader, north):
    browser = service.browser()
    first = add(north, browser).id
    again = service.browser()
    assert add(north, again).id == first
    tell(north, reader)
    work()
    assert len(service.shown(again)) == 1


def test_a_browser_notifies_whoever_said_so_last(service, reader, north):
    browser = service.browser()
    add(north, browser)
    add(north, browser, "staff")
    assert endpoints(reader) == []
    assert [row.channel for row in tell(north, reader)] == ["inbox", "email"]
    assert len(devices.own(north.actor("staff"))) == 1


def test_the_oldest_of_too_many_goes(service, reader, north):
    for number in range(devices.MOST + 2):
        with time_machine.travel(NOW + timedelta(minutes=number), tick=False):
            add(north, service.browser(str(number)))
    assert endpoints(reader) == ["2", "3", "4", "5", "6"]
    assert devices.own(north.actor("volunteer"))[0].endpoint.endswith("/6")


def test_only_one_s_own_device_can_be_removed_and_it_is_on_record(service, reader, north, south):
    row = add(north, service.browser())
    with pytest.raises(NotFound):
        devices.unsubscribe(north.actor("staff"), device_id=row.id)
    with pytest.raises(Forbidden):
        devices.subscribe(guest(), **service.browser("x").asks)
    devices.unsubscribe(north.actor("volunteer"), device_id=row.id)
    assert endpoints(reader) == []
    on_record = select(AuditEntry.action).where(AuditEntry.subject_id == row.id).order_by(AuditEntry.id)
    assert list(db.session.scalars(on_record)) == ["device.added", "device.removed"]


def test_another_community_sees_no_device(service, reader, north, south):
    row = add(north, service.browser())
    db.session.commit()
    world.enter(south)
    assert db.session.scalars(select(PushSubscription)).all() == []
    assert db.session.execute(text("SELECT count(*) FROM push_subscription")).scalar_one() == 0
    assert not devices.has_any(reader.id)
    with pytest.raises(NotFound):
        devices.unsubscribe(south.actor("staff"), device_id=row.id)


def test_what_lies_in_the_database_is_sealed(service, reader, north):
    browser = service.browser()
    add(north, browser)
    row = db.session.execute(text("SELECT * FROM push_subscription")).mappings().one()
    stored = b"|".join(bytes(row[name]) for name in ("endpoint", "p256dh", "auth"))
    for value in browser.asks.values():
        assert value.encode() not in stored
    assert "127.0.0.1" not in row["endpoint_key"]


def test_turning_it_on_makes_it_the_first_way_unless_it_has_its_place(service, reader, north):
    prefer(north, channels=["email"])
    add(north, service.browser())
    assert preferences.own(north.actor("volunteer")).channels == ["push", "email"]
    prefer(north, channels=["email", "push"])
    add(north, service.browser("two"))
    assert preferences.own(north.actor("volunteer")).channels == ["email", "push"]
    assert [row.channel for row in tell(north, reader)] == ["inbox", "email"]


def test_without_a_key_nobody_is_notified(service, reader, north):
    add(north, service.browser())
    push.configure("", "")
    assert [row.channel for row in tell(north, reader)] == ["inbox", "email"]
    with pytest.raises(DomainError):
        add(north, service.browser("two"))


def test_a_key_that_is_none_stops_the_start(service):
    for wrong in ("x", "AAAA", "!" * 43, push.encoded(b"\0" * 32)):
        with pytest.raises(ValueError):
            push.configure(wrong, "")

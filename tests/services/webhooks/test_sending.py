"""Webhooks over real HTTPS: signed, once, again after failures, never to a private place, and not for ever."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from app import sweep
from services.core import jobs, scope
from services.core.actor import system
from services.core.db import db, transaction
from services.core.errors import Conflict
from services.messages.models import Message
from services.webhooks import deliveries, endpoints, sending, wire
from services.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories import households, receivers, world

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)


def rows():
    found = select(WebhookDelivery).order_by(WebhookDelivery.id)
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def happens(place, count=1, at=NOW):
    """So many households are registered: what waits for the endpoint then."""
    with time_machine.travel(at, tick=False):
        for _ in range(count):
            households.make_household(place)
    return rows()[-count:]


def work(row, at=NOW):
    with time_machine.travel(at, tick=False):
        sending.send(system(row.community_id), row.id)


def test_an_event_arrives_signed_with_ids_and_codes_only(endpoint, receiver, north):
    (row,) = happens(north)
    assert jobs.take_rings()[("webhooks.send", north.id)] == [row.id]
    work(row)
    assert (row.state, row.status, row.error, row.attempts) == ("delivered", 204, None, 1)
    assert endpoint.last_success_at == NOW
    ((headers, body),) = receiver.got
    assert headers["webhook-id"] == str(row.id)
    assert headers["host"].startswith(receivers.HOST)
    with time_machine.travel(NOW):
        Webhook(endpoint.secret).verify(body, headers)
    assert json.loads(body) == {
        "type": "household.registered",
        "timestamp": "2026-11-02T01:00:00+00:00",
        "data": {
            "id": str(row.subject_id),
            "kind": "household",
            "community": "north",
            "href": f"/api/v1/c/north/households/{row.subject_id}",
        },
    }
    work(row, NOW + timedelta(minutes=1))
    assert len(receiver.got) == 1


def test_what_is_undone_is_not_told(endpoint, receiver, north):
    with pytest.raises(ZeroDivisionError), transaction():
        happens(north)
        raise ZeroDivisionError
    assert rows() == []


def test_a_worker_killed_after_the_yes_sends_the_same_once_more(endpoint, receiver, north):
    (row,) = happens(north)
    db.session.commit()
    with pytest.raises(ZeroDivisionError), transaction():
        work(row)
        raise ZeroDivisionError
    work(row)
    assert row.state == "delivered" and row.attempts == 1
    (headers, body), (again, same) = receiver.got
    assert headers["webhook-id"] == again["webhook-id"] and body == same


def test_who_did_not_ask_is_not_told(endpoint, north, south):
    with time_machine.travel(NOW):
        endpoints.change(north.actor("admin"), endpoint_id=endpoint.id, wanted=["pairing.begun"])
        households.make_household(north)
    assert rows() == []


def test_both_secrets_sign_for_a_day(endpoint, receiver, north):
    old = endpoint.secret
    with time_machine.travel(NOW, tick=False):
        endpoints.renew_secret(north.actor("admin"), endpoint_id=endpoint.id, version=1)
        with pytest.raises(Conflict):
            endpoints.renew_secret(north.actor("admin"), endpoint_id=endpoint.id, version=1)
    assert endpoint.secret != old
    for later in (timedelta(hours=23), timedelta(hours=25)):
        (row,) = happens(north, at=NOW + later)
        work(row, NOW + later)
    with time_machine.travel(NOW + timedelta(hours=23)):
        headers, body = receiver.got[0]
        Webhook(old).verify(body, headers)
        Webhook(endpoint.secret).verify(body, headers)
    with time_machine.travel(NOW + timedelta(hours=25)):
        headers, body = receiver.got[1]
        Webhook(endpoint.secret).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(body, headers)


def test_a_failure_is_tried_again_ever_later_under_the_same_id_and_at_last_given_up(
    endpoint, receiver, north
):
    receiver.status = 500
    (row,) = happens(north)
    now = NOW
    for wait in sending.WAITS:
        work(row, now)
        assert row.state == "waiting" and row.error == "refused" and row.status == 500
        assert wait <= row.next_at - now <= wait * 1.2
        work(row, now)  # not yet
        now = row.next_at
    work(row, now)
    assert row.state == "failed" and row.attempts == len(sending.WAITS) + 1 == len(receiver.got)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert now - NOW < sending.GIVEN_UP_AFTER and endpoint.state == "on"


def test_one_that_failed_rests_and_what_waits_is_not_counted_as_tried(endpoint, receiver, north):
    receiver.status = 503
    first, second, third = happens(north, 3)
    work(first)
    work(second)
    assert len(receiver.got) == 1
    assert [(row.attempts, row.next_at >= endpoint.rests_until) for row in rows()[1:]] == [(0, True)] * 2
    receiver.status = 200
    for row in (second, third):
        work(row, row.next_at)
    assert [row.state for row in rows()] == ["waiting", "delivered", "delivered"]
    assert endpoint.rests_until is None and endpoint.failing_since is None


def test_gone_stops_it_at_once_and_the_administrators_are_told(endpoint, receiver, north):
    receiver.status = 410
    first, second = happens(north, 2)
    work(first)
    assert (endpoint.state, endpoint.reason, first.state, first.error) == (
        "stopped",
        "gone",
        "failed",
        "gone",
    )
    work(second)
    assert (second.state, second.error) == ("failed", "stopped") and len(receiver.got) == 1
    told = db.session.scalars(select(Message).where(Message.channel == "inbox")).all()
    assert [(row.template, row.params) for row in told] == [("webhook.gone", {"host": receivers.HOST})]
    assert told[0].path == f"/c/north/settings/webhooks/{endpoint.id}"
    # Nothing is kept while it is stopped.
    happens(north)
    assert len(rows()) == 2
    with pytest.raises(Conflict):
        deliveries.again(north.actor("admin"), endpoint_id=endpoint.id, delivery_id=first.id)
    endpoints.start(north.actor("admin"), endpoint_id=endpoint.id)
    receiver.status = 200
    with time_machine.travel(NOW, tick=False):
        deliveries.again(north.actor("admin"), endpoint_id=endpoint.id, delivery_id=first.id)
    work(first)
    assert first.state == "delivered"
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [str(first.id)] * 2


def test_five_days_of_nothing_but_failures_stop_it(endpoint, receiver, north):
    receiver.status = 500
    for day in range(6):
        (row,) = happens(north, at=NOW + timedelta(days=day))
        work(row, NOW + timedelta(days=day))
        assert endpoint.state == ("on" if day < 5 else "stopped")
    assert db.session.scalars(select(Message.template)).first() == "webhook.failing"


@pytest.mark.parametrize(
    "names, error",
    [
        ([["10.0.0.1"]], "private"),
        ([["93.184.215.14", "169.254.169.254"]], "private"),
        ([["::ffff:127.0.0.2"]], "private"),
        ([[]], "unknown_host"),
    ],
)
def test_a_name_that_leads_inside_is_not_called(endpoint, receiver, north, names, error):
    receiver.names = names
    (row,) = happens(north)
    work(row)
    assert (row.error, row.status, receiver.got) == (error, None, [])


def test_a_name_that_changes_its_mind_is_called_where_it_was_checked(endpoint, receiver, north):
    receiver.names = [[receivers.LOCAL], ["10.0.0.1"]]
    (row,) = happens(north)
    work(row)
    assert row.state == "delivered" and receiver.lookups == [receivers.HOST]


def test_no_redirect_is_followed(endpoint, receiver, north):
    receiver.status, receiver.location = 307, "https://169.254.169.254/latest/meta-data"
    (row,) = happens(north)
    work(row)
    assert (row.error, row.status) == ("redirect", 307)
    assert len(receiver.got) == 1 and receiver.lookups == [receivers.HOST]


def test_another_ones_certificate_is_not_enough(receiver):
    url = receiver.url.replace(receivers.HOST, "other.example.org")
    assert wire.post(url, body=b"{}", headers={}) == wire.Outcome(error="certificate")
    assert receiver.got == []


def test_an_answer_that_drips_ends_in_time(receiver, monkeypatch):
    monkeypatch.setattr(wire, "LIMIT", 0.5)
    receiver.drip = True
    assert wire.post(receiver.url, body=b"{}", headers={}) == wire.Outcome(error="silent")


def test_old_ones_are_forgotten_after_a_month(endpoint, receiver, north):
    first, second = happens(north, 2)
    work(first)
    (third,) = happens(north, at=NOW + timedelta(days=1))
    work(third, NOW + timedelta(days=1))
    work(first, NOW + timedelta(days=30))
    assert rows() == [second, third]


def test_two_workers_at_once_send_one_delivery_once(live_app, receiver, sweeper):
    with live_app.app_context():
        place = world.make_place("north")
        world.enter(place)
        endpoints.add(place.actor("admin"), url=receiver.url, wanted=["household.registered"])
        households.make_household(place)
        db.session.commit()
        (row,) = rows()
        assert sweep.sweep(sweeper).claimed == 1

    def one():
        with live_app.app_context():
            scope.enter(place.id)
            with transaction():
                sending.send(system(place.id), row.id)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.got) == 1
    with live_app.app_context():
        world.enter(place)
        assert [(one.state, one.attempts) for one in rows()] == [("delivered", 1)]
        assert db.session.scalars(select(WebhookEndpoint.failures)).one() == 0

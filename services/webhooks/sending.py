"""Sending: the job behind the deliveries.

Each is one signed POST. What fails is tried again ever later, under the id it has: a worker that dies between the other
side's yes and our commit sends the same once more. An endpoint that has failed rests a while, so that one that is silent
does not keep the worker from everybody else's work; what waits for it waits without being counted as tried.
"""

import json
import random
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from standardwebhooks import Webhook

from services.communities import regions
from services.core import audit, clock, jobs, locks, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, NotFound
from services.webhooks import events, notices, wire
from services.webhooks.models import WebhookDelivery, WebhookEndpoint

# After a try that failed; the last is the last.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
# So that what failed together does not come back together.
JITTER = 0.2
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=5)
KEPT_FOR = timedelta(days=30)

REASONS = {
    "unknown_host": N_("The name in this address is not known."),
    "private": N_("The name in this address leads into a private network."),
    "unreachable": N_("The other system cannot be reached."),
    "certificate": N_("The other system’s certificate is not valid for this address."),
    "silent": N_("The other system did not answer in time, or not with anything usable."),
    "redirect": N_("The other system sent Linli on to another address, which is not followed."),
    "refused": N_("The other system refused it."),
    "gone": N_("The other system says that nothing is there any more."),
    "stopped": N_("The address was not being sent to."),
}


@jobs.job(events.SEND, permission="webhooks.send")
def send(actor: Actor, delivery_id: uuid.UUID) -> None:
    """Send a delivery that is due, put it off, or forget all that are old."""
    try:
        delivery = locks.lock(WebhookDelivery, delivery_id)
    except NotFound:
        return
    now = clock.now()
    if delivery.next_at > now:
        return
    if delivery.state != "waiting":
        _forget_old(now)
        return
    endpoint = locks.get(WebhookEndpoint, delivery.endpoint_id)
    delivery.lease_until = None
    if endpoint.state != "on":
        _end(delivery, "failed", "stopped", now)
    elif endpoint.rests_until is not None and endpoint.rests_until > now:
        _put_off(endpoint, now)
    else:
        body = body_of(delivery)
        outcome = wire.post(endpoint.url, body=body, headers=headers(endpoint, delivery.id, body, now))
        _settle(actor, delivery, outcome, clock.now())
    db.session.flush()


def body_of(delivery: WebhookDelivery) -> bytes:
    """What a receiver reads: the same at every try. Ids and codes only."""
    code = regions.get_community(delivery.community_id).code
    collection = events.COLLECTIONS[delivery.subject_kind]
    data = {
        "id": str(delivery.subject_id),
        "kind": delivery.subject_kind,
        "community": code,
        "href": f"/api/v1/c/{code}/{collection}/{delivery.subject_id}",
    }
    told = {"type": delivery.event, "timestamp": delivery.at.isoformat(), "data": data}
    return json.dumps(told, separators=(",", ":")).encode()


def headers(endpoint: WebhookEndpoint, delivery_id: uuid.UUID, body: bytes, now: datetime) -> dict[str, str]:
    """What says that it is us, by every secret that is valid."""
    secrets = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_until and endpoint.old_until > now:
        secrets.append(endpoint.old_secret)
    signed = (Webhook(secret).sign(str(delivery_id), now, body.decode()) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Linli-Webhooks",
        "webhook-id": str(delivery_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _settle(actor: Actor, delivery: WebhookDelivery, outcome: wire.Outcome, now: datetime) -> None:
    """Write how a try went, on the delivery and then on its endpoint: always in this order."""
    delivery.attempts += 1
    delivery.status, delivery.error, delivery.tried_at = outcome.status, outcome.error, now
    endpoint = locks.lock(WebhookEndpoint, delivery.endpoint_id)
    if outcome.error is None:
        _end(delivery, "delivered", None, now)
        endpoint.last_success_at = now
        endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
        return
    if delivery.attempts > len(WAITS):
        _end(delivery, "failed", outcome.error, now)
    else:
        delivery.next_at = now + WAITS[delivery.attempts - 1] * random.uniform(1, 1 + JITTER)
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    # No more than an hour, however often it failed.
    endpoint.rests_until = now + min(FIRST_REST * 2 ** min(endpoint.failures - 1, 20), LONGEST_REST)
    if outcome.error == "gone":
        _end(delivery, "failed", "gone", now)
        _stop(actor, endpoint, "gone", now)
    elif now - endpoint.failing_since >= GIVEN_UP_AFTER:
        _stop(actor, endpoint, "failing", now)


def _end(delivery: WebhookDelivery, state: str, error: str | None, now: datetime) -> None:
    delivery.state, delivery.error, delivery.next_at = state, error, now + KEPT_FOR


def _stop(actor: Actor, endpoint: WebhookEndpoint, reason: str, now: datetime) -> None:
    """Send there no more until an administrator starts it again, and tell them."""
    if endpoint.state != "on":
        return
    endpoint.state, endpoint.reason = "stopped", reason
    endpoint.version += 1
    audit.record(actor, "webhook.stopped", "webhook_endpoint", endpoint.id, reason=reason)
    notices.tell_administrators(actor, endpoint)
    events.forget()


def _put_off(endpoint: WebhookEndpoint, now: datetime) -> None:
    """Let all that waits for an endpoint wait until it has rested, but what another worker holds just now."""
    assert endpoint.rests_until is not None
    rest = (endpoint.rests_until - now).total_seconds()
    due = (
        select(WebhookDelivery.id)
        .where(
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.state == "waiting",
            WebhookDelivery.next_at <= now,
        )
        .with_for_update(skip_locked=True)
    )
    spread = func.make_interval(0, 0, 0, 0, 0, 0, rest * (1 + JITTER * func.random()))
    db.session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.community_id == scope.community_id(), WebhookDelivery.id.in_(due))
        .values(next_at=now + spread, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def _forget_old(now: datetime) -> None:
    db.session.execute(
        delete(WebhookDelivery)
        .where(WebhookDelivery.state != "waiting", WebhookDelivery.next_at <= now)
        .execution_options(synchronize_session=False)
    )


# The same condition as the sweeper's policy in the migration.
jobs.sweep("webhook_delivery", due="next_at <= now()", order="next_at", job=events.SEND)

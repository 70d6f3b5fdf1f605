"""The log of what an endpoint was told, and telling it again."""

import uuid

from sqlalchemy import func, select

from services.core import audit, clock, jobs, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, NotFound
from services.webhooks import endpoints, events
from services.webhooks.models import WebhookDelivery, WebhookEndpoint

STATES = ("waiting", "delivered", "failed")


def log(
    actor: Actor,
    *,
    endpoint_id: uuid.UUID | str,
    state: str = "",
    after: str | None = None,
    limit: int = 50,
) -> paging.Page[WebhookDelivery]:
    """What an endpoint was told in the last weeks, the newest first. Raises Forbidden, NotFound."""
    endpoint = endpoints.get(actor, endpoint_id=endpoint_id)
    rows = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id)
    if state:
        rows = rows.where(WebhookDelivery.state == state)
    return paging.newest_first(rows, WebhookDelivery.id, after=after, limit=limit)


def counts(actor: Actor) -> dict[uuid.UUID, dict[str, int]]:
    """How many deliveries each endpoint has, by state. Raises Forbidden."""
    permissions.require(actor, endpoints.PERMISSION)
    found: dict[uuid.UUID, dict[str, int]] = {}
    kinds = WebhookDelivery.endpoint_id, WebhookDelivery.state
    for endpoint_id, state, number in db.session.execute(select(*kinds, func.count()).group_by(*kinds)):
        found.setdefault(endpoint_id, {})[state] = number
    return found


def again(actor: Actor, *, endpoint_id: uuid.UUID | str, delivery_id: uuid.UUID | str) -> WebhookDelivery:
    """Send a delivery once more under its id, at once. Raises Forbidden, NotFound, Conflict when nothing is sent there now."""
    endpoint = endpoints.get(actor, endpoint_id=endpoint_id)
    delivery = locks.lock(WebhookDelivery, delivery_id)
    if delivery.endpoint_id != endpoint.id:
        raise NotFound()
    _wake(endpoint)
    delivery.state, delivery.next_at, delivery.lease_until = "waiting", clock.now(), None
    delivery.attempts, delivery.error = 0, None
    audit.record(actor, "webhook.resent", "webhook_delivery", delivery.id)
    db.session.flush()
    jobs.ring(events.SEND, delivery.community_id, delivery.id)
    return delivery


def send_test(actor: Actor, *, endpoint_id: uuid.UUID | str) -> WebhookDelivery:
    """Send an event that only says that it is a test. Raises Forbidden, NotFound, Conflict when nothing is sent there now."""
    endpoint = endpoints.get(actor, endpoint_id=endpoint_id)
    _wake(endpoint)
    told = events.tell(
        [endpoint.id],
        event=events.TEST,
        at=clock.now(),
        subject_kind="webhook_endpoint",
        subject_id=endpoint.id,
    )
    return told[0]


def _wake(endpoint: WebhookEndpoint) -> None:
    """Try an endpoint at once, though it may rest. A delivery is locked before its endpoint, here as by the job."""
    row = locks.lock(WebhookEndpoint, endpoint.id)
    if row.state != "on":
        raise Conflict("webhook_not_on", N_("Nothing is sent to this address at the moment. Start it first."))
    row.rests_until = None

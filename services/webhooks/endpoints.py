"""The endpoints of a community: added, changed, paused and removed by its administrators."""

import base64
import os
import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select

from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.webhooks import addresses, events
from services.webhooks.models import WebhookEndpoint

PERMISSION = "webhooks.manage"
MOST = 10
# For how long the secret before the present one signs too.
BOTH_FOR = timedelta(hours=24)
SECRET_BYTES = 32


def listed(actor: Actor) -> Sequence[WebhookEndpoint]:
    """The community's endpoints, the first added first. Raises Forbidden."""
    permissions.require(actor, PERMISSION)
    rows = select(WebhookEndpoint).where(WebhookEndpoint.state != "removed")
    return db.session.scalars(rows.order_by(WebhookEndpoint.id)).all()


def get(actor: Actor, *, endpoint_id: uuid.UUID | str) -> WebhookEndpoint:
    """An endpoint. Raises Forbidden, NotFound."""
    permissions.require(actor, PERMISSION)
    return _there(locks.get(WebhookEndpoint, endpoint_id))


def add(actor: Actor, *, url: str, wanted: Collection[str]) -> WebhookEndpoint:
    """Tell another system at `url` of `wanted` events from now on. Raises Forbidden, DomainError."""
    permissions.require(actor, PERMISSION)
    url, wanted = addresses.checked(url), _known(wanted)
    # Two that come at once: the second sees the first.
    locks.advisory("webhooks", actor.community_id or 0)
    there = listed(actor)
    if any(row.url == url for row in there):
        raise DomainError(
            "webhook_twice", N_("This address is in the list already. Change its events there."), field="url"
        )
    if len(there) >= MOST:
        raise DomainError(
            "webhook_many",
            N_("There are %(most)s addresses already, which is all there can be. Remove one first."),
            field="url",
            most=MOST,
        )
    row = WebhookEndpoint(url=url, events=wanted, secret=_new_secret())
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "webhook.added", "webhook_endpoint", row.id, events=wanted)
    events.forget()
    return row


def change(
    actor: Actor, *, endpoint_id: uuid.UUID | str, wanted: Collection[str], version: int | None = None
) -> WebhookEndpoint:
    """Tell of other events from now on. Raises Forbidden, NotFound, DomainError, Conflict."""
    row = _locked(actor, endpoint_id, version)
    row.events = _known(wanted)
    return _changed(actor, row, "webhook.changed", events=row.events)


def renew_secret(
    actor: Actor, *, endpoint_id: uuid.UUID | str, version: int | None = None
) -> WebhookEndpoint:
    """Sign with a new secret, and for BOTH_FOR with the one before it too. Raises Forbidden, NotFound, Conflict."""
    row = _locked(actor, endpoint_id, version)
    row.old_secret, row.old_until = row.secret, clock.now() + BOTH_FOR
    row.secret = _new_secret()
    return _changed(actor, row, "webhook.secret_renewed")


def pause(actor: Actor, *, endpoint_id: uuid.UUID | str) -> WebhookEndpoint:
    """Send nothing until it is started again, and keep nothing meanwhile. Raises Forbidden, NotFound."""
    row = _locked(actor, endpoint_id)
    if row.state != "on":
        return row
    row.state = "paused"
    return _changed(actor, row, "webhook.paused")


def start(actor: Actor, *, endpoint_id: uuid.UUID | str) -> WebhookEndpoint:
    """Send again. Raises Forbidden, NotFound."""
    row = _locked(actor, endpoint_id)
    if row.state == "on":
        return row
    row.state, row.reason = "on", ""
    row.failures, row.failing_since, row.rests_until = 0, None, None
    return _changed(actor, row, "webhook.started")


def remove(actor: Actor, *, endpoint_id: uuid.UUID | str) -> None:
    """Forget the address and its secrets. Raises Forbidden, NotFound."""
    row = _locked(actor, endpoint_id)
    row.state, row.url, row.secret, row.old_secret, row.old_until = "removed", "", "", None, None
    _changed(actor, row, "webhook.removed")


def _locked(actor: Actor, endpoint_id: uuid.UUID | str, version: int | None = None) -> WebhookEndpoint:
    permissions.require(actor, PERMISSION)
    row = _there(locks.lock(WebhookEndpoint, endpoint_id))
    if version not in (None, row.version):
        raise Conflict(
            "webhook_changed",
            N_("Somebody has changed this address meanwhile. Look at it as it is now, then try again."),
        )
    return row


def _changed(actor: Actor, row: WebhookEndpoint, action: str, **details: object) -> WebhookEndpoint:
    row.version += 1
    audit.record(actor, action, "webhook_endpoint", row.id, **details)
    db.session.flush()
    events.forget()
    return row


def _there(row: WebhookEndpoint) -> WebhookEndpoint:
    if row.state == "removed":
        raise NotFound()
    return row


def _known(wanted: Collection[str]) -> list[str]:
    found = [event for event in events.EVENTS if event in wanted]
    if not found:
        raise DomainError(
            "webhook_events", N_("Choose at least one event to tell this address of."), field="events"
        )
    return found


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(os.urandom(SECRET_BYTES)).decode()

"""Webhooks for programs: an administrator's endpoints, their secrets, and what was told to them."""

import uuid
from typing import Any

from flask import g

from app.api.area import Area
from app.api.bodies import body
from app.auth import allow
from app.webhooks.api_schemas import DeliveryQuery, DeliverySchema, WebhookSchema, WebhookSecretSchema
from app.webhooks.schemas import AddressSchema, EventsSchema
from services.core.paging import Page
from services.webhooks import deliveries, endpoints
from services.webhooks.models import WebhookDelivery, WebhookEndpoint

bp = Area("webhooks", __name__, "Which addresses hear of what happens, and what they were told.")

WEBHOOK = "/webhooks/<uuid:endpoint_id>"


@bp.lists("/webhooks", WebhookSchema)
@allow("webhooks.manage")
def list_webhooks(asked: dict[str, Any]) -> Page[WebhookEndpoint]:
    """The community's addresses, all in one part."""
    return Page(endpoints.listed(g.actor), None)


@bp.creates("/webhooks", WebhookSecretSchema, body(AddressSchema))
@allow("webhooks.manage")
def add_webhook(data: dict[str, Any]) -> WebhookEndpoint:
    """Tell an address of events from now on; its secret is shown here only."""
    return endpoints.add(g.actor, url=data["url"], wanted=data["events"])


@bp.shows(WEBHOOK, WebhookSchema)
@allow("webhooks.manage")
def show_webhook(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """An address."""
    return endpoints.get(g.actor, endpoint_id=endpoint_id)


@bp.changes(WEBHOOK, WebhookSchema, body(EventsSchema, without=("version",)), WebhookEndpoint, show_webhook)
@allow("webhooks.manage")
def change_webhook(data: dict[str, Any], endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Tell it of other events."""
    return endpoints.change(g.actor, endpoint_id=endpoint_id, wanted=data["events"])


@bp.removes(WEBHOOK, WebhookEndpoint, show_webhook, WebhookSchema)
@allow("webhooks.manage")
def remove_webhook(endpoint_id: uuid.UUID) -> None:
    """Forget the address and its secrets."""
    endpoints.remove(g.actor, endpoint_id=endpoint_id)


@bp.acts(f"{WEBHOOK}/renew-secret", WebhookSecretSchema)
@allow("webhooks.manage")
def renew_webhook_secret(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Sign with a new secret, and with the one before it for a day."""
    return endpoints.renew_secret(g.actor, endpoint_id=endpoint_id)


@bp.acts(f"{WEBHOOK}/pause", WebhookSchema)
@allow("webhooks.manage")
def pause_webhook(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Send nothing, and keep nothing, until it is started."""
    return endpoints.pause(g.actor, endpoint_id=endpoint_id)


@bp.acts(f"{WEBHOOK}/start", WebhookSchema)
@allow("webhooks.manage")
def start_webhook(endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Send again."""
    return endpoints.start(g.actor, endpoint_id=endpoint_id)


@bp.acts(f"{WEBHOOK}/test", DeliverySchema)
@allow("webhooks.manage")
def test_webhook(endpoint_id: uuid.UUID) -> WebhookDelivery:
    """Send an event that only says that it is a test."""
    return deliveries.send_test(g.actor, endpoint_id=endpoint_id)


@bp.lists(f"{WEBHOOK}/deliveries", DeliverySchema, DeliveryQuery)
@allow("webhooks.manage")
def list_deliveries(asked: dict[str, Any], endpoint_id: uuid.UUID) -> Page[WebhookDelivery]:
    """What it was told in the last weeks, the newest first."""
    return deliveries.log(g.actor, endpoint_id=endpoint_id, **asked)


@bp.acts(f"{WEBHOOK}/deliveries/<uuid:delivery_id>/again", DeliverySchema)
@allow("webhooks.manage")
def send_delivery_again(endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> WebhookDelivery:
    """Send it once more under its id."""
    return deliveries.again(g.actor, endpoint_id=endpoint_id, delivery_id=delivery_id)

"""What programs read about webhooks. An endpoint's address may hold a key, and is shown to the administrator alone."""

from marshmallow import Schema, fields, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN
from services.core.errors import N_
from services.webhooks.deliveries import STATES


class WebhookSchema(Schema):
    """An address that hears of events."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    state = fields.String(required=True, validate=validate.OneOf(("on", "paused", "stopped")))
    reason = fields.String(required=True, metadata={"description": "Why Linli stopped it."})
    old_until = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Until when the secret before signs too."}
    )
    last_success_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class WebhookSecretSchema(WebhookSchema):
    """An address with the secret its events are signed with; shown this once."""

    secret = fields.String(required=True)


class DeliverySchema(Schema):
    """One event as told to one address; its id is the `webhook-id`."""

    id = fields.UUID(required=True)
    event = fields.String(required=True)
    at = fields.DateTime(required=True)
    subject_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    attempts = fields.Integer(required=True)
    next_at = fields.DateTime(required=True)
    tried_at = fields.DateTime(required=True, allow_none=True)
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "What was answered last."}
    )
    error = fields.String(required=True, allow_none=True)


class DeliveryQuery(ListQuery):
    """Which deliveries."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(("", *STATES), error=N_("Please choose from the list.")),
        error_messages={**PLAIN},
    )

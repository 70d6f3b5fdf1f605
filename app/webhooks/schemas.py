"""Forms of webhooks."""

from typing import Any

from marshmallow import fields, post_load

from app.forms import PLAIN, FormSchema, choices, text, whole
from services.webhooks import addresses, events


class _Chosen(FormSchema):
    """Events one by one, or all of them, which without scripts is a tick of its own."""

    events = choices(events.EVENTS)
    all = fields.Boolean(load_default=False, error_messages={**PLAIN})

    @post_load
    def _all(self, given: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        if given.pop("all"):
            given["events"] = list(events.EVENTS)
        return given


class EventsSchema(_Chosen):
    """Which events an address hears of; `version` is what the form showed."""

    version = whole(1, 2**31 - 1, required=False)


class AddressSchema(_Chosen):
    """Where events go, and which."""

    url = text(addresses.LONGEST)


class SecretSchema(FormSchema):
    """The `version` of an address for which a new secret is asked."""

    version = whole(1, 2**31 - 1)

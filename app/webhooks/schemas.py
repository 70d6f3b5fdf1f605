"""Forms of webhooks."""

from app.forms import FormSchema, choices, text, whole
from services.webhooks import addresses, events


class EventsSchema(FormSchema):
    """Which events an address hears of; `version` is what the form showed."""

    events = choices(events.EVENTS)
    version = whole(1, 2**31 - 1, required=False)


class AddressSchema(FormSchema):
    """Where events go, and which."""

    url = text(addresses.LONGEST)
    events = choices(events.EVENTS)


class SecretSchema(FormSchema):
    """The `version` of an address for which a new secret is asked."""

    version = whole(1, 2**31 - 1)

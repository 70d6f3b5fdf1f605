"""The words of webhooks on pages."""

from flask_babel import gettext as _

from services.core.errors import N_
from services.webhooks import events, sending
from services.webhooks.models import WebhookEndpoint

# What an event's name begins with, by the heading it stands under.
GROUPS = (
    (N_("Households, needs and ledgers"), ("household", "need", "ledger")),
    (N_("Volunteers"), ("volunteer",)),
    (N_("Matching and pairings"), ("run", "proposal", "pairing")),
    (N_("Visits"), ("visit",)),
    (N_("Units, pledges and projects"), ("unit", "pledge", "allocation", "delivery", "project")),
    (N_("Small wishes"), ("wish",)),
)
ENDPOINT_STATES = {
    "on": (N_("Sending"), "good"),
    "paused": (N_("Paused"), "wait"),
    "stopped": (N_("Stopped by Linli"), "bad"),
}
STATES = {
    "waiting": (N_("On its way"), "wait"),
    "delivered": (N_("Arrived"), "good"),
    "failed": (N_("Failed"), "bad"),
}
STOPPED = {
    "gone": N_("The other system says that nothing is there any more."),
    "failing": N_("Nothing has arrived there for five days."),
}


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The events to choose from, under their headings."""
    return [
        (
            _(heading),
            [(code, _(name)) for code, name in events.EVENTS.items() if code.partition(".")[0] in begins],
        )
        for heading, begins in GROUPS
    ]


def event(code: str) -> str:
    """An event in words; one that there is no more by its code."""
    return _(events.NAMES[code]) if code in events.NAMES else code


def endpoint_state(row: WebhookEndpoint) -> tuple[str, str]:
    """The state of an endpoint in words, and its tone."""
    if row.state == "on" and row.failures:
        return _("Failing"), "warn"
    name, tone = ENDPOINT_STATES[row.state]
    return _(name), tone


def reason(code: str | None) -> str:
    """Why a try failed; "" when it did not."""
    return _(sending.REASONS[code]) if code in sending.REASONS else code or ""

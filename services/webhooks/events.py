"""What other systems can hear of: a choice of the audit's actions, each told to every endpoint that asked for it.

A delivery is written in the transaction of its cause, so what is undone is not told and what is done is not forgotten.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from services.core import audit, clock, jobs, scope
from services.core.db import db
from services.core.errors import N_
from services.webhooks.models import WebhookDelivery, WebhookEndpoint

SEND = "webhooks.send"
TEST = "webhook.test"

EVENTS: dict[str, str] = {
    "household.registered": N_("A household was registered"),
    "household.closed": N_("A household was closed"),
    "household.reopened": N_("A household is served again"),
    "household.merged_into": N_("Two files of one household were put together"),
    "need.added": N_("A need was added by the office"),
    "need.asked": N_("A household asked for help"),
    "need.changed": N_("A need was changed"),
    "need.closed": N_("A need was closed"),
    "volunteer.applied": N_("Somebody applied as a volunteer"),
    "volunteer.registered": N_("A volunteer was registered"),
    "volunteer.approved": N_("A volunteer was approved"),
    "volunteer.state": N_("A volunteer pauses, is back or has left"),
    "volunteer.merged_into": N_("Two files of one volunteer were put together"),
    "ledger.imported": N_("A ledger was imported"),
    "run.published": N_("The proposals of a run were published"),
    "proposal.offered": N_("A volunteer offered to help a household"),
    "proposal.answered": N_("A proposal was answered"),
    "pairing.begun": N_("A pairing began"),
    "pairing.ended": N_("A pairing ended"),
    "visit.noted": N_("A visit was noted"),
    "visit.confirmed": N_("A visit was confirmed"),
    "visit.disputed": N_("A visit was disputed"),
    "visit.corrected": N_("A visit was corrected"),
    "visit.withdrawn": N_("A visit was withdrawn"),
    "unit.added": N_("A unit was added"),
    "pledge.made": N_("A pledge was made"),
    "pledge.withdrawn": N_("A pledge was withdrawn"),
    "allocation.made": N_("Part of a pledge was allocated"),
    "allocation.released": N_("An allocation was released"),
    "delivery.signed": N_("A delivery was signed for"),
    "delivery.returned": N_("Something delivered came back"),
    "project.planned": N_("A project was planned"),
    "project.published": N_("A project was published"),
    "project.done": N_("A project is done"),
    "project.stopped": N_("A project was stopped"),
    "wish.asked": N_("A household told the office of a small wish"),
    "wish.added": N_("A small wish was added by the office"),
    "wish.opened": N_("A household’s small wish was made public"),
    "wish.claimed": N_("A small wish was taken on"),
    "wish.fulfilled": N_("A small wish was fulfilled"),
    "wish.confirmed": N_("A small wish came true"),
    "wish.closed": N_("A small wish was closed"),
}
NAMES = EVENTS | {TEST: N_("A test")}

# In which collection of the API what an event is about is found.
COLLECTIONS = {
    "household": "households",
    "need": "needs",
    "volunteer": "volunteers",
    "ledger_import": "imports",
    "matching_run": "matching-runs",
    "proposal": "proposals",
    "pairing": "pairings",
    "visit": "visits",
    "unit": "units",
    "pledge": "pledges",
    "allocation": "allocations",
    "project": "projects",
    "wish": "wishes",
    "webhook_endpoint": "webhooks",
}


@audit.hear
def note(entry: audit.AuditEntry) -> None:
    """Write what is to be told of an entry, and ring for it."""
    if entry.action in EVENTS and entry.subject_id is not None:
        tell(
            _listening().get(entry.action, ()),
            event=entry.action,
            at=entry.at,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
        )


def tell(
    endpoints: Iterable[uuid.UUID], *, event: str, at: datetime, subject_kind: str, subject_id: uuid.UUID
) -> list[WebhookDelivery]:
    """Write an event's deliveries, flushed, and ring for them."""
    rows = [
        WebhookDelivery(
            endpoint_id=endpoint_id,
            event=event,
            at=at,
            subject_kind=subject_kind,
            subject_id=subject_id,
            next_at=clock.now(),
        )
        for endpoint_id in endpoints
    ]
    if rows:
        db.session.add_all(rows)
        db.session.flush()
    for row in rows:
        jobs.ring(SEND, row.community_id, row.id)
    return rows


def _listening() -> dict[str, list[uuid.UUID]]:
    """Which endpoints hear of which events; looked up once for whatever a session does."""
    kept = scope.memory()
    if "webhooks" not in kept:
        rows = select(WebhookEndpoint.id, WebhookEndpoint.events).where(WebhookEndpoint.state == "on")
        found: dict[str, list[uuid.UUID]] = {}
        for endpoint_id, wanted in db.session.execute(rows):
            for event in wanted:
                found.setdefault(event, []).append(endpoint_id)
        kept["webhooks"] = found
    return kept["webhooks"]


def forget() -> None:
    """Look anew who listens: an endpoint was changed."""
    scope.memory().pop("webhooks", None)

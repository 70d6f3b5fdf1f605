"""What a provider reports afterwards about a text it took: it arrived, it did not, or its address does not exist."""

import uuid

from sqlalchemy import select

from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.messages import channels, preferences
from services.messages.models import Message

EVENTS = ("message.delivered", "message.failed", "message.bounced")
# A queued one was taken by a provider that a worker did not live to hear.
OPEN = ("queued", "sent")


def note(actor: Actor, *, event: str, reference: uuid.UUID) -> None:
    """Note what became of the text known as `reference`; of one that is unknown, or that was reported before, nothing.

    Raises Forbidden.
    """
    permissions.require(actor, "messages.send")
    first = db.session.scalars(select(Message).where(Message.reference == reference).limit(1)).one_or_none()
    if first is None or event not in EVENTS:
        return
    channels.alone_with(first.account_id)
    rows = db.session.scalars(
        select(Message)
        .where(Message.reference == reference, Message.state.in_(OPEN))
        .order_by(Message.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    now = clock.now()
    for row in rows:
        row.sent_at = row.sent_at or now
    if event == "message.delivered":
        for row in rows:
            row.state, row.error, row.lease_until = "delivered", None, None
    elif event == "message.failed":
        for row in rows:
            channels.fail(row, "undelivered")
    elif rows:
        preferences.block(first.account_id, first.channel)
        for row in rows:
            channels.fail(row, "bounced")
        # Another channel may have taken over: the office is told all the same, once, so that the address is put right.
        rows[0].noticed_at = None
    db.session.flush()

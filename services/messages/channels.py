"""Which way a message goes: the first that its reader wants and can be reached by; when it fails for good, the next."""

import uuid
import zlib

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.core import clock, jobs, locks
from services.core.db import db
from services.core.errors import NotFound
from services.messages import devices, gateway, preferences
from services.messages.models import Message, Preference
from services.people import accounts
from services.people.models import Account

SEND = preferences.SEND


def alone_with(account_id: uuid.UUID) -> None:
    """Wait until nobody else sends to this person or decides about what was sent; comes before any lock on the rows.

    Not a lock on a row of the person's: it is held while a provider answers, and pages must not wait for that.
    """
    locks.advisory("messages", zlib.crc32(account_id.bytes) - 2**31)


def reachable(account: Account, preference: Preference) -> list[str]:
    """The external channels by which an account can be reached, as it wants them."""
    if not account.active:
        return []
    has = {
        "push": "push" in preference.channels and devices.has_any(account.id),
        "email": account.email,
        "sms": account.phone and gateway.is_configured(),
        "chat": preference.chat_url,
    }
    return [code for code in preference.channels if has.get(code) and code not in preference.blocked]


def of_reader(account_id: uuid.UUID) -> list[str]:
    """The external channels by which a reader can be reached; none when the account is no longer here."""
    try:
        return reachable(accounts.get_account(account_id), preferences.of(account_id))
    except NotFound:
        return []


def fail(message: Message, reason: str) -> None:
    """Give a message up on its channel and hand it to the next one; without one it is the office's."""
    message.state, message.error, message.lease_until = "failed", reason, None
    used = set(db.session.scalars(select(Message.channel).where(Message.key == message.key)))
    left = [code for code in of_reader(message.account_id) if code not in used]
    if left:
        message.noticed_at = clock.now()
        _instead(message, left[0])
    db.session.flush()


def _instead(message: Message, channel: str) -> None:
    copied = ("account_id", "template", "params", "language", "key", "path", "subject_kind", "subject_id")
    row = {name: getattr(message, name) for name in copied} | {
        "community_id": message.community_id,
        "channel": channel,
        "state": "queued",
        "due_at": clock.now(),
    }
    made = db.session.scalars(
        insert(Message).values(row).on_conflict_do_nothing().returning(Message.id)
    ).one_or_none()
    if made is not None:
        jobs.ring(SEND, message.community_id, made)

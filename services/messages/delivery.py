"""Sending: the job behind the outbox.

What is due for one person by one channel leaves as one text. First the rows are bound together under one reference, and
that is committed; then the text is handed over under this reference and the rows are marked. So a worker that dies
between the provider's yes and our commit sends the same text again under the same reference, by which the provider
knows it. What fails is tried again ever later, always under the reference it has, and what comes meanwhile waits behind
it, to leave as one text too. After ATTEMPTS, or when refused for good, the next channel has its turn.
"""

import smtplib
import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from flask_mailman import EmailMessage
from sqlalchemy import select

from services.communities import regions
from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, NotFound
from services.messages import channels, chat, devices, gateway, preferences, texts, waiting, wordings
from services.messages.models import Message, Preference
from services.people import accounts
from services.people.models import Account

SEND = preferences.SEND
ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)

REASONS = {
    "no_address": N_("The account has no such address any more."),
    "unwanted": N_("This person no longer wants this channel."),
    "bounced": N_("The address does not exist, as its provider says."),
    "undelivered": N_("It was sent and did not arrive."),
    "refused": N_("The address is refused."),
    "rejected": N_("The message was not taken."),
    "unreachable": N_("The server that sends it cannot be reached."),
    "silent": N_("The server that sends it did not answer."),
    "gone": N_("This person’s devices take no notifications any more."),
    "broken": N_("The message could not be put together."),
}
FOR_GOOD = ("no_address", "unwanted", "bounced", "refused", "gone")


@jobs.job(SEND, permission="messages.send")
def send(actor: Actor, message_id: uuid.UUID) -> None:
    """Send a message that is due with all that is due beside it, or bind them together, or say until when they wait."""
    message = locks.get(Message, message_id)
    if not _is_due(message, clock.now()):
        return
    channels.alone_with(message.account_id)
    queued, now = _queued(message), clock.now()
    if message not in queued or message.due_at > now:
        return
    community = regions.get_community(message.community_id)
    preference = preferences.of(message.account_id)
    rows = _next(queued, now)
    under_way_until = min(row.due_at for row in rows)
    if held := waiting.until(preference, now, community.zone):
        _hold({message, *rows}, *held)
    elif under_way_until > now:
        _hold({message}, under_way_until, "behind")
    elif waiting.crowded(community, now):
        waiting.spread(community, now)
    elif rows[0].reference is None:
        for row in rows:
            row.reference = rows[0].id
        jobs.ring(SEND, message.community_id, message.id)
    else:
        _send(rows, preference, now)
        if message not in rows:
            jobs.ring(SEND, message.community_id, message.id)
    db.session.flush()


def _is_due(message: Message, now: datetime) -> bool:
    return message.state == "queued" and message.due_at <= now


def _queued(message: Message) -> Sequence[Message]:
    """All that is queued for the reader of a message by its channel, read afresh and locked; itself when it still is."""
    statement = select(Message).where(
        Message.account_id == message.account_id,
        Message.channel == message.channel,
        Message.state == "queued",
    )
    locked = statement.order_by(Message.id).with_for_update(key_share=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _next(queued: Sequence[Message], now: datetime) -> Sequence[Message]:
    """The rows of the text that is next: the one under way, else all that are due."""
    under_way = next((row.reference for row in queued if row.reference), None)
    return [row for row in queued if (row.reference == under_way if under_way else row.due_at <= now)]


def _hold(rows: Collection[Message], until: datetime, why: str) -> None:
    for row in rows:
        row.due_at, row.error, row.lease_until = until, why, None


def _send(rows: Sequence[Message], preference: Preference, now: datetime) -> None:
    said = list(zip(rows, wordings.spoken(rows), strict=True))
    _settle([row for row, text in said if text is None], "broken", now)
    whole = [(row, text) for row, text in said if text is not None]
    if whole:
        _settle([row for row, _ in whole], _hand_over(whole, preference), now)


def _hand_over(said: texts.Said, preference: Preference) -> str | None:
    """Hand one text to whoever sends it; a code of REASONS when that fails."""
    message = said[0][0]
    try:
        account = accounts.get_account(message.account_id)
    except NotFound:
        return "no_address"
    if message.channel in preference.blocked:
        return "bounced"
    if message.channel not in preference.channels:
        return "unwanted"
    if message.channel not in channels.reachable(account, preference):
        return "no_address"
    if message.channel == "email":
        return _by_email(said, account)
    if message.channel == "push":
        return _by_push(said)
    if message.channel == "sms":
        reference = f"{message.community_id}.{message.reference}"
        return gateway.send(reference=reference, to=account.phone or "", text=texts.short(said))
    return None if chat.send(preference.chat_url or "", texts.short(said)) else "rejected"


def _by_push(said: texts.Said) -> str | None:
    message = said[0][0]
    inbox = f"/c/{regions.get_community(message.community_id).code}/messages/"
    topic = (message.reference or message.id).hex
    return devices.notify(message.account_id, texts.neutral(said, inbox) | {"tag": topic}, topic=topic)


def _by_email(said: texts.Said, account: Account) -> str | None:
    text = texts.long(said)
    headers = {"Message-ID": f"<{said[0][0].reference}@{texts.host()}>", "Auto-Submitted": "auto-generated"}
    try:
        email = EmailMessage(text.subject, text.body + "\n", to=[account.email], headers=headers)
        email.message()
        connection = email.get_connection()
    except Exception:
        # Words and values of a message never reach the log; the code on the row is enough to find it.
        return "broken"
    try:
        connection.open()
    except smtplib.SMTPResponseException:
        return "rejected"
    except (OSError, smtplib.SMTPException):
        return "unreachable"
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return "refused" if all(code >= 500 for code in codes) else "rejected"
    except smtplib.SMTPServerDisconnected:
        return "silent"
    except smtplib.SMTPException:
        return "rejected"
    except OSError:
        return "silent"
    finally:
        # What the server took stays taken, however it says goodbye.
        with suppress(OSError):
            connection.close()
    return None


def _settle(rows: Sequence[Message], reason: str | None, now: datetime) -> None:
    """Write on rows that leave together how it went."""
    tries = max((row.attempts for row in rows), default=0) + 1
    for row in rows:
        row.lease_until, row.error = None, reason
        if reason is None:
            row.state, row.sent_at = "sent", now
            continue
        row.attempts += 1
        row.due_at = now + FIRST_WAIT * 2 ** (tries - 1)
        if reason in FOR_GOOD or row.attempts >= ATTEMPTS:
            channels.fail(row, reason)


# The same condition as the sweeper's policy in migration 0003.
jobs.sweep("message", due="state = 'queued' and due_at <= now()", order="due_at", job=SEND)

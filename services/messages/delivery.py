"""Sending e-mail: the job behind the outbox.

At least once: a worker that dies between the mail server's yes and our commit sends again, under the same
Message-ID, which is the row's id. What fails is tried again ever later, and after ATTEMPTS staff see why.
"""

import smtplib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask_mailman import EmailMessage

from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, NotFound
from services.messages import templates
from services.messages.models import Message
from services.people import accounts
from services.people.models import Account

SEND = "messages.send"
ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)

REASONS = {
    "no_address": N_("The account has no e-mail address any more."),
    "refused": N_("The mail server refuses this address."),
    "rejected": N_("The mail server did not take the message."),
    "unreachable": N_("The mail server cannot be reached."),
    "broken": N_("The message could not be put together."),
}


@dataclass
class Site:
    """Where the pages that messages link to are."""

    address: str = "http://localhost:8000"


_site = Site()


def configure(address: str) -> None:
    """Links in messages begin with `address` (scheme and host)."""
    _site.address = address.rstrip("/")


@jobs.job(SEND, permission="messages.send")
def send(actor: Actor, message_id: uuid.UUID) -> None:
    """Send one message if it still waits and is due; what goes wrong is written on the row."""
    message = locks.lock(Message, message_id)
    now = clock.now()
    if message.state != "queued" or message.due_at > now:
        return
    reason = _try(message)
    message.lease_until = None
    if reason is None:
        message.state, message.sent_at, message.error = "sent", now, None
    else:
        message.attempts += 1
        message.error = reason
        message.due_at = now + FIRST_WAIT * 2 ** (message.attempts - 1)
        if reason in ("refused", "no_address") or message.attempts >= ATTEMPTS:
            message.state = "failed"
    db.session.flush()


def _try(message: Message) -> str | None:
    """Hand the message to the mail server; a code of REASONS when that fails."""
    try:
        account = accounts.get_account(message.account_id)
    except NotFound:
        return "no_address"
    if not account.email or not account.active:
        return "no_address"
    try:
        email = compose(message, account)
    except Exception:
        # Words and values of a message never reach the log; the code on the row is enough to find it.
        return "broken"
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return "refused" if all(code >= 500 for code in codes) else "rejected"
    except smtplib.SMTPServerDisconnected:
        return "unreachable"
    except smtplib.SMTPException:
        return "rejected"
    except OSError:
        return "unreachable"
    return None


def compose(message: Message, account: Account) -> EmailMessage:
    """The e-mail of a row: plain text, the link to open, and a Message-ID that is the row's own."""
    text = templates.render(message.template, message.language, message.params)
    body = text.body
    if message.path:
        body += f"\n\n{_site.address}{message.path}"
    host = urlsplit(_site.address).hostname or "localhost"
    headers = {"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"}
    # A line break in a name must not become a header of its own.
    return EmailMessage(" ".join(text.subject.split()), body + "\n", to=[account.email], headers=headers)


# The same condition as the sweeper's policy in migration 0003.
jobs.sweep("message", due="state = 'queued' and due_at <= now()", order="due_at", job=SEND)

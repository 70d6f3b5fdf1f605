"""One's inbox, what the office's people were sent, and the development mailbox."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import auth, mailbox
from app.auth import allow
from services.core.errors import N_, NotFound
from services.messages import delivery, inbox, outbox, templates
from services.people import accounts, memberships

# Bare routes: the mailbox is no community's.
bp = Blueprint("messages", __name__)

Page = str | Response

STATES = {"queued": N_("Waiting"), "sent": N_("Sent"), "failed": N_("Failed")}
STATE_TONES = {"queued": "wait", "sent": "good", "failed": "bad"}


@bp.get("/c/<community>/messages/", endpoint="inbox")
@allow("messages.read_own")
def index() -> Page:
    """What I was told."""
    page = inbox.page(g.actor, after=request.args.get("after"))
    return render_template(
        "messages/inbox.html",
        rows=list(zip(page.rows, inbox.words(page.rows), strict=True)),
        next_url=url_for("messages.inbox", after=page.next) if page.next else None,
    )


@bp.post("/c/<community>/messages/<uuid:message_id>/open")
@allow("messages.read_own")
def open_message(message_id: uuid.UUID) -> Page:
    """Mark as read and go to the page it is about."""
    message = inbox.open_message(g.actor, message_id=message_id)
    return redirect(message.path or url_for("messages.inbox"), 303)


@bp.post("/c/<community>/messages/read")
@allow("messages.read_own")
def read_all() -> Page:
    """Mark everything as read."""
    inbox.mark_all_read(g.actor)
    flash(_("Everything is marked as read."), "success")
    return redirect(url_for("messages.inbox"), 303)


@bp.get("/c/<community>/messages/sent")
@allow("messages.outbox")
def sent() -> Page:
    """What was sent to whom by e-mail, and what failed and why; never the words."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = outbox.sent(g.actor, state=state, after=request.args.get("after"))
    return render_template(
        "messages/sent.html",
        rows=page.rows,
        names=accounts.names({message.account_id for message in page.rows}),
        state=state,
        states=STATES,
        titles={row.template: templates.title(row.template, str(get_locale())) for row in page.rows},
        tones=STATE_TONES,
        reasons=delivery.REASONS,
        counts=outbox.counts(g.actor),
        development=mailbox.is_development(),
        next_url=url_for("messages.sent", state=state or None, after=page.next) if page.next else None,
    )


@bp.post("/c/<community>/messages/<uuid:message_id>/retry")
@allow("messages.outbox")
def retry(message_id: uuid.UUID) -> Page:
    """Send a failed message again."""
    outbox.retry(g.actor, message_id=message_id)
    flash(_("It is being sent again."), "success")
    return redirect(url_for("messages.sent"), 303)


@bp.get("/dev/mailbox")
@allow("signed_in_anywhere")
def mailbox_page() -> Page:
    """Without a mail server: the e-mails that would have gone out, to the office all, to others their own.

    With one this page does not exist.
    """
    account = auth.account()
    if account is None or not mailbox.is_development():
        raise NotFound()
    roles = frozenset[str]().union(
        *memberships.communities_of(account.id).values(), *memberships.regions_of(account.id).values()
    )
    everything = bool(roles & {"staff", "admin", "operator"})
    letters = [letter for letter in mailbox.letters() if everything or letter.to == account.email]
    return render_template("messages/mailbox.html", letters=letters)

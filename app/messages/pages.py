"""One's inbox, what the office's people were sent, and the development mailbox."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app import auth, forms, mailbox
from app.auth import allow
from app.messages import Page, bp, devices, hooks, reach, settings, words
from services.core.errors import NotFound
from services.followups import dead_letters
from services.messages import delivery, inbox, outbox, templates, waiting
from services.people import accounts, memberships

__all__ = ["bp", "dead_letters", "devices", "hooks", "reach", "settings"]


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
    """What was sent to whom by which channel, what waits, what failed, and why; never the words."""
    state = request.args.get("state", "")
    state = state if state in words.STATES else ""
    message_id = forms.id_of(request.args.get("message"))
    page = outbox.sent(g.actor, state=state, message_id=message_id, after=request.args.get("after"))
    return render_template(
        "messages/sent.html",
        rows=page.rows,
        names=accounts.names({message.account_id for message in page.rows}),
        lost=outbox.lost(page.rows),
        state=state,
        one=message_id is not None,
        states=words.STATES,
        channels=words.CHANNELS,
        titles={row.template: templates.title(row.template, str(get_locale())) for row in page.rows},
        tones=words.TONES,
        reasons=delivery.REASONS,
        waits=waiting.WAITS,
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
    """Without a mail server: the e-mails and SMS that would have gone out, to the office all, to others their own.

    With one this page does not exist.
    """
    account = auth.account()
    if account is None or not mailbox.is_development():
        raise NotFound()
    roles = frozenset[str]().union(
        *memberships.communities_of(account.id).values(), *memberships.regions_of(account.id).values()
    )
    everything = bool(roles & {"staff", "admin", "operator"})
    letters = [
        letter for letter in mailbox.letters() if everything or letter.to in (account.email, account.phone)
    ]
    return render_template("messages/mailbox.html", letters=letters)

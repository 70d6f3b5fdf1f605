"""Messages for programs: one's own inbox and how one is reached; what left for the office's people."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.messages import api_wordings
from app.messages.api_area import bp
from app.messages.api_schemas import (
    MarkedSchema,
    MessageSchema,
    PreferenceChangeSchema,
    PreferenceSchema,
    SentQuery,
    SentSchema,
)
from app.messages.schemas import AgainSchema
from services.core.paging import Page
from services.messages import inbox, outbox, preferences
from services.messages.models import Message, Preference
from services.messages.templates import Text

__all__ = ["api_wordings", "bp"]


@dataclass(frozen=True)
class Told:
    """A message with its words."""

    row: Message
    text: Text


def _told(rows: Sequence[Message]) -> list[Told]:
    return [Told(row, text) for row, text in zip(rows, inbox.words(rows), strict=True)]


@bp.lists("/messages", MessageSchema)
@allow("messages.read_own")
def list_messages(asked: dict[str, Any]) -> Page[Told]:
    """What one was told, the newest first."""
    page = inbox.page(g.actor, **asked)
    return Page(_told(page.rows), page.next)


@bp.shows("/messages/<uuid:message_id>", MessageSchema)
@allow("messages.read_own")
def show_message(message_id: uuid.UUID) -> Told:
    """A message to oneself; looking does not mark it as read."""
    return _told([inbox.get_message(g.actor, message_id)])[0]


@bp.acts("/messages/<uuid:message_id>/read", MessageSchema)
@allow("messages.read_own")
def read_message(message_id: uuid.UUID) -> Told:
    """Mark a message as read."""
    return _told([inbox.open_message(g.actor, message_id=message_id)])[0]


@bp.acts("/messages/read-all", MarkedSchema)
@allow("messages.read_own")
def read_all_messages() -> dict[str, int]:
    """Mark everything as read."""
    return {"count": inbox.mark_all_read(g.actor)}


@bp.shows("/messages/preference", PreferenceSchema)
@allow("messages.read_own")
def show_preference() -> Preference:
    """How one is reached from this community."""
    return preferences.own(g.actor)


@bp.changes(
    "/messages/preference",
    PreferenceSchema,
    body(PreferenceChangeSchema, partial=True),
    lambda: preferences.kept(preferences.account_of(g.actor)),
    show_preference,
)
@allow("messages.read_own")
def change_preference(data: dict[str, Any]) -> Preference:
    """Change how one is reached; what is left out stays. An empty chat address removes it."""
    return preferences.save(g.actor, **preferences.facts(g.actor) | data)


@bp.acts("/messages/preference/try-again", PreferenceSchema, body(AgainSchema))
@allow("messages.read_own")
def try_channel_again(data: dict[str, Any]) -> Preference:
    """Use a channel again that did not work."""
    preferences.try_again(g.actor, **data)
    return preferences.own(g.actor)


@bp.lists("/sent-messages", SentSchema, SentQuery)
@allow("messages.outbox")
def list_sent_messages(asked: dict[str, Any]) -> Page[Message]:
    """What left or was to leave for the community's people, the newest first."""
    return outbox.sent(g.actor, **asked)


@bp.shows("/sent-messages/<uuid:message_id>", SentSchema)
@allow("messages.outbox")
def show_sent_message(message_id: uuid.UUID) -> Message:
    """A text that left or was to leave."""
    return outbox.get_sent(g.actor, message_id)


@bp.acts("/sent-messages/<uuid:message_id>/retry", SentSchema)
@allow("messages.outbox")
def retry_message(message_id: uuid.UUID) -> Message:
    """Send a failed text again."""
    return outbox.retry(g.actor, message_id=message_id)

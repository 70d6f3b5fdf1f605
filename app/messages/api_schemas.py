"""What programs read and send about messages."""

from marshmallow import Schema, fields, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN, FormSchema, choices, text
from app.messages.schemas import NO_TIME
from services.core.errors import N_
from services.messages.models import EXTERNAL

STATES = ("queued", "sent", "delivered", "failed")


class MessageSchema(Schema):
    """What one was told, in the words and the language one was told it in."""

    id = fields.UUID(required=True, attribute="row.id")
    code = fields.String(
        required=True, attribute="row.template", metadata={"description": "What kind of message."}
    )
    subject = fields.String(required=True, attribute="text.subject")
    body = fields.String(required=True, attribute="text.body")
    language = fields.String(required=True, attribute="row.language")
    path = fields.String(
        required=True, attribute="row.path", metadata={"description": "The page it is about, or empty."}
    )
    told_at = fields.DateTime(required=True, attribute="row.due_at")
    read_at = fields.DateTime(required=True, attribute="row.read_at", allow_none=True)


class MarkedSchema(Schema):
    """How many were marked as read."""

    count = fields.Integer(required=True)


class SentSchema(Schema):
    """A text that left or was to leave the product; never its words."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    code = fields.String(required=True, attribute="template")
    channel = fields.String(required=True, validate=validate.OneOf(EXTERNAL))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    error = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it waits or failed, as a code."}
    )
    due_at = fields.DateTime(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)


class SentQuery(ListQuery):
    """Which texts."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(STATES, error=N_("Please choose from the list.")),
        metadata={"description": "failed: by every channel."},
    )
    message_id = fields.UUID(
        load_default=None,
        error_messages={**PLAIN},
        metadata={"description": "This one, by every channel it was tried by."},
    )


class PreferenceSchema(Schema):
    """How one is reached. The chat's address is not shown."""

    channels = fields.List(fields.String(validate=validate.OneOf(EXTERNAL)), required=True)
    quiet_from = fields.Time("%H:%M", required=True, allow_none=True)
    quiet_until = fields.Time("%H:%M", required=True, allow_none=True)
    digest = fields.Boolean(required=True, metadata={"description": "All of a day at once, in the morning."})
    blocked = fields.List(
        fields.String(validate=validate.OneOf(EXTERNAL)),
        required=True,
        metadata={"description": "Channels whose address does not exist."},
    )


class PreferenceChangeSchema(FormSchema):
    """How one wants to be reached, the first channel first."""

    channels = choices(EXTERNAL)
    quiet_from = fields.Time("%H:%M", allow_none=True, error_messages={**PLAIN, "invalid": NO_TIME})
    quiet_until = fields.Time("%H:%M", allow_none=True, error_messages={**PLAIN, "invalid": NO_TIME})
    digest = fields.Boolean(error_messages={**PLAIN})
    chat_url = text(200, required=False)


class WordingLineSchema(Schema):
    """A kind of message, and whether the community says it in its own words."""

    code = fields.String(required=True)
    own = fields.Boolean(required=True)


class TextSchema(Schema):
    """Words with placeholders in braces."""

    subject = fields.String(required=True)
    body = fields.String(required=True)


class WordingRowSchema(Schema):
    """A message's words in both languages."""

    code = fields.String(required=True)
    subject_zh = fields.String(required=True)
    body_zh = fields.String(required=True)
    subject_en = fields.String(required=True)
    body_en = fields.String(required=True)
    placeholders = fields.List(fields.String(), required=True)


class PreviewSchema(Schema):
    """The words filled with examples."""

    zh = fields.Nested(TextSchema, required=True)
    en = fields.Nested(TextSchema, required=True)

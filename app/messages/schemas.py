"""Forms of messages: how one is reached, a community's words, and how fast it sends."""

from marshmallow import fields

from app.forms import FormSchema, choice, text, whole
from services.core.errors import N_
from services.messages.models import EXTERNAL
from services.messages.wordings import BODY_LENGTH, SUBJECT_LENGTH
from services.people.accounts import LANGUAGES

NO_TIME = N_("This is not a time of day, such as 21:30.")


class ReachSchema(FormSchema):
    """How one wants to be reached."""

    first = choice(EXTERNAL, required=False)
    second = choice(EXTERNAL, required=False)
    third = choice(EXTERNAL, required=False)
    fourth = choice(EXTERNAL, required=False)
    quiet_from = fields.Time("%H:%M", load_default=None, error_messages={"invalid": NO_TIME})
    quiet_until = fields.Time("%H:%M", load_default=None, error_messages={"invalid": NO_TIME})
    digest = choice(("1",), required=False)
    language = choice(LANGUAGES, required=False)
    chat_url = text(200, required=False)


class AgainSchema(FormSchema):
    """A channel to use again."""

    channel = choice(EXTERNAL)


class DeviceSchema(FormSchema):
    """A browser's subscription, as it gives it to the page's script."""

    endpoint = text(1000, required=False)
    p256dh = text(100, required=False)
    auth = text(40, required=False)


class RateSchema(FormSchema):
    """How many texts leave the community in a minute."""

    messages_a_minute = whole(1, 10000)


class WordingSchema(FormSchema):
    """A message's words in both languages."""

    subject_zh = text(SUBJECT_LENGTH)
    body_zh = text(BODY_LENGTH)
    subject_en = text(SUBJECT_LENGTH)
    body_en = text(BODY_LENGTH)

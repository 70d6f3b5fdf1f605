"""Forms of access: a token for a program."""

from marshmallow import fields

from app.forms import PLAIN, FormSchema, day, text


class TokenSchema(FormSchema):
    """A name for it, what it may do (the service knows what there is), and its last day."""

    title = text(60)
    scopes = fields.List(text(60), load_default=list, error_messages={**PLAIN})
    expires_on = day()

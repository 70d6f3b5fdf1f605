"""What programs read about tokens. The secret is in the answer that makes one, and never again."""

from marshmallow import Schema, fields


class TokenRowSchema(Schema):
    """A token of an account, known by its visible beginning."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    title = fields.String(required=True)
    prefix = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    expires_on = fields.Date(required=True, metadata={"description": "Its last day."})
    created_at = fields.DateTime(required=True)
    used_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Written at most once an hour."}
    )
    revoked_at = fields.DateTime(required=True, allow_none=True)


class NewTokenSchema(Schema):
    """A new token with its secret, shown this once."""

    id = fields.UUID(required=True, attribute="token.id")
    secret = fields.String(required=True)
    token = fields.Nested(TokenRowSchema, required=True)

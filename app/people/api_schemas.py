"""What programs read about accounts and members. How an account is reached is in none of it."""

from marshmallow import Schema, fields, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN, FormSchema, choice
from services.core.errors import N_
from services.core.permissions import ROLES
from services.people.accounts import LANGUAGES
from services.people.memberships import COMMUNITY_ROLES


class MemberRowSchema(Schema):
    """An account's role in the community, from a day until a day, both included."""

    id = fields.UUID(required=True, attribute="row.id")
    account_id = fields.UUID(required=True, attribute="row.account_id")
    name = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, attribute="row.role", validate=validate.OneOf(ROLES))
    since = fields.Date(required=True, attribute="row.since")
    until = fields.Date(required=True, attribute="row.until", allow_none=True)


class MemberQuery(ListQuery):
    """Which members."""

    role = fields.String(
        load_default="",
        validate=validate.OneOf((*COMMUNITY_ROLES, "applicant"), error=N_("Please choose from the list.")),
        error_messages={**PLAIN},
    )


class OwnAccountSchema(Schema):
    """Whom a request is by."""

    id = fields.UUID(required=True, attribute="row.id")
    name = fields.String(required=True, attribute="row.name")
    language = fields.String(required=True, attribute="row.language", validate=validate.OneOf(LANGUAGES))
    big_text = fields.Boolean(required=True, attribute="row.big_text")
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), required=True)


class AccountSettingsSchema(FormSchema):
    """What a person sets for himself."""

    language = choice(LANGUAGES)
    big_text = fields.Boolean(error_messages={**PLAIN})

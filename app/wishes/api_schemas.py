"""What programs read about small wishes: helpers without whose they are, the office and the household with everything."""

from typing import Any

from marshmallow import Schema, fields, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN
from services.core.errors import N_
from services.wishes import wishes

_SIDES = ("", "office", "household")
_ANY = fields.String(
    load_default="",
    validate=validate.OneOf(("", *wishes.STATES), error=N_("Please choose from the list.")),
)


def _state(**more: Any) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(wishes.STATES), **more)


class ClaimRowSchema(Schema):
    """Who has taken a wish on, and how far it is."""

    account_id = fields.UUID(required=True)
    claimed_on = fields.Date(required=True)
    fulfilled_on = fields.Date(required=True, allow_none=True)
    confirmed_on = fields.Date(required=True, allow_none=True)
    confirmed_by = fields.String(required=True, validate=validate.OneOf(_SIDES))


class OwnWishSchema(Schema):
    """A wish of the own household."""

    id = fields.UUID(required=True, attribute="wish.id")
    kind = fields.String(required=True, attribute="wish.kind")
    text = fields.String(required=True, attribute="wish.text")
    worth = fields.Integer(required=True, allow_none=True, attribute="wish.worth")
    state = _state(attribute="wish.state")
    close_reason = fields.String(required=True, attribute="wish.close_reason")


class WishRowSchema(OwnWishSchema):
    """A wish, whose it is, and who has taken it on (as whose person)."""

    household_id = fields.UUID(required=True, attribute="wish.household_id")
    claim = fields.Nested(ClaimRowSchema, required=True, allow_none=True)
    unit = fields.String(required=True)


class OpenWishSchema(Schema):
    """A wish that somebody could fulfil, without a word of whose it is."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    text = fields.String(required=True)
    worth = fields.Integer(required=True, allow_none=True)
    estate = fields.String(required=True)


class OwnClaimSchema(Schema):
    """A wish one has taken on; `pairing_id` when it is of a household one helps, else the office hands it over."""

    id = fields.UUID(required=True, attribute="wish.id")
    kind = fields.String(required=True, attribute="wish.kind")
    text = fields.String(required=True, attribute="wish.text")
    worth = fields.Integer(required=True, allow_none=True, attribute="wish.worth")
    state = _state(attribute="wish.state")
    claimed_on = fields.Date(required=True, attribute="claim.claimed_on")
    fulfilled_on = fields.Date(required=True, allow_none=True, attribute="claim.fulfilled_on")
    confirmed_on = fields.Date(required=True, allow_none=True, attribute="claim.confirmed_on")
    pairing_id = fields.UUID(required=True, allow_none=True)


class WishQuery(ListQuery):
    """Which wishes."""

    state = _ANY
    kind = fields.String(load_default="")
    household_id = fields.UUID(load_default=None, error_messages={**PLAIN})


class OpenWishQuery(ListQuery):
    """Open wishes of which kind; of every kind when it is left out."""

    kind = fields.String(load_default="")


class ClaimQuery(ListQuery):
    """All of what one has taken on, or what waits to be fulfilled."""

    only_open = fields.Boolean(load_default=False, error_messages={**PLAIN})

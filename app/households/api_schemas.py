"""What programs read about households. Phone, door, birthdays, notes and categories are revealed one by one, never listed."""

from marshmallow import Schema, fields, missing, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN, WeekTicks
from services.core.errors import N_
from services.households.registration import STATES

HOUSEHOLD_STATES = (*STATES, "merged")


class HouseholdLineSchema(Schema):
    """A household in a list."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    building_id = fields.UUID(required=True)
    entrance = fields.String(required=True)
    places = fields.Integer(required=True, metadata={"description": "How many helpers may serve it."})
    state = fields.String(required=True, validate=validate.OneOf(HOUSEHOLD_STATES))


class HouseholdSchema(HouseholdLineSchema):
    """A household."""

    people = fields.Integer(required=True, allow_none=True)
    languages = fields.List(fields.String(), required=True)
    circumstances = fields.List(fields.String(), required=True)
    gender_wish = fields.String(required=True)
    created_at = fields.DateTime(required=True)


class ResidentRowSchema(Schema):
    """Somebody who lives in a household."""

    id = fields.UUID(required=True)
    household_id = fields.UUID(required=True)
    name = fields.String(required=True)
    gender = fields.String(required=True)
    head = fields.Boolean(required=True)


class NeedRowSchema(Schema):
    """What a household lacks."""

    id = fields.UUID(required=True)
    household_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    hours = fields.Float(
        required=True, allow_none=True, metadata={"description": "A week; in all when `once`."}
    )
    times = fields.Integer(required=True, allow_none=True)
    once = fields.Boolean(required=True)
    week = WeekTicks(required=True, load_default=missing)
    urgency = fields.Integer(required=True, metadata={"description": "1 (can wait) to 5 (now)."})
    state = fields.String(required=True, validate=validate.OneOf(("asked", "open", "met", "closed")))
    met_on = fields.Date(required=True, allow_none=True)
    close_reason = fields.String(required=True)


class FactSchema(Schema):
    """A private fact in clear; empty when it is not recorded."""

    value = fields.String(required=True)


class HouseholdQuery(ListQuery):
    """Which households."""

    state = fields.String(
        load_default="active",
        validate=validate.OneOf(STATES, error=N_("Please choose from the list.")),
        error_messages={**PLAIN},
    )
    building_id = fields.UUID(load_default=None, error_messages={**PLAIN})
    kind = fields.String(load_default="", metadata={"description": "With an open need of this kind."})
    in_need = fields.Boolean(load_default=False, error_messages={**PLAIN})
    without_consent = fields.Boolean(load_default=False, error_messages={**PLAIN})

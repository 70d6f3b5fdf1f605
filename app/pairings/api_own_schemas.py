"""What helpers and households read about their own proposals and pairings: no points, and of the other side no answer."""

from flask import g
from marshmallow import Schema, fields, missing

from app.forms import WeekTicks
from app.pairings.api_schemas import made


class OwnProposalSchema(Schema):
    """A proposal, for one of its sides. A helper reads the building, not who lives there."""

    id = fields.UUID(required=True, attribute="row.id")
    side = made(lambda one: one.side_of(g.actor), "string", "null")
    volunteer_id = fields.UUID(required=True, attribute="row.volunteer_id")
    household_id = fields.UUID(required=True, attribute="row.household_id")
    helper = fields.String(required=True, attribute="volunteer.name")
    building_id = fields.UUID(required=True, attribute="household.building_id")
    needs = fields.List(fields.UUID(), required=True, attribute="row.needs")
    state = fields.String(required=True, attribute="row.state")


class OwnPairingSchema(Schema):
    """A pairing that lives or ended less than a week ago, for one of its sides or who stands in for the helper."""

    id = fields.UUID(required=True, attribute="row.id")
    side = made(lambda one: one.side_of(g.actor), "string", "null")
    volunteer_id = fields.UUID(required=True, attribute="row.volunteer_id")
    household_id = fields.UUID(required=True, attribute="row.household_id")
    helper = fields.String(required=True, attribute="volunteer.name")
    household = fields.String(required=True, attribute="household.name")
    building_id = fields.UUID(required=True, attribute="household.building_id")
    entrance = fields.String(required=True, attribute="household.entrance")
    kind = fields.String(required=True, attribute="row.kind")
    started_on = fields.Date(required=True, attribute="row.started_on")
    ended_on = fields.Date(required=True, allow_none=True, attribute="row.ended_on")


class NeedToMeetSchema(Schema):
    """A need that the helper could meet."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    urgency = fields.Integer(required=True)


class FitSchema(Schema):
    """A household that the helper could help."""

    household_id = fields.UUID(required=True)
    building_id = fields.UUID(required=True, attribute="building.id")
    needs = fields.List(fields.Nested(NeedToMeetSchema), required=True)
    travel = fields.Integer(required=True, metadata={"description": "Metres."})
    any_time = made(lambda fit: fit.together is None, "boolean")
    together = WeekTicks(required=True, load_default=missing)


class AsideSchema(Schema):
    """How many households are not shown, and what is in the way."""

    code = fields.String(required=True)
    count = fields.Integer(required=True)
    what = fields.List(fields.String(), required=True)


class NearSchema(Schema):
    """What a helper finds nearby. `full`: all places are taken, so he can look but not offer."""

    full = fields.Boolean(required=True)
    first = fields.Integer(required=True)
    number = fields.Integer(required=True, metadata={"description": "In all."})
    kinds = made(lambda found: found.kinds, "object")
    fits = fields.List(fields.Nested(FitSchema), required=True)
    aside = fields.List(fields.Nested(AsideSchema), required=True)

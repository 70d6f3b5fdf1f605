"""What programs read about figures of giving."""

from marshmallow import Schema, fields

from app.pledges.api_schemas import BenefitRowSchema, one_of
from services.pledges import offers


class RoomDaySchema(Schema):
    """When a room is free on a day: each span from–to in minutes of the day."""

    pledge_id = fields.UUID(required=True, attribute="pledge.id")
    unit_id = fields.UUID(required=True, attribute="unit.id")
    day = fields.Date(required=True)
    spans = fields.List(fields.List(fields.Integer()), required=True)


class FreeSchema(Schema):
    """What is free of a pledge from `first` to `last` of a week, in its measure."""

    pledge_id = fields.UUID(required=True, attribute="pledge.id")
    unit_id = fields.UUID(required=True, attribute="unit.id")
    measure = fields.String(required=True, attribute="pledge.measure")
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    free = fields.Integer(required=True)


class FreeWeekSchema(Schema):
    """What is free in a week: rooms by day, what renews, and what is there in all."""

    monday = fields.Date(required=True)
    rooms = fields.List(fields.Nested(RoomDaySchema), required=True)
    renewing = fields.List(fields.Nested(FreeSchema), required=True)
    stock = fields.List(fields.Nested(FreeSchema), required=True)


class SumSchema(Schema):
    """What several pledges came to together, in one measure."""

    measure = fields.String(required=True)
    pledges = fields.Integer(required=True)
    promised = fields.Integer(required=True)
    delivered = fields.Integer(required=True)


class ThemeSumSchema(SumSchema):
    """What the pledges of a theme came to, in one measure."""

    theme = one_of(("", *offers.THEMES), attribute="of")


class UnitSumSchema(SumSchema):
    """What a unit's pledges came to, in one measure."""

    unit = fields.String(required=True, attribute="of")


class YearSchema(Schema):
    """What all units gave in a year."""

    year = fields.Integer(required=True)
    themes = fields.List(fields.Nested(ThemeSumSchema), required=True)
    units = fields.List(fields.Nested(UnitSumSchema), required=True)


class PledgeYearSchema(Schema):
    """What one pledge came to in a year."""

    pledge_id = fields.UUID(required=True, attribute="pledge.id")
    item = fields.String(required=True, attribute="pledge.item")
    theme = one_of(("", *offers.THEMES), attribute="pledge.theme")
    measure = fields.String(required=True, attribute="pledge.measure")
    promised = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    households = fields.Integer(required=True)


class UnitYearSchema(Schema):
    """What a unit's pledges came to in a year, to how many households and projects, and what it got in return."""

    unit_id = fields.UUID(required=True, attribute="unit.id")
    year = fields.Integer(required=True)
    handed_over = fields.Integer(required=True)
    households = fields.Integer(required=True)
    projects = fields.Integer(required=True)
    parts = fields.List(fields.Nested(PledgeYearSchema), required=True)
    themes = fields.List(fields.Nested(ThemeSumSchema), required=True)
    benefits = fields.List(fields.Nested(BenefitRowSchema), required=True)

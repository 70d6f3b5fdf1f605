"""What programs read of figures, of what waits, and of what has happened."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, validate


class WaitingSchema(Schema):
    """One kind of thing that waits for somebody in a role, and how many."""

    role = fields.String(required=True, validate=validate.OneOf(("volunteer", "resident", "unit", "office")))
    code = fields.String(required=True)
    count = fields.Integer(required=True)


class FigureSchema(Schema):
    """A figure of the community now; `part` is a code (an urgency, a kind of need), empty without parts."""

    code = fields.String(required=True)
    part = fields.String(required=True)
    number = fields.Integer(required=True)


class HoursSchema(Schema):
    """Confirmed hours of a month, by its first day."""

    month = fields.Date(required=True)
    hours = fields.Integer(required=True)


class MonthlyReportSchema(Schema):
    """One month: what happened, and how things stood on `counted_on` (null: nobody counted then)."""

    month = fields.Date(required=True, metadata={"description": "Its first day."})
    over = fields.Boolean(required=True)
    happened = fields.Dict(fields.String(), fields.Integer(), required=True)
    counted_on = fields.Date(required=True, allow_none=True)
    stood = fields.Dict(fields.String(), fields.Integer(), required=True)
    unmet = fields.Dict(
        fields.String(),
        fields.Integer(),
        required=True,
        metadata={"description": "Open needs without a helper, by kind."},
    )
    hours = fields.List(fields.Nested(HoursSchema), required=True)


def _plain(facts: Any) -> dict[str, Any]:
    """Facts as JSON; rows and names that pages show beside their ids are left out."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, uuid.UUID | Decimal):
            found[name] = str(value)
        elif isinstance(value, date | datetime):
            found[name] = value.isoformat()
        elif isinstance(value, str | int | None) and name not in ("by", "to", "plan"):
            found[name] = value
    return found


class HappenedSchema(Schema):
    """One thing that happened. `about` is the row that tells of it; of some only the day is known."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    at = fields.DateTime(required=True)
    by_day = fields.Boolean(required=True)
    about = fields.UUID(required=True)
    helper = fields.String(required=True)
    household = fields.String(
        required=True,
        metadata={"description": "As the reader may see it: its name, its building, or nothing."},
    )
    facts = fields.Function(lambda line: _plain(line.facts), required=True, metadata={"type": "object"})


class PlaceSchema(Schema):
    """A community, a street or the whole region; a small count is withheld (null), one of several communities is rounded."""

    kind = fields.String(required=True, validate=validate.OneOf(("community", "region")))
    code = fields.String(required=True, metadata={"description": "A community's code, a region's number."})
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    total = fields.Boolean(required=True)
    counted = fields.Boolean(required=True)
    figures = fields.Dict(fields.String(), fields.Integer(allow_none=True), required=True)
    unmet = fields.Dict(fields.String(), fields.Integer(allow_none=True), required=True)
    pledged = fields.Dict(fields.String(), fields.Integer(allow_none=True), required=True)


class RollUpSchema(Schema):
    """What a region is told of its communities, as of a whole day."""

    day = fields.Date(required=True, allow_none=True)
    places = fields.List(fields.Nested(PlaceSchema), required=True)

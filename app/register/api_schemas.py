"""What programs read and send about the register: who is found, who may be there twice, what was decided."""

from marshmallow import Schema, fields, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN, FormSchema, choice, choices, text
from services.core.errors import N_
from services.register.fields import FIELDS, HEAD
from services.register.likeness import REASONS

KINDS = tuple(FIELDS)
VERDICTS = ("same", "different")
ALL_FIELDS = tuple(dict.fromkeys([*FIELDS["household"], *FIELDS["volunteer"], *HEAD]))


class TextSchema(FormSchema):
    """Part of a name, pinyin, initials, a whole phone or its last four digits."""

    text = text(60)


class PersonSchema(Schema):
    """A household or a helper, as far as the register shows it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    building_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True)


class HitSchema(Schema):
    """Somebody found."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    row = fields.Nested(PersonSchema, required=True)
    resident = fields.String(
        required=True, metadata={"description": "Who lives there, when that name was found."}
    )
    near = fields.Integer(
        required=True, metadata={"description": "0 what was asked, 1 it begins so, 2 a part of it."}
    )


class FoundSchema(Schema):
    """Who was found, the nearest first."""

    hits = fields.List(fields.Nested(HitSchema), required=True)
    more = fields.Boolean(required=True, metadata={"description": "There are others: ask for more of it."})


class AlikeSchema(Schema):
    """Two that look like one, the older first."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    one = fields.Nested(PersonSchema, required=True)
    other = fields.Nested(PersonSchema, required=True)
    reasons = fields.List(fields.String(validate=validate.OneOf(REASONS)), required=True)


class AlikeQuery(ListQuery):
    """Which pairs."""

    kind = fields.String(
        load_default="household",
        validate=validate.OneOf(KINDS, error=N_("Please choose from the list.")),
        error_messages={**PLAIN},
    )


class DecisionSchema(Schema):
    """What was decided about two: the same (the other was put into the kept one) or different."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    kept_id = fields.UUID(required=True)
    other_id = fields.UUID(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(VERDICTS))
    decided_by = fields.UUID(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    undone_at = fields.DateTime(required=True, allow_none=True)


class MergeSchema(FormSchema):
    """Two of one kind: which one stays, and in which fields the other's value is the right one."""

    kind = choice(KINDS)
    kept_id = fields.UUID(required=True, error_messages={**PLAIN})
    other_id = fields.UUID(required=True, error_messages={**PLAIN})
    take = choices(ALL_FIELDS)


class ApartSchema(FormSchema):
    """Two of one kind."""

    kind = choice(KINDS)
    one_id = fields.UUID(required=True, error_messages={**PLAIN})
    other_id = fields.UUID(required=True, error_messages={**PLAIN})

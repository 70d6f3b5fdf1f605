"""What programs read about a community, its buildings and its words."""

from marshmallow import Schema, fields, validate

from app.communities.schemas import CommunitySchema, TermSchema
from app.forms import PLAIN, text
from services.core.errors import N_

LONG = N_("Please shorten this: it is too long.")


class CommunityRowSchema(Schema):
    """What the community says of itself."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    zone = fields.String(required=True, metadata={"description": "Its IANA time zone."})
    estates = fields.List(fields.String(), required=True)
    households_total = fields.Integer(required=True)
    people_total = fields.Integer(required=True)
    floating_total = fields.Integer(required=True)
    messages_a_minute = fields.Integer(required=True)


class BuildingSchema(Schema):
    """A building; where it stands in metres on the community's own plane, once that is known."""

    id = fields.UUID(required=True)
    estate = fields.String(required=True)
    number = fields.String(required=True)
    x = fields.Float(required=True, allow_none=True)
    y = fields.Float(required=True, allow_none=True)


class WordListSchema(Schema):
    """A word list."""

    code = fields.String(required=True)
    open = fields.Boolean(required=True, metadata={"description": "Whether the community may change it."})


class WordSchema(Schema):
    """A word: its code, which never changes, and what it is called."""

    code = fields.String(required=True)
    name = fields.String(required=True, attribute="zh")
    name_en = fields.String(required=True, attribute="en")
    synonyms = fields.List(
        fields.String(), required=True, metadata={"description": "What ledgers call it too."}
    )
    offered = fields.Function(
        lambda term: not term.hidden,
        required=True,
        metadata={"type": "boolean", "description": "For choice."},
    )
    own = fields.Boolean(required=True, metadata={"description": "The community's own."})


class CommunityFactsSchema(CommunitySchema):
    """The community's names and totals."""

    estates = fields.List(
        text(60), load_default=list, error_messages={**PLAIN}, validate=validate.Length(max=100, error=LONG)
    )


class WordFactsSchema(TermSchema):
    """A word's names, and further words that ledgers use."""

    words = fields.List(
        text(20), load_default=list, error_messages={**PLAIN}, validate=validate.Length(max=30, error=LONG)
    )

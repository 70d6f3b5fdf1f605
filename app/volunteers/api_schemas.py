"""What programs read and send about helpers. Phone, birthday and note are revealed one by one, never shown."""

from typing import Any

from marshmallow import Schema, fields, missing, post_load, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN, FormSchema, OfList, WeekTicks, day, text, whole
from app.volunteers.schemas import SKILLS, ProfileSchema, StaffSchema
from services.core.errors import N_
from services.volunteers import profiles
from services.volunteers.facts import LEVELS

STATES = (*profiles.STATES, "merged")


def _skills(**more: Any) -> fields.Dict:
    told = {"description": "Code of a skill → 1 (can), 2 (well) or 3 (trained)."}
    return fields.Dict(
        keys=fields.String(validate=OfList(SKILLS, N_("Please choose from the list."))),
        values=fields.Integer(validate=validate.OneOf(LEVELS, error=N_("A level is 1, 2 or 3."))),
        metadata=told,
        error_messages={**PLAIN},
        **more,
    )


class OwnFactsSchema(ProfileSchema):
    """What a helper says of himself."""

    building_id = fields.UUID(load_default=None, allow_none=True, error_messages={**PLAIN})
    skills = _skills(load_default=dict)

    @post_load
    def _facts(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return _plain(data)


class VolunteerFactsSchema(StaffSchema):
    """What the office records of a helper."""

    building_id = fields.UUID(load_default=None, allow_none=True, error_messages={**PLAIN})
    skills = _skills(load_default=dict)

    @post_load
    def _facts(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return _plain(data)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Facts as services take them: an empty text is none, one household when not said."""
    for name in ("phone", "note"):
        if name in data:
            data[name] = data[name] or None
    if data.get("places", 1) is None:
        data["places"] = 1
    return data


class VolunteerSchema(Schema):
    """A helper."""

    id = fields.UUID(required=True, attribute="row.id")
    name = fields.String(required=True, attribute="row.name")
    state = fields.String(required=True, attribute="row.state", validate=validate.OneOf(STATES))
    registered_on = fields.Date(required=True, attribute="row.registered_on")
    building_id = fields.UUID(required=True, attribute="row.building_id", allow_none=True)
    gender = fields.String(required=True, attribute="row.gender")
    languages = fields.List(fields.String(), required=True, attribute="row.languages")
    skills = _skills(required=True)
    week = WeekTicks(required=True, attribute="row.week", load_default=missing)
    hours = fields.Decimal(
        required=True,
        attribute="row.hours",
        allow_none=True,
        as_string=True,
        metadata={"description": "A week."},
    )
    places = fields.Integer(
        required=True, attribute="row.places", metadata={"description": "How many households at most."}
    )
    reach = fields.Integer(
        required=True, attribute="row.reach", allow_none=True, metadata={"description": "In metres."}
    )
    limits = fields.List(fields.String(), required=True, attribute="row.limits")


class PaperRowSchema(Schema):
    """A paper the office has seen."""

    id = fields.UUID(required=True)
    volunteer_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    issued_on = fields.Date(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True)


class ExclusionRowSchema(Schema):
    """Households a helper is not paired with: a surname, in one building or anywhere."""

    id = fields.UUID(required=True)
    volunteer_id = fields.UUID(required=True)
    surname = fields.String(required=True)
    building = fields.String(required=True, metadata={"description": "Its number; empty for anywhere."})


class InvitationSchema(Schema):
    """A one-time link to hand over to one person; shown this once."""

    url = fields.String(required=True)


class VolunteerQuery(ListQuery):
    """Which helpers."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(profiles.STATES, error=N_("Please choose from the list.")),
        metadata={"description": "Without it, all but those who left or were declined."},
    )
    skill = fields.String(load_default="", metadata={"description": "Who has this skill."})
    helping = fields.Boolean(
        load_default=False, error_messages={**PLAIN}, metadata={"description": "Active and in a pairing."}
    )
    party = fields.Boolean(
        load_default=False, error_messages={**PLAIN}, metadata={"description": "Party members only."}
    )


class FindSchema(FormSchema):
    """Whom to look for: part of a name, pinyin, initials, a whole phone or its last four digits."""

    after = text(200, required=False)
    limit = whole(1, 200, required=False)
    text = text(60)


class FoundSchema(Schema):
    """A part of what was found."""

    items = fields.List(fields.Nested(VolunteerSchema), required=True, attribute="rows")
    next = fields.String(required=True, allow_none=True)


class PrivateFactsSchema(FormSchema):
    """What is not shown."""

    birthday = day(required=False)
    note = text(2000, required=False)


class PauseSchema(FormSchema):
    """Whether to take a break."""

    paused = fields.Boolean(required=True, error_messages={**PLAIN})

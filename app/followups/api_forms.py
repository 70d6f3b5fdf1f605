"""What programs ask and send about follow-ups, where a page's form is shaped for the page."""

from marshmallow import fields, validate

from app.api.bodies import ChosenFields, ListQuery, Month
from app.followups.schemas import NoteSchema
from app.forms import PLAIN, FormSchema, day
from services.core.errors import N_
from services.followups import bulk, lists

WHOSE = ("", lists.MINE, lists.STANDING_IN, lists.STAFF)


def _id(*, required: bool = False) -> fields.UUID:
    if required:
        return fields.UUID(required=True, error_messages={**PLAIN})
    return fields.UUID(load_default=None, error_messages={**PLAIN})


def _one_of(*options: str, default: str = "") -> fields.String:
    rule = validate.OneOf(options, error=N_("Please choose from the list."))
    return fields.String(load_default=default, validate=rule)


class WantedSchema(ChosenFields):
    """Which follow-ups. `whose`: mine, what I do in another's place, or the staff's; `owner_id` is an account."""

    whose = _one_of(*WHOSE)
    owner_id = _id()
    plan_id = _id()
    building_id = _id()
    month = Month(load_default=None)


class FollowUpsQuery(WantedSchema, ListQuery):
    """Which follow-ups, of which stage, and overdue for how long."""

    stage = _one_of(*lists.STAGES, *lists.FUNNEL, default="open")
    age = _one_of("", *lists.AGES)


class GiveSchema(NoteSchema):
    """Who takes it over; nobody named is the staff."""

    account_id = _id()


class StandInSchema(FormSchema):
    """Who stands in; nobody when null."""

    deputy = _id()


class SeveralSchema(NoteSchema):
    """Several follow-ups, all or none."""

    ids = fields.List(
        fields.UUID(error_messages={**PLAIN}),
        required=True,
        validate=validate.Length(1, bulk.MOST, error=N_("This number is outside what is possible here.")),
        error_messages={**PLAIN},
    )


class GiveSeveralSchema(SeveralSchema):
    """Several follow-ups, and who takes them over; nobody named is the staff."""

    account_id = _id()


class GiveAllSchema(NoteSchema):
    """From whom, and to whom; nobody named is the staff."""

    owner = _id(required=True)
    to = _id()


class NewAbsenceSchema(FormSchema):
    """From when until when who is away (oneself when not said), and who stands in (else the office)."""

    account = _id()
    since = day()
    until = day()
    deputy = _id()

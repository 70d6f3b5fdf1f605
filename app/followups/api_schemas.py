"""What programs read about follow-ups and plans. What somebody remarked stays on the page."""

from marshmallow import Schema, fields, validate

from services.followups.calendar import ON_HOLIDAY
from services.followups.editing import LATE_TO
from services.followups.models import LIVING


class FollowUpRowSchema(Schema):
    """Somebody must do something about a subject by a day. Without an owner it is the staff's."""

    id = fields.UUID(required=True, attribute="row.id")
    plan_id = fields.UUID(required=True, attribute="row.plan_id")
    plan = fields.String(required=True, attribute="plan.code")
    name = fields.String(required=True, attribute="plan.name")
    name_en = fields.String(required=True, attribute="plan.name_en")
    subject_kind = fields.String(required=True, attribute="row.subject_kind")
    subject_id = fields.UUID(required=True, attribute="row.subject_id")
    owner_id = fields.UUID(required=True, allow_none=True, attribute="row.owner_id")
    deputy_id = fields.UUID(required=True, allow_none=True, attribute="row.deputy_id")
    due_on = fields.Date(required=True, attribute="row.due_on")
    agreed_at = fields.Time(
        required=True,
        allow_none=True,
        attribute="row.agreed_at",
        metadata={"description": "The time of that day that two people agreed on, by the community's clock."},
    )
    state = fields.String(
        required=True, attribute="row.state", validate=validate.OneOf((*LIVING, "done", "closed"))
    )
    reminders = fields.Integer(required=True, attribute="row.reminders")
    postponed = fields.Integer(required=True, attribute="row.postponed")
    escalated_at = fields.DateTime(required=True, allow_none=True, attribute="row.escalated_at")
    done_at = fields.DateTime(required=True, allow_none=True, attribute="row.done_at")


class EntrySchema(Schema):
    """One thing that happened to a follow-up."""

    id = fields.UUID(required=True)
    action = fields.String(required=True)
    account_id = fields.UUID(required=True, allow_none=True)
    to_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True)
    from_on = fields.Date(required=True, allow_none=True)
    to_on = fields.Date(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class CountsSchema(Schema):
    """How many are in each stage, overdue for how long, and (`funnel`) how far they got."""

    stages = fields.Dict(fields.String(), fields.Integer(), required=True)
    ages = fields.Dict(fields.String(), fields.Integer(), required=True)
    funnel = fields.Dict(fields.String(), fields.Integer(), required=True)


class NumberSchema(Schema):
    """How many it was."""

    number = fields.Integer(required=True)


class PlanRowSchema(Schema):
    """The rule that makes follow-ups of a kind of subject."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    subject_kind = fields.String(required=True)
    event = fields.String(required=True)
    after_days = fields.Integer(required=True)
    rule = fields.String(required=True, metadata={"description": "As iCalendar writes it; empty: once."})
    on_holiday = fields.String(required=True, validate=validate.OneOf(ON_HOLIDAY))
    owner = fields.String(required=True)
    remind_days = fields.Integer(required=True)
    remind_every = fields.Integer(required=True, allow_none=True)
    late_days = fields.Integer(required=True)
    late_to = fields.String(required=True, validate=validate.OneOf(LATE_TO))
    active = fields.Boolean(required=True)


class DaySchema(Schema):
    """A day as counted, and the day it falls due; null when it is left out."""

    planned = fields.Date(required=True)
    due = fields.Date(required=True, allow_none=True)


class PreviewSchema(Schema):
    """The days a plan would give for an event today, and how many open follow-ups would move."""

    days = fields.List(fields.Nested(DaySchema), required=True)
    moves = fields.Integer(required=True)


class AbsenceRowSchema(Schema):
    """An account is away, both days included."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    deputy_id = fields.UUID(required=True, allow_none=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True)
    cancelled = fields.Boolean(required=True)


class CalendarLinkSchema(Schema):
    """The address of one's calendar, told only now."""

    address = fields.String(required=True)

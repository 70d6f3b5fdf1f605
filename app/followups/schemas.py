"""Forms of follow-ups and of plans."""

from marshmallow import fields

from app.forms import FormSchema, choice, day, many_ids, text, whole
from services.core.errors import N_
from services.followups import rules
from services.followups.calendar import ON_HOLIDAY
from services.followups.editing import LATE_TO
from services.followups.life import NOTE_LENGTH, REASONS


class NoteSchema(FormSchema):
    """A remark, or none."""

    note = text(NOTE_LENGTH, required=False)


class PostponeSchema(NoteSchema):
    """A later day, and why."""

    day = day()
    reason = choice(tuple(REASONS))


class CannotSchema(FormSchema):
    """Why somebody cannot."""

    reason = choice(tuple(REASONS))


class HandOverSchema(NoteSchema):
    """An account's id, or the staff."""

    to = text(40)


class ManySchema(NoteSchema):
    """What to do with the ticked ones, or with all that were shown."""

    do = choice(("done", "hand_over"), required=False, default="")
    ids = many_ids("id")
    shown = many_ids("shown")
    all = text(5, required=False)
    to = text(40, required=False)


class DeputySchema(FormSchema):
    """An account's id, or nobody."""

    deputy = text(40, required=False)


class PlanSchema(FormSchema):
    """What a community says of a plan; `rule` is read when `repeat` names none of the common ones."""

    after_days = whole(0, 730)
    repeat = text(20)
    rule = text(rules.LENGTH, required=False)
    times = whole(1, rules.MOST_TIMES, required=False)
    on_holiday = choice(ON_HOLIDAY)
    owner = text(20)
    remind_days = whole(0, 14)
    remind_every = whole(1, 30, required=False)
    late_days = whole(1, 60)
    late_to = choice(LATE_TO)
    active = fields.Boolean(
        load_default=False, error_messages={"invalid": N_("This is not understood here.")}
    )


class AwaySchema(FormSchema):
    """From when until when somebody is away, and an account's id to stand in, or nobody."""

    since = day()
    until = day()
    deputy = text(40, required=False)


class AbsenceSchema(AwaySchema):
    """The same of an account."""

    account = text(40)


class UntilSchema(FormSchema):
    """A last day."""

    until = day()


class HandOverAllSchema(HandOverSchema):
    """The account whose follow-ups go to another one, or to the staff."""

    owner = text(40)

"""Forms of follow-ups and of plans."""

from marshmallow import fields

from app.forms import FormSchema, choice, day, many_ids, text, whole
from services.core.errors import N_
from services.followups.life import NOTE_LENGTH, REASONS


class NoteSchema(FormSchema):
    """A remark, or none."""

    note = text(NOTE_LENGTH, required=False)


class PostponeSchema(NoteSchema):
    """A later day, and why."""

    day = day()
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
    """A plan's rule."""

    after_days = whole(0, 730)
    every_months = whole(1, 24, required=False)
    owner = text(20)
    remind_days = whole(0, 14)
    late_days = whole(1, 60)
    active = fields.Boolean(
        load_default=False, error_messages={"invalid": N_("This is not understood here.")}
    )


class PreviewSchema(FormSchema):
    """What of a plan's rule decides its days."""

    after_days = whole(0, 730)
    every_months = whole(1, 24, required=False)

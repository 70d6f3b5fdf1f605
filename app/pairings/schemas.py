"""Forms of runs, proposals and pairings."""

from marshmallow import fields

from app.forms import PLAIN, FormSchema, choice, codes, day, text, whole
from services.communities import catalogue
from services.pairings import advice, whatif
from services.pairings.parties import SIDES
from services.pairings.proposals import STAFF_HOW


def row_id(*, required: bool = True) -> fields.UUID:
    """The id of a row."""
    if required:
        return fields.UUID(required=True, error_messages={**PLAIN})
    return fields.UUID(load_default=None, error_messages={**PLAIN})


class PublishSchema(FormSchema):
    """All drafts of a run, or the ticked ones."""

    scope = choice(("all", "selected"))
    proposal = fields.List(fields.UUID(error_messages={**PLAIN}), load_default=list)


class ReasonSchema(FormSchema):
    """A coded reason."""

    reason = text(30)


class VisitPlanSchema(FormSchema):
    """The day and the time of the next visit."""

    day = day()
    at = fields.Time("%H:%M", required=True, error_messages={**PLAIN})


class TakeUpSchema(FormSchema):
    """How the office knows that the household has agreed to an offer; empty when it is still to be asked."""

    how = choice(STAFF_HOW, required=False, default="")


class HelperSchema(FormSchema):
    """A helper somebody chose."""

    volunteer_id = row_id()


class SwapSchema(FormSchema):
    """Two drafts that are to change their helpers."""

    proposal_id = row_id()
    other_id = row_id()


class LockSchema(FormSchema):
    """A draft to insist on; none: the household is left out."""

    proposal_id = row_id(required=False)


class UnlockSchema(FormSchema):
    """Whose lock is let go; nobody's: the household takes part again."""

    volunteer_id = row_id(required=False)


class FindSchema(FormSchema):
    """Part of a helper's name, or his phone."""

    text = text(60)


class TakerSchema(HelperSchema):
    """Who takes a pairing over, and that the office has asked both sides."""

    agreed = fields.Boolean(load_default=False, error_messages={**PLAIN})


class WhySchema(FormSchema):
    """Two to ask about."""

    household_id = row_id()
    volunteer_id = row_id()


class KindSchema(FormSchema):
    """Which question of "what if" is asked."""

    kind = choice(whatif.QUESTIONS)


# The fields that each question needs.
QUESTION_FIELDS = {
    "newcomer": ("skill", "level", "times", "area", "gender"),
    "without_helper": ("volunteer_id",),
    "more_room": ("volunteer_id",),
    "more_skill": ("volunteer_id", "skill", "level"),
    "more_places": ("household_id",),
    "further": ("metres",),
    "loose": ("points",),
}


class WhatIfSchema(FormSchema):
    """What the questions ask for, each by `QUESTION_FIELDS`."""

    skill = choice(codes(catalogue.NEED_KINDS))
    level = whole(1, 3, required=False)
    times = choice(tuple(advice.TIMES), required=False)
    area = text(60, required=False)
    gender = choice(codes(catalogue.GENDERS), required=False)
    volunteer_id = row_id()
    household_id = row_id()
    metres = whole(100, whatif.MOST_METRES, required=False)
    points = whole(0, whatif.MOST_POINTS, required=False)


class AnswerSchema(FormSchema):
    """Yes or no; a no with its reason."""

    answer = choice(("yes", "no"))
    reason = text(30, required=False)


class StaffAnswerSchema(AnswerSchema):
    """An answer the office enters for one of the sides."""

    side = choice(SIDES)
    how = choice(STAFF_HOW)


class EndSchema(FormSchema):
    """The end of a pairing; today when no day is given."""

    reason = text(30)
    day = day(required=False)


class ListSchema(FormSchema):
    """Filters of the list of pairings."""

    state = choice(("living", "ended", "stop"), required=False, default="")
    household = row_id(required=False)
    volunteer = row_id(required=False)

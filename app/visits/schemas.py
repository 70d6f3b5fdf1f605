"""Forms of visits: a note, a correction, an answer, a code."""

from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from app.forms import PLAIN, FormSchema, choice, day, text, whole
from services.core.errors import N_
from services.visits.certificates import STATES
from services.visits.confirmations import DISPUTE_REASONS, SIDES
from services.visits.corrections import CORRECTION_REASONS
from services.visits.plausible import KINDS, LONGEST_MINUTES, OUTCOMES
from services.visits.review import REASONS

LENGTHS = (15, 30, 45, 60, 90, 120)


def _moment() -> fields.NaiveDateTime:
    # Bounds keep arithmetic on it possible; the rules themselves allow sixty days.
    rule = validate.Range(
        datetime(2000, 1, 1), datetime(2100, 1, 1), error=N_("This is not understood here.")
    )
    return fields.NaiveDateTime(required=True, validate=rule, error_messages={**PLAIN})


def _id() -> fields.UUID:
    return fields.UUID(load_default=None, error_messages={**PLAIN})


class SaidSchema(FormSchema):
    """What is said of a visit, whoever says it."""

    outcome = choice(OUTCOMES)
    kind = choice(KINDS, required=False, default="visit")
    note = text(500, required=False)
    helper_called = fields.Boolean(load_default=False, error_messages={**PLAIN})


class NoteSchema(SaidSchema):
    """What happened at a household; `minutes` is a button, `own_minutes` a length of one's own."""

    ended_at = _moment()
    minutes = choice(tuple(str(length) for length in LENGTHS), required=False)
    own_minutes = whole(1, LONGEST_MINUTES, required=False)
    follow_up_id = _id()
    submission = _id()


class NewNoteSchema(NoteSchema):
    """A note as a browser sends it: for which account it was written, and whether a page waits for the answer."""

    account = _id()
    waiting = fields.Boolean(load_default=False, error_messages={**PLAIN})


class CorrectionSchema(NoteSchema):
    """A note in place of another, and why."""

    reason = choice(tuple(CORRECTION_REASONS))


class ConfirmSchema(FormSchema):
    """Which side is confirmed, by its own account or by a call of staff."""

    side = choice(SIDES)
    how = choice(("account", "call"))


class WitnessSchema(FormSchema):
    """Who vouches for a household that cannot speak for itself."""

    witness = text(60)


class LookSchema(FormSchema):
    """Why what was looked at is fine."""

    reason = choice(tuple(REASONS))


class DisputeSchema(FormSchema):
    """What is not right about a visit."""

    reason = choice(tuple(DISPUTE_REASONS))


class CodeSchema(FormSchema):
    """The six digits a household holds."""

    code = text(20)


class LinkAnswerSchema(FormSchema):
    """A household's answer by link: yes, or no with a reason."""

    right = choice(("yes", "no"))
    reason = choice(tuple(DISPUTE_REASONS), required=False, default="")
    code = text(20, required=False)


class IssueSchema(FormSchema):
    """The issue of the code that a new one replaces."""

    after = whole(0, 10**6)


class PeriodSchema(FormSchema):
    """A calendar year, or a period of one's own."""

    year = whole(2000, 2099, required=False)
    since = day(required=False)
    until = day(required=False)


class CertificateSchema(FormSchema):
    """Whose hours of which period a certificate is over; nobody named is oneself."""

    volunteer_id = _id()
    since = day()
    until = day()


class CertificatesSchema(FormSchema):
    """Which certificates to list: of a year, by the end of the number, that stand or no longer do."""

    year = whole(2000, 2099, required=False)
    number = text(20, required=False)
    state = choice(STATES, required=False, default="")


def minutes_of(data: dict[str, Any]) -> int:
    """The length somebody chose or typed; 0 when neither."""
    return data["own_minutes"] or int(data["minutes"] or 0)

"""What programs ask and send about visits, where a page's form is shaped for the page."""

from datetime import UTC, datetime

from marshmallow import fields, validate

from app.api.bodies import ChosenFields, ListQuery, Month
from app.forms import PLAIN, choice, whole
from app.visits.schemas import CertificatesSchema, LookSchema, SaidSchema
from services.core.errors import N_
from services.visits import lists
from services.visits.corrections import CORRECTION_REASONS
from services.visits.plausible import LONGEST_MINUTES


def _id() -> fields.UUID:
    return fields.UUID(load_default=None, error_messages={**PLAIN})


def _begun() -> fields.AwareDateTime:
    # Bounds keep arithmetic on it possible; the rules themselves allow sixty days.
    rule = validate.Range(
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC),
        error=N_("This is not understood here."),
    )
    return fields.AwareDateTime(
        required=True,
        validate=rule,
        error_messages={**PLAIN, "invalid_awareness": PLAIN["invalid"]},
    )


class OfVisitsSchema(ChosenFields):
    """Which visits."""

    volunteer_id = _id()
    household_id = _id()
    month = Month(load_default=None)


class VisitsQuery(OfVisitsSchema, ListQuery):
    """Which visits, of which state; all that stand when none is named."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(("", *lists.STATES), error=N_("Please choose from the list.")),
    )


class MonthQuery(ListQuery):
    """Of which month; of the present one when none is named."""

    month = Month(load_default=None)


class HoursQuery(ChosenFields):
    """Whose hours of which days; one's own when nobody is named."""

    volunteer_id = _id()
    since = fields.Date(required=True, error_messages={**PLAIN})
    until = fields.Date(required=True, error_messages={**PLAIN})


class CertificatesQuery(CertificatesSchema, ListQuery):
    """Which certificates."""

    volunteer_id = _id()


class BegunSchema(SaidSchema):
    """A visit by when it began, and how long it took in one number; an attempt (nobody there) takes none."""

    started_at = _begun()
    minutes = whole(0, LONGEST_MINUTES, required=False)


class NewVisitSchema(BegunSchema):
    """What happened at a household; sent again with the same `submission` it is the same visit."""

    follow_up_id = _id()
    submission = _id()


class CorrectedSchema(BegunSchema):
    """A visit in place of another, and why."""

    reason = choice(tuple(CORRECTION_REASONS))


class LookedAtSchema(LookSchema):
    """Of which month, and why it is fine."""

    month = Month(required=True)

"""What programs read about visits. Notes are revealed one by one, never listed; a witness is not named."""

from marshmallow import Schema, fields, validate

from services.visits import lists
from services.visits.plausible import KINDS, OUTCOMES


class VisitRowSchema(Schema):
    """A visit or call, and what each side said of it. Its minutes count once it is confirmed."""

    id = fields.UUID(required=True, attribute="visit.id")
    pairing_id = fields.UUID(required=True, attribute="visit.pairing_id")
    volunteer_id = fields.UUID(required=True, attribute="there.volunteer.id")
    household_id = fields.UUID(required=True, attribute="there.household.id")
    follow_up_id = fields.UUID(required=True, allow_none=True, attribute="visit.follow_up_id")
    started_at = fields.DateTime(required=True, attribute="visit.started_at")
    minutes = fields.Integer(required=True, attribute="visit.minutes")
    kind = fields.String(required=True, attribute="visit.kind", validate=validate.OneOf(KINDS))
    outcome = fields.String(required=True, attribute="visit.outcome", validate=validate.OneOf(OUTCOMES))
    state = fields.String(required=True, attribute="visit.state", validate=validate.OneOf(lists.STATES))
    helper_at = fields.DateTime(required=True, allow_none=True, attribute="visit.helper_at")
    helper_how = fields.String(required=True, attribute="visit.helper_how")
    household_at = fields.DateTime(required=True, allow_none=True, attribute="visit.household_at")
    household_how = fields.String(required=True, attribute="visit.household_how")
    disputed_at = fields.DateTime(required=True, allow_none=True, attribute="visit.disputed_at")
    dispute_reason = fields.String(required=True, attribute="visit.dispute_reason")
    corrects_id = fields.UUID(required=True, allow_none=True, attribute="visit.corrects_id")
    correction_reason = fields.String(required=True, attribute="visit.correction_reason")
    closed_at = fields.DateTime(required=True, allow_none=True, attribute="visit.closed_at")


class StatesSchema(Schema):
    """How many are in each state."""

    states = fields.Dict(fields.String(), fields.Integer(), required=True)


class RevealedSchema(Schema):
    """A private fact in clear; empty when it is not recorded."""

    value = fields.String(required=True)


class TriesSchema(Schema):
    """Whether the code was right, and how many tries are left today."""

    confirmed = fields.Boolean(required=True)
    left = fields.Integer(required=True, allow_none=True)


class VisitLinkSchema(Schema):
    """A one-time link, told only now."""

    address = fields.String(required=True)


class FindingSchema(Schema):
    """A pattern of a month that somebody should look at once; most have a good reason."""

    id = fields.UUID(required=True)
    code = fields.String(required=True, attribute="pattern.code")
    about = fields.UUID(
        required=True, attribute="pattern.about", metadata={"description": "A helper or an account."}
    )
    visit_ids = fields.Function(
        lambda one: [str(visit.id) for visit in one.pattern.visits],
        required=True,
        metadata={"type": "array", "items": {"type": "string", "format": "uuid"}},
    )
    facts = fields.Function(
        lambda one: {
            name: str(value) if name == "by" else value for name, value in one.pattern.facts.items()
        },
        required=True,
        metadata={"type": "object"},
    )


class StatementSchema(Schema):
    """A helper's visits of a period, the oldest first, and what they come to, in minutes."""

    volunteer_id = fields.UUID(required=True, attribute="helper.id")
    since = fields.Date(required=True)
    until = fields.Date(required=True)
    minutes = fields.Integer(required=True, metadata={"description": "Confirmed by both sides."})
    waiting = fields.Integer(required=True, metadata={"description": "May still come to count."})
    visits = fields.List(fields.Nested(VisitRowSchema), required=True, attribute="lines")


class CertificateRowSchema(Schema):
    """A numbered paper over confirmed hours; it stands as long as each of its visits counts."""

    id = fields.UUID(required=True, attribute="certificate.id")
    number = fields.String(required=True, attribute="certificate.number")
    volunteer_id = fields.UUID(required=True, attribute="certificate.volunteer_id")
    since = fields.Date(required=True, attribute="certificate.since")
    until = fields.Date(required=True, attribute="certificate.until")
    minutes = fields.Integer(required=True, attribute="certificate.minutes")
    visits = fields.List(fields.UUID(), required=True, attribute="certificate.visits")
    issued_on = fields.Date(required=True, attribute="certificate.issued_on")
    stands = fields.Boolean(required=True)

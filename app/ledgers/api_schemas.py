"""What programs read and send about ledgers: codes and places in the file, never what stands in its cells."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from app.api.bodies import ListQuery
from app.forms import PLAIN, FormSchema, choice, whole
from services.core.errors import N_
from services.ledgers import columns, issues, layout, sheets, steps

_SAID: dict[str, Any] = dict(PLAIN)
STATES = ("uploaded", "reading", "read", "importing", "imported", "given_up")
KINDS = tuple(columns.FIELDS)
NAMES = tuple(dict.fromkeys(name for known in columns.FIELDS.values() for name in known))
SEVERITIES = (issues.ERROR, issues.WARNING)


def _one_of(codes: tuple[str, ...]) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(codes))


class ImportRowSchema(Schema):
    """A file that was brought in; `digest` names what its preview shows, to agree to it."""

    id = fields.UUID(required=True)
    kind = _one_of(KINDS)
    state = _one_of(STATES)
    created_at = fields.DateTime(required=True)
    uploaded_by = fields.UUID(required=True, allow_none=True)
    imported_at = fields.DateTime(required=True, allow_none=True)
    error = fields.String(required=True, metadata={"description": "Why the work was refused, as a code."})
    counts = fields.Dict(fields.String(), fields.Integer(), required=True)
    digest = fields.String(required=True, attribute="plan")


class ColumnRowSchema(Schema):
    """A column of the sheet, and the field it is taken to hold."""

    position = fields.Integer(required=True, metadata={"description": "0 is A."})
    letter = fields.String(required=True)
    title = fields.String(required=True)
    field = _one_of(("", *NAMES))


class SheetSchema(Schema):
    """A sheet of the file."""

    name = fields.String(required=True)


class LayoutSchema(Schema):
    """How a file is read."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS), attribute="layout.kind")
    sheet = fields.Integer(required=True, attribute="row.sheet")
    sheets = fields.List(fields.Nested(SheetSchema), required=True)
    header_row = fields.Integer(required=True, attribute="layout.header_row")
    columns = fields.List(fields.Nested(ColumnRowSchema), required=True)
    missing = fields.List(fields.String(), required=True)


class IssueRowSchema(Schema):
    """What is said of a cell."""

    code = _one_of(tuple(issues.CODES))
    severity = _one_of(SEVERITIES)
    letter = fields.String(required=True)
    title = fields.String(required=True)
    other_row = fields.Integer(required=True, allow_none=True)
    differs = fields.List(fields.String(), required=True)


class ToldSchema(Schema):
    """What becomes or became of a row of the ledger."""

    row = fields.Integer(required=True, metadata={"description": "Its number in the sheet, from 1."})
    outcome = _one_of(steps.OUTCOMES)
    reason = _one_of(("", *layout.REASONS))
    of_row = fields.Integer(required=True, allow_none=True)
    changed = fields.List(fields.String(), required=True)
    issues = fields.List(fields.Nested(IssueRowSchema), required=True)


class ToldQuery(ListQuery):
    """Which rows."""

    outcome = fields.String(
        load_default="",
        validate=validate.OneOf(("", *steps.OUTCOMES), error=N_("Please choose from the list.")),
    )


class UploadSchema(Schema):
    """The ledger as a file: xlsx, xls, ods or csv."""

    file = Upload(required=True, error_messages=_SAID)


class ColumnSchema(FormSchema):
    """What a column holds."""

    position = whole(0, sheets.MOST_COLUMNS)
    field = choice(NAMES)


class ColumnsSchema(FormSchema):
    """What each column holds; columns left out are not read."""

    columns = fields.List(fields.Nested(ColumnSchema), required=True, error_messages=_SAID)

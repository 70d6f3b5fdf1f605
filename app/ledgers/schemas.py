"""Forms of ledgers: reading a file again, and agreeing to what was previewed."""

from marshmallow import fields

from app.forms import PLAIN, FormSchema, choice, text, whole
from app.ledgers import words
from services.ledgers import columns, sheets
from services.ledgers.files import exports
from services.ledgers.files.register import KINDS


class ReadAgainSchema(FormSchema):
    """Another kind of ledger, another sheet, or the row in which its titles stand."""

    kind = choice(tuple(columns.FIELDS))
    sheet = whole(0, 200, required=False)
    header_row = whole(1, sheets.MOST_ROWS, required=False)


class ImportSchema(FormSchema):
    """What was seen, and whether known rows that differ are changed or left."""

    digest = text(64)
    differing = choice(("change", "leave"), required=False, default="change")


class ExportSchema(FormSchema):
    """What is taken out, as which kind of file, and why what is sealed is among it."""

    kind = choice(tuple(KINDS))
    form = choice(tuple(words.FORMS))
    sealed = fields.Boolean(load_default=False, error_messages={**PLAIN})
    reason = choice(exports.REASONS, required=False)

"""Forms of ledgers: reading a file again, and agreeing to what was previewed."""

from app.forms import FormSchema, choice, text, whole
from services.ledgers import columns, sheets


class ReadAgainSchema(FormSchema):
    """Another kind of ledger, another sheet, or the row in which its titles stand."""

    kind = choice(tuple(columns.FIELDS))
    sheet = whole(0, 200, required=False)
    header_row = whole(1, sheets.MOST_ROWS, required=False)


class ImportSchema(FormSchema):
    """What was seen, and whether known rows that differ are changed or left."""

    digest = text(64)
    differing = choice(("change", "leave"), required=False, default="change")

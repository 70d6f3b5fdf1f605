"""What programs send: the forms' own schemas read from JSON, and what a list or a row may be asked for."""

from collections.abc import Collection
from typing import Any, NoReturn

import orjson
from flask import Request, abort
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser

from app.forms import PLAIN, FormSchema
from services.core.errors import N_

MOST_ROWS = 200


class Refused(ValidationError):
    """What was sent is not understood; `location` says where it stood: json, query, form or files."""

    def __init__(self, messages: Any, location: str) -> None:
        super().__init__(messages)
        self.location = location


class Parser(FlaskParser):
    """Reads JSON strictly: an unknown name, a wrong media type, text that cannot be stored are refused."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(("json", "query", "form", "files"), RAISE)

    def load_json(self, req: Request, schema: Any) -> Any:
        """The body as JSON. Aborts with 415 or 400."""
        if not req.is_json:
            abort(415)
        try:
            return _tidy(orjson.loads(req.get_data()))
        except (orjson.JSONDecodeError, RecursionError):
            abort(400)

    def handle_error(self, error: ValidationError, req: Any, schema: Any, **_kwargs: Any) -> NoReturn:
        """Raise Refused."""
        ((location, messages),) = error.messages.items()  # type: ignore[union-attr]
        raise Refused(messages, location)


def _tidy(value: Any) -> Any:
    """A sent value without spaces around its texts. Aborts with 400 for text that PostgreSQL cannot hold."""
    if isinstance(value, str):
        if "\x00" in value:
            abort(400)
        return value.strip()
    if isinstance(value, list):
        return [_tidy(one) for one in value]
    if isinstance(value, dict):
        return {_tidy(name): _tidy(one) for name, one in value.items()}
    return value


class ChosenFields(Schema):
    """Of a row, only these fields."""

    picked = DelimitedList(
        fields.String(),
        data_key="fields",
        metadata={"description": "Names of the fields wanted, with commas between; all when left out."},
    )


class ListQuery(ChosenFields):
    """A part of a list: so many rows after a cursor."""

    after = fields.String(
        validate=validate.Length(max=200),
        load_default=None,
        metadata={"description": "The `next` of the part before."},
    )
    limit = fields.Integer(
        validate=validate.Range(1, MOST_ROWS, error=N_("This number is outside what is possible here.")),
        load_default=50,
        error_messages={**PLAIN},
        metadata={"description": "How many rows at most."},
    )


def of_fields(query: type[Schema], shown: type[Schema]) -> type[Schema]:
    """`query` whose `fields` are those of the representation `shown`."""
    names = [field.data_key or name for name, field in shown._declared_fields.items()]
    rule = validate.OneOf(names, error=N_("Please choose from the list."))
    chosen = DelimitedList(
        fields.String(validate=rule),
        data_key="fields",
        metadata=query._declared_fields["picked"].metadata,
    )
    return type(query.__name__, (query,), {"picked": chosen, "__module__": query.__module__})


def body(
    form: type[FormSchema], *, without: Collection[str] = (), partial: bool = False, name: str = ""
) -> Schema:
    """A form's schema for JSON: unknown names are refused; `without` some of its fields.

    `partial`: what is left out stays as it is, and nothing is required. `name`: what the document calls it when it
    is not the form as it is.
    """
    meta = type("Meta", (), {"unknown": RAISE, "exclude": tuple(without)})
    made = type(name or form.__name__, (form,), {"Meta": meta, "__module__": form.__module__})
    return made(partial=partial or None)

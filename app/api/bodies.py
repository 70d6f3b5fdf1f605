"""What programs send: the forms' own schemas read from JSON, and what a list or a row may be asked for."""

import re
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, NoReturn

import orjson
from flask import Request, abort
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser

from app.forms import PLAIN, FormSchema
from services.core.errors import N_

MOST_ROWS = 200
MONTH = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")


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


class Month(fields.String):
    """A month as 2026-11; its first day here."""

    def __init__(self, **more: Any) -> None:
        told = {"pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$", "description": "A month, as 2026-11."}
        super().__init__(metadata=told, error_messages={**PLAIN}, **more)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if not MONTH.fullmatch(text):
            raise self.make_error("invalid")
        return date.fromisoformat(f"{text}-01")


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
    return _strict(form, frozenset(without), name)(partial=partial or None)


@cache
def _strict(form: type[FormSchema], without: frozenset[str], name: str) -> type[FormSchema]:
    # One class for the same request, however many operations take it: the document names it once.
    meta = type("Meta", (), {"unknown": RAISE, "exclude": tuple(without)})
    return type(name or form.__name__, (form,), {"Meta": meta, "__module__": form.__module__})

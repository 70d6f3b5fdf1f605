"""Reading what somebody typed: a marshmallow schema in, clean values or errors by field out."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate
from werkzeug.datastructures import MultiDict

from app.language import say
from services.communities import catalogue
from services.communities.catalogue import Term
from services.core.db import db
from services.core.errors import N_, DomainError
from services.core.week import HALF_HOURS_A_WEEK

Errors = dict[str, list[str]]

# marshmallow's own sentences, so that they are translated; each is said in plain words.
PLAIN = {
    "required": N_("Please fill this in."),
    "null": N_("Please fill this in."),
    "invalid": N_("This is not understood here."),
    "type": N_("This is not understood here."),
    "invalid_uuid": N_("This is not understood here."),
    "too_large": N_("This number is too large."),
    "special": N_("This is not a number."),
}


class FormSchema(Schema):
    """A form: spaces around values are dropped, empty values count as not given, other fields are left alone."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _tidy(self, typed: Any, **_kwargs: Any) -> Any:
        if not isinstance(typed, MultiDict):  # a program's JSON says by itself what is empty
            return typed
        tidy: dict[str, Any] = {}
        for name, field in self.fields.items():
            key = field.data_key or name
            if isinstance(field, fields.List):
                tidy[key] = [value.strip() for value in typed.getlist(key) if value.strip()]
            elif (value := (typed.get(key) or "").strip()) != "":
                tidy[key] = value
        return tidy


def text(longest: int, *, required: bool = True) -> fields.String:
    """A line or more of text of at most `longest` characters; "" when it may stay empty."""
    short = validate.Length(max=longest, error=N_("Please shorten this: it is too long."))
    some = validate.Length(min=1, error=PLAIN["required"])
    return _plain(fields.String(validate=[some, short] if required else short), required, "")


class Codes(Collection[str]):
    """The codes of a catalogue's list: those the community has when somebody chooses; "" too when none may be chosen."""

    def __init__(self, terms: tuple[Term, ...], *, none: bool = False) -> None:
        self.terms, self.none = terms, none

    def _codes(self) -> list[str]:
        return [*([""] if self.none else []), *(term.code for term in catalogue.listed(self.terms))]

    def __contains__(self, code: object) -> bool:
        return code in self._codes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes())

    def __len__(self) -> int:
        return len(self._codes())


def codes(terms: tuple[Term, ...]) -> Codes:
    """The codes of a catalogue's list, for a choice."""
    return Codes(terms)


class OfList(validate.Validator):
    """One of a community's codes; unlike marshmallow's OneOf it names none of them in the API's document."""

    def __init__(self, codes: Codes, error: str) -> None:
        self.codes, self.refusal = codes, error

    def __call__(self, value: str) -> str:
        """Return `value`. Raises ValidationError."""
        if value not in self.codes:
            raise ValidationError(self.refusal)
        return value


def _one_of(options: Collection[str], error: str) -> validate.Validator:
    return OfList(options, error) if isinstance(options, Codes) else validate.OneOf(options, error=error)


def choice(options: Collection[str], *, required: bool = True, default: str | None = None) -> fields.String:
    """One of `options`; "" too when it may stay empty and that is what empty means."""
    if default == "":
        options = Codes(options.terms, none=True) if isinstance(options, Codes) else ("", *options)
    rule = _one_of(options, N_("Please choose one of the list."))
    return _plain(fields.String(validate=rule), required, default)


def choices(options: Collection[str]) -> fields.List:
    """Any of `options`, in their order, each once."""
    rule = _one_of(options, N_("Please choose from the list."))
    return fields.List(_plain(fields.String(validate=rule), True), load_default=list)


def whole(least: int, most: int, *, required: bool = True) -> fields.Integer:
    """A whole number from `least` to `most`; None when it may stay empty."""
    rule = validate.Range(least, most, error=N_("This number is outside what is possible here."))
    return _plain(fields.Integer(validate=rule), required)


def amount(least: str, most: str, *, required: bool = True) -> fields.Decimal:
    """A number with at most one digit after the point, from `least` to `most`; None when it may stay empty."""
    rule = validate.Range(
        Decimal(least), Decimal(most), error=N_("This number is outside what is possible here.")
    )
    return _plain(fields.Decimal(places=1, validate=rule), required)


def many_ids(name: str) -> fields.List:
    """Any number of ids under one name."""
    return fields.List(_plain(fields.UUID(), True), data_key=name, load_default=list)


class WeekTicks(fields.List):
    """A week as half-hours: the ticks of a form's grid, or a program's numbers from 0 (Monday 00:00) to 335; one mask of them here."""

    def __init__(self, **more: Any) -> None:
        one = fields.Integer(validate=validate.Range(0, HALF_HOURS_A_WEEK - 1))
        told = {"default": [], "description": "Half-hours of the week; 0 is Monday 00:00, 335 Sunday 23:30."}
        super().__init__(one, metadata=told, **{"load_default": 0, **more})

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return [slot for slot in range(HALF_HOURS_A_WEEK) if (value or 0) >> slot & 1]

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError(PLAIN["invalid"])
        slots = [slot for tick in value for slot in str(tick).split()]
        if not all(slot.isascii() and slot.isdigit() and len(slot) <= 3 for slot in slots):
            raise ValidationError(PLAIN["invalid"])
        numbers = {int(slot) for slot in slots}
        if any(number >= HALF_HOURS_A_WEEK for number in numbers):
            raise ValidationError(PLAIN["invalid"])
        return sum(1 << number for number in numbers)


def mask_of(form: MultiDict[str, str], saved: int) -> int:
    """The week to show in a grid: what was typed, or what is saved when nothing was."""
    if not form:
        return saved
    slots = [slot for tick in form.getlist("week") for slot in str(tick).split()]
    return sum(
        1 << slot
        for slot in {int(s) for s in slots if s.isascii() and s.isdigit() and len(s) < 4}
        if slot < HALF_HOURS_A_WEEK
    )


def day(*, required: bool = True) -> fields.Date:
    """A calendar day as the browser sends it (2026-11-22); None when it may stay empty."""
    return _plain(fields.Date(), required)


def _plain(field: Any, required: bool, default: str | None = None) -> Any:
    field.error_messages = {**field.error_messages, **PLAIN}
    field.required = required
    if not required:
        field.load_default = default
        # What a program may leave out it may also say to be nothing.
        field.allow_none = default is None
    return field


def id_of(text: str | None) -> uuid.UUID | None:
    """The id somebody's address names; None for anything else."""
    with suppress(ValueError):
        return uuid.UUID(text or "")
    return None


def is_stale(row: Any, form: Mapping[str, str]) -> bool:
    """True when the row (with its `version`) was changed by somebody else since the typed form was opened."""
    return bool(row and form.get("version") and form["version"] != str(row.version))


def read(schema: type[Schema]) -> dict[str, Any]:
    """The request's form through `schema`. Raises ValidationError."""
    return schema().load(request.form)


@contextmanager
def collect(errors: Errors) -> Iterator[None]:
    """Run a page's action: what is refused lands in `errors` by field ("_schema" for none), half-done work is undone."""
    try:
        yield
    except ValidationError as error:
        db.session.rollback()
        errors.update(said(error))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        db.session.rollback()
        errors[error.field or "_schema"] = [say(error)]


def said(error: ValidationError) -> Errors:
    """What a schema refused, by field, in the page's language."""
    return {field: _flat(messages) for field, messages in error.normalized_messages().items()}


def _flat(messages: Any) -> list[str]:
    if isinstance(messages, str):
        return [_(messages)]
    inner = messages.values() if isinstance(messages, dict) else messages
    return list(dict.fromkeys(sentence for message in inner for sentence in _flat(message)))

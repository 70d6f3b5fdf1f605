"""What a file of one kind holds: its fields, how they are read from the records, and how they are put back."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from services.core.actor import Actor
from services.core.db import CommunityRow
from services.ledgers.files.cells import ID, Form

# A record's values by the key of their field.
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A column: its key, what people call it, how its values are written, and its class of personal data.

    A `fixed` one is read for new records only: of a known one it cannot be changed by a file. An `aside` one is
    there to be looked at and never read.
    """

    key: str
    label: str
    form: Form
    sealed: str = ""
    fixed: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of record. `values` gives those of some rows, `add` and `change` go the ways that pages go.

    `gone` says which rows are not the community's records any more. `permission` lets somebody take the file out.
    """

    key: str
    subject: str
    label: str
    permission: str
    model: type[CommunityRow]
    fields: tuple[Field, ...]
    values: Callable[[Sequence[Any]], list[dict[str, Any]]]
    add: Callable[[Actor, uuid.UUID, Values], None]
    change: Callable[[Actor, uuid.UUID, Values], None]
    gone: ColumnElement[bool] | None = None
    named: tuple[str, ...] = ("name",)

    def field(self, key: str) -> Field:
        """The field with that key. Raises KeyError."""
        return {one.key: one for one in self.fields}[key]

    def columns(self, sealed: bool) -> tuple[Field, ...]:
        """The fields of a file, with those that are sealed or without them."""
        return tuple(one for one in self.fields if sealed or not one.sealed)


# In both languages, so that the encoding of every file can be told by it.
ID_FIELD = Field("id", "编号 ID", ID)


def picked(values: Values, *names: str) -> dict[str, Any]:
    """Those of the named values that are given."""
    return {name: values[name] for name in names if name in values}

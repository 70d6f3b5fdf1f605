"""What two rows of one household or person may say differently, and how it is kept while it can be undone."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, Numeric, Uuid

from services.core.db import Base, CommunityRow
from services.households.models import Household, Resident
from services.volunteers.models import Volunteer

MODELS: dict[str, type[Household] | type[Volunteer]] = {"household": Household, "volunteer": Volunteer}
# Whoever is none of these is not in the register any more, or waits to be looked at.
LIVING = {"household": ("active",), "volunteer": ("active", "paused")}
_PHONE = ("phone", "phone_key", "tail_key")
# A field as people see it, and the columns that go together for it.
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "household": {
        "name": ("name",),
        "place": ("building_id", "entrance", "door", "door_key"),
        "phone": _PHONE,
        "people": ("people",),
        "categories": ("categories", "category_keys"),
        "languages": ("languages",),
        "circumstances": ("circumstances",),
        "gender_wish": ("gender_wish",),
        "places": ("places",),
        "note": ("note",),
    },
    "volunteer": {
        "name": ("name",),
        "phone": _PHONE,
        "gender": ("gender",),
        "birthday": ("birthday",),
        "building": ("building_id",),
        "languages": ("languages",),
        "week": ("week",),
        "hours": ("hours",),
        "places": ("places",),
        "reach": ("reach",),
        "party": ("party", "party_kind"),
        "employer": ("employer",),
        "note": ("note",),
    },
}
# What stands on the household's head.
HEAD = {"gender": ("gender",), "birthday": ("birthday",)}

# A change of one row that is put back whole or not at all: table, id, column → (before, after).
Line = list[Any]


class Changes:
    """Changes as they are made, so that they can be taken back."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def put(self, row: CommunityRow, **values: Any) -> None:
        """Set `values` on a row, in memory, and remember what they replace."""
        said = {name: [pack(getattr(row, name)), pack(value)] for name, value in values.items()}
        self.lines.append([row.__tablename__, str(row.id), said])
        for name, value in values.items():
            setattr(row, name, value)


def take_back(row: CommunityRow, said: dict[str, list[Any]]) -> bool:
    """Put back what a line replaced; False when the row says something newer, which then stays."""
    if any(pack(getattr(row, name)) != after for name, (_before, after) in said.items()):
        return False
    for name, (before, _after) in said.items():
        setattr(row, name, unpack(row, name, before))
    return True


def pack(value: Any) -> Any:
    """A column's value as JSON."""
    return str(value) if isinstance(value, uuid.UUID | Decimal | date) else value


def unpack(row: CommunityRow, name: str, value: Any) -> Any:
    """A packed value as the column holds it."""
    kind = row.__table__.c[name].type
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return uuid.UUID(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) else value


def model_of(table: str) -> Any:
    """The model of a table."""
    return next(one.class_ for one in Base.registry.mappers if one.class_.__tablename__ == table)


def values(row: CommunityRow | None, columns: Iterable[str]) -> list[Any]:
    """What a row holds in some columns; nothing of all when there is no row."""
    return [getattr(row, name) if row is not None else None for name in columns]


def says(row: CommunityRow | None, columns: Iterable[str]) -> bool:
    """True when the row says anything in them."""
    return any(value not in (None, "", [], 0) for value in values(row, columns))


def head_of(rows: Iterable[Resident]) -> Resident | None:
    """The head among the residents of one household."""
    return next((one for one in rows if one.head), None)

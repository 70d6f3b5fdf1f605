"""What the pages of the register call things, and two rows side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from app.households import words as home
from app.volunteers import words as helper
from app.words import week
from services.communities import regions
from services.core.errors import N_
from services.households import disclosure, residents
from services.households.models import Resident
from services.register import fields
from services.register.fields import FIELDS, HEAD

KINDS = {"household": N_("Households"), "volunteer": N_("Volunteers")}
REASONS = {
    "phone": (N_("The same phone"), "warn"),
    "birthday": (N_("The same name and birthday"), "warn"),
    "name": (N_("The same name in one building"), "wait"),
    "sound": (N_("Sounds the same, in one building"), "plain"),
}
MASKS = {
    "phone": "•••• ••••",
    "place": "•••",
    "categories": "••••••",
    "note": "••••••",
    "birthday": "••••–••–••",
}


@dataclass(frozen=True)
class Said:
    """One field of two rows: what each says, whether they differ, and whose value is offered first."""

    name: str
    label: str
    texts: tuple[str, str]
    reveals: tuple[dict[str, Any], dict[str, Any]]
    differs: bool
    other_first: bool


def side_by_side(kind: str, rows: tuple[Any, Any]) -> list[Said]:
    """Every field in which at least one of the two says something, those that differ first."""
    found = [_said(kind, name, columns, rows, rows) for name, columns in FIELDS[kind].items()]
    if kind == "household":
        at_home = residents.residents_of([row.id for row in rows])
        heads = tuple(fields.head_of(at_home.get(row.id, [])) for row in rows)
        found += [_said(kind, name, columns, heads, rows) for name, columns in HEAD.items()]
    return sorted((one for one in found if one is not None), key=lambda one: not one.differs)


def _said(
    kind: str, name: str, columns: tuple[str, ...], holders: tuple[Any, ...], rows: tuple[Any, Any]
) -> Said | None:
    says = [fields.says(row, columns) for row in holders]
    if not any(says):
        return None
    one, other = (fields.values(row, columns) for row in holders)
    return Said(
        name,
        _label(kind, name),
        (_text(kind, name, rows[0], holders[0], says[0]), _text(kind, name, rows[1], holders[1], says[1])),
        (
            _reveal(kind, name, rows[0], holders[0], says[0]),
            _reveal(kind, name, rows[1], holders[1], says[1]),
        ),
        one != other,
        not says[0],
    )


def _label(kind: str, name: str) -> str:
    if (kind, name) == ("household", "place"):
        return _("Place and door")
    return (home if kind == "household" else helper).labels()[name]


def _text(kind: str, name: str, row: Any, holder: Any, says: bool) -> str:
    """What a row says in a field, as far as it is shown without a reason."""
    if not says:
        return ""
    if (kind, name) == ("household", "place"):
        return disclosure.place_label(row, g.actor.language)
    if name in MASKS:
        return MASKS[name]
    show = _SHOWN.get(name)
    value = getattr(holder, name, None)
    return show(row, value) if show else str(value)


_SHOWN: dict[str, Callable[[Any, Any], str]] = {
    "gender": lambda _row, value: home.one("genders", value),
    "languages": lambda _row, value: home.several("languages", value),
    "circumstances": lambda _row, value: home.several("circumstances", value),
    "gender_wish": lambda _row, value: home.one("gender_wish", value),
    "week": lambda _row, value: week(value),
    "hours": lambda _row, value: helper.plain(value),
    "reach": lambda _row, value: f"{value} m",
    "building": lambda row, _value: helper.place_of(row),
    "party": lambda row, value: "、".join(
        filter(None, (helper.one("parties", value), helper.one("party_kinds", row.party_kind)))
    ),
}


def _reveal(kind: str, name: str, row: Any, holder: Any, says: bool) -> dict[str, Any]:
    """Where a masked fact is shown in clear, and what is asked there; empty when it is not masked."""
    if not says or name not in MASKS:
        return {}
    if kind == "volunteer":
        return {"url": url_for("volunteers.reveal", volunteer_id=row.id), "hidden": {"field": name}}
    hidden = {"field": "door" if name == "place" else name}
    if isinstance(holder, Resident):
        hidden["resident_id"] = str(holder.id)
    return {"url": url_for("households.reveal", household_id=row.id), "hidden": hidden}


def places_of(kind: str, rows: list[Any]) -> dict[Any, str]:
    """Where each of some rows lives, as far as a list shows it."""
    if kind == "household":
        return dict(disclosure.place_labels(rows, g.actor.language))
    buildings = {one.id: helper.place(one.estate, one.number) for one in regions.buildings()}
    return {row.id: buildings.get(row.building_id, "") for row in rows}


def address(kind: str, row_id: Any) -> str:
    """The page of a household or a volunteer."""
    if kind == "household":
        return url_for("households.show", household_id=row_id)
    return url_for("volunteers.show", volunteer_id=row_id)

"""What a follow-up is about, told by the area that knows: this area keeps kinds and ids only."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Select

from services.core.actor import Actor


@dataclass(frozen=True)
class Subject:
    """A subject as one reader may see it: its title, and the path of its page ("" when there is none for him)."""

    title: str
    path: str = ""


Describe = Callable[[Actor, set[uuid.UUID]], dict[uuid.UUID, Subject]]
InBuilding = Callable[[uuid.UUID], Select[uuid.UUID]]

_describe: dict[str, Describe] = {}
_in_building: dict[str, InBuilding] = {}


def register(kind: str, describe: Describe, in_building: InBuilding | None = None) -> None:
    """Have `describe(actor, ids)` name subjects of `kind`, and `in_building(id)` select the ids of those in a building.

    Raises ValueError for a kind taken.
    """
    if kind in _describe:
        raise ValueError(f"subject {kind} is registered twice")
    _describe[kind] = describe
    if in_building is not None:
        _in_building[kind] = in_building


def in_building(building_id: uuid.UUID) -> dict[str, Select[uuid.UUID]]:
    """By kind, the select of the subjects that belong to a building; kinds that stand in none are left out."""
    return {kind: ids(building_id) for kind, ids in _in_building.items()}


def of(actor: Actor, pairs: Iterable[tuple[str, uuid.UUID]]) -> dict[uuid.UUID, Subject]:
    """The subjects among (kind, id) that the actor may see something of, by id."""
    ids: dict[str, set[uuid.UUID]] = {}
    for kind, subject_id in pairs:
        ids.setdefault(kind, set()).add(subject_id)
    found: dict[uuid.UUID, Subject] = {}
    for kind, wanted in ids.items():
        if kind in _describe:
            found |= _describe[kind](actor, wanted)
    return found

"""Finding anyone: households, who lives in them, and volunteers, by one question."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, select, union_all

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household, Resident
from services.people import finding
from services.volunteers.models import Volunteer

MOST = 50


@dataclass(frozen=True)
class Hit:
    """Somebody found: `kind` household or volunteer, the row itself, `resident` the name that was found in a household when it
    is not its own; `near` 0 exactly what was asked, 1 it begins so, 2 a part of it."""

    kind: str
    row: Household | Volunteer
    resident: str
    near: int


@dataclass(frozen=True)
class Found:
    """The nearest first; `more` says that there are others."""

    hits: list[Hit]
    more: bool


def find(actor: Actor, *, text: str) -> Found:
    """Everybody whom `text` may mean: part of a name, pinyin, initials, a phone or its last four digits. Raises Forbidden."""
    permissions.require(actor, "register.read")
    asked = text.strip()[:60]
    if not asked:
        return Found([], False)
    rows = db.session.execute(_question(asked)).all()
    homes, helpers, residents = _load(rows)
    hits: dict[uuid.UUID, Hit] = {}
    for kind, row_id, resident_id, near in rows[:MOST]:
        row = (homes if kind == "household" else helpers)[row_id]
        hits.setdefault(row_id, Hit(kind, row, residents.get(resident_id, ""), near))
    return Found(list(hits.values()), len(rows) > MOST)


def _question(asked: str) -> Any:
    """(kind, id, resident, nearness) of everybody found, the nearest first."""
    none = literal(None, Resident.id.type)
    parts = []
    for kind, model in (("household", Household), ("volunteer", Volunteer)):
        found, near = _meant(model, asked)
        parts.append(
            select(
                literal(kind).label("kind"),
                model.id.label("id"),
                none.label("resident_id"),
                near.label("near"),
            ).where(found, model.state != "merged")
        )
    if finding.by_phone(Household, asked) is None:
        keys = Resident.name_keys
        at_home = and_(Household.community_id == Resident.community_id, Household.id == Resident.household_id)
        parts.append(
            select(literal("household"), Resident.household_id, Resident.id, finding.nearness(keys, asked))
            .join(Household, at_home)
            .where(Resident.head.is_(False), finding.by_name(keys, asked), Household.state != "merged")
        )
    every = union_all(*parts).subquery()
    return (
        select(every.c.kind, every.c.id, every.c.resident_id, every.c.near)
        .order_by(every.c.near, every.c.kind, every.c.id.desc())
        .limit(MOST + 1)
    )


def _meant(model: Any, asked: str) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    by_phone = finding.by_phone(model, asked)
    if by_phone is not None:
        return by_phone, literal(0)
    return finding.by_name(model.name_keys, asked), finding.nearness(model.name_keys, asked)


def _load(
    rows: Any,
) -> tuple[dict[uuid.UUID, Household], dict[uuid.UUID, Volunteer], dict[uuid.UUID | None, str]]:
    homes = select(Household).where(Household.id.in_({row.id for row in rows if row.kind == "household"}))
    helpers = select(Volunteer).where(Volunteer.id.in_({row.id for row in rows if row.kind == "volunteer"}))
    names = select(Resident.id, Resident.name).where(Resident.id.in_({row.resident_id for row in rows}))
    return (
        {row.id: row for row in db.session.scalars(homes)},
        {row.id: row for row in db.session.scalars(helpers)},
        {row.id: row.name for row in db.session.execute(names)},
    )

"""Who may be in the register twice: the same phone, the same name or its sound in one building, the same name and birthday."""

import itertools
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from services.core import locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household, Resident
from services.register.fields import LIVING, MODELS
from services.register.models import Twin

# What makes two look alike, the surest first.
REASONS = ("phone", "birthday", "name", "sound")
MOST = 200

Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass
class Alike:
    """Two rows that look like one, the older first, and why."""

    kind: str
    one: Any
    other: Any
    reasons: list[str] = field(default_factory=list)


def find(actor: Actor, *, kind: str) -> list[Alike]:
    """The likeliest pairs of a kind that nobody has decided about, the surest first. Raises Forbidden."""
    permissions.require(actor, "register.merge")
    apart = _apart(kind)
    found: dict[Pair, list[str]] = {}
    for reason, pairs in (
        ("phone", _joined(kind, "phone")),
        ("birthday", _born(kind)),
        ("name", _joined(kind, "name")),
        ("sound", _joined(kind, "sound")),
    ):
        for pair in pairs:
            if frozenset(pair) not in apart:
                found.setdefault(pair, []).append(reason)
    ordered = sorted(found.items(), key=lambda one: (-_weight(one[1]), one[0]))[:MOST]
    ids = {row_id for pair, _reasons in ordered for row_id in pair}
    rows = {row.id: row for row in db.session.scalars(select(MODELS[kind]).where(MODELS[kind].id.in_(ids)))}
    return [Alike(kind, rows[one], rows[other], reasons) for (one, other), reasons in ordered]


def _weight(reasons: Iterable[str]) -> int:
    return sum(2 ** (len(REASONS) - REASONS.index(reason)) for reason in reasons)


def _apart(kind: str) -> set[frozenset[uuid.UUID]]:
    decided = select(Twin.kept_id, Twin.other_id).where(
        Twin.kind == kind, Twin.verdict == "different", Twin.undone_at.is_(None)
    )
    return {frozenset((row.kept_id, row.other_id)) for row in db.session.execute(decided)}


def _joined(kind: str, reason: str) -> list[Pair]:
    one, other = aliased(MODELS[kind]), aliased(MODELS[kind])
    statement = (
        select(one.id, other.id)
        .join(other, (one.community_id == other.community_id) & (one.id < other.id))
        .where(one.state.in_(LIVING[kind]), other.state.in_(LIVING[kind]), *_same(one, other, reason))
        .order_by(other.id.desc(), one.id)
        .limit(MOST)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _same(one: Any, other: Any, reason: str) -> tuple[ColumnElement[bool], ...]:
    if reason == "phone":
        return (one.phone_key == other.phone_key,)
    if reason == "name":
        return (one.name == other.name, one.building_id == other.building_id)
    sound, heard = (func.split_part(row.name_keys, " ", 2) for row in (one, other))
    return (sound == heard, sound != "", one.name != other.name, one.building_id == other.building_id)


def _born(kind: str) -> Iterator[Pair]:
    """Pairs of one name and birthday. Birthdays are sealed: only those of a name that several have are opened."""
    row: Any = Resident if kind == "household" else MODELS[kind]
    whose = Resident.household_id if kind == "household" else row.id
    several = select(row.name).group_by(row.name).having(func.count() > 1)
    statement = select(whose, row.name, row.birthday).where(row.name.in_(several), row.birthday.is_not(None))
    if kind == "household":
        served = Household.community_id == Resident.community_id
        statement = statement.join(Household, served & (Household.id == Resident.household_id)).where(
            Household.state.in_(LIVING[kind]), Resident.head.is_(True)
        )
    else:
        statement = statement.where(row.state.in_(LIVING[kind]))
    same: dict[tuple[str, str], list[uuid.UUID]] = {}
    for row_id, name, birthday in db.session.execute(statement):
        same.setdefault((name, birthday), []).append(row_id)
    pairs = (pair for ids in same.values() for pair in itertools.combinations(sorted(ids), 2))
    return itertools.islice(pairs, MOST)


def decisions(actor: Actor, *, after: str | None = None, limit: int = 100) -> paging.Page[Twin]:
    """A page of what was decided, the newest first. Raises Forbidden."""
    permissions.require(actor, "register.merge")
    return paging.newest_first(select(Twin), Twin.id, after=after, limit=limit)


def get_decision(actor: Actor, twin_id: uuid.UUID) -> Twin:
    """What was decided about two rows. Raises Forbidden, NotFound."""
    permissions.require(actor, "register.merge")
    return locks.get(Twin, twin_id)


def merge_of(other_id: uuid.UUID) -> Twin | None:
    """The merge by which a row left the register, or None."""
    statement = select(Twin).where(
        Twin.other_id == other_id, Twin.verdict == "same", Twin.undone_at.is_(None)
    )
    return db.session.scalars(statement).first()


def names(rows: Iterable[Twin]) -> dict[uuid.UUID, str]:
    """What both rows of each decision are called."""
    found: dict[uuid.UUID, str] = {}
    for kind, model in MODELS.items():
        ids = {row_id for row in rows if row.kind == kind for row_id in (row.kept_id, row.other_id)}
        found |= {
            row.id: row.name
            for row in db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        }
    return found

"""What the community gives its units in return: append-only entries, a mistake is taken back by another entry."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.core.free_text import without_id_numbers
from services.pledges import units
from services.pledges.models import Benefit, Unit

EARLIEST = 366 * 5


def give(actor: Actor, *, unit_id: uuid.UUID, kind: str, line: str, given_on: date) -> Benefit:
    """Enter what a unit got from the community; the same on the same day is one entry.

    Raises Forbidden, NotFound, DomainError by field.
    """
    permissions.require(actor, "pledges.allocate")
    unit = locks.lock(Unit, unit_id)
    if kind not in units.HOPES:
        raise DomainError("kind", N_("Please choose one of the list."), field="kind")
    if not line.strip():
        raise DomainError("line", N_("Please say in a line what the unit got."), field="line")
    without_id_numbers(line, field="line")
    today = regions.today(actor.community_id)
    if given_on > today:
        raise DomainError("given_on", N_("Enter it on the day it is given, or afterwards."), field="given_on")
    if given_on < today - timedelta(days=EARLIEST):
        raise DomainError("given_on", N_("This day is too far away to be meant."), field="given_on")
    facts = {"unit_id": unit.id, "kind": kind, "line": line.strip(), "given_on": given_on}
    same = db.session.scalars(standing().filter_by(**facts)).first()
    return same or _enter(actor, Benefit(**facts))


def take_back(actor: Actor, *, benefit_id: uuid.UUID) -> Benefit:
    """Take an entry back that was a mistake: by an entry against it. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "pledges.allocate")
    row = locks.get(Benefit, benefit_id)
    locks.lock(Unit, row.unit_id)
    if row.counters or db.session.scalars(select(Benefit.id).where(Benefit.counters == row.id)).first():
        raise Conflict("taken_back", N_("This entry has been taken back already."))
    return _enter(
        actor,
        Benefit(unit_id=row.unit_id, kind=row.kind, line=row.line, given_on=row.given_on, counters=row.id),
    )


def _enter(actor: Actor, row: Benefit) -> Benefit:
    row.account_id = actor.account_id
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "benefit.taken_back" if row.counters else "benefit.given", "benefit", row.id)
    return row


def of_unit(actor: Actor, *, unit_id: uuid.UUID, year: int | None = None) -> Sequence[Benefit]:
    """What a unit got (in a year), the latest first, without what was taken back; for the office and the unit itself.

    Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.offer")
    units.check_own(actor, unit_id)
    statement = standing().where(Benefit.unit_id == unit_id)
    if year:
        statement = statement.where(Benefit.given_on.between(date(year, 1, 1), date(year, 12, 31)))
    return db.session.scalars(statement.order_by(Benefit.given_on.desc(), Benefit.id.desc())).all()


def get(actor: Actor, benefit_id: uuid.UUID) -> Benefit:
    """One entry, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    return locks.get(Benefit, benefit_id)


def entries(actor: Actor, *, unit_id: uuid.UUID) -> Sequence[Benefit]:
    """Every entry of a unit in the order it was made, what was taken back and by which, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    statement = select(Benefit).where(Benefit.unit_id == unit_id)
    return db.session.scalars(statement.order_by(Benefit.id.desc())).all()


def standing() -> Select[Benefit]:
    """The entries that hold: neither taken back nor taking back."""
    against = select(Benefit.counters).where(Benefit.counters.is_not(None))
    return select(Benefit).where(Benefit.counters.is_(None), Benefit.id.not_in(against))

"""What projects lack, as a unit may know it; offering help for one, and the projects a unit helps with."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from services.communities import regions
from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, NotFound
from services.pledges import market, progress, purposes, standings, units
from services.pledges.models import Allocation, Pledge, Unit
from services.pledges.progress import Part, Progress
from services.pledges.project_models import LIVING, Project, ProjectPart
from services.pledges.standings import Line

SHOWN = 20


@dataclass(frozen=True)
class Lacking:
    """One thing that a published project still lacks; `offered` when the unit has offered it already."""

    project: Project
    part: Part
    offered: bool


def lacking(actor: Actor) -> list[Lacking]:
    """What published projects still lack, the newest project first. Raises Forbidden, NotFound."""
    unit = units.own(actor)
    statement = select(Project).where(Project.published_on.is_not(None), Project.state.in_(LIVING))
    rows = db.session.scalars(statement.order_by(Project.id.desc()).limit(SHOWN)).all()
    return [one for found in progress.described(rows) for one in _lacks(found, unit)]


def one(actor: Actor, *, part_id: uuid.UUID) -> Lacking:
    """One thing that a project lacks. Raises Forbidden, NotFound, Conflict when it lacks it no longer."""
    unit = units.own(actor)
    project = locks.get(Project, locks.get(ProjectPart, part_id).project_id)
    if project.published_on is None:
        raise NotFound()
    lacks = _lacks(progress.described([project])[0], unit) if project.state in LIVING else []
    for found in lacks:
        if found.part.part.id == part_id:
            return found
    raise Conflict("gone", N_("This is no longer missing. Please choose something else."))


def _lacks(found: Progress, unit: Unit) -> list[Lacking]:
    offered = {
        use.allocation.part_id
        for use in found.uses
        if use.allocation.state == "offered" and use.unit.id == unit.id
    }
    return [Lacking(found.project, part, part.part.id in offered) for part in found.parts if part.missing]


def fitting(actor: Actor, *, part_id: uuid.UUID) -> list[Line]:
    """The unit's own pledges of which something is free and that count for a part of a project. Raises Forbidden, NotFound."""
    unit = units.own(actor)
    return _free(actor, [locks.get(ProjectPart, part_id)], unit.id)


def free_for(actor: Actor, parts: Iterable[ProjectPart], limit: int = 3) -> dict[uuid.UUID, list[Line]]:
    """For each part of a project some free pledges that count for it and are for no kind of need, for the office.

    Raises Forbidden.
    """
    permissions.require(actor, "pledges.read")
    wanted = list(parts)
    lines = [line for line in _free(actor, wanted) if not line.pledge.need_kind]
    return {
        part.id: [line for line in lines if purposes.counts_for(line.pledge, part)][:limit] for part in wanted
    }


def all_free(actor: Actor, limit: int = 100) -> list[Line]:
    """Free pledges of every kind, what ends soonest first, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    today = regions.today(actor.community_id)
    statement = standings.free_now(select(Pledge), today).order_by(Pledge.ends_on, Pledge.id)
    return standings.describe(db.session.scalars(statement.limit(limit)).all(), today)


def _free(actor: Actor, parts: list[ProjectPart], unit_id: uuid.UUID | None = None) -> list[Line]:
    today = regions.today(actor.community_id)
    asked = {(part.kind, part.measure) for part in parts}
    statement = standings.free_now(select(Pledge), today)
    statement = statement.where(tuple_(Pledge.kind, Pledge.measure).in_(asked))
    if unit_id:
        statement = statement.where(Pledge.unit_id == unit_id)
    rows = db.session.scalars(statement.order_by(Pledge.ends_on, Pledge.id)).all()
    return standings.describe(rows, today)


def offer(
    actor: Actor, *, part_id: uuid.UUID, pledge_id: uuid.UUID, quantity: int | None = None
) -> Allocation:
    """Offer part of an own pledge for what a project lacks; the office looks at it, and reserves it or declines.

    The same offer twice is one. Raises Forbidden, NotFound, DomainError by field, Conflict when there is not that much
    or the project lacks it no longer.
    """
    unit = units.own(actor)
    pledge = locks.lock(Pledge, pledge_id)
    if pledge.unit_id != unit.id:
        raise NotFound()
    project_id = one(actor, part_id=part_id).project.id
    purpose = purposes.held(project_id=project_id, part_id=part_id)
    purposes.check_counts(pledge, purpose)
    if pledge.state != "open":
        raise Conflict("withdrawn", N_("This pledge has been taken back. Please choose another one."))
    return purposes.offered(pledge.id, purpose) or market.put(actor, pledge, purpose, quantity)


def helped(actor: Actor) -> list[Progress]:
    """The projects that the unit gave or offered something for, the newest first. Raises Forbidden, NotFound."""
    unit = units.own(actor)
    own = select(Pledge.id).where(Pledge.unit_id == unit.id)
    given = select(Allocation.project_id).where(
        Allocation.pledge_id.in_(own), Allocation.state != "released", Allocation.project_id.is_not(None)
    )
    statement = select(Project).where(Project.id.in_(given)).order_by(Project.id.desc()).limit(SHOWN)
    return progress.described(db.session.scalars(statement).all())

"""How far a project is: its steps, what it takes, what of it is promised and has come, from whom."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from services.core import audit, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.core.free_text import without_id_numbers
from services.pledges import milestones, offers, quantities, uses
from services.pledges.models import Allocation
from services.pledges.project_models import Milestone, Project, ProjectPart
from services.pledges.uses import Use


@dataclass(frozen=True)
class Part:
    """One thing a project takes: how much of it came, and how much is reserved and still to come."""

    part: ProjectPart
    delivered: int
    reserved: int

    @property
    def missing(self) -> int:
        """How much nobody has promised yet."""
        return max(0, self.part.quantity - self.delivered - self.reserved)


@dataclass(frozen=True)
class Progress:
    """A project with its steps, its parts, and everything given or offered for it, the newest first."""

    project: Project
    steps: Sequence[Milestone]
    parts: Sequence[Part]
    uses: Sequence[Use]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done_on is not None for step in self.steps)

    @property
    def missing(self) -> int:
        """How many of its parts still lack something."""
        return sum(part.missing > 0 for part in self.parts)

    @property
    def given(self) -> list[Use]:
        """What is reserved or came: an offer nobody has answered is no promise yet."""
        return [use for use in self.uses if use.allocation.state in ("reserved", "delivered")]


def of(actor: Actor, projects: Sequence[Project]) -> list[Progress]:
    """How far projects are, in their order, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    return described(projects)


def public(actor: Actor, project_id: uuid.UUID) -> Progress:
    """How far a published project is, for anybody. Raises Forbidden, NotFound."""
    permissions.require(actor, "public")
    project = locks.get(Project, project_id)
    if project.published_on is None:
        raise NotFound()
    return described([project])[0]


def published(
    actor: Actor, *, after: str | None = None, limit: int = 20
) -> tuple[list[Progress], str | None]:
    """Every published project, the newest first, and the cursor of the next page, for anybody. Raises Forbidden."""
    permissions.require(actor, "public")
    statement = select(Project).where(Project.published_on.is_not(None))
    found = paging.newest_first(statement, Project.id, after=after, limit=limit)
    return described(found.rows), found.next


def described(projects: Sequence[Project]) -> list[Progress]:
    """How far projects are, in their order and a fixed number of queries, for who may see them."""
    ids = [project.id for project in projects]
    given: dict[uuid.UUID | None, list[Use]] = {}
    for use in uses.of_projects(ids):
        given.setdefault(use.allocation.project_id, []).append(use)
    steps: dict[uuid.UUID, list[Milestone]] = {}
    for step in milestones.of_projects(ids):
        steps.setdefault(step.project_id, []).append(step)
    parts: dict[uuid.UUID, list[ProjectPart]] = {}
    wanted = select(ProjectPart).where(ProjectPart.project_id.in_(ids)).order_by(ProjectPart.id)
    for part in db.session.scalars(wanted):
        parts.setdefault(part.project_id, []).append(part)
    return [
        Progress(
            project,
            steps.get(project.id, []),
            [_part(part, given.get(project.id, [])) for part in parts.get(project.id, [])],
            given.get(project.id, []),
        )
        for project in projects
    ]


def one_part(actor: Actor, part_id: uuid.UUID) -> Part:
    """One thing a project takes, for the office. Raises Forbidden, NotFound."""
    part = locks.get(ProjectPart, part_id)
    found = of(actor, [locks.get(Project, part.project_id)])[0]
    return next(one for one in found.parts if one.part.id == part.id)


def _part(part: ProjectPart, given: Sequence[Use]) -> Part:
    own = [use for use in given if use.allocation.part_id == part.id]
    return Part(part, sum(use.came for use in own), sum(use.left for use in own))


def add_part(
    actor: Actor, *, project_id: uuid.UUID, kind: str, item: str, quantity: int, measure: str
) -> ProjectPart:
    """Say one thing that a project takes. Raises Forbidden, NotFound, DomainError by field, Conflict when it is over."""
    project = milestones.lock_living(actor, project_id)
    if kind not in offers.KINDS:
        raise DomainError("kind", N_("Please choose one of the list."), field="kind")
    if not item.strip():
        raise DomainError("item", N_("Please write what it takes."), field="item")
    without_id_numbers(item, field="item")
    row = ProjectPart(
        project_id=project.id,
        kind=kind,
        item=item.strip(),
        measure=quantities.measure_of(kind, measure),
        quantity=quantities.checked(quantity),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "project.part_added", "project", project.id, part=str(row.id))
    return row


def hold_part(part_id: uuid.UUID) -> None:
    """Lock a part as its removal does, its project first. Raises NotFound."""
    locks.lock(Project, locks.get(ProjectPart, part_id).project_id)
    locks.lock(ProjectPart, part_id)


def remove_part(actor: Actor, *, part_id: uuid.UUID) -> uuid.UUID:
    """Take out one thing that nothing was given or offered for: its project's id. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "pledges.projects")
    project = milestones.lock_living(actor, locks.get(ProjectPart, part_id).project_id)
    row = locks.lock(ProjectPart, part_id)
    if db.session.scalars(select(Allocation.id).where(Allocation.part_id == row.id).limit(1)).first():
        raise Conflict(
            "part_used", N_("Something was offered or given for this already, so it stays on the list.")
        )
    db.session.delete(row)
    audit.record(actor, "project.part_removed", "project", project.id, part=str(part_id))
    db.session.flush()
    return project.id

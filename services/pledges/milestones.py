"""The steps of a project: set, moved, ticked; whoever answers for the project is followed up about each."""

import uuid
from datetime import date

from sqlalchemy import select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.core.free_text import without_id_numbers
from services.followups import deadlines, life, plans, subjects
from services.followups.subjects import Subject
from services.pledges.project_models import LIVING, Milestone, Project

KIND = "milestone"
PLAN = "project_step"
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)

plans.declare(
    PLAN,
    name="实事共办的一步到期",
    name_en="A step of a project is due",
    subject_kind=KIND,
    event="set",
    after_days=0,
    owner=plans.STAFF,
)


def add(actor: Actor, *, project_id: uuid.UUID, title: str, due_on: date, line: str = "") -> Milestone:
    """Set a step with the day it is due. Raises Forbidden, NotFound, DomainError by field, Conflict when the project is over."""
    project = lock_living(actor, project_id)
    _check(title, due_on, line)
    row = Milestone(project_id=project.id, title=title.strip(), due_on=due_on, line=line.strip())
    db.session.add(row)
    db.session.flush()
    _follow(actor, project, row)
    audit.record(actor, "milestone.set", KIND, row.id)
    return row


def change(
    actor: Actor,
    *,
    milestone_id: uuid.UUID,
    title: str | None = None,
    due_on: date | None = None,
    line: str | None = None,
) -> Milestone:
    """Say a step anew, or move its day; its follow-up moves along. What is not said stays.

    Raises Forbidden, NotFound, DomainError, Conflict.
    """
    project, row = _lock(actor, milestone_id)
    title, line = row.title if title is None else title, row.line if line is None else line
    due_on = due_on or row.due_on
    _check(title, due_on, line)
    row.title, row.due_on, row.line = title.strip(), due_on, line.strip()
    db.session.flush()
    if row.done_on is None:
        _follow(actor, project, row)
    audit.record(actor, "milestone.changed", KIND, row.id)
    return row


def tick(actor: Actor, *, milestone_id: uuid.UUID, day: date, line: str = "") -> Milestone:
    """A step was done on a day; twice is once. `line` says what came of it. Raises Forbidden, NotFound, DomainError, Conflict."""
    _project, row = _lock(actor, milestone_id)
    if not EARLIEST <= day <= regions.today(actor.community_id):
        raise DomainError("day", N_("A step is done on its day or before today, not later."), field="day")
    _check_line(line)
    if row.done_on is None:
        row.done_on = day
        life.close_subject(actor, subject_kind=KIND, subject_id=row.id, reason="done")
        audit.record(actor, "milestone.done", KIND, row.id)
    row.line = line.strip() or row.line
    db.session.flush()
    return row


def untick(actor: Actor, *, milestone_id: uuid.UUID) -> Milestone:
    """A step is not done after all, and followed up again. Raises Forbidden, NotFound, Conflict."""
    project, row = _lock(actor, milestone_id)
    if row.done_on is not None:
        row.done_on = None
        db.session.flush()
        _follow(actor, project, row)
        audit.record(actor, "milestone.reopened", KIND, row.id)
    return row


def remove(actor: Actor, *, milestone_id: uuid.UUID) -> uuid.UUID:
    """Take a step out that is not done: its project's id. Raises Forbidden, NotFound, Conflict."""
    project, row = _lock(actor, milestone_id)
    if row.done_on is not None:
        raise Conflict("done", N_("This step is done. Untick it first if it was never part of the project."))
    life.close_subject(actor, subject_kind=KIND, subject_id=row.id, reason="removed")
    audit.record(actor, "milestone.removed", KIND, row.id)
    db.session.delete(row)
    db.session.flush()
    return project.id


def follow_all(actor: Actor, project: Project) -> None:
    """Whoever answers for the project now is followed up about every open step; nobody once it is over. The caller holds its lock."""
    for row in of_projects([project.id]):
        if row.done_on is None and project.state in LIVING:
            _follow(actor, project, row)
        elif row.done_on is None:
            life.close_subject(actor, subject_kind=KIND, subject_id=row.id, reason=project.state)


def get(actor: Actor, milestone_id: uuid.UUID) -> Milestone:
    """A step, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    return locks.get(Milestone, milestone_id)


def of_projects(project_ids: list[uuid.UUID]) -> list[Milestone]:
    """The steps of projects, for who may see those, the earliest first."""
    statement = select(Milestone).where(Milestone.project_id.in_(project_ids))
    return list(db.session.scalars(statement.order_by(Milestone.due_on, Milestone.id)))


def lock_living(actor: Actor, project_id: uuid.UUID) -> Project:
    """A project that goes on, locked, for who sets projects up. Raises Forbidden, NotFound, Conflict when it is over."""
    permissions.require(actor, "pledges.projects")
    project = locks.lock(Project, project_id)
    if project.state not in LIVING:
        raise Conflict("project_over", N_("This project is over. Take it up again to change it."))
    return project


def hold(step_id: uuid.UUID) -> None:
    """Lock a step as its changes do, its project first. Raises NotFound."""
    locks.lock(Project, locks.get(Milestone, step_id).project_id)
    locks.lock(Milestone, step_id)


def _lock(actor: Actor, milestone_id: uuid.UUID) -> tuple[Project, Milestone]:
    permissions.require(actor, "pledges.projects")
    project = lock_living(actor, locks.get(Milestone, milestone_id).project_id)
    return project, locks.lock(Milestone, milestone_id)


def _check(title: str, due_on: date, line: str) -> None:
    if not title.strip():
        raise DomainError("title", N_("Please say what is to be done."), field="title")
    without_id_numbers(title, field="title")
    if not EARLIEST <= due_on <= LATEST:
        raise DomainError("due_on", N_("This day is too far away to be meant."), field="due_on")
    _check_line(line)


def _check_line(line: str) -> None:
    without_id_numbers(line, field="line")


def _follow(actor: Actor, project: Project, row: Milestone) -> None:
    deadlines.keep(
        actor,
        plan_code=PLAN,
        subject_kind=KIND,
        subject_id=row.id,
        owner_id=project.lead_id,
        day=row.due_on,
    )


def _describe(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    if not actor.has("staff", "admin", "system"):
        return {}
    community = regions.get_community(actor.community_id or 0)
    statement = (
        select(Milestone, Project)
        .join(
            Project, (Project.community_id == Milestone.community_id) & (Project.id == Milestone.project_id)
        )
        .where(Milestone.id.in_(ids))
    )
    return {
        row.id: Subject(
            f"{project.title} · {row.title}", f"/c/{community.code}/pledges/projects/{project.id}"
        )
        for row, project in db.session.execute(statement)
    }


subjects.register(KIND, _describe)

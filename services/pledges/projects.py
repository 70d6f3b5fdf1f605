"""Projects that the office and its units do together: set up, changed, published, done or stopped."""

import uuid
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select

from services.communities import catalogue, regions
from services.core import audit, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.core.free_text import without_id_numbers
from services.people import memberships
from services.pledges import allocations, milestones, unit_pairings
from services.pledges.milestones import EARLIEST, LATEST
from services.pledges.models import Allocation
from services.pledges.project_models import LIVING, Milestone, Project

STATES = ("planned", "under_way", "done", "stopped")
STOP_REASONS = {
    "not_needed": N_("No longer needed"),
    "not_enough": N_("What it takes cannot be found"),
    "not_allowed": N_("It was not permitted"),
    "elsewhere": N_("Somebody else does it"),
    "mistake": N_("Entered by mistake"),
}


@dataclass(frozen=True)
class Facts:
    """What the office says of a project; `lead_id` is who of the office answers for it."""

    title: str
    theme: str
    lead_id: uuid.UUID
    starts_on: date
    target_on: date
    about: str = ""
    place: str = ""


def create(actor: Actor, facts: Facts) -> Project:
    """Plan a project. Nobody outside the office sees it until it is published. Raises Forbidden, DomainError by field."""
    permissions.require(actor, "pledges.projects")
    _check(actor, facts)
    row = Project(state="planned", created_by=actor.account_id)
    _put(row, facts)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "project.planned", "project", row.id)
    return row


def change(actor: Actor, *, project_id: uuid.UUID, facts: Facts) -> Project:
    """Say anew what a project is; a new person in charge takes over the follow-ups. Raises Forbidden, NotFound, DomainError, Conflict."""
    row = milestones.lock_living(actor, project_id)
    _check(actor, facts, before=row.lead_id)
    handed = facts.lead_id != row.lead_id
    _put(row, facts)
    db.session.flush()
    if handed:
        milestones.follow_all(actor, row)
    audit.record(actor, "project.changed", "project", row.id)
    return row


def facts(row: Project) -> Facts:
    """What the office says of a project now."""
    return Facts(**{field.name: getattr(row, field.name) for field in fields(Facts)})


def leads(actor: Actor) -> set[uuid.UUID]:
    """The accounts that may answer for a project: the office's. Raises Forbidden."""
    permissions.require(actor, "pledges.projects")
    today = regions.today(actor.community_id)
    return {one for role in ("staff", "admin") for one in memberships.accounts_with_role(role, today)}


def publish(actor: Actor, *, project_id: uuid.UUID, public: bool) -> Project:
    """Show a project to everybody on its own page, or no longer. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.projects")
    row = locks.lock(Project, project_id)
    if public != (row.published_on is not None):
        row.published_on = regions.today(actor.community_id) if public else None
        db.session.flush()
        audit.record(actor, "project.published" if public else "project.hidden", "project", row.id)
    return row


def begin(actor: Actor, *, project_id: uuid.UUID) -> Project:
    """A planned project is under way; twice is once. Raises Forbidden, NotFound, Conflict when it is over."""
    row = milestones.lock_living(actor, project_id)
    return _move(actor, row, "under_way")


def finish(actor: Actor, *, project_id: uuid.UUID) -> Project:
    """A project is done. Raises Forbidden, NotFound, Conflict while a step is open or something is still to come."""
    row = milestones.lock_living(actor, project_id)
    if any(step.done_on is None for step in milestones.of_projects([row.id])):
        raise Conflict("steps_open", N_("Some steps are not ticked yet. Tick them, or take them out."))
    if _reserved(row.id):
        raise Conflict(
            "still_reserved",
            N_("Something is still offered or reserved for it. Sign for it or release it first."),
        )
    return _move(actor, row, "done")


def stop(actor: Actor, *, project_id: uuid.UUID, reason: str) -> Project:
    """A project does not go on: what is reserved for it goes back to its pledges.

    Raises Forbidden, NotFound, DomainError, Conflict when it is over, or something was reserved for it at the same moment.
    """
    permissions.require(actor, "pledges.projects")
    if reason not in STOP_REASONS:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")
    # Pledges, in their order, and allocations are locked before what they are for, as everywhere in this area.
    for allocation_id in _reserved(locks.get(Project, project_id).id):
        allocations.release(actor, allocation_id=allocation_id, reason="not_needed")
    row = milestones.lock_living(actor, project_id)
    if _reserved(row.id):
        raise Conflict(
            "changed", N_("Somebody changed this at the same moment. Please look again and repeat.")
        )
    row.stop_reason = reason
    return _move(actor, row, "stopped")


def take_up_again(actor: Actor, *, project_id: uuid.UUID) -> Project:
    """A project that was over goes on; its open steps are followed up again. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.projects")
    row = locks.lock(Project, project_id)
    row.stop_reason = ""
    return row if row.state in LIVING else _move(actor, row, "under_way")


def _move(actor: Actor, row: Project, state: str) -> Project:
    if row.state == state:
        return row
    row.state = state
    row.ended_on = None if state in LIVING else regions.today(actor.community_id)
    db.session.flush()
    milestones.follow_all(actor, row)
    if state not in LIVING:
        unit_pairings.end_of_project(actor, row.id)
    audit.record(actor, f"project.{state}", "project", row.id, code=row.stop_reason)
    return row


def get(actor: Actor, project_id: uuid.UUID | str | None) -> Project:
    """A project, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    return locks.get(Project, project_id)


def page(
    actor: Actor,
    *,
    state: str = "",
    theme: str = "",
    mine: bool = False,
    late: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Project], str | None]:
    """Projects, the newest first, and the cursor of the next page; `late`: a step's day is over. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    statement = select(Project)
    if state:
        statement = statement.where(Project.state == state)
    if theme:
        statement = statement.where(Project.theme == theme)
    if mine:
        statement = statement.where(Project.lead_id == actor.account_id)
    if late:
        statement = _late(statement, actor)
    found = paging.newest_first(statement, Project.id, after=after, limit=limit)
    return list(found.rows), found.next


def counts(actor: Actor) -> dict[str, int]:
    """How many projects of each state there are, and how many are late, each the length of a list. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    found = db.session.execute(select(Project.state, func.count()).group_by(Project.state))
    counted = dict.fromkeys(STATES, 0) | {state: number for state, number in found}
    return counted | {
        "late": db.session.scalars(_late(select(func.count()).select_from(Project), actor)).one()
    }


def going_on(actor: Actor, limit: int = 50) -> list[Project]:
    """Projects that something can be reserved for, the newest first. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    statement = select(Project).where(Project.state.in_(LIVING))
    return list(db.session.scalars(statement.order_by(Project.id.desc()).limit(limit)))


def _late(statement: Select[Any], actor: Actor) -> Select[Any]:
    passed = exists().where(
        Milestone.community_id == Project.community_id,
        Milestone.project_id == Project.id,
        Milestone.done_on.is_(None),
        Milestone.due_on < regions.today(actor.community_id),
    )
    return statement.where(Project.state.in_(LIVING), passed)


def _reserved(project_id: uuid.UUID) -> list[uuid.UUID]:
    statement = select(Allocation.id).where(
        Allocation.project_id == project_id, Allocation.state.in_(("offered", "reserved"))
    )
    return list(db.session.scalars(statement.order_by(Allocation.pledge_id, Allocation.id)))


def _put(row: Project, facts: Facts) -> None:
    row.title, row.theme, row.lead_id = facts.title.strip(), facts.theme, facts.lead_id
    row.starts_on, row.target_on = facts.starts_on, facts.target_on
    row.about, row.place = facts.about.strip(), facts.place.strip()


def _check(actor: Actor, facts: Facts, before: uuid.UUID | None = None) -> None:
    if not facts.title.strip():
        raise DomainError("title", N_("Please give the project a name."), field="title")
    for name in ("title", "about", "place"):
        without_id_numbers(getattr(facts, name), field=name)
    if facts.theme not in {term.code for term in catalogue.THEMES}:
        raise DomainError("theme", N_("Please choose one of the list."), field="theme")
    if facts.lead_id != before and facts.lead_id not in leads(actor):
        raise DomainError("lead", N_("Please choose one of the list."), field="lead_id")
    if not EARLIEST <= facts.starts_on <= LATEST:
        raise DomainError("starts_on", N_("This day is too far away to be meant."), field="starts_on")
    if not facts.starts_on <= facts.target_on <= LATEST:
        raise DomainError("target_on", N_("The last day must not be before the first."), field="target_on")

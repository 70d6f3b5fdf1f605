"""What part of a pledge is given for: an open need of a household, or a project and perhaps one thing it takes."""

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from services.core import locks
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.households.models import Need
from services.pledges.models import Allocation, Pledge
from services.pledges.project_models import LIVING, Project, ProjectPart


@dataclass(frozen=True)
class Purpose:
    """Whom an allocation is for, as its row says it: a household, or a project."""

    household_id: uuid.UUID | None = None
    need_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    part_id: uuid.UUID | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of an allocation for it."""
        return asdict(self)


def held(
    *,
    need_id: uuid.UUID | None = None,
    project_id: uuid.UUID | None = None,
    part_id: uuid.UUID | None = None,
) -> Purpose:
    """The purpose, open and held so until the transaction ends; the caller has locked the pledge.

    Raises NotFound, DomainError without one, Conflict when the need is met or the project is over.
    """
    if project_id:
        return _project(project_id, part_id)
    if need_id is None:
        raise DomainError("need", N_("Please choose a need or a project."), field="need_id")
    need = locks.lock(Need, need_id)
    if need.state != "open":
        raise Conflict(
            "need_closed",
            N_(
                "This need is no longer open. Choose another need of the household, or open a new one on its page."
            ),
            field="need_id",
        )
    return Purpose(household_id=need.household_id, need_id=need.id)


def _project(project_id: uuid.UUID, part_id: uuid.UUID | None) -> Purpose:
    project = locks.share(Project, project_id)
    if project.state not in LIVING:
        raise Conflict("project_over", N_("This project is over, so nothing more is given for it."))
    if part_id is not None and locks.share(ProjectPart, part_id).project_id != project.id:
        raise NotFound()
    return Purpose(project_id=project.id, part_id=part_id)


def check_counts(pledge: Pledge, purpose: Purpose) -> None:
    """Raise DomainError when a pledge is for a part of a project that counts in something else."""
    if purpose.part_id and not counts_for(pledge, locks.get(ProjectPart, purpose.part_id)):
        raise DomainError(
            "part",
            N_("This pledge is of another kind or counted otherwise. Give it for the project as a whole."),
            field="part_id",
        )


def counts_for(pledge: Pledge, part: ProjectPart) -> bool:
    """True when a pledge is of the kind a part of a project asks for, counted in the same."""
    return (pledge.kind, pledge.measure) == (part.kind, part.measure)


def offered(pledge_id: uuid.UUID, purpose: Purpose) -> Allocation | None:
    """What the unit itself offered of a pledge for this, and nobody has answered yet."""
    statement = select(Allocation).where(Allocation.pledge_id == pledge_id, Allocation.state == "offered")
    if purpose.need_id:
        statement = statement.where(Allocation.need_id == purpose.need_id)
    else:
        same = Allocation.part_id.is_not_distinct_from(purpose.part_id)
        statement = statement.where(Allocation.project_id == purpose.project_id, same)
    return db.session.scalars(statement).first()

"""Units that look after the community, a household or a project, and the contact the office keeps with them about it."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.followups import life, plans, subjects
from services.followups.models import LIVING
from services.followups.subjects import Subject
from services.households.models import Household
from services.pledges import units
from services.pledges.models import Unit, UnitPairing
from services.pledges.project_models import LIVING as GOING_ON
from services.pledges.project_models import Project

KIND = "unit_pairing"
RHYTHMS = {
    "monthly": N_("every month"),
    "quarterly": N_("every quarter"),
    "half_yearly": N_("every half year"),
}
END_REASONS = {
    "unit_stops": N_("The unit stops"),
    "not_needed": N_("No longer needed"),
    "other_rhythm": N_("It goes on in another rhythm"),
    "mistake": N_("Entered by mistake"),
}

for _rhythm, _days, _months, _zh, _en in (
    ("monthly", 30, 1, "每月联系结对单位", "Monthly contact with a unit"),
    ("quarterly", 90, 3, "每季度联系结对单位", "Quarterly contact with a unit"),
    ("half_yearly", 180, 6, "每半年联系结对单位", "Half-yearly contact with a unit"),
):
    plans.declare(
        f"unit_contact_{_rhythm}",
        name=_zh,
        name_en=_en,
        subject_kind=KIND,
        event=_rhythm,
        after_days=_days,
        rule=f"FREQ=MONTHLY;INTERVAL={_months}",
        owner=plans.STAFF,
    )


@dataclass(frozen=True)
class Line:
    """A pairing of a list; `household` for the office alone, `next_on` is when the office is to make contact."""

    pairing: UnitPairing
    unit: Unit
    household: Household | None
    project: Project | None
    next_on: date | None

    @property
    def household_id(self) -> uuid.UUID | None:
        """The household, for the office alone."""
        return self.household.id if self.household else None


def pair(
    actor: Actor,
    *,
    unit_id: uuid.UUID,
    rhythm: str,
    household_id: uuid.UUID | None = None,
    project_id: uuid.UUID | None = None,
) -> UnitPairing:
    """Have a unit look after the community, a household or a project; follow-ups for the office come by the rhythm.

    Raises Forbidden, NotFound, DomainError, Conflict when they are a pair already or there is nothing to look after any more.
    """
    permissions.require(actor, "pledges.allocate")
    if rhythm not in RHYTHMS:
        raise DomainError("rhythm", N_("Please choose one of the list."), field="rhythm")
    plans.hold(actor, KIND)
    if household_id and project_id:
        raise DomainError("one", N_("Please choose either a household or a project."), field="project")
    _check_served(household_id, project_id)
    unit = locks.lock(Unit, unit_id)
    same = _living().where(
        UnitPairing.unit_id == unit.id,
        UnitPairing.household_id.is_not_distinct_from(household_id),
        UnitPairing.project_id.is_not_distinct_from(project_id),
    )
    if db.session.scalars(same).first():
        raise Conflict(
            "paired",
            N_("They are a pair already. To change the rhythm, end that pairing first."),
            field="unit",
        )
    today = regions.today(actor.community_id)
    row = UnitPairing(
        unit_id=unit.id,
        household_id=household_id,
        project_id=project_id,
        rhythm=rhythm,
        started_on=today,
        created_by=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    life.start(actor, event=rhythm, subject_kind=KIND, subject_id=row.id, day=today, owners={})
    audit.record(actor, "unit_pairing.started", KIND, row.id, rhythm=rhythm)
    return row


def _check_served(household_id: uuid.UUID | None, project_id: uuid.UUID | None) -> None:
    if household_id and locks.share(Household, household_id).state != "active":
        raise Conflict("closed", N_("This household is no longer served."), field="household")
    if project_id and locks.share(Project, project_id).state not in GOING_ON:
        raise Conflict("project_over", N_("This project is over, so nobody looks after it."), field="project")


def end(actor: Actor, *, pairing_id: uuid.UUID, reason: str) -> UnitPairing:
    """End a pairing today; its follow-ups close. Raises Forbidden, NotFound, DomainError, Conflict."""
    permissions.require(actor, "pledges.allocate")
    if reason not in END_REASONS:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")
    plans.hold(actor, KIND)
    row = locks.lock(UnitPairing, pairing_id)
    if row.ended_on:
        raise Conflict("ended", N_("This pairing has ended already."))
    return _end(actor, row, reason)


def end_of_household(actor: Actor, household_id: uuid.UUID) -> None:
    """End every pairing of a household that is closed; the caller holds its lock."""
    _end_all(actor, UnitPairing.household_id == household_id)


def end_of_project(actor: Actor, project_id: uuid.UUID) -> None:
    """End every pairing with a project that is over; the caller holds its lock."""
    _end_all(actor, UnitPairing.project_id == project_id)


def _end_all(actor: Actor, which: ColumnElement[bool]) -> None:
    plans.hold(actor, KIND)
    living = _living().where(which)
    for row in db.session.scalars(living.order_by(UnitPairing.id).with_for_update()).all():
        _end(actor, row, "not_needed")


def _end(actor: Actor, row: UnitPairing, reason: str) -> UnitPairing:
    row.ended_on, row.end_reason = regions.today(actor.community_id), reason
    db.session.flush()
    life.close_subject(actor, subject_kind=KIND, subject_id=row.id, reason=reason)
    audit.record(actor, "unit_pairing.ended", KIND, row.id, code=reason)
    return row


def of_unit(actor: Actor, *, unit_id: uuid.UUID) -> list[Line]:
    """A unit's living pairings, for the office and the unit itself, who is not told with which household.

    Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.offer")
    units.check_own(actor, unit_id)
    return _lines(UnitPairing.unit_id == unit_id, named=permissions.allowed(actor, "pledges.read"))


def get(actor: Actor, pairing_id: uuid.UUID) -> UnitPairing:
    """A unit's pairing, living or ended, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    return locks.get(UnitPairing, pairing_id)


def of_household(actor: Actor, *, household_id: uuid.UUID) -> list[Line]:
    """A household's living pairings with units, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    return _lines(UnitPairing.household_id == household_id, named=True)


def of_project(actor: Actor, *, project_id: uuid.UUID) -> list[Line]:
    """A project's living pairings with units, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    return _lines(UnitPairing.project_id == project_id, named=True)


def _living() -> Select[UnitPairing]:
    return select(UnitPairing).where(UnitPairing.ended_on.is_(None))


def _lines(which: ColumnElement[bool], *, named: bool) -> list[Line]:
    statement = _with_names().where(which, UnitPairing.ended_on.is_(None)).order_by(UnitPairing.id)
    rows = db.session.execute(statement).all()
    due: dict[uuid.UUID, date] = {}
    for one in life.of_subjects(KIND, [row[0].id for row in rows]):
        if one.state in LIVING:
            due[one.subject_id] = min(one.due_on, due.get(one.subject_id, one.due_on))
    return [
        Line(pairing, unit, household if named else None, project, due.get(pairing.id))
        for pairing, unit, household, project in rows
    ]


def _with_names() -> Select[UnitPairing, Unit, Household, Project]:
    same = UnitPairing.community_id
    return (
        select(UnitPairing, Unit, Household, Project)
        .join(Unit, (Unit.community_id == same) & (Unit.id == UnitPairing.unit_id))
        .outerjoin(Household, (Household.community_id == same) & (Household.id == UnitPairing.household_id))
        .outerjoin(Project, (Project.community_id == same) & (Project.id == UnitPairing.project_id))
    )


def _describe(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    if not actor.has("staff", "admin", "system"):
        return {}
    community = regions.get_community(actor.community_id or 0)
    return {
        pairing.id: Subject(
            " · ".join(
                [unit.name, *([household.name] if household else []), *([project.title] if project else [])]
            ),
            f"/c/{community.code}/pledges/units/{unit.id}",
        )
        for pairing, unit, household, project in db.session.execute(
            _with_names().where(UnitPairing.id.in_(ids))
        )
    }


def _in_building(building_id: uuid.UUID) -> Select[uuid.UUID]:
    homes = select(Household.id).where(Household.building_id == building_id)
    return select(UnitPairing.id).where(UnitPairing.household_id.in_(homes))


subjects.register(KIND, _describe, _in_building)

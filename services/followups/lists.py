"""Lists of follow-ups, the funnel over them and how long they are overdue: one condition for a number and its list."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_

from services.communities import regions
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_
from services.followups import absences, subjects
from services.followups.models import LIVING, FollowUp, FollowUpEntry

STAGES = {
    "open": N_("To do"),
    "due": N_("Due"),
    "reminded": N_("Reminded"),
    "late": N_("Late"),
    "escalated": N_("Escalated"),
    "done": N_("Done this month"),
}
# What becomes of those that were due in a month: all, those somebody has dealt with, and how they stand.
FUNNEL = {
    "made": N_("Made"),
    "begun": N_("Begun: somebody has dealt with it"),
    "kept": N_("Done"),
    "overdue": N_("Late and still open"),
    "passed_on": N_("Handed over"),
    "dropped": N_("Dropped: closed without being done"),
}
AGES = {
    "not_yet": N_("Not due yet"),
    "days_0": N_("Due today or 1 day late"),
    "days_2": N_("2–3 days late"),
    "days_4": N_("4–7 days late"),
    "days_8": N_("8 days late or more"),
}
# From how many days on, and to how many, the due day is past.
_OVERDUE: dict[str, tuple[int | None, int | None]] = {
    "not_yet": (None, -1),
    "days_0": (0, 1),
    "days_2": (2, 3),
    "days_4": (4, 7),
    "days_8": (8, None),
}
# What a person does to one.
_DEALT = ("postponed", "handed_over", "done")
STAFF = "staff"
# What is the asker's own, and what he does in another's place.
MINE, STANDING_IN = "mine", "standing_in"


@dataclass(frozen=True)
class Wanted:
    """Which follow-ups: of an owner (an account's id, "staff", "mine", "standing_in", "" for everybody), a plan, a building, due in a month
    (its first day)."""

    owner: str = ""
    plan_id: uuid.UUID | None = None
    building_id: uuid.UUID | None = None
    month: date | None = None


@dataclass(frozen=True)
class Page:
    """Follow-ups by due day, and the cursor of the next page or None."""

    rows: Sequence[FollowUp]
    next: str | None


def find(
    actor: Actor,
    *,
    stage: str = "open",
    age: str = "",
    wanted: Wanted = Wanted(),
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Follow-ups of a stage and an age the actor may see: all for the office, else those he owns, deputises or stands in for.

    A cursor that is none begins at the start. Raises Forbidden, also for a building asked for by somebody else than
    the office.
    """
    statement = _of(actor, wanted).where(_stage(actor, stage))
    if age in AGES:
        statement = statement.where(in_age(age, today=regions.today(actor.community_id)))
    start = _cursor(after)
    if start is not None:
        statement = statement.where(tuple_(FollowUp.due_on, FollowUp.id) > tuple_(*start))
    rows = db.session.scalars(statement.order_by(FollowUp.due_on, FollowUp.id).limit(limit + 1)).all()
    shown = rows[:limit]
    return Page(shown, f"{shown[-1].due_on}.{shown[-1].id}" if len(rows) > limit else None)


def counts(actor: Actor, wanted: Wanted = Wanted()) -> dict[str, int]:
    """How many of the wanted follow-ups the actor may see are in each stage. Raises Forbidden."""
    return _count(_of(actor, wanted), {stage: _stage(actor, stage) for stage in STAGES})


def ages(actor: Actor, wanted: Wanted = Wanted()) -> dict[str, int]:
    """How many of the wanted follow-ups that are open have been overdue for how long. Raises Forbidden."""
    today = regions.today(actor.community_id)
    return _count(_of(actor, wanted), {age: in_age(age, today=today) for age in AGES})


def funnel(actor: Actor, wanted: Wanted = Wanted()) -> dict[str, int]:
    """How many of the wanted follow-ups the actor may see got how far, by FUNNEL. Raises Forbidden."""
    return _count(_of(actor, wanted), {stage: _stage(actor, stage) for stage in FUNNEL})


def by_ids(actor: Actor, ids: Iterable[uuid.UUID]) -> Sequence[FollowUp]:
    """Those of these follow-ups that the actor may see, by due day. Raises Forbidden."""
    statement = _seen(actor).where(FollowUp.id.in_(set(ids)))
    return db.session.scalars(statement.order_by(FollowUp.due_on, FollowUp.id)).all()


def owner_ids(actor: Actor) -> set[uuid.UUID]:
    """The accounts that own something open, as far as the actor may see. Raises Forbidden."""
    own = _seen(actor).where(FollowUp.state.in_(LIVING), FollowUp.owner_id.is_not(None))
    return set(db.session.scalars(own.with_only_columns(FollowUp.owner_id).distinct()))


def _seen(actor: Actor) -> Select[FollowUp]:
    permissions.require(actor, "followups.read")
    statement = select(FollowUp)
    if not actor.has("staff", "admin"):
        own = or_(
            FollowUp.owner_id == actor.account_id,
            FollowUp.deputy_id == actor.account_id,
            FollowUp.owner_id.in_(absences.stood_in_for(actor)),
        )
        statement = statement.where(own)
    return statement


def _of(actor: Actor, wanted: Wanted) -> Select[FollowUp]:
    statement = _seen(actor).where(_owned(actor, wanted.owner))
    if wanted.plan_id is not None:
        statement = statement.where(FollowUp.plan_id == wanted.plan_id)
    if wanted.month is not None:
        following = (wanted.month + timedelta(days=32)).replace(day=1)
        statement = statement.where(FollowUp.due_on >= wanted.month, FollowUp.due_on < following)
    if wanted.building_id is not None:
        # Where somebody lives is not told by a count either.
        permissions.require(actor, "households.read")
        statement = statement.where(_in_building(wanted.building_id))
    return statement


def _in_building(building_id: uuid.UUID) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(FollowUp.subject_kind == kind, FollowUp.subject_id.in_(ids))
            for kind, ids in subjects.in_building(building_id).items()
        ),
    )


def _count(statement: Select[FollowUp], conditions: dict[str, ColumnElement[bool]]) -> dict[str, int]:
    columns = [
        select(func.count()).select_from(statement.where(condition).subquery()).scalar_subquery()
        for condition in conditions.values()
    ]
    return dict(zip(conditions, db.session.execute(select(*columns)).one(), strict=True))


def _stage(actor: Actor, stage: str) -> ColumnElement[bool]:
    zone = regions.zone_of(actor.community_id)
    today = clock.day_of(clock.now(), zone)
    return in_stage(stage, today=today, month_start=_month_start(today, zone))


def in_stage(stage: str, *, today: date, month_start: datetime) -> ColumnElement[bool]:
    """What being in a stage means on the community's day `today`, of the month that began at `month_start`."""
    living = FollowUp.state.in_(LIVING)
    conditions = {
        "due": and_(living, FollowUp.due_on <= today),
        "reminded": FollowUp.state == "reminded",
        "late": and_(living, FollowUp.due_on < today),
        "escalated": FollowUp.state == "escalated",
        "done": and_(FollowUp.state == "done", FollowUp.done_at >= month_start),
        "made": FollowUp.id.is_not(None),
        "begun": or_(FollowUp.state == "done", _has_entry(*_DEALT)),
        "kept": FollowUp.state == "done",
        "overdue": and_(living, FollowUp.due_on < today),
        "passed_on": _has_entry("handed_over"),
        "dropped": FollowUp.state == "closed",
    }
    return conditions.get(stage, living)


def _has_entry(*actions: str) -> ColumnElement[bool]:
    return exists().where(
        FollowUpEntry.community_id == FollowUp.community_id,
        FollowUpEntry.follow_up_id == FollowUp.id,
        FollowUpEntry.action.in_(actions),
    )


def in_age(age: str, *, today: date) -> ColumnElement[bool]:
    """What being open and overdue for as long as an age says means on the community's day `today`."""
    least, most = _OVERDUE[age]
    bounds: list[ColumnElement[bool]] = [FollowUp.state.in_(LIVING)]
    if least is not None:
        bounds.append(FollowUp.due_on <= today - timedelta(days=least))
    if most is not None:
        bounds.append(FollowUp.due_on >= today - timedelta(days=most))
    return and_(*bounds)


def _month_start(today: date, zone: str) -> datetime:
    return datetime.combine(today.replace(day=1), time(), ZoneInfo(zone)).astimezone(UTC)


def _owned(actor: Actor, owner: str) -> ColumnElement[bool]:
    if owner == MINE:
        return FollowUp.owner_id == actor.account_id
    if owner == STANDING_IN:
        return absences.standing_in(actor)
    if owner == STAFF:
        return FollowUp.owner_id.is_(None)
    try:
        return FollowUp.owner_id == uuid.UUID(owner)
    except ValueError:
        return FollowUp.id.is_not(None)


def _cursor(after: str | None) -> tuple[date, uuid.UUID] | None:
    day, _, row_id = (after or "").partition(".")
    try:
        return date.fromisoformat(day), uuid.UUID(row_id)
    except ValueError:
        return None

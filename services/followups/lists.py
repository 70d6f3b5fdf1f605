"""Lists of follow-ups, and the funnel over them: one condition for each stage, for its number and for its list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from services.communities import regions
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_
from services.followups import absences
from services.followups.models import LIVING, FollowUp

STAGES = {
    "open": N_("To do"),
    "due": N_("Due"),
    "reminded": N_("Reminded"),
    "late": N_("Late"),
    "escalated": N_("Escalated"),
    "done": N_("Done this month"),
}
STAFF = "staff"


@dataclass(frozen=True)
class Page:
    """Follow-ups by due day, and the cursor of the next page or None."""

    rows: Sequence[FollowUp]
    next: str | None


def find(
    actor: Actor,
    *,
    stage: str = "open",
    owner: str = "",
    plan_id: uuid.UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Follow-ups of a stage the actor may see: all for the office, else those he owns, deputises or stands in for.

    `owner`: an account's id, "staff", or "" for everybody. A cursor that is none begins at the start. Raises Forbidden.
    """
    statement = _seen(actor).where(_stage(actor, stage), _owned(owner))
    if plan_id is not None:
        statement = statement.where(FollowUp.plan_id == plan_id)
    start = _cursor(after)
    if start is not None:
        statement = statement.where(tuple_(FollowUp.due_on, FollowUp.id) > tuple_(*start))
    rows = db.session.scalars(statement.order_by(FollowUp.due_on, FollowUp.id).limit(limit + 1)).all()
    shown = rows[:limit]
    return Page(shown, f"{shown[-1].due_on}.{shown[-1].id}" if len(rows) > limit else None)


def counts(actor: Actor) -> dict[str, int]:
    """How many follow-ups the actor may see are in each stage. Raises Forbidden."""
    columns = [
        select(func.count())
        .select_from(_seen(actor).where(_stage(actor, stage)).subquery())
        .scalar_subquery()
        for stage in STAGES
    ]
    row = db.session.execute(select(*columns)).one()
    return dict(zip(STAGES, row, strict=True))


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
    }
    return conditions.get(stage, living)


def _month_start(today: date, zone: str) -> datetime:
    return datetime.combine(today.replace(day=1), time(), ZoneInfo(zone)).astimezone(UTC)


def _owned(owner: str) -> ColumnElement[bool]:
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

"""One occurrence of a plan for one subject: making it, once, and when it has to be looked at."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.communities import regions
from services.core import clock, jobs, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.free_text import without_id_numbers
from services.followups import calendar
from services.followups.models import LIVING, FollowUp, FollowUpEntry, Plan

ADVANCE = "followups.advance"


def reminder_days(plan: Plan, due_on: date) -> list[date]:
    """The days on which the owner is reminded, in order: before the due day and on it."""
    return sorted({due_on - timedelta(days=plan.remind_days), due_on})


def late_day(plan: Plan, due_on: date) -> date:
    """The day on which somebody else is told."""
    return due_on + timedelta(days=plan.late_days)


def next_planned(plan: Plan, follow_up: FollowUp) -> date | None:
    """The day, as counted, of the occurrence after this one; None when there is none."""
    if not plan.every_months or not plan.active or follow_up.ended:
        return None
    return calendar.next_in_series(follow_up.anchor_on, plan.every_months, follow_up.planned_on)


def successor_at(plan: Plan, follow_up: FollowUp, zone: str) -> datetime | None:
    """When the occurrence after this one has to be there: its first reminder's moment."""
    planned = next_planned(plan, follow_up)
    if planned is None:
        return None
    return calendar.moment(reminder_days(plan, calendar.due_day(planned))[0], zone)


def look_at(plan: Plan, follow_up: FollowUp, zone: str) -> datetime | None:
    """The next moment at which something about this follow-up has to happen by itself."""
    if follow_up.state not in LIVING:
        return None
    moments = []
    if follow_up.state != "escalated":
        days = reminder_days(plan, follow_up.due_on)[follow_up.reminders :]
        moments = [calendar.moment(day, zone) for day in [*days, late_day(plan, follow_up.due_on)]]
    following = successor_at(plan, follow_up, zone)
    if following is not None and not _has_successor(follow_up):
        moments.append(following)
    return min(moments, default=None)


def look_again(plan: Plan, follow_up: FollowUp, zone: str) -> None:
    """Set when the sweep looks next, and ring when that is now."""
    follow_up.next_at = look_at(plan, follow_up, zone)
    db.session.flush()
    if follow_up.next_at is not None and follow_up.next_at <= clock.now():
        jobs.ring(ADVANCE, follow_up.community_id, follow_up.id)


def _has_successor(follow_up: FollowUp) -> bool:
    statement = select(FollowUp.id).where(
        FollowUp.plan_id == follow_up.plan_id,
        FollowUp.subject_id == follow_up.subject_id,
        FollowUp.occurrence == follow_up.occurrence + 1,
    )
    return db.session.scalars(statement).first() is not None


def make(
    actor: Actor,
    plan: Plan,
    *,
    subject_id: uuid.UUID,
    occurrence: int,
    anchor_on: date,
    planned_on: date,
    owner_id: uuid.UUID | None,
    deputy_id: uuid.UUID | None,
) -> FollowUp | None:
    """Make an occurrence unless it is there already, in which case None."""
    zone = regions.zone_of(actor.community_id)
    due_on = calendar.due_day(planned_on)
    first = calendar.moment(reminder_days(plan, due_on)[0], zone)
    row = {
        "community_id": scope.community_id(),
        "plan_id": plan.id,
        "occurrence": occurrence,
        "subject_kind": plan.subject_kind,
        "subject_id": subject_id,
        "owner_id": owner_id,
        "deputy_id": deputy_id,
        "anchor_on": anchor_on,
        "planned_on": planned_on,
        "due_on": due_on,
        "next_at": first,
    }
    statement = insert(FollowUp).values(row).on_conflict_do_nothing().returning(FollowUp)
    made = db.session.scalars(statement).one_or_none()
    if made is None:
        return None
    record(actor, made, "made", to_on=due_on)
    if first <= clock.now():
        jobs.ring(ADVANCE, made.community_id, made.id)
    return made


def make_next(actor: Actor, plan: Plan, follow_up: FollowUp, *, not_before: date | None = None) -> None:
    """Make the occurrence after this one, of the same owner, unless there is none or it is there already.

    With `not_before`, days of the series before it are passed over.
    """
    planned = next_planned(plan, follow_up)
    if planned is None or plan.every_months is None:
        return
    if not_before is not None and planned < not_before:
        planned = calendar.next_in_series(
            follow_up.anchor_on, plan.every_months, not_before - timedelta(days=1)
        )
    make(
        actor,
        plan,
        subject_id=follow_up.subject_id,
        occurrence=follow_up.occurrence + 1,
        anchor_on=follow_up.anchor_on,
        planned_on=planned,
        owner_id=follow_up.owner_id,
        deputy_id=follow_up.deputy_id,
    )


def lock_living(subject_kind: str, subject_id: uuid.UUID) -> Sequence[FollowUp]:
    """What is open about a subject, read afresh and locked by id, so that two who lock many wait for each other in turn."""
    statement = select(FollowUp).where(
        FollowUp.subject_kind == subject_kind, FollowUp.subject_id == subject_id, FollowUp.state.in_(LIVING)
    )
    locked = statement.order_by(FollowUp.id).with_for_update(key_share=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def history(follow_up_id: uuid.UUID) -> Sequence[FollowUpEntry]:
    """What happened to a follow-up, the earliest first."""
    statement = select(FollowUpEntry).where(FollowUpEntry.follow_up_id == follow_up_id)
    return db.session.scalars(statement.order_by(FollowUpEntry.id)).all()


def record(
    actor: Actor,
    follow_up: FollowUp,
    action: str,
    *,
    reason: str = "",
    note: str = "",
    to_id: uuid.UUID | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> None:
    """Add an entry to a follow-up's history. Raises DomainError for an identity number in the note."""
    without_id_numbers(note, field="note")
    db.session.add(
        FollowUpEntry(
            follow_up_id=follow_up.id,
            account_id=actor.account_id,
            action=action,
            to_id=to_id,
            reason=reason,
            note=note or None,
            from_on=from_on,
            to_on=to_on,
        )
    )
    db.session.flush()

"""One occurrence of a plan for one subject: making it, once, and when it has to be looked at."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.communities import regions
from services.core import clock, jobs, locks, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.free_text import without_id_numbers
from services.followups import calendar
from services.followups.models import LIVING, FollowUp, FollowUpEntry, Plan

ADVANCE = "followups.advance"
# An escalated follow-up is spoken of again each so many days, until it is done.
AGAIN_DAYS = 7


def reminder_days(plan: Plan, due_on: date) -> list[date]:
    """The days on which the owner is reminded, in order: before the due day, on it, and after it until it is late."""
    days = {due_on - timedelta(days=plan.remind_days), due_on}
    if plan.remind_every:
        days |= {
            due_on + timedelta(days=n) for n in range(plan.remind_every, plan.late_days, plan.remind_every)
        }
    return sorted(days)


def late_day(plan: Plan, due_on: date) -> date:
    """The day on which somebody else is told."""
    return due_on + timedelta(days=plan.late_days)


def again_at(follow_up: FollowUp, number: int, zone: str) -> datetime:
    """When the office hears of an escalated follow-up for the `number`th time after the first."""
    assert follow_up.escalated_at is not None
    day = clock.day_of(follow_up.escalated_at, zone) + timedelta(days=number * AGAIN_DAYS)
    return calendar.moment(day, zone)


def rhythm_of(plan: Plan, zone: str) -> calendar.Rhythm:
    """When a plan wants something, in the community's zone."""
    return calendar.Rhythm(plan.after_days, plan.rule, plan.on_holiday, zone)


def event_day(plan: Plan, follow_up: FollowUp) -> date:
    """The day of the event that a follow-up's series counts from."""
    return follow_up.anchor_on - timedelta(days=plan.after_days)


def next_day(plan: Plan, follow_up: FollowUp, zone: str, not_before: date = date.min) -> calendar.Day | None:
    """The day of the occurrence after this one, due on `not_before` or later; None when there is none."""
    if not plan.rule or not plan.active or follow_up.ended:
        return None
    event = event_day(plan, follow_up)
    return calendar.following(rhythm_of(plan, zone), event, follow_up.planned_on, not_before)


def successor_at(plan: Plan, follow_up: FollowUp, zone: str) -> datetime | None:
    """When the occurrence after this one has to be there: its first reminder's moment."""
    day = next_day(plan, follow_up, zone)
    if day is None or day.due is None:
        return None
    return calendar.moment(reminder_days(plan, day.due)[0], zone)


def look_at(plan: Plan, follow_up: FollowUp, zone: str) -> datetime | None:
    """The next moment at which something about this follow-up has to happen by itself."""
    if follow_up.state not in LIVING:
        return None
    if follow_up.state == "escalated":
        moments = [again_at(follow_up, follow_up.escalations + 1, zone)]
    else:
        days = reminder_days(plan, follow_up.due_on)[follow_up.reminders :]
        moments = [calendar.moment(day, zone) for day in [*days, late_day(plan, follow_up.due_on)]]
    following = successor_at(plan, follow_up, zone)
    if following is not None and successor(follow_up) is None:
        moments.append(following)
    return min(moments)


def look_again(plan: Plan, follow_up: FollowUp, zone: str) -> None:
    """Set when the sweep looks next, and ring when that is now."""
    follow_up.next_at = look_at(plan, follow_up, zone)
    db.session.flush()
    if follow_up.next_at is not None and follow_up.next_at <= clock.now():
        jobs.ring(ADVANCE, follow_up.community_id, follow_up.id)


def held_plan(follow_up_id: uuid.UUID) -> Plan:
    """The plan of a follow-up, unchanged until the transaction ends, for who makes the next occurrence by it.

    To be called before the follow-up is locked: a change of the plan locks the plan first too. Raises NotFound.
    """
    return locks.share(Plan, locks.get(FollowUp, follow_up_id).plan_id)


def successor(follow_up: FollowUp) -> FollowUp | None:
    """The occurrence after this one, if it has been made."""
    statement = select(FollowUp).where(
        FollowUp.plan_id == follow_up.plan_id,
        FollowUp.subject_id == follow_up.subject_id,
        FollowUp.occurrence == follow_up.occurrence + 1,
    )
    return db.session.scalars(statement).first()


def next_number(plan: Plan, subject_id: uuid.UUID) -> int:
    """The number after all occurrences that a plan has made for a subject so far."""
    made = select(func.max(FollowUp.occurrence)).where(
        FollowUp.plan_id == plan.id, FollowUp.subject_id == subject_id
    )
    last = db.session.scalars(made).one()
    return 0 if last is None else last + 1


def make(
    actor: Actor,
    plan: Plan,
    *,
    subject_id: uuid.UUID,
    occurrence: int,
    anchor_on: date,
    day: calendar.Day,
    owner_id: uuid.UUID | None,
    deputy_id: uuid.UUID | None,
) -> FollowUp | None:
    """Make an occurrence for a day that is not left out, unless it is there already, in which case None."""
    assert day.due is not None
    zone = regions.zone_of(actor.community_id)
    first = calendar.moment(reminder_days(plan, day.due)[0], zone)
    row = {
        "community_id": scope.community_id(),
        "plan_id": plan.id,
        "occurrence": occurrence,
        "subject_kind": plan.subject_kind,
        "subject_id": subject_id,
        "owner_id": owner_id,
        "deputy_id": deputy_id,
        "anchor_on": anchor_on,
        "planned_on": day.planned,
        "due_on": day.due,
        "next_at": first,
    }
    statement = insert(FollowUp).values(row).on_conflict_do_nothing().returning(FollowUp)
    made = db.session.scalars(statement).one_or_none()
    if made is None:
        return None
    record(actor, made, "made", to_on=day.due)
    if first <= clock.now():
        jobs.ring(ADVANCE, made.community_id, made.id)
    return made


def make_next(actor: Actor, plan: Plan, follow_up: FollowUp, *, not_before: date = date.min) -> None:
    """Make the occurrence after this one, of the same owner, unless there is none or it is there already.

    Days of the series due before `not_before` are passed over.
    """
    day = next_day(plan, follow_up, regions.zone_of(actor.community_id), not_before)
    if day is None:
        return
    make(
        actor,
        plan,
        subject_id=follow_up.subject_id,
        occurrence=follow_up.occurrence + 1,
        anchor_on=follow_up.anchor_on,
        day=day,
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

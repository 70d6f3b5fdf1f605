"""A day and a time that people have agreed on: a follow-up of their own, which no rule made."""

import uuid
from datetime import date, time, timedelta

from sqlalchemy import func, select

from services.communities import regions
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.followups import calendar, life, occurrences, plans
from services.followups.models import LIVING, FollowUp, Plan

DAYS_AHEAD = 90


def agree(
    actor: Actor,
    *,
    plan_code: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    owner_id: uuid.UUID,
    day: date,
    at: time,
) -> FollowUp:
    """Put a day and a time in the owner's calendar; one at a time: agreeing anew moves what was agreed.

    The caller has locked the subject and checked whose it is. Raises Forbidden, DomainError.
    """
    permissions.require(actor, "followups.act")
    _check(actor, day, at)
    plan = next(one for one in plans.hold(actor, subject_kind) if one.code == plan_code)
    living = [one for one in occurrences.lock_living(subject_kind, subject_id) if one.plan_id == plan.id]
    if living:
        return _move(actor, plan, living[0], day, at)
    number = db.session.scalars(
        select(func.max(FollowUp.occurrence)).where(
            FollowUp.plan_id == plan.id, FollowUp.subject_id == subject_id
        )
    ).one()
    made = occurrences.make(
        actor,
        plan,
        subject_id=subject_id,
        occurrence=0 if number is None else number + 1,
        anchor_on=day,
        day=calendar.Day(day, day),
        owner_id=owner_id,
        deputy_id=None,
    )
    assert made is not None
    made.agreed_at = at
    db.session.flush()
    return made


def agreed(kind: str, subject_ids: set[uuid.UUID]) -> dict[uuid.UUID, FollowUp]:
    """What is agreed on and still to come or not done, by subject."""
    rows = db.session.scalars(
        select(FollowUp)
        .where(
            FollowUp.subject_kind == kind,
            FollowUp.subject_id.in_(subject_ids),
            FollowUp.agreed_at.is_not(None),
            FollowUp.state.in_(LIVING),
        )
        .order_by(FollowUp.due_on)
    )
    return {one.subject_id: one for one in rows}


def drop(actor: Actor, *, subject_kind: str, subject_id: uuid.UUID) -> bool:
    """Take what is agreed out of the calendar: whether there was something. The caller has locked the subject."""
    one = agreed(subject_kind, {subject_id}).get(subject_id)
    if one is None:
        return False
    one.state, one.next_at = "closed", None
    occurrences.record(actor, one, "closed", reason="dropped")
    return True


def kept(actor: Actor, *, subject_kind: str, subject_id: uuid.UUID, day: date) -> None:
    """What happened on `day` was what had been agreed for then, or for the day after."""
    one = agreed(subject_kind, {subject_id}).get(subject_id)
    if one is not None and one.due_on <= day + timedelta(days=1):
        life.finish(actor, follow_up_id=one.id)


def _check(actor: Actor, day: date, at: time) -> None:
    zone = regions.zone_of(actor.community_id)
    today = regions.today(actor.community_id)
    if not today <= day <= today + timedelta(days=DAYS_AHEAD):
        raise DomainError(
            "agreed_day",
            N_("Please choose a day from today on, within %(days)s days."),
            field="day",
            days=DAYS_AHEAD,
        )
    if day == today and at < clock.now().astimezone(calendar.moment(day, zone).tzinfo).time():
        raise DomainError("agreed_time", N_("This time of today is over."), field="at")


def _move(actor: Actor, plan: Plan, row: FollowUp, day: date, at: time) -> FollowUp:
    if (row.due_on, row.agreed_at) == (day, at):
        return row
    occurrences.record(actor, row, "agreed", from_on=row.due_on, to_on=day)
    row.anchor_on = row.planned_on = row.due_on = day
    row.agreed_at, row.state, row.reminders = at, "open", 0
    row.escalated_at, row.escalations = None, 0
    occurrences.look_again(plan, row, regions.zone_of(actor.community_id))
    return row

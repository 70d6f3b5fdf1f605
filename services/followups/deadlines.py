"""A day by which something must be done, set by people and not by a rule: one follow-up that moves along with it."""

import uuid
from datetime import date, timedelta

from sqlalchemy import func, select

from services.communities import regions
from services.core.actor import Actor
from services.core.db import db
from services.followups import calendar, occurrences, plans
from services.followups.models import FollowUp, Plan


def keep(
    actor: Actor, *, plan_code: str, subject_kind: str, subject_id: uuid.UUID, owner_id: uuid.UUID, day: date
) -> None:
    """Have `owner_id` followed up about a subject by `day`: what there is moves along, else it is made.

    The caller has locked the subject. A plan that is switched off makes nothing.
    """
    plan = next(one for one in plans.hold(actor, subject_kind) if one.code == plan_code)
    zone = regions.zone_of(actor.community_id)
    first = calendar.start(occurrences.rhythm_of(plan, zone), day)
    if not plan.active or first is None or first.due is None:
        return
    anchor = day + timedelta(days=plan.after_days)
    living = [one for one in occurrences.lock_living(subject_kind, subject_id) if one.plan_id == plan.id]
    if living:
        _move(actor, plan, living[0], owner_id, anchor, first)
        return
    last = db.session.scalars(
        select(func.max(FollowUp.occurrence)).where(
            FollowUp.plan_id == plan.id, FollowUp.subject_id == subject_id
        )
    ).one()
    occurrences.make(
        actor,
        plan,
        subject_id=subject_id,
        occurrence=0 if last is None else last + 1,
        anchor_on=anchor,
        day=first,
        owner_id=owner_id,
        deputy_id=None,
    )


def _move(
    actor: Actor, plan: Plan, row: FollowUp, owner_id: uuid.UUID, anchor: date, day: calendar.Day
) -> None:
    if row.owner_id != owner_id:
        occurrences.record(actor, row, "handed_over", to_id=owner_id)
        row.owner_id = owner_id
    if row.anchor_on == anchor:
        db.session.flush()
        return
    assert day.due is not None
    occurrences.record(actor, row, "moved", from_on=row.due_on, to_on=day.due)
    row.anchor_on, row.planned_on, row.due_on = anchor, day.planned, day.due
    row.state, row.reminders = "open", 0
    row.escalated_at, row.escalations = None, 0
    occurrences.look_again(plan, row, regions.zone_of(actor.community_id))

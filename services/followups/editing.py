"""Changing a community's plans."""

import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.followups import occurrences, plans
from services.followups.models import LIVING, FollowUp, Plan


def update_plan(
    actor: Actor,
    *,
    plan_id: uuid.UUID,
    after_days: int,
    every_months: int | None,
    owner: str,
    remind_days: int,
    late_days: int,
    active: bool,
) -> Plan:
    """Change a plan. What is open keeps its day and owner; reminders, lateness and later occurrences follow the new rule.

    Raises Forbidden, NotFound, DomainError.
    """
    permissions.require(actor, "followups.plans")
    plan = locks.lock(Plan, plan_id)
    if owner not in plans.owners(plan):
        raise DomainError("owner", N_("Please choose one of the list."), field="owner")
    plan.after_days, plan.every_months, plan.owner = after_days, every_months, owner
    plan.remind_days, plan.late_days, plan.active = remind_days, late_days, active
    db.session.execute(
        update(FollowUp)
        .where(FollowUp.plan_id == plan.id, FollowUp.state.in_(LIVING))
        .values(next_at=clock.now())
    )
    _resume(actor, plan)
    audit.record(
        actor,
        "plan.changed",
        "plan",
        plan.id,
        after_days=after_days,
        every_months=every_months,
        owner=owner,
        remind_days=remind_days,
        late_days=late_days,
        active=active,
    )
    return plan


def _resume(actor: Actor, plan: Plan) -> None:
    """Series that stood still while the plan did not recur go on, from today."""
    if not plan.active or not plan.every_months:
        return
    following = aliased(FollowUp)
    last = (
        select(FollowUp)
        .where(FollowUp.plan_id == plan.id, FollowUp.state == "done", FollowUp.ended.is_(False))
        .where(
            ~select(following.id)
            .where(
                following.community_id == FollowUp.community_id,
                following.plan_id == FollowUp.plan_id,
                following.subject_id == FollowUp.subject_id,
                following.occurrence == FollowUp.occurrence + 1,
            )
            .exists()
        )
        .order_by(FollowUp.id)
        .with_for_update(of=FollowUp)
    )
    today = regions.today(actor.community_id)
    for follow_up in db.session.scalars(last):
        occurrences.make_next(actor, plan, follow_up, not_before=today)

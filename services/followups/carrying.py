"""One subject takes the place of another: what is still to be done about the old one is done about the new one."""

import uuid
from collections.abc import Collection, Mapping

from services.core.actor import Actor
from services.followups import calendar, life, occurrences, plans
from services.followups.models import FollowUp, Plan

Owners = Mapping[str, uuid.UUID | None]


def carry_on(
    actor: Actor,
    *,
    subject_kind: str,
    old_id: uuid.UUID,
    new_id: uuid.UUID,
    event: str,
    old_owners: Owners,
    new_owners: Owners,
    reason: str,
) -> list[FollowUp]:
    """Make again for the new subject, on the same days, what is open about the old one by plans of `event`; close the old one's.

    Whoever owned one by his role gives it to the new subject's; one that was handed to somebody else stays with him.
    A series goes on on its own days.
    """
    plans.hold(actor, subject_kind)
    rows = sorted(occurrences.lock_living(subject_kind, old_id), key=lambda row: row.occurrence)
    named = plans.by_id({row.plan_id for row in rows})
    made: list[FollowUp] = []
    for row in rows:
        plan = named[row.plan_id]
        if plan.event == event:
            by_role = row.owner_id == old_owners.get(plan.owner)
            owner_id = new_owners.get(plan.owner) if by_role else row.owner_id
            made += _again(actor, plan, row, new_id, owner_id, made)
    life.close_subject(actor, subject_kind=subject_kind, subject_id=old_id, reason=reason)
    return made


def _again(
    actor: Actor,
    plan: Plan,
    row: FollowUp,
    subject_id: uuid.UUID,
    owner_id: uuid.UUID | None,
    before: Collection[FollowUp],
) -> list[FollowUp]:
    # Counted from 0, so that a plan that is carried on is not begun once more.
    made = occurrences.make(
        actor,
        plan,
        subject_id=subject_id,
        occurrence=sum(one.plan_id == plan.id for one in before),
        anchor_on=row.anchor_on,
        day=calendar.Day(row.planned_on, row.due_on),
        owner_id=owner_id,
        deputy_id=None if row.deputy_id == owner_id else row.deputy_id,
    )
    if made is None:
        return []
    made.postponed = row.postponed
    return [made]

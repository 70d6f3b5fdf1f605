"""Who stands in for an owner: named by the office, told when something is late."""

import uuid

from sqlalchemy import select

from services.communities import regions
from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.followups import life, occurrences, plans
from services.followups.models import LIVING, FollowUp, Plan


def name_deputy(actor: Actor, *, follow_up_id: uuid.UUID, account_id: uuid.UUID | None) -> list[FollowUp]:
    """Name a deputy (None: nobody) for all that this follow-up's owner still has to do about the same subject.

    Later occurrences keep it. Raises Forbidden, NotFound, Conflict when it is over, DomainError for somebody who
    cannot stand in, or when the staff are in charge, who have each other.
    """
    permissions.require(actor, "followups.hand_over")
    follow_up = locks.lock(FollowUp, follow_up_id)
    if follow_up.state not in LIVING:
        raise Conflict("over", N_("This follow-up is over."))
    if follow_up.owner_id is None:
        raise DomainError("staff_own", N_("The staff are in charge; they need no deputy."), field="deputy")
    plan = locks.get(Plan, follow_up.plan_id)
    able = life.candidates(plan, regions.today(actor.community_id)) - {follow_up.owner_id}
    if account_id is not None and account_id not in able:
        raise DomainError(
            "no_candidate", N_("This person cannot stand in: please choose one of the list."), field="deputy"
        )
    rows = db.session.scalars(
        select(FollowUp)
        .join(Plan, (Plan.community_id == FollowUp.community_id) & (Plan.id == FollowUp.plan_id))
        .where(
            FollowUp.subject_kind == follow_up.subject_kind,
            FollowUp.subject_id == follow_up.subject_id,
            FollowUp.owner_id == follow_up.owner_id,
            FollowUp.state.in_(LIVING),
            Plan.owner != plans.STAFF,
        )
        .order_by(FollowUp.id)
        .with_for_update(of=FollowUp)
    ).all()
    for row in rows:
        row.deputy_id = account_id
        occurrences.record(actor, row, "deputy", to_id=account_id)
    db.session.flush()
    return list(rows)

"""Who stands in for an owner: named by the office, told when something is late."""

import uuid

from services.communities import regions
from services.core import locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.followups import life, occurrences, plans
from services.followups.models import FollowUp, Plan


def name_deputy(actor: Actor, *, follow_up_id: uuid.UUID, account_id: uuid.UUID | None) -> list[FollowUp]:
    """Name a deputy (None: nobody) for all that this follow-up's owner still has to do about the same subject.

    Later occurrences keep it. Raises Forbidden, NotFound, Conflict when it is over, DomainError for somebody who
    cannot stand in, or when the staff are in charge, who have each other.
    """
    permissions.require(actor, "followups.hand_over")
    follow_up = locks.get(FollowUp, follow_up_id)
    living = occurrences.lock_living(follow_up.subject_kind, follow_up.subject_id)
    if follow_up not in living:
        raise Conflict(
            "over",
            N_(
                "This follow-up is over: it was done or is no longer needed. Nothing more is to be done about it."
            ),
        )
    if follow_up.owner_id is None:
        raise DomainError("staff_own", N_("The staff are in charge; they need no deputy."), field="deputy")
    able = life.candidates(locks.get(Plan, follow_up.plan_id), regions.today(actor.community_id)) - {
        follow_up.owner_id
    }
    if account_id is not None and account_id not in able:
        raise DomainError(
            "no_candidate", N_("This person cannot stand in: please choose one of the list."), field="deputy"
        )
    named = plans.by_id({row.plan_id for row in living})
    rows = [
        row
        for row in living
        if row.owner_id == follow_up.owner_id and named[row.plan_id].owner != plans.STAFF
    ]
    for row in rows:
        row.deputy_id = account_id
        occurrences.record(actor, row, "deputy", to_id=account_id)
    db.session.flush()
    return rows

"""Everything in one person's charge goes to another, in one step."""

import uuid

from sqlalchemy import select

from services.communities import regions
from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.followups import life, notices, occurrences, plans
from services.followups.models import LIVING, FollowUp


def hand_over_all(
    actor: Actor, *, owner_id: uuid.UUID, account_id: uuid.UUID | None, note: str = ""
) -> list[FollowUp]:
    """Give every living follow-up of an owner to another account, to the staff with None. The new owner is told once.

    Raises Forbidden, DomainError, also when one of them is the office's own and the other is not of the office.
    """
    permissions.require(actor, "followups.hand_over")
    if account_id == owner_id:
        raise DomainError(
            "same_owner",
            N_(
                "It is in their hands already: there is nothing to hand over. Choose somebody else, or leave it."
            ),
            field="to",
        )
    rows = db.session.scalars(
        select(FollowUp)
        .where(FollowUp.owner_id == owner_id, FollowUp.state.in_(LIVING))
        .order_by(FollowUp.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        raise DomainError("nothing", N_("This person has nothing to hand over."), field="owner")
    today = regions.today(actor.community_id)
    for plan in plans.by_id({row.plan_id for row in rows}).values():
        if account_id is not None and account_id not in life.candidates(plan, today):
            raise DomainError(
                "no_candidate",
                N_("This person cannot take all of it over: please choose one of the staff."),
                field="to",
            )
    for row in rows:
        row.owner_id = account_id
        occurrences.record(actor, row, "handed_over", note=note, to_id=account_id)
    db.session.flush()
    notices.tell_handed_over(actor, rows)
    return list(rows)

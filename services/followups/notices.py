"""Who is told what about a follow-up."""

import uuid
from datetime import date

from services.communities import regions
from services.core.actor import Actor
from services.followups import texts as _texts  # noqa: F401  (registers the words)
from services.followups.models import FollowUp, Plan
from services.messages import outbox
from services.people import memberships


def office(day: date) -> list[uuid.UUID]:
    """The accounts of the community's staff, or of its administrators when there is no staff."""
    staff = memberships.accounts_with_role("staff", day) or memberships.accounts_with_role("admin", day)
    return list(dict.fromkeys(staff))


def reach(actor: Actor, account_id: uuid.UUID | None, day: date) -> list[uuid.UUID]:
    """The account when it belongs to the community on `day`, else the office."""
    if account_id is not None and actor.community_id in memberships.communities_of(account_id, day):
        return [account_id]
    return office(day)


def tell(
    actor: Actor, follow_up: FollowUp, plan: Plan, accounts: list[uuid.UUID], *, words: str, step: str
) -> None:
    """Tell each account, once for this due day and `step`."""
    assert actor.community_id is not None
    code = regions.get_community(actor.community_id).code
    for account_id in accounts:
        outbox.tell(
            actor,
            account_id=account_id,
            template=words,
            params={"plan": {"zh": plan.name, "en": plan.name_en}, "day": follow_up.due_on},
            subject_kind="followup",
            subject_id=follow_up.id,
            key=f"{follow_up.id}/{follow_up.due_on}/{step}/{account_id}",
            path=f"/c/{code}/followups/{follow_up.id}",
        )

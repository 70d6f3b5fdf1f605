"""Who is told what about a follow-up."""

import uuid
from collections.abc import Sequence
from datetime import date

from services.communities import regions
from services.core import locks
from services.core.actor import Actor
from services.core.db import new_id
from services.followups import lists, occurrences
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


def tell_handed_over(actor: Actor, rows: Sequence[FollowUp]) -> None:
    """Tell the new owner of follow-ups, which is the office where there is none: of many at once with one message.

    All have one owner, and whoever handed them over knows.
    """
    owner_id = rows[0].owner_id
    told = [owner_id] if owner_id else office(regions.today(rows[0].community_id))
    told = [one for one in told if one != actor.account_id]
    if len(rows) == 1:
        # Numbered, for it may come back to somebody who had it before.
        times = sum(entry.action == "handed_over" for entry in occurrences.history(rows[0].id))
        plan = locks.get(Plan, rows[0].plan_id)
        tell(actor, rows[0], plan, told, words="followup.handed_over", step=f"hand/{times}")
        return
    code, time = regions.get_community(rows[0].community_id).code, new_id()
    for account_id in told:
        outbox.tell(
            actor,
            account_id=account_id,
            template="followup.handed_over_many",
            params={"number": len(rows), "day": min(row.due_on for row in rows)},
            subject_kind="followup",
            subject_id=rows[0].id,
            key=f"many/{time}/{account_id}",
            path=f"/c/{code}/followups/?owner={owner_id or lists.STAFF}",
        )


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

"""Who is told what about a follow-up."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from services.communities import regions
from services.core import locks
from services.core.actor import Actor
from services.core.db import new_id
from services.followups import absences, lists, occurrences
from services.followups import texts as _texts  # noqa: F401  (registers the words)
from services.followups.models import FollowUp, Plan
from services.messages import outbox
from services.people import accounts, memberships


def office(day: date) -> list[uuid.UUID]:
    """The accounts of the community's staff, or of its administrators when there is no staff."""
    return _with_role("staff", day) or _with_role("admin", day)


def admins(day: date) -> list[uuid.UUID]:
    """The accounts of the community's administrators, or of its staff when there is none."""
    return _with_role("admin", day) or _with_role("staff", day)


def reach(actor: Actor, account_id: uuid.UUID | None, day: date) -> list[uuid.UUID]:
    """The account when it is open and belongs to the community on `day`, else the office."""
    return [account_id] if account_id is not None and _belongs(actor, account_id, day) else office(day)


def in_charge(actor: Actor, follow_up: FollowUp, day: date) -> list[uuid.UUID]:
    """Whom a reminder reaches: the owner, or while he is away who stands in for him."""
    reached = reach(actor, follow_up.owner_id, day)
    away = absences.of(follow_up.owner_id, day)
    if away is None or reached != [follow_up.owner_id]:
        return reached
    return _present(actor, (away.deputy_id, follow_up.deputy_id), day)


def told_late(actor: Actor, follow_up: FollowUp, plan: Plan, day: date) -> list[uuid.UUID]:
    """Who hears first that it is late, as the plan says."""
    if plan.late_to == "deputy":
        away = absences.of(follow_up.owner_id, day)
        return _present(actor, (away.deputy_id if away else None, follow_up.deputy_id), day)
    return told_again(plan, day)


def others_in_charge(actor: Actor, follow_up: FollowUp, day: date) -> list[uuid.UUID]:
    """Who hears that the actor cannot: who stands in for the owner, unless that is the actor, else the office."""
    away = absences.of(follow_up.owner_id, day)
    deputies = (away.deputy_id if away else None, follow_up.deputy_id)
    return _present(actor, (one for one in deputies if one != actor.account_id), day)


def told_again(plan: Plan, day: date) -> list[uuid.UUID]:
    """Who hears that it is still late: the office."""
    return admins(day) if plan.late_to == "admin" else office(day)


def _present(actor: Actor, account_ids: Iterable[uuid.UUID | None], day: date) -> list[uuid.UUID]:
    """The first of the accounts that belongs here and is not away itself, else the office."""
    for account_id in account_ids:
        if (
            account_id is not None
            and absences.of(account_id, day) is None
            and _belongs(actor, account_id, day)
        ):
            return [account_id]
    return office(day)


def _belongs(actor: Actor, account_id: uuid.UUID, day: date) -> bool:
    member = actor.community_id in memberships.communities_of(account_id, day)
    return member and accounts.get_account(account_id).active


def _with_role(role: str, day: date) -> list[uuid.UUID]:
    return list(dict.fromkeys(memberships.accounts_with_role(role, day)))


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
    actor: Actor,
    follow_up: FollowUp,
    plan: Plan,
    accounts: list[uuid.UUID],
    *,
    words: str,
    step: str,
    **more: object,
) -> None:
    """Tell each account, once for this due day and `step`; `more` are further words of the template."""
    assert actor.community_id is not None
    code = regions.get_community(actor.community_id).code
    for account_id in accounts:
        outbox.tell(
            actor,
            account_id=account_id,
            template=words,
            params={"plan": {"zh": plan.name, "en": plan.name_en}, "day": follow_up.due_on, **more},
            subject_kind="followup",
            subject_id=follow_up.id,
            key=f"{follow_up.id}/{follow_up.due_on}/{step}/{account_id}",
            path=f"/c/{code}/followups/{follow_up.id}",
        )

"""The life of a follow-up as people move it: start, done, postponed, handed over, closed."""

import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import select, tuple_, update

from services.communities import regions
from services.core import clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.followups import absences, calendar, notices, occurrences, plans
from services.followups import advance as _advance  # noqa: F401  (registers the job that is rung for)
from services.followups.models import LIVING, FollowUp, Plan
from services.people import memberships

POSTPONEMENTS = 3
POSTPONED_DAYS = 30
REASONS = {
    "household_away": N_("The household is away or asked for another day"),
    "helper_away": N_("The helper is away"),
    "ill": N_("Somebody is ill"),
    "weather": N_("Weather or traffic"),
    "other": N_("Another reason"),
}
NOTE_LENGTH = 500


def start(
    actor: Actor,
    *,
    event: str,
    subject_kind: str,
    subject_id: uuid.UUID,
    day: date,
    owners: Mapping[str, uuid.UUID | None],
    deputy: uuid.UUID | None = None,
    again: bool = False,
) -> list[FollowUp]:
    """Make the follow-ups that the community's active plans want after `event` happened to a subject on `day`.

    `owners` gives the account behind a plan's owner role; without one the staff own it. The deputy stands in for
    that role, not for the staff. Doing it again makes nothing new, unless the event may happen `again` to the subject:
    then the caller holds the subject's lock. Returns the first occurrences of these plans.
    """
    wanted = [plan for plan in plans.hold(actor, subject_kind) if plan.event == event and plan.active]
    zone = regions.zone_of(actor.community_id)
    numbers: list[tuple[uuid.UUID, int]] = []
    for plan in wanted:
        numbers.append((plan.id, occurrences.next_number(plan, subject_id) if again else 0))
        first = calendar.start(occurrences.rhythm_of(plan, zone), day)
        if first is None:
            continue
        occurrences.make(
            actor,
            plan,
            subject_id=subject_id,
            occurrence=numbers[-1][1],
            anchor_on=day + timedelta(days=plan.after_days),
            day=first,
            owner_id=owners.get(plan.owner),
            deputy_id=None if plan.owner == plans.STAFF else deputy,
        )
    return list(
        db.session.scalars(
            select(FollowUp)
            .where(
                tuple_(FollowUp.plan_id, FollowUp.occurrence).in_(numbers),
                FollowUp.subject_id == subject_id,
            )
            .order_by(FollowUp.due_on, FollowUp.id)
        )
    )


def close_subject(actor: Actor, *, subject_kind: str, subject_id: uuid.UUID, reason: str) -> int:
    """Close all that is still open about a subject, quietly: how many that were. No occurrence follows."""
    closed = 0
    # Again until there is none: while this waited for a lock its holder may have made the next occurrence.
    while rows := occurrences.lock_living(subject_kind, subject_id):
        for follow_up in rows:
            follow_up.state, follow_up.next_at = "closed", None
            occurrences.record(actor, follow_up, "closed", reason=reason)
        closed += len(rows)
    of_subject = (FollowUp.subject_kind == subject_kind) & (FollowUp.subject_id == subject_id)
    db.session.execute(update(FollowUp).where(of_subject).values(ended=True))
    return closed


def get(actor: Actor, follow_up_id: uuid.UUID) -> FollowUp:
    """A follow-up the actor may read: his own, as a deputy, or any for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "followups.read")
    return _own(actor, locks.get(FollowUp, follow_up_id))


def finish(actor: Actor, *, follow_up_id: uuid.UUID, note: str = "") -> FollowUp:
    """Mark as done; of a recurring plan the next occurrence is made. Doing it twice changes nothing.

    Raises Forbidden, NotFound, Conflict when it is closed.
    """
    permissions.require(actor, "followups.act")
    plan = occurrences.held_plan(follow_up_id)
    follow_up = _lock_own(actor, follow_up_id)
    if follow_up.state == "done":
        return follow_up
    _living(follow_up)
    follow_up.state, follow_up.next_at = "done", None
    follow_up.done_at, follow_up.done_by = clock.now(), actor.account_id
    occurrences.record(actor, follow_up, "done", note=note)
    occurrences.make_next(actor, plan, follow_up)
    return follow_up


def postpone(actor: Actor, *, follow_up_id: uuid.UUID, day: date, reason: str, note: str = "") -> FollowUp:
    """Move to a later `day`, at most three times and 30 days past the first one. Raises Forbidden, NotFound, DomainError."""
    follow_up = _lock_own(actor, follow_up_id)
    _living(follow_up)
    if reason not in REASONS:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")
    if follow_up.postponed >= POSTPONEMENTS:
        raise DomainError(
            "postponed_often",
            N_("This has been postponed three times. Please do it, or hand it over."),
            field="day",
        )
    if day <= max(follow_up.due_on, regions.today(actor.community_id)):
        raise DomainError(
            "not_later", N_("Please choose a day after today and after the present one."), field="day"
        )
    if day > latest_day(follow_up):
        raise DomainError(
            "too_late",
            N_(
                "This may wait until 30 days after its first day at most. Please choose an earlier day, or hand it over."
            ),
            field="day",
        )
    occurrences.record(
        actor, follow_up, "postponed", reason=reason, note=note, from_on=follow_up.due_on, to_on=day
    )
    follow_up.due_on, follow_up.postponed = day, follow_up.postponed + 1
    follow_up.state, follow_up.reminders = "open", 0
    follow_up.escalated_at, follow_up.escalations = None, 0
    occurrences.look_again(locks.get(Plan, follow_up.plan_id), follow_up, regions.zone_of(actor.community_id))
    return follow_up


def latest_day(follow_up: FollowUp) -> date:
    """The last day to which it may be postponed."""
    return follow_up.planned_on + timedelta(days=POSTPONED_DAYS)


def hand_over(
    actor: Actor, *, follow_up_id: uuid.UUID, account_id: uuid.UUID | None, note: str = ""
) -> FollowUp:
    """Give it, and the plan's later occurrences, to another account; to the staff with None. The new owner is told.

    A helper may give back to the staff only. Raises Forbidden, NotFound, DomainError.
    """
    follow_up = give(actor, follow_up_id=follow_up_id, account_id=account_id, note=note)
    notices.tell_handed_over(actor, [follow_up])
    return follow_up


def give(actor: Actor, *, follow_up_id: uuid.UUID, account_id: uuid.UUID | None, note: str = "") -> FollowUp:
    """As `hand_over`, but nobody is told."""
    follow_up = _lock_own(actor, follow_up_id)
    _living(follow_up)
    if account_id is not None:
        permissions.require(actor, "followups.hand_over")
    if account_id == follow_up.owner_id:
        raise DomainError(
            "same_owner",
            N_(
                "It is in their hands already: there is nothing to hand over. Choose somebody else, or leave it."
            ),
            field="account_id",
        )
    plan = locks.get(Plan, follow_up.plan_id)
    today = regions.today(actor.community_id)
    if account_id is not None and account_id not in candidates(plan, today):
        raise DomainError(
            "no_candidate",
            N_("This person cannot take it over: please choose one of the list."),
            field="account_id",
        )
    occurrences.record(actor, follow_up, "handed_over", note=note, to_id=account_id)
    follow_up.owner_id = account_id
    db.session.flush()
    return follow_up


def candidates(plan: Plan, day: date) -> set[uuid.UUID]:
    """The accounts that may own a plan's follow-ups: the office, and volunteers when it is not the office's own."""
    roles = ("staff", "admin") if plan.owner == plans.STAFF else ("staff", "admin", "volunteer")
    return {account_id for role in roles for account_id in memberships.accounts_with_role(role, day)}


def of_subjects(kind: str, ids: Collection[uuid.UUID]) -> list[FollowUp]:
    """Every follow-up of these subjects, the earliest first."""
    statement = select(FollowUp).where(FollowUp.subject_kind == kind, FollowUp.subject_id.in_(ids))
    return list(db.session.scalars(statement.order_by(FollowUp.due_on, FollowUp.id)))


def is_own(actor: Actor, follow_up: FollowUp) -> bool:
    """True for its owner, its deputy, and who stands in for its owner today."""
    if actor.account_id is None:
        return False
    if actor.account_id in (follow_up.owner_id, follow_up.deputy_id):
        return True
    away = absences.of(follow_up.owner_id, regions.today(actor.community_id))
    return away is not None and away.deputy_id == actor.account_id


def _own(actor: Actor, follow_up: FollowUp) -> FollowUp:
    if not actor.has("staff", "admin") and not is_own(actor, follow_up):
        raise NotFound()
    return follow_up


def _lock_own(actor: Actor, follow_up_id: uuid.UUID) -> FollowUp:
    permissions.require(actor, "followups.act")
    return _own(actor, locks.lock(FollowUp, follow_up_id))


def _living(follow_up: FollowUp) -> None:
    if follow_up.state not in LIVING:
        raise Conflict(
            "over",
            N_(
                "This follow-up is over: it was done or is no longer needed. Nothing more is to be done about it."
            ),
        )

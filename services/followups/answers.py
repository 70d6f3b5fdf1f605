"""What somebody has to do next, and what he says to it: I can, or I cannot and why. Each can be taken back."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select

from services.communities import regions
from services.core import clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.followups import absences, calendar, life, notices, occurrences
from services.followups.models import LIVING, FollowUp, FollowUpEntry, Plan

SAID = ("can", "cannot", "taken_back")


def in_charge(actor: Actor, *, limit: int) -> Sequence[FollowUp]:
    """What the actor has to do himself or for somebody he stands in for, the earliest first. Raises Forbidden."""
    return db.session.scalars(_in_charge(actor).limit(limit)).all()


def of_subject(actor: Actor, kind: str, subject_id: uuid.UUID) -> Sequence[FollowUp]:
    """What the actor has to do about one subject, the earliest first. Raises Forbidden."""
    return db.session.scalars(
        _in_charge(actor).where(FollowUp.subject_kind == kind, FollowUp.subject_id == subject_id)
    ).all()


def given(actor: Actor, rows: Collection[FollowUp]) -> dict[uuid.UUID, FollowUpEntry]:
    """The actor's answers to these follow-ups that still hold: for the day each is due, not taken back."""
    days = {row.id: row.due_on for row in rows}
    entries = db.session.scalars(
        select(FollowUpEntry)
        .where(
            FollowUpEntry.follow_up_id.in_(days),
            FollowUpEntry.account_id == actor.account_id,
            FollowUpEntry.action.in_(SAID),
        )
        .order_by(FollowUpEntry.id)
    )
    last = {one.follow_up_id: one for one in entries if one.to_on == days[one.follow_up_id]}
    return {one: entry for one, entry in last.items() if entry.action != "taken_back"}


def can(actor: Actor, *, follow_up_id: uuid.UUID) -> FollowUp:
    """Say that one will do it on its day; saying it twice changes nothing. Raises Forbidden, NotFound, Conflict."""
    follow_up, said = _answered(actor, follow_up_id)
    if said == "cannot":
        take_back(actor, follow_up_id=follow_up_id)
    if said != "can":
        occurrences.record(actor, follow_up, "can", to_on=follow_up.due_on)
    return follow_up


def cannot(actor: Actor, *, follow_up_id: uuid.UUID, reason: str) -> FollowUp:
    """Say that one cannot, and why: the deputy hears of it now, or else the office, as of something late.

    It stays with its owner, who has the later ones of its plan too. Raises Forbidden, NotFound, Conflict, DomainError.
    """
    follow_up, said = _answered(actor, follow_up_id)
    if reason not in life.REASONS:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")
    if said == "cannot":
        return follow_up
    occurrences.record(actor, follow_up, "cannot", reason=reason, to_on=follow_up.due_on)
    if follow_up.state != "escalated":
        follow_up.state, follow_up.escalated_at, follow_up.escalations = "escalated", clock.now(), 0
    _look_again_and_tell(actor, follow_up, "followup.cannot")
    return follow_up


def take_back(actor: Actor, *, follow_up_id: uuid.UUID) -> FollowUp:
    """Undo one's last answer; who heard that one cannot hears that one can. Raises Forbidden, NotFound, Conflict."""
    follow_up, said = _answered(actor, follow_up_id)
    if said is None:
        return follow_up
    occurrences.record(actor, follow_up, "taken_back", to_on=follow_up.due_on)
    if said == "cannot":
        plan, zone = locks.get(Plan, follow_up.plan_id), regions.zone_of(actor.community_id)
        if calendar.moment(occurrences.late_day(plan, follow_up.due_on), zone) > clock.now():
            follow_up.state = "reminded" if follow_up.reminders else "open"
            follow_up.escalated_at = None
        _look_again_and_tell(actor, follow_up, "followup.can_after_all")
    return follow_up


def _in_charge(actor: Actor) -> Select[FollowUp]:
    permissions.require(actor, "followups.read")
    mine = (FollowUp.owner_id == actor.account_id) | absences.standing_in(actor)
    statement = select(FollowUp).where(mine, FollowUp.state.in_(LIVING))
    return statement.order_by(FollowUp.due_on, FollowUp.id)


def _answered(actor: Actor, follow_up_id: uuid.UUID) -> tuple[FollowUp, str | None]:
    permissions.require(actor, "followups.act")
    follow_up = locks.lock(FollowUp, follow_up_id)
    if not life.is_own(actor, follow_up):
        raise NotFound()
    if follow_up.state not in LIVING:
        raise Conflict("over", N_("This follow-up is over."))
    entry = given(actor, [follow_up]).get(follow_up.id)
    return follow_up, entry.action if entry else None


def _look_again_and_tell(actor: Actor, follow_up: FollowUp, words: str) -> None:
    plan, zone = locks.get(Plan, follow_up.plan_id), regions.zone_of(actor.community_id)
    occurrences.look_again(plan, follow_up, zone)
    # Numbered: somebody may change his mind, and back.
    number = sum(one.action in SAID for one in occurrences.history(follow_up.id))
    told = notices.others_in_charge(actor, follow_up, regions.today(actor.community_id))
    notices.tell(actor, follow_up, plan, told, words=words, step=f"answer/{number}", who=actor.name)

"""What happens to a follow-up by itself when its time has come: reminder, escalation, next occurrence.

Decided by the row's state and the days alone, under its lock, so that a job may run twice, late, or after a
week without a machine: what was missed meanwhile is said once.
"""

import uuid
from datetime import datetime

from services.communities import regions
from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.core.db import db
from services.followups import calendar, notices, occurrences
from services.followups.models import LIVING, FollowUp, Plan


@jobs.job(occurrences.ADVANCE, permission="followups.sweep")
def advance(actor: Actor, follow_up_id: uuid.UUID) -> None:
    """Do what is due for one follow-up now and set when to look again."""
    plan = occurrences.held_plan(follow_up_id)
    follow_up = locks.lock(FollowUp, follow_up_id)
    now, zone = clock.now(), regions.zone_of(actor.community_id)
    if follow_up.state in LIVING:
        following = occurrences.successor_at(plan, follow_up, zone)
        followed = following is not None and following <= now
        if followed:
            occurrences.make_next(actor, plan, follow_up)
        _speak(actor, follow_up, plan, now, zone, quiet=followed)
    follow_up.lease_until, follow_up.attempts = None, 0
    follow_up.next_at = occurrences.look_at(plan, follow_up, zone)
    db.session.flush()


def _speak(actor: Actor, follow_up: FollowUp, plan: Plan, now: datetime, zone: str, *, quiet: bool) -> None:
    """Remind or escalate. A `quiet` one changes its state without a message: the next occurrence speaks for it."""
    if follow_up.state == "escalated":
        _speak_again(actor, follow_up, plan, now, zone)
        return
    days = occurrences.reminder_days(plan, follow_up.due_on)
    passed = sum(calendar.moment(day, zone) <= now for day in days)
    late = calendar.moment(occurrences.late_day(plan, follow_up.due_on), zone) <= now
    today = clock.day_of(now, zone)
    others = notices.told_late(actor, follow_up, plan, today) if late else []
    if passed > follow_up.reminders:
        # Late, somebody who was reminded before, or hears it as a deputy, is not told once more.
        owner = notices.in_charge(actor, follow_up, today)
        asked = [] if late and follow_up.reminders else [one for one in owner if one not in others]
        _tell(actor, follow_up, plan, [] if quiet else asked, "reminder", f"remind/{passed}")
        follow_up.state, follow_up.reminders = "reminded", passed
    if late:
        _tell(actor, follow_up, plan, [] if quiet else others, "late", "late")
        follow_up.state, follow_up.escalated_at, follow_up.escalations = "escalated", now, 0


def _speak_again(actor: Actor, follow_up: FollowUp, plan: Plan, now: datetime, zone: str) -> None:
    """Tell the office once for all the weeks that have passed, unless the next occurrence is there to speak for it."""
    passed = follow_up.escalations
    while occurrences.again_at(follow_up, passed + 1, zone) <= now:
        passed += 1
    if passed == follow_up.escalations:
        return
    following = occurrences.successor(follow_up)
    if following is None or following.state not in LIVING:
        told = notices.told_again(plan, clock.day_of(now, zone))
        notices.tell(actor, follow_up, plan, told, words="followup.late", step=f"again/{passed}")
        occurrences.record(actor, follow_up, "escalated", reason="again")
    follow_up.escalations = passed


def _tell(
    actor: Actor, follow_up: FollowUp, plan: Plan, accounts: list[uuid.UUID], words: str, step: str
) -> None:
    notices.tell(actor, follow_up, plan, accounts, words=f"followup.{words}", step=step)
    action = "reminded" if words == "reminder" else "escalated"
    if accounts or words == "late":
        occurrences.record(actor, follow_up, action, reason="" if accounts else "quiet")


# The same condition as the sweeper's policy in migration 0004.
jobs.sweep("follow_up", due="next_at <= now()", order="next_at", job=occurrences.ADVANCE)

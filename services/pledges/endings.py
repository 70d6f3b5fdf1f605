"""What becomes of a pledge whose time is over or nearly so: the office is asked to settle it, nobody is blamed."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from services.communities import regions
from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.core.db import db
from services.followups import calendar, life, plans, subjects
from services.followups.subjects import Subject
from services.pledges.models import Balance, Pledge, Unit

LOOK = "pledges.look"
KIND = "pledge"
# So many days before its last one the office is asked about a pledge.
DAYS_BEFORE = 14

plans.declare(
    "pledge_ending",
    name="认捐快到期：问问单位，用完还是延期",
    name_en="A pledge ends soon: use the rest, or ask to extend it",
    subject_kind=KIND,
    event="ending",
    after_days=0,
    owner=plans.STAFF,
    remind_days=0,
)
plans.declare(
    "pledge_unsettled",
    name="认捐已到期，还有没落实的：一起商量",
    name_en="A pledge has ended with something open: settle it together",
    subject_kind=KIND,
    event="ended",
    after_days=0,
    owner=plans.STAFF,
    remind_days=0,
)


def watch(actor: Actor, pledge: Pledge) -> None:
    """Set when a new pledge is looked at first; one entered after its time never is."""
    if pledge.ends_on is not None and pledge.ends_on >= regions.today(actor.community_id):
        pledge.next_at = _moment(pledge, pledge.ends_on - timedelta(days=DAYS_BEFORE))


def look_soon(pledge: Pledge) -> None:
    """Look at a pledge after this transaction: something of it changed near its end. The caller holds its lock."""
    pledge.next_at = clock.now()
    jobs.ring(LOOK, pledge.community_id, pledge.id)


def moved(pledge: Pledge) -> None:
    """As `look_soon`, when its time is near or over: what was asked may be settled by a movement."""
    near = timedelta(days=DAYS_BEFORE)
    if pledge.ends_on is not None and pledge.ends_on - near <= regions.today(pledge.community_id):
        look_soon(pledge)


@jobs.job(LOOK, permission="pledges.look")
def look(actor: Actor, pledge_id: uuid.UUID) -> None:
    """Ask about a pledge that ends or has ended with something open, once for each; close what was asked once it is settled."""
    pledge = locks.lock(Pledge, pledge_id)
    pledge.lease_until, pledge.attempts = None, 0
    if pledge.next_at is not None and pledge.next_at <= clock.now():
        today = regions.today(actor.community_id)
        plans.hold(actor, KIND)
        begun = asks(pledge, today)
        if begun is None:
            life.close_subject(actor, subject_kind=KIND, subject_id=pledge.id, reason="settled")
        else:
            _ask(actor, pledge, begun, today)
        pledge.next_at = _next(pledge, today)
    db.session.flush()


# The same condition as the sweeper's policy in migration 0030.
jobs.sweep("pledge", due="next_at <= now()", order="next_at", job=LOOK)


def asks(pledge: Pledge, today: date) -> tuple[str, date] | None:
    """ "ending" or "ended", and since which day, when that is to be settled with something of the pledge open."""
    begun = _begun(pledge, today)
    return begun if begun and _open(pledge, today) else None


def _open(pledge: Pledge, today: date) -> bool:
    """True when something of a pledge is reserved, or free to be lost with its end.

    What renews loses nothing when it has ended; before, it may go on. What is taken back is the unit's.
    """
    held = select(func.sum(Balance.reserved), func.sum(Balance.free)).where(Balance.pledge_id == pledge.id)
    reserved, free = db.session.execute(held).one()
    if pledge.period == "":
        return bool(reserved or free)
    goes_on = pledge.state == "open" and pledge.ends_on is not None and today <= pledge.ends_on
    return bool(reserved) or goes_on


def _begun(pledge: Pledge, today: date) -> tuple[str, date] | None:
    """The event that has happened to a pledge last, and its day."""
    if pledge.ends_on is None:
        return None
    after, before = (pledge.ends_on + timedelta(days=days) for days in (1, -DAYS_BEFORE))
    if today >= after:
        return "ended", after
    return ("ending", before) if today >= before else None


def _ask(actor: Actor, pledge: Pledge, begun: tuple[str, date], today: date) -> None:
    event, since = begun
    zone = regions.zone_of(pledge.community_id)
    asked = life.of_subjects(KIND, [pledge.id])
    if any(clock.day_of(one.created_at, zone) >= since for one in asked):
        return
    life.close_subject(actor, subject_kind=KIND, subject_id=pledge.id, reason=event)
    life.start(actor, event=event, subject_kind=KIND, subject_id=pledge.id, day=today, owners={}, again=True)


def _next(pledge: Pledge, today: date) -> datetime | None:
    if pledge.ends_on is None or today > pledge.ends_on:
        return None
    before = pledge.ends_on - timedelta(days=DAYS_BEFORE)
    return _moment(pledge, before if today < before else pledge.ends_on + timedelta(days=1))


def _moment(pledge: Pledge, day: date) -> datetime:
    return calendar.moment(day, regions.zone_of(pledge.community_id))


def _describe(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    if not actor.has("staff", "admin", "system"):
        return {}
    whose = (Unit.community_id == Pledge.community_id) & (Unit.id == Pledge.unit_id)
    statement = select(Pledge.id, Pledge.item, Unit.name).join(Unit, whose).where(Pledge.id.in_(ids))
    pages = f"/c/{regions.get_community(actor.community_id or 0).code}/pledges"
    return {
        pledge_id: Subject(f"{name} · {item}", f"{pages}/{pledge_id}")
        for pledge_id, item, name in db.session.execute(statement)
    }


subjects.register(KIND, _describe)

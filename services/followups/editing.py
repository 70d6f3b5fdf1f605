"""Changing a community's plans: what lies ahead moves to the new days, what has begun keeps its own."""

import uuid
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from itertools import takewhile

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.followups import calendar, occurrences, plans, rules
from services.followups.models import LIVING, FollowUp, Plan

LATE_TO = ("deputy", "staff", "admin")


@dataclass(frozen=True)
class Terms:
    """What a community may say of a plan."""

    after_days: int
    rule: str
    on_holiday: str
    owner: str
    remind_days: int
    remind_every: int | None
    late_days: int
    late_to: str
    active: bool


@dataclass(frozen=True)
class Preview:
    """The days a plan would give for an event today, and how many open follow-ups it would move to another day."""

    days: list[calendar.Day]
    moves: int


@dataclass(frozen=True)
class Move:
    """A follow-up that is still to come, the day from which its series counts now, and its new day; None: it keeps its own."""

    follow_up: FollowUp
    anchor: date
    day: calendar.Day | None

    @property
    def moves(self) -> bool:
        """True when it falls due on another day."""
        return self.day is not None and self.day.due != self.follow_up.due_on


def update_plan(actor: Actor, *, plan_id: uuid.UUID, terms: Terms) -> int:
    """Change a plan: how many of its open follow-ups moved to another day, each with an entry in its history.

    Reminders, lateness and later occurrences follow the new terms; owners stay. Raises Forbidden, NotFound, DomainError.
    """
    permissions.require(actor, "followups.plans")
    plan = locks.lock(Plan, plan_id)
    terms = _understood(actor, plan, terms)
    moves = _moves(actor, plan, terms, lock=True)
    other = _rhythm(actor, terms) != _rhythm(actor, terms_of(plan)) or terms.active != plan.active
    for name, value in asdict(terms).items():
        setattr(plan, name, value)
    moved = sum(move.moves for move in moves)
    for move in moves:
        _move(actor, move)
    db.session.flush()
    db.session.execute(
        update(FollowUp)
        .where(FollowUp.plan_id == plan.id, FollowUp.state.in_(LIVING))
        .values(next_at=clock.now())
    )
    _go_on(actor, plan, LIVING if other else ())
    audit.record(actor, "plan.changed", "plan", plan.id, moved=moved, **asdict(terms))
    return moved


def preview(actor: Actor, *, plan_id: uuid.UUID, terms: Terms) -> Preview:
    """What terms would mean, without changing anything. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "followups.plans")
    plan = locks.get(Plan, plan_id)
    terms = _understood(actor, plan, terms)
    moves = _moves(actor, plan, terms, lock=False)
    days = calendar.preview(_rhythm(actor, terms), regions.today(actor.community_id))
    return Preview(days, sum(move.moves for move in moves))


def terms_of(plan: Plan) -> Terms:
    """The terms a plan has now."""
    return Terms(**{one.name: getattr(plan, one.name) for one in fields(Terms)})


def _understood(actor: Actor, plan: Plan, terms: Terms) -> Terms:
    """The terms with their rule as it is kept. Raises DomainError."""
    if terms.owner not in plans.owners(plan):
        raise DomainError("owner", N_("Please choose one of the list."), field="owner")
    for field, value, known in (
        ("on_holiday", terms.on_holiday, calendar.ON_HOLIDAY),
        ("late_to", terms.late_to, LATE_TO),
    ):
        if value not in known:
            raise DomainError(field, N_("Please choose one of the list."), field=field)
    terms = replace(terms, rule=rules.understand(terms.rule))
    # What is in force stays possible: a rule may have ended since.
    if (terms.rule, terms.on_holiday) != (plan.rule, plan.on_holiday):
        calendar.check(_rhythm(actor, terms), regions.today(actor.community_id))
    return terms


def _rhythm(actor: Actor, terms: Terms) -> calendar.Rhythm:
    zone = regions.zone_of(actor.community_id)
    return calendar.Rhythm(terms.after_days, terms.rule, terms.on_holiday, zone)


def _moves(actor: Actor, plan: Plan, terms: Terms, *, lock: bool) -> list[Move]:
    """Where the new terms put what lies ahead and was neither spoken of nor postponed."""
    rhythm = _rhythm(actor, terms)
    if rhythm == _rhythm(actor, terms_of(plan)):
        return []
    today = regions.today(actor.community_id)
    earlier = aliased(FollowUp)
    statement = (
        select(FollowUp, earlier.planned_on)
        .outerjoin(
            earlier,
            (earlier.community_id == FollowUp.community_id)
            & (earlier.plan_id == FollowUp.plan_id)
            & (earlier.subject_id == FollowUp.subject_id)
            & (earlier.occurrence == FollowUp.occurrence - 1),
        )
        .where(
            FollowUp.plan_id == plan.id,
            FollowUp.state == "open",
            FollowUp.reminders == 0,
            FollowUp.postponed == 0,
            FollowUp.agreed_at.is_(None),
            FollowUp.due_on > today,
        )
        .order_by(FollowUp.subject_id, FollowUp.occurrence)
    )
    if lock:
        statement = statement.with_for_update(of=FollowUp, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    return [_put(rhythm, plan, row, after, today) for row, after in db.session.execute(statement)]


def _put(rhythm: calendar.Rhythm, plan: Plan, row: FollowUp, after: date | None, today: date) -> Move:
    # A series that has begun keeps the day it counts from; the first one moves with its distance from the event.
    later = timedelta(days=rhythm.after_days)
    event = row.anchor_on - later if after is not None else occurrences.event_day(plan, row)
    return Move(row, event + later, _new_day(rhythm, event, after, today))


def _new_day(rhythm: calendar.Rhythm, event: date, after: date | None, today: date) -> calendar.Day | None:
    """The day of the occurrence after the one of `after` (None: of the first) that is still to come; None without one.

    A first one that would have been before comes today, in place of all the days of its series that have passed.
    """
    if after is not None:
        return calendar.following(rhythm, event, after, today) if rhythm.rule else None
    first = calendar.start(rhythm, event)
    if first is None or first.due is None or first.due >= today:
        return first
    due = calendar.from_day(rhythm, today)
    passed = takewhile(lambda day: day.planned <= due, calendar.series(rhythm, event))
    return calendar.Day(max((day.planned for day in passed), default=first.planned), due)


def _move(actor: Actor, move: Move) -> None:
    """Put a follow-up on its new day, with an entry when it falls due on another one."""
    follow_up, day = move.follow_up, move.day
    follow_up.anchor_on = move.anchor
    if day is None or day.due is None:
        return
    if move.moves:
        occurrences.record(actor, follow_up, "moved", from_on=follow_up.due_on, to_on=day.due)
    follow_up.planned_on, follow_up.due_on = day.planned, day.due


def _go_on(actor: Actor, plan: Plan, living: tuple[str, ...]) -> None:
    """Series that stood still while the plan did not recur go on from today; so do those of `living` states.

    For days before a change, or while a plan was out of use, nobody is called late.
    """
    if not plan.active or not plan.rule:
        return
    following = aliased(FollowUp)
    last = (
        select(FollowUp)
        .where(FollowUp.plan_id == plan.id, FollowUp.state.in_(("done", *living)), FollowUp.ended.is_(False))
        .where(
            ~select(following.id)
            .where(
                following.community_id == FollowUp.community_id,
                following.plan_id == FollowUp.plan_id,
                following.subject_id == FollowUp.subject_id,
                following.occurrence == FollowUp.occurrence + 1,
            )
            .exists()
        )
        .order_by(FollowUp.id)
        .with_for_update(of=FollowUp)
        .execution_options(populate_existing=True)
    )
    today, zone = regions.today(actor.community_id), regions.zone_of(actor.community_id)
    for follow_up in db.session.scalars(last).all():
        day = occurrences.next_day(plan, follow_up, zone)
        if follow_up.state == "done" or (day is not None and day.due is not None and day.due < today):
            occurrences.make_next(actor, plan, follow_up, not_before=today)

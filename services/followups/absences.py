"""Who is away, from when until when, and who stands in meanwhile."""

import uuid
from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, func, select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.followups import texts as _texts  # noqa: F401  (registers the words)
from services.followups.models import LIVING, Absence, FollowUp
from services.messages import outbox
from services.people import accounts, memberships

OFFICE = ("staff", "admin")
LONGEST = relativedelta(years=1)


def register(
    actor: Actor, *, account_id: uuid.UUID, since: date, until: date, deputy_id: uuid.UUID | None = None
) -> Absence:
    """Record that an account is away, one's own or for the office anybody's; the deputy is told. Without one the office stands in.

    Raises Forbidden, NotFound, DomainError.
    """
    permissions.require(actor, "followups.act")
    today = regions.today(actor.community_id)
    if account_id != actor.account_id:
        permissions.require(actor, "followups.hand_over")
        if account_id not in _members(today):
            raise DomainError("account", N_("Please choose one of the list."), field="account")
    _check_days(since, until, today)
    if deputy_id is not None and deputy_id not in deputies(actor, account_id=account_id):
        raise DomainError("deputy", N_("Please choose one of the list."), field="deputy")
    assert actor.community_id is not None
    locks.advisory("absence", actor.community_id)
    overlapping = _not_over(since).where(Absence.account_id == account_id, Absence.since <= until)
    if db.session.scalars(overlapping).first() is not None:
        raise DomainError(
            "overlap",
            N_("There is already an absence in these days: change or cancel it first."),
            field="since",
        )
    absence = Absence(account_id=account_id, since=since, until=until, deputy_id=deputy_id)
    db.session.add(absence)
    db.session.flush()
    audit.record(actor, "absence.registered", "absence", absence.id)
    _tell_deputy(actor, absence)
    return absence


def end_earlier(actor: Actor, *, absence_id: uuid.UUID, until: date) -> Absence:
    """Make `until` the last day of an absence; the deputy is told. Raises Forbidden, NotFound, Conflict, DomainError."""
    absence = _lock_own(actor, absence_id)
    if not max(absence.since, regions.today(actor.community_id)) <= until < absence.until:
        raise DomainError(
            "not_earlier",
            N_("Please choose a day from today on, before the present last day."),
            field="until",
        )
    absence.until = until
    db.session.flush()
    audit.record(actor, "absence.shortened", "absence", absence.id)
    _tell_deputy(actor, absence)
    return absence


def cancel(actor: Actor, *, absence_id: uuid.UUID) -> Absence:
    """Take an absence back, also while it lasts; the deputy is told. Raises Forbidden, NotFound, Conflict when it is over."""
    absence = _lock_own(actor, absence_id)
    absence.cancelled = True
    db.session.flush()
    audit.record(actor, "absence.cancelled", "absence", absence.id)
    _tell_deputy(actor, absence)
    return absence


def of(account_id: uuid.UUID | None, day: date) -> Absence | None:
    """The absence an account is on that day, or None."""
    return db.session.scalars(select(Absence).where(Absence.account_id == account_id, _on(day))).first()


def stood_in_for(actor: Actor) -> Select[uuid.UUID]:
    """The accounts for which the actor stands in today, as a subquery."""
    today = regions.today(actor.community_id)
    return select(Absence.account_id).where(Absence.deputy_id == actor.account_id, _on(today))


def standing_in(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor does a follow-up today in its owner's place.

    As the deputy of the owner's absence, or, named beside him by the office, when he is away without one or could not.
    """
    today = regions.today(actor.community_id)
    alone = select(Absence.account_id).where(Absence.deputy_id.is_(None), _on(today))
    called = FollowUp.owner_id.in_(alone) | (FollowUp.state == "escalated")
    beside = (FollowUp.deputy_id == actor.account_id) & called
    return (FollowUp.owner_id.in_(stood_in_for(actor)) | beside) & FollowUp.owner_id.is_distinct_from(
        actor.account_id
    )


def subjects_in_charge(actor: Actor, kind: str) -> set[uuid.UUID]:
    """The subjects of a kind about which the actor has something to do today, himself or in another's place."""
    if actor.account_id is None:
        return set()
    mine = (FollowUp.owner_id == actor.account_id) | standing_in(actor)
    statement = select(FollowUp.subject_id).where(
        FollowUp.subject_kind == kind, FollowUp.state.in_(LIVING), mine
    )
    return set(db.session.scalars(statement))


def get(actor: Actor, absence_id: uuid.UUID) -> Absence:
    """An absence, one's own or for the office anybody's. Raises Forbidden, NotFound."""
    permissions.require(actor, "followups.act")
    return _seen(actor, locks.get(Absence, absence_id))


def own(actor: Actor) -> Sequence[Absence]:
    """The actor's absences that are not over, the earliest first. Raises Forbidden."""
    permissions.require(actor, "followups.act")
    statement = _not_over(regions.today(actor.community_id)).where(Absence.account_id == actor.account_id)
    return db.session.scalars(statement).all()


def everybodys(actor: Actor) -> Sequence[Absence]:
    """Who is away now or will be, the earliest first. Raises Forbidden."""
    permissions.require(actor, "followups.hand_over")
    return db.session.scalars(_not_over(regions.today(actor.community_id))).all()


def people(actor: Actor) -> set[uuid.UUID]:
    """The accounts that may be away: all that may own follow-ups. Raises Forbidden."""
    permissions.require(actor, "followups.hand_over")
    return _members(regions.today(actor.community_id))


def deputies(actor: Actor, *, account_id: uuid.UUID) -> set[uuid.UUID]:
    """Who may stand in for an account.

    For the staff their own alone; for a helper also other helpers: any that the office chooses, and of himself those
    whom the office has put beside him, for he is not shown who else helps here.
    """
    today = regions.today(actor.community_id)
    able = _members(today, *OFFICE)
    if account_id not in able:
        helpers = _members(today, "volunteer")
        if not actor.has(*OFFICE):
            beside = select(FollowUp.deputy_id).where(
                FollowUp.owner_id == account_id, FollowUp.state.in_(LIVING), FollowUp.deputy_id.is_not(None)
            )
            helpers &= set(db.session.scalars(beside))
        able |= helpers
    return able - {account_id}


def _members(day: date, *roles: str) -> set[uuid.UUID]:
    wanted = roles or (*OFFICE, "volunteer")
    return {account_id for role in wanted for account_id in memberships.accounts_with_role(role, day)}


def _on(day: date) -> ColumnElement[bool]:
    return (Absence.since <= day) & (Absence.until >= day) & Absence.cancelled.is_(False)


def _not_over(day: date) -> Select[Absence]:
    statement = select(Absence).where(Absence.until >= day, Absence.cancelled.is_(False))
    return statement.order_by(Absence.since, Absence.id)


def _check_days(since: date, until: date, today: date) -> None:
    if until < max(since, today):
        raise DomainError(
            "ends_before", N_("The last day lies before the first, or is over already."), field="until"
        )
    if since > today + LONGEST or until > since + LONGEST:
        raise DomainError(
            "too_long", N_("An absence begins within a year and lasts a year at most."), field="until"
        )


def _lock_own(actor: Actor, absence_id: uuid.UUID) -> Absence:
    permissions.require(actor, "followups.act")
    absence = _seen(actor, locks.lock(Absence, absence_id))
    if absence.cancelled or absence.until < regions.today(actor.community_id):
        raise Conflict(
            "absence_over",
            N_("This absence is over and stays as it was. For other days, register a new one."),
        )
    return absence


def _seen(actor: Actor, absence: Absence) -> Absence:
    if absence.account_id != actor.account_id and not actor.has(*OFFICE):
        raise NotFound()
    return absence


def _tell_deputy(actor: Actor, absence: Absence) -> None:
    """Tell the deputy as it stands now: one message for each change."""
    if absence.deputy_id is None or absence.deputy_id == actor.account_id:
        return
    assert actor.community_id is not None
    living = select(func.count()).where(FollowUp.owner_id == absence.account_id, FollowUp.state.in_(LIVING))
    said: dict[str, object] = {
        "who": accounts.get_account(absence.account_id).name,
        "since": absence.since,
        "until": absence.until,
    }
    template, step = "followup.not_standing_in", "cancelled"
    if not absence.cancelled:
        template, step = "followup.standing_in", str(absence.until)
        said["count"] = db.session.scalars(living).one()
    outbox.tell(
        actor,
        account_id=absence.deputy_id,
        template=template,
        params=said,
        subject_kind="absence",
        subject_id=absence.id,
        key=f"{absence.id}/{step}",
        path=f"/c/{regions.get_community(actor.community_id).code}/followups/",
    )

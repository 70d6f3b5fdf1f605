"""What units promise: offering it, finding it again, taking back what is still free."""

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from services.communities import catalogue, regions, wordlists
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError
from services.core.free_text import without_id_numbers
from services.pledges import endings, movements, periods, quantities, units
from services.pledges.models import Balance, Pledge, Unit

KINDS = tuple(term.code for term in catalogue.PLEDGE_KINDS)
THEMES = tuple(term.code for term in catalogue.THEMES)


def pledge(
    actor: Actor,
    *,
    unit_id: uuid.UUID,
    kind: str,
    item: str,
    starts_on: date,
    quantity: int | None = None,
    measure: str = "",
    period: str = "",
    ends_on: date | None = None,
    need_kind: str = "",
    week: int | None = None,
    conditions: str = "",
    theme: str = "",
    row_id: uuid.UUID | None = None,
) -> Pledge:
    """Enter a unit's promise, as the unit itself or as the office for it.

    `quantity` is in whole fen, minutes or pieces of `measure` (see `quantities`); a venue has `week` instead, and what
    it promises is the minutes of it every week. `row_id` is the number it comes with from a file. Raises Forbidden, NotFound for another unit, DomainError by field.
    """
    permissions.require(actor, "pledges.offer")
    units.check_own(actor, locks.get(Unit, unit_id).id)
    amount = check(
        kind=kind,
        item=item,
        starts_on=starts_on,
        quantity=quantity,
        measure=measure,
        period=period,
        ends_on=ends_on,
        need_kind=need_kind,
        week=week,
    )
    row = Pledge(
        unit_id=unit_id,
        kind=kind,
        item=item.strip(),
        need_kind=need_kind,
        theme=theme,
        measure=quantities.measure_of(kind, measure),
        period="week" if kind == "venue" else period,
        promised=amount,
        week=week if kind == "venue" else None,
        starts_on=starts_on,
        ends_on=ends_on,
        conditions=conditions,
        created_by=actor.account_id,
    )
    return _enter(actor, row, row_id)


def set_theme(actor: Actor, *, pledge_id: uuid.UUID, theme: str) -> Pledge:
    """Say what a pledge is for in the neighbourhood's life, "" for nothing in particular. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "pledges.offer")
    row = locks.lock(Pledge, pledge_id)
    units.check_own(actor, row.unit_id)
    _check_said(theme, row.conditions)
    row.theme = theme
    db.session.flush()
    audit.record(actor, "pledge.themed", "pledge", row.id, theme=theme)
    return row


def _check_said(theme: str, conditions: str) -> None:
    without_id_numbers(conditions, field="conditions")
    if theme not in ("", *THEMES):
        raise DomainError("theme", N_("Please choose one of the list."), field="theme")


def _enter(actor: Actor, row: Pledge, row_id: uuid.UUID | None) -> Pledge:
    _check_said(row.theme, row.conditions)
    row.id = row_id or new_id()
    db.session.add(row)
    db.session.flush()
    movements.open_balance(actor, row, row.starts_on)
    endings.watch(actor, row)
    audit.record(actor, "pledge.made", "pledge", row.id, pledge_kind=row.kind)
    return row


def refuse_past(actor: Actor, ends_on: date | None) -> None:
    """Raise DomainError when the last day of a promise that is made now has passed already."""
    if ends_on and ends_on < regions.today(actor.community_id):
        raise DomainError(
            "ended", N_("This day has passed already. Please choose today or a later day."), field="ends_on"
        )


def check(
    *,
    kind: str,
    item: str,
    starts_on: date,
    quantity: int | None,
    measure: str,
    period: str,
    ends_on: date | None,
    need_kind: str,
    week: int | None,
) -> int:
    """How much a pledge of these facts promises; nothing is written. Raises DomainError by field."""
    for field, value, known in (
        ("kind", kind, KINDS),
        ("period", period, periods.PERIODS),
        ("need_kind", need_kind, ("", *(term.code for term in catalogue.listed(catalogue.NEED_KINDS)))),
    ):
        if value not in known:
            raise DomainError(field, N_("Please choose one of the list."), field=field)
    if not item.strip():
        raise DomainError("item", N_("Please write what is promised."), field="item")
    without_id_numbers(item, field="item")
    if not date(2000, 1, 1) <= starts_on <= date(2100, 1, 1):
        raise DomainError("starts_on", N_("This day is too far away to be meant."), field="starts_on")
    if ends_on is not None and not starts_on <= ends_on <= periods.LATEST:
        raise DomainError("ends_on", N_("The last day must not be before the first."), field="ends_on")
    quantities.measure_of(kind, measure)
    return _venue_minutes(week, starts_on, ends_on) if kind == "venue" else quantities.checked(quantity or 0)


def _venue_minutes(week: int | None, starts_on: date, ends_on: date | None) -> int:
    if not week:
        raise DomainError("week", N_("Please tick the hours when the room can be used."), field="week")
    days = min((ends_on - starts_on).days + 1, 7) if ends_on else 7
    if not any(periods.day_hours(week, (starts_on.weekday() + n) % 7) for n in range(days)):
        raise DomainError(
            "never", N_("None of these hours lies between the first and the last day."), field="week"
        )
    return 30 * week.bit_count()


def get_pledge(actor: Actor, pledge_id: uuid.UUID) -> Pledge:
    """A pledge, for the office or for its own unit. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.offer")
    row = locks.get(Pledge, pledge_id)
    units.check_own(actor, row.unit_id)
    return row


def withdraw(actor: Actor, *, pledge_id: uuid.UUID, quantity: int | None = None, reason: str = "") -> Pledge:
    """Take back what is still free: `quantity` of a pledge in all, or everything; what is reserved stays promised.

    A renewing pledge is taken back as a whole, from its present period on. Raises Forbidden, NotFound, Conflict.
    """
    permissions.require(actor, "pledges.offer")
    row = locks.lock(Pledge, pledge_id)
    units.check_own(actor, row.unit_id)
    _refuse_withdrawn(row)
    present = periods.current(row, regions.today(row.community_id))
    # Also what nobody has touched yet is taken back by an entry of the ledger.
    movements.open_balance(actor, row, present)
    balances = _free_balances(row, present)
    if row.period == "" and not balances:
        raise Conflict(
            "nothing_free",
            N_(
                "Nothing of it is free any more, so nothing can be taken back. Release an allocation first, if that is agreed."
            ),
        )
    part = quantity if row.period == "" else None
    for balance in balances:
        movements.move(actor, balance, "withdrawn", part or balance.free, reason=reason)
    if part is None or not _free_balances(row, present):
        row.state = "withdrawn"
    db.session.flush()
    audit.record(actor, "pledge.withdrawn", "pledge", row.id, part=part is not None, code=reason)
    return row


def extend(actor: Actor, *, pledge_id: uuid.UUID, ends_on: date) -> Pledge:
    """Let a pledge hold until a later last day. What was asked about its end is settled by it.

    Raises Forbidden, NotFound, DomainError for a day that is not later, Conflict when it was taken back or has no end.
    """
    permissions.require(actor, "pledges.offer")
    row = locks.lock(Pledge, pledge_id)
    units.check_own(actor, row.unit_id)
    _refuse_withdrawn(row)
    before = row.ends_on
    if before is None:
        raise Conflict("no_end", N_("This pledge holds without end: there is nothing to extend."))
    if not max(before + timedelta(days=1), regions.today(actor.community_id)) <= ends_on <= periods.LATEST:
        raise DomainError(
            "ends_on",
            N_("Please choose a day after the present last one and not before today."),
            field="ends_on",
        )
    row.ends_on = ends_on
    _fill_last_week(actor, row, before)
    endings.look_soon(row)
    db.session.flush()
    audit.record(actor, "pledge.extended", "pledge", row.id)
    return row


def _fill_last_week(actor: Actor, row: Pledge, before: date) -> None:
    """A room's last week so far gets the hours of its days that are within the dates now."""
    touched = select(Balance).where(
        Balance.pledge_id == row.id, Balance.starts_on == periods.begin(row, before)
    )
    for balance in db.session.scalars(touched.with_for_update().execution_options(populate_existing=True)):
        if more := periods.promised(row, balance.starts_on) - balance.promised:
            movements.move(actor, balance, "pledged", more, reason="extended")


def _refuse_withdrawn(row: Pledge) -> None:
    if row.state != "open":
        raise Conflict(
            "withdrawn",
            N_("This pledge has been taken back by its unit. Please choose another one, or ask the unit."),
        )


def _free_balances(row: Pledge, present: date) -> list[Balance]:
    since = periods.begin(row, present)
    statement = select(Balance).where(
        Balance.pledge_id == row.id, Balance.starts_on >= since, Balance.free > 0
    )
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def _promised(code: str) -> bool:
    return db.session.scalars(select(Pledge.id).where(Pledge.need_kind == code)).first() is not None


wordlists.used_by("kinds", _promised)

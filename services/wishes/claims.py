"""Taking a wish on: one claim wins, it can be given back, it is fulfilled and thanked for."""

import uuid
from datetime import date

from sqlalchemy import func, select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, Forbidden, NotFound
from services.core.free_text import without_id_numbers
from services.followups import life
from services.households.models import Household
from services.pledges import units
from services.volunteers import profiles
from services.wishes import notices, plans
from services.wishes.models import Wish, WishClaim

MOST = 3
NOTE_LENGTH = 200
SERVING = ("active", "paused")


def claim(actor: Actor, *, wish_id: uuid.UUID) -> WishClaim:
    """Take an open wish on, as a volunteer or a unit's person; of many at once one gets it. Again, it is the same claim.

    Raises Forbidden, NotFound, Conflict when somebody else was first or the actor has as many as one person may.
    """
    account_id = _claimer(actor)
    # One at a time of each person, so that nobody has more than MOST.
    locks.advisory("wish claims", account_id.int & 0x7FFFFFFF)
    wish = locks.lock(Wish, wish_id)
    present = standing(wish.id)
    if present is not None and present.account_id == account_id and wish.state == "claimed":
        return present
    _check(account_id, wish)
    today = regions.today(actor.community_id)
    row = WishClaim(
        wish_id=wish.id, account_id=account_id, claimed_on=today, next_at=plans.reminder(actor, today)
    )
    wish.state = "claimed"
    db.session.add(row)
    db.session.flush()
    plans.hold(actor)
    _nothing_to_ask(actor, wish)
    life.start(actor, event="claimed", subject_kind="wish_claim", subject_id=row.id, day=today, owners={})
    audit.record(actor, "wish.claimed", "wish", wish.id)
    notices.tell_household(actor, "wish.claimed", wish, row)
    return row


def _claimer(actor: Actor) -> uuid.UUID:
    permissions.require(actor, "wishes.claim")
    account_id = actor.account_id
    if account_id is None or not serves(account_id):
        raise Forbidden(
            "no_claimer",
            N_("Wishes are taken on by the community's volunteers and units' people. Please ask the office."),
        )
    return account_id


def serves(account_id: uuid.UUID) -> bool:
    """True for the account of a helper who serves here, or of a unit's person."""
    helper = profiles.of_account(account_id)
    return (helper is not None and helper.state in SERVING) or units.person_of(account_id) is not None


def _check(account_id: uuid.UUID, wish: Wish) -> None:
    household = locks.get(Household, wish.household_id)
    if household.account_id == account_id or wish.state == "asked":
        raise NotFound()
    if wish.state != "open" or household.state != "active":
        raise Conflict(
            "taken", N_("Somebody was quicker, or it is no longer wished for. Please choose another wish.")
        )
    if open_claims(account_id) >= MOST:
        raise Conflict(
            "enough",
            N_("You have %(number)s wishes to fulfil. Please finish one or give one back first."),
            number=MOST,
        )


def open_claims(account_id: uuid.UUID) -> int:
    """How many wishes somebody has taken on and not fulfilled yet."""
    statement = select(func.count()).where(*is_open(account_id))
    return db.session.scalars(statement).one()


def is_open(account_id: uuid.UUID | None) -> tuple:
    """The conditions that a claim is somebody's and waits to be fulfilled."""
    return (
        WishClaim.account_id == account_id,
        WishClaim.given_back_on.is_(None),
        WishClaim.fulfilled_on.is_(None),
    )


def standing(wish_id: uuid.UUID) -> WishClaim | None:
    """The claim of a wish that was not given back."""
    statement = select(WishClaim).where(WishClaim.wish_id == wish_id, WishClaim.given_back_on.is_(None))
    found = db.session.scalars(statement.execution_options(populate_existing=True))
    return found.one_or_none()


def give_back(actor: Actor, *, wish_id: uuid.UUID) -> Wish:
    """Give a wish back that one cannot fulfil after all; it is open again. The office gives it back for somebody else.

    Raises Forbidden, NotFound, Conflict when it is fulfilled already.
    """
    wish, row = _taken(actor, wish_id)
    give_back_held(actor, wish, row)
    if row.account_id != actor.account_id:
        notices.tell_claimer(actor, "wish.over", wish, row)
    return wish


def give_back_held(actor: Actor, wish: Wish, row: WishClaim) -> None:
    """Open a claimed wish again, whose lock the caller holds."""
    today = regions.today(actor.community_id)
    row.given_back_on, row.next_at, wish.state = today, None, "open"
    db.session.flush()
    plans.hold(actor)
    life.close_subject(actor, subject_kind="wish_claim", subject_id=row.id, reason="given_back")
    life.start(actor, event="given_back", subject_kind="wish_claim", subject_id=row.id, day=today, owners={})
    audit.record(actor, "wish.given_back", "wish", wish.id)


def fulfil(actor: Actor, *, wish_id: uuid.UUID, day: date, note: str = "") -> Wish:
    """Say that a wish was fulfilled on a day, in a line; said by the office that handed it over, it is confirmed with it.

    Raises Forbidden, NotFound, DomainError by field, Conflict.
    """
    wish, row = _taken(actor, wish_id)
    today = regions.today(actor.community_id)
    if not row.claimed_on <= day <= today:
        raise DomainError(
            "day", N_("Please choose a day between the one it was taken on and today."), field="day"
        )
    line = " ".join(without_id_numbers(note, field="note").split())
    if len(line) > NOTE_LENGTH:
        raise DomainError("note", N_("Please shorten this: it is too long."), field="note")
    row.fulfilled_on, row.note, row.next_at, wish.state = day, line or None, None, "fulfilled"
    db.session.flush()
    plans.hold(actor)
    life.close_subject(actor, subject_kind="wish_claim", subject_id=row.id, reason="fulfilled")
    audit.record(actor, "wish.fulfilled", "wish", wish.id)
    if actor.has("staff", "admin") and row.account_id != actor.account_id:
        _confirm(actor, wish, row, "office")
    else:
        notices.tell_household(actor, "wish.fulfilled", wish, row)
    return wish


def confirm(actor: Actor, *, wish_id: uuid.UUID) -> Wish:
    """It came, says the household or the office: who took it on is thanked. Saying it twice changes nothing.

    Raises Forbidden, NotFound, Conflict when nobody says that it is fulfilled.
    """
    wish, _household = _receiving(actor, wish_id)
    if wish.state != "confirmed":
        _confirm(actor, wish, _fulfilled(wish), "office" if actor.has("staff", "admin") else "household")
    return wish


def not_come(actor: Actor, *, wish_id: uuid.UUID) -> Wish:
    """It has not come, says the household or the office: who took it on is asked to look again.

    Said a second time, or of somebody who has left, the wish is open again and the office asks about it.
    Raises Forbidden, NotFound, Conflict when nobody says that it is fulfilled or the household is closed.
    """
    wish, household = _receiving(actor, wish_id)
    row = standing(wish.id)
    if wish.state == "claimed" and row is not None and row.not_come_on:
        return wish
    row = _fulfilled(wish)
    if household.state != "active":
        raise Conflict("household_closed", N_("The household is closed, so nobody can be asked any more."))
    today = regions.today(actor.community_id)
    again = row.not_come_on is not None or not serves(row.account_id)
    row.fulfilled_on, row.not_come_on = None, today
    audit.record(actor, "wish.not_come", "wish", wish.id)
    if again:
        give_back_held(actor, wish, row)
        _ask(actor, row, "not_come", today)
        notices.tell_claimer(actor, "wish.over", wish, row)
        return wish
    row.next_at, wish.state = plans.reminder(actor, today), "claimed"
    db.session.flush()
    _ask(actor, row, "claimed", today)
    notices.tell_claimer(actor, "wish.not_come", wish, row)
    return wish


def _ask(actor: Actor, row: WishClaim, event: str, day: date) -> None:
    """Have the office ask about a claim anew."""
    plans.hold(actor)
    life.start(
        actor, event=event, subject_kind="wish_claim", subject_id=row.id, day=day, owners={}, again=True
    )


def _receiving(actor: Actor, wish_id: uuid.UUID) -> tuple[Wish, Household]:
    """A wish under its lock with its household, for that household and for the office."""
    office = actor.has("staff", "admin")
    permissions.require(actor, "wishes.manage" if office else "wishes.own")
    wish = locks.lock(Wish, wish_id)
    household = locks.get(Household, wish.household_id)
    if not office and household.account_id != actor.account_id:
        raise NotFound()
    return wish, household


def _fulfilled(wish: Wish) -> WishClaim:
    """The claim of a wish that is said to be fulfilled."""
    row = standing(wish.id)
    if row is None or wish.state != "fulfilled":
        raise Conflict("not_fulfilled", N_("Nobody has said yet that this wish is fulfilled."))
    return row


def _confirm(actor: Actor, wish: Wish, row: WishClaim, side: str) -> None:
    row.confirmed_on, row.confirmed_by = regions.today(actor.community_id), side
    wish.state = "confirmed"
    db.session.flush()
    audit.record(actor, "wish.confirmed", "wish", wish.id, side=side)
    notices.tell_claimer(actor, "wish.thanks", wish, row)


def _taken(actor: Actor, wish_id: uuid.UUID) -> tuple[Wish, WishClaim]:
    """A wish under its lock with its claim, for who took it on and for the office."""
    office = actor.has("staff", "admin")
    permissions.require(actor, "wishes.manage" if office else "wishes.claim")
    wish = locks.lock(Wish, wish_id)
    row = standing(wish.id)
    if not office and (row is None or row.account_id != actor.account_id):
        raise NotFound()
    if row is None or wish.state != "claimed":
        raise Conflict("not_claimed", N_("This wish waits for nobody to fulfil it now. Look at it again."))
    return wish, row


def end(actor: Actor, wish: Wish) -> None:
    """A wish is over before it is fulfilled: nobody is asked about it any more, and who took it on is told."""
    row = standing(wish.id)
    if row is not None:
        row.given_back_on, row.next_at = regions.today(actor.community_id), None
        db.session.flush()
        notices.tell_claimer(actor, "wish.over", wish, row)
    _nothing_to_ask(actor, wish)


def give_back_all(actor: Actor, account_id: uuid.UUID) -> None:
    """Open again what somebody who leaves has taken on."""
    taken = select(WishClaim.wish_id).where(*is_open(account_id)).order_by(WishClaim.wish_id)
    for wish_id in db.session.scalars(taken).all():
        wish = locks.lock(Wish, wish_id)
        row = standing(wish.id)
        if row is not None and row.account_id == account_id and wish.state == "claimed":
            give_back_held(actor, wish, row)


def _nothing_to_ask(actor: Actor, wish: Wish) -> None:
    """Close what the office was to do about the wish and its earlier claims."""
    life.close_subject(actor, subject_kind="wish", subject_id=wish.id, reason="over")
    for claim_id in db.session.scalars(select(WishClaim.id).where(WishClaim.wish_id == wish.id)).all():
        life.close_subject(actor, subject_kind="wish_claim", subject_id=claim_id, reason="over")

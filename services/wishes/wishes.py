"""A household's small wishes: made by the office or by the household itself, shown to helpers, closed."""

import re
import unicodedata
import uuid

from sqlalchemy import func, select

from services.communities import catalogue, regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.core.free_text import without_id_numbers
from services.followups import life
from services.households import registration, residents
from services.households.models import Household
from services.wishes import claims, plans
from services.wishes.models import Wish

STATES = ("asked", "open", "claimed", "fulfilled", "confirmed", "closed")
# What can still be closed without a thank-you.
UNFULFILLED = ("asked", "open", "claimed")
LONGEST, MOST_WORTH = 80, 500
# So many wishes a household may have the office look at, all at once.
MOST_ASKED = 3
REASONS = {
    "no_longer": N_("No longer wished for"),
    "elsewhere": N_("It came from somewhere else"),
    "not_possible": N_("It cannot be fulfilled"),
    "mistake": N_("Entered by mistake"),
}
_MANY_DIGITS = re.compile(r"(?:\d[ -]?){7}")


def add(actor: Actor, *, household_id: uuid.UUID, kind: str, text: str, worth: int | None = None) -> Wish:
    """The office writes down a household's wish; it is open at once. Raises Forbidden, NotFound, DomainError, Conflict."""
    permissions.require(actor, "wishes.manage")
    wish = _make(actor, household_id, "open", kind, text, worth)
    _opened(actor, wish)
    return wish


def ask(actor: Actor, *, kind: str, text: str, worth: int | None = None) -> Wish:
    """A household wishes for something; the office looks at it before anybody else does.

    Raises Forbidden, NotFound, DomainError by field, Conflict when as many as may be wait for the office.
    """
    permissions.require(actor, "wishes.own")
    own = registration.own_household(actor)
    if own is None:
        raise NotFound()
    return _make(actor, own.id, "asked", kind, text, worth)


def _make(actor: Actor, household_id: uuid.UUID, state: str, kind: str, text: str, worth: int | None) -> Wish:
    household = locks.lock(Household, household_id)
    if household.state != "active":
        raise Conflict(
            "state", N_("This household is closed. If it needs help again, open it again on its page first.")
        )
    waiting = select(func.count()).where(Wish.household_id == household.id, Wish.state == "asked")
    if state == "asked" and db.session.scalars(waiting).one() >= MOST_ASKED:
        raise Conflict(
            "enough_asked",
            N_("The office has %(number)s of your wishes to look at. Please wait for its answer."),
            number=MOST_ASKED,
        )
    wish = Wish(household_id=household.id, state=state, created_by=actor.account_id)
    _put(wish, household, kind, text, worth)
    db.session.add(wish)
    db.session.flush()
    audit.record(actor, f"wish.{'added' if state == 'open' else 'asked'}", "wish", wish.id, wish_kind=kind)
    return wish


def _put(wish: Wish, household: Household, kind: str, text: str, worth: int | None) -> None:
    catalogue.known(catalogue.WISH_KINDS, [kind], field="kind")
    if worth is not None and not 1 <= worth <= MOST_WORTH:
        raise DomainError(
            "worth",
            N_("A small wish is worth %(most)s yuan at most. Ask for help with what costs more."),
            field="worth",
            most=MOST_WORTH,
        )
    wish.kind, wish.text, wish.worth = kind, _said(household, text), worth


def _said(household: Household, text: str) -> str:
    """The wish in one line that says nothing of whose it is. Raises DomainError."""
    line = " ".join(without_id_numbers(text, field="text").split())
    if not 0 < len(line) <= LONGEST:
        raise DomainError("text", N_("Please write the wish in one line."), field="text")
    if _MANY_DIGITS.search(unicodedata.normalize("NFKC", line)):
        raise DomainError(
            "number", N_("Helpers read this: please leave phone and card numbers out."), field="text"
        )
    names = {
        household.name,
        *(one.name for one in residents.residents_of([household.id]).get(household.id, [])),
    }
    if any(len(name) > 1 and name in line for name in names):
        raise DomainError("name", N_("Helpers read this: please leave names out."), field="text")
    return line


def change(actor: Actor, *, wish_id: uuid.UUID, kind: str, text: str, worth: int | None = None) -> Wish:
    """The office puts a wish into its words; one that the household asked for is open from then on.

    Raises Forbidden, NotFound, DomainError by field, Conflict once somebody has taken it on.
    """
    permissions.require(actor, "wishes.manage")
    wish = locks.lock(Wish, wish_id)
    if wish.state not in ("asked", "open"):
        raise Conflict("claimed", N_("This wish is taken on or over, so it stays as it is."))
    _put(wish, locks.get(Household, wish.household_id), kind, text, worth)
    asked, wish.state = wish.state == "asked", "open"
    db.session.flush()
    audit.record(actor, "wish.opened" if asked else "wish.changed", "wish", wish.id)
    if asked:
        _opened(actor, wish)
    return wish


def _opened(actor: Actor, wish: Wish) -> None:
    today = regions.today(actor.community_id)
    life.start(actor, event="opened", subject_kind="wish", subject_id=wish.id, day=today, owners={})


def close(actor: Actor, *, wish_id: uuid.UUID, reason: str) -> Wish:
    """Close a wish that is not fulfilled, as the office or as its household; who has taken it on is told.

    Raises Forbidden, NotFound, DomainError, Conflict.
    """
    own = not actor.has("staff", "admin", "system")
    permissions.require(actor, "wishes.own" if own else "wishes.manage")
    if reason not in REASONS:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")
    plans.hold(actor)
    wish = locks.lock(Wish, wish_id)
    if own and not is_own(actor, wish):
        raise NotFound()
    if wish.state not in UNFULFILLED:
        raise Conflict("over", N_("This wish is fulfilled or closed already."))
    _close(actor, wish, reason)
    return wish


def close_all(actor: Actor, household_id: uuid.UUID) -> None:
    """Close every wish of a household that leaves; what was fulfilled still gets its thank-you."""
    plans.hold(actor)
    # What is fulfilled is held too: somebody may be saying that it has not come.
    for wish_id in _of(household_id, (*UNFULFILLED, "fulfilled")):
        wish = locks.lock(Wish, wish_id)
        if wish.state in UNFULFILLED:
            _close(actor, wish, "household_closed")


def unfulfilled(household_id: uuid.UUID) -> list[uuid.UUID]:
    """The wishes of a household that nobody has fulfilled yet."""
    return _of(household_id, UNFULFILLED)


def _of(household_id: uuid.UUID, states: tuple[str, ...]) -> list[uuid.UUID]:
    statement = select(Wish.id).where(Wish.household_id == household_id, Wish.state.in_(states))
    return list(db.session.scalars(statement.order_by(Wish.id)))


def _close(actor: Actor, wish: Wish, reason: str) -> None:
    claims.end(actor, wish)
    wish.state, wish.close_reason = "closed", reason
    db.session.flush()
    audit.record(actor, "wish.closed", "wish", wish.id, reason=reason)


def is_own(actor: Actor, wish: Wish) -> bool:
    """True for the household that wished for it."""
    own = registration.own_household(actor)
    return own is not None and own.id == wish.household_id

"""Wishes as they are read: by helpers without whose they are, by the office and the household with everything."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from services.communities.models import Building
from services.core import locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.households import registration
from services.households.models import Household
from services.pairings.models import Pairing
from services.people import accounts
from services.pledges.models import Unit, UnitPerson
from services.volunteers.models import Volunteer
from services.wishes import claims
from services.wishes.models import Wish, WishClaim

ON_A_PAGE = 20


@dataclass(frozen=True)
class Shown:
    """An open wish without a word of whose it is."""

    id: uuid.UUID
    kind: str
    text: str
    worth: int | None
    estate: str


@dataclass(frozen=True)
class OwnClaim:
    """A wish somebody took on; `pairing_id` and `name` when it is of a household he helps, else the office hands it over."""

    wish: Wish
    claim: WishClaim
    pairing_id: uuid.UUID | None
    name: str


@dataclass(frozen=True)
class Line:
    """A wish as the office and its household see it: whose it is, and who has taken it on (as whose person)."""

    wish: Wish
    household: Household
    claim: WishClaim | None
    claimer: str
    unit: str


def open_page(
    actor: Actor, *, kind: str = "", after: str | None = None, limit: int = ON_A_PAGE
) -> tuple[list[Shown], str | None]:
    """Open wishes of others, the newest first, and the cursor of the next page. Raises Forbidden."""
    permissions.require(actor, "wishes.claim")
    statement = _open(actor, select(Wish))
    if kind:
        statement = statement.where(Wish.kind == kind)
    page = paging.newest_first(statement, Wish.id, after=after, limit=limit)
    estates = _estates({row.household_id for row in page.rows})
    return [
        Shown(row.id, row.kind, row.text, row.worth, estates.get(row.household_id, "")) for row in page.rows
    ], page.next


def open_kinds(actor: Actor) -> dict[str, int]:
    """How many open wishes of each kind there are, each the length of a list. Raises Forbidden."""
    permissions.require(actor, "wishes.claim")
    rows = db.session.execute(_open(actor, select(Wish.kind, func.count()).group_by(Wish.kind)))
    return {kind: number for kind, number in rows}


def _open(actor: Actor, statement: Any) -> Any:
    of_others = or_(Household.account_id.is_(None), Household.account_id != actor.account_id)
    homes = select(Household.id).where(
        Household.community_id == Wish.community_id, Household.state == "active", of_others
    )
    return statement.where(Wish.state == "open", Wish.household_id.in_(homes))


def _estates(household_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    places = select(Household.id, Building.estate).join(
        Building, (Building.community_id == Household.community_id) & (Building.id == Household.building_id)
    )
    return {
        home: estate for home, estate in db.session.execute(places.where(Household.id.in_(household_ids)))
    }


def own_claims(
    actor: Actor, *, only_open: bool = False, after: str | None = None, limit: int = ON_A_PAGE
) -> tuple[list[OwnClaim], str | None]:
    """What the actor has taken on and not given back (or not fulfilled either), the newest first, and the next page's cursor.

    Raises Forbidden.
    """
    permissions.require(actor, "wishes.claim")
    statement = select(WishClaim).where(
        WishClaim.account_id == actor.account_id, WishClaim.given_back_on.is_(None)
    )
    if only_open:
        statement = statement.where(*claims.is_open(actor.account_id))
    page = paging.newest_first(statement, WishClaim.id, after=after, limit=limit)
    wishes = {
        row.id: row
        for row in db.session.scalars(select(Wish).where(Wish.id.in_({one.wish_id for one in page.rows})))
    }
    paired = _paired(actor, {row.household_id for row in wishes.values()})
    found = []
    for row in page.rows:
        wish = wishes[row.wish_id]
        pairing_id, name = paired.get(wish.household_id, (None, ""))
        found.append(OwnClaim(wish, row, pairing_id, name))
    return found, page.next


def _paired(actor: Actor, household_ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    """The living pairings of the actor with these households: the pairing and the household's name."""
    statement = (
        select(Pairing.household_id, Pairing.id, Household.name)
        .join(
            Volunteer,
            (Volunteer.community_id == Pairing.community_id) & (Volunteer.id == Pairing.volunteer_id),
        )
        .join(
            Household,
            (Household.community_id == Pairing.community_id) & (Household.id == Pairing.household_id),
        )
        .where(
            Volunteer.account_id == actor.account_id,
            Pairing.ended_on.is_(None),
            Pairing.household_id.in_(household_ids),
        )
    )
    return {home: (pairing_id, name) for home, pairing_id, name in db.session.execute(statement)}


def own_claim(actor: Actor, wish_id: uuid.UUID) -> OwnClaim:
    """One wish the actor has taken on. Raises Forbidden, NotFound."""
    permissions.require(actor, "wishes.claim")
    wish = locks.get(Wish, wish_id)
    row = db.session.scalars(
        select(WishClaim).where(
            WishClaim.wish_id == wish.id,
            WishClaim.account_id == actor.account_id,
            WishClaim.given_back_on.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    pairing_id, name = _paired(actor, {wish.household_id}).get(wish.household_id, (None, ""))
    return OwnClaim(wish, row, pairing_id, name)


def page(
    actor: Actor,
    *,
    state: str = "",
    kind: str = "",
    household_id: uuid.UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Line], str | None]:
    """Wishes for the office, the newest first, and the cursor of the next page. Raises Forbidden."""
    permissions.require(actor, "wishes.manage")
    statement = select(Wish)
    for column, value in ((Wish.state, state), (Wish.kind, kind), (Wish.household_id, household_id)):
        if value:
            statement = statement.where(column == value)
    found = paging.newest_first(statement, Wish.id, after=after, limit=limit)
    return _lines(found.rows), found.next


def counts(actor: Actor) -> dict[str, int]:
    """How many wishes of each state there are, each the length of a list. Raises Forbidden."""
    permissions.require(actor, "wishes.manage")
    rows = db.session.execute(select(Wish.state, func.count()).group_by(Wish.state))
    return {state: number for state, number in rows}


def one(actor: Actor, wish_id: uuid.UUID) -> Line:
    """One wish for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "wishes.manage")
    return _lines([locks.get(Wish, wish_id)])[0]


def given_back(actor: Actor, wish_id: uuid.UUID) -> list[tuple[str, date, date]]:
    """Who had taken a wish on before, from and until when, for the office. Raises Forbidden."""
    permissions.require(actor, "wishes.manage")
    rows = db.session.scalars(
        select(WishClaim)
        .where(WishClaim.wish_id == wish_id, WishClaim.given_back_on.is_not(None))
        .order_by(WishClaim.id)
    ).all()
    names = accounts.names({row.account_id for row in rows})
    return [
        (names.get(row.account_id, ""), row.claimed_on, row.given_back_on)
        for row in rows
        if row.given_back_on
    ]


def of_household(actor: Actor, household_id: uuid.UUID) -> list[Line]:
    """A household's latest wishes, for its file. Raises Forbidden."""
    return page(actor, household_id=household_id)[0]


def own(actor: Actor, wish_id: uuid.UUID) -> Line:
    """One wish of the actor's household. Raises Forbidden, NotFound."""
    permissions.require(actor, "wishes.own")
    wish, home = locks.get(Wish, wish_id), registration.own_household(actor)
    if home is None or wish.household_id != home.id:
        raise NotFound()
    return _lines([wish])[0]


def of_own_household(actor: Actor) -> list[Line]:
    """The actor's household's wishes, the newest first; who took them on stays with the office. Raises Forbidden."""
    permissions.require(actor, "wishes.own")
    own = registration.own_household(actor)
    if own is None:
        return []
    statement = select(Wish).where(Wish.household_id == own.id)
    return _lines(paging.newest_first(statement, Wish.id).rows)


def _lines(wishes: Sequence[Wish]) -> list[Line]:
    homes = {
        row.id: row
        for row in db.session.scalars(
            select(Household).where(Household.id.in_({wish.household_id for wish in wishes}))
        )
    }
    standing = {
        row.wish_id: row
        for row in db.session.scalars(
            select(WishClaim).where(
                WishClaim.wish_id.in_({wish.id for wish in wishes}), WishClaim.given_back_on.is_(None)
            )
        )
    }
    who = {row.account_id for row in standing.values()}
    names, units = accounts.names(who), _units(who)
    return [
        Line(
            wish,
            homes[wish.household_id],
            row := standing.get(wish.id),
            names.get(row.account_id, "") if row else "",
            units.get(row.account_id, "") if row else "",
        )
        for wish in wishes
    ]


def _units(account_ids: set[uuid.UUID]) -> dict[uuid.UUID | None, str]:
    statement = select(UnitPerson.account_id, Unit.name).join(
        Unit, (Unit.community_id == UnitPerson.community_id) & (Unit.id == UnitPerson.unit_id)
    )
    rows = db.session.execute(statement.where(UnitPerson.account_id.in_(account_ids)))
    return {account_id: name for account_id, name in rows}

"""Everything so far around one household or one helper, the newest first, as far as its reader may know."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select, tuple_

from services.communities import regions
from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.paging import Page
from services.followups import plans
from services.households import disclosure, registration
from services.households.models import Household
from services.pairings import pairings
from services.pairings.models import STANDING, Pairing, Proposal
from services.people import accounts
from services.reports import happenings
from services.reports.happenings import Around
from services.volunteers import profiles
from services.volunteers.models import Volunteer

PAGE = 50
# Known by their day alone.
DAYS = (
    "pairing.begun",
    "pairing.ended",
    "delivery",
    "wish.claimed",
    "wish.not_come",
    "wish.fulfilled",
    "wish.given_back",
)
HEAD = {"at", "id", "about", "volunteer_id", "household_id"}


@dataclass(frozen=True)
class Line:
    """One thing that happened. `about` is the row whose page shows it; `household` its name, its building or nothing, as the reader may see.

    `facts` are by the code of what happened: see `happenings`; a plan and people are there by name.
    """

    code: str
    at: datetime
    id: uuid.UUID
    about: uuid.UUID
    helper: str
    household: str
    facts: Mapping[str, Any]

    @property
    def by_day(self) -> bool:
        """True when only the day of it is known."""
        return self.code in DAYS


def of_household(
    actor: Actor, *, household_id: uuid.UUID, after: str | None = None, limit: int = PAGE
) -> Page[Line]:
    """A household's timeline for the office. Raises Forbidden, NotFound."""
    household = registration.get_household(actor, household_id)
    return _page(actor, "household", [household.id], "office", after, limit)


def of_volunteer(
    actor: Actor, *, volunteer_id: uuid.UUID, after: str | None = None, limit: int = PAGE
) -> Page[Line]:
    """A helper's timeline for the office. Raises Forbidden, NotFound."""
    volunteer = profiles.get_volunteer(actor, volunteer_id)
    return _page(actor, "helper", [volunteer.id], "office", after, limit)


def own_help(actor: Actor, *, after: str | None = None, limit: int = PAGE) -> Page[Line]:
    """The actor's own timeline as a helper. Raises Forbidden."""
    permissions.require(actor, "volunteers.own")
    ids = db.session.scalars(select(Volunteer.id).where(Volunteer.account_id == actor.account_id)).all()
    return _page(actor, "helper", ids, "helper", after, limit)


def own_household(actor: Actor, *, after: str | None = None, limit: int = PAGE) -> Page[Line]:
    """The timeline of the actor's own household. Raises Forbidden."""
    permissions.require(actor, "households.own")
    ids = db.session.scalars(select(Household.id).where(Household.account_id == actor.account_id)).all()
    return _page(actor, "household", ids, "household", after, limit)


def _page(
    actor: Actor, side: str, ids: Collection[uuid.UUID], reader: str, after: str | None, limit: int
) -> Page[Line]:
    around = Around(side, ids, reader, actor.account_id, regions.zone_of(actor.community_id))
    cursor = _cursor(after)
    found = [
        (row.at, row.id, code, row)
        for code, statement in happenings.of(around)
        for row in _newest(code, statement, cursor, limit)
    ]
    # Each source gave its newest; so the newest of all are among them.
    found.sort(key=lambda one: one[:3], reverse=True)
    shown = found[:limit]
    following = (
        "_".join((shown[-1][0].isoformat(), str(shown[-1][1]), shown[-1][2])) if found[limit:] else None
    )
    return Page(_told(actor, around, [(code, row) for _at, _id, code, row in shown]), following)


def _newest(
    code: str, statement: Any, cursor: tuple[datetime, uuid.UUID, str] | None, limit: int
) -> Sequence[Any]:
    at, row_id = statement.selected_columns.at, statement.selected_columns.id
    if cursor is not None:
        statement = statement.where(tuple_(at, row_id, literal(code)) < tuple_(*cursor))
    return db.session.execute(statement.order_by(at.desc(), row_id.desc()).limit(limit + 1)).all()


def _cursor(after: str | None) -> tuple[datetime, uuid.UUID, str] | None:
    at, _, rest = (after or "").partition("_")
    row_id, _, code = rest.partition("_")
    try:
        moment, known = datetime.fromisoformat(at), uuid.UUID(row_id)
    except ValueError:
        return None
    if moment.tzinfo is None or not 1900 < moment.year < 2200 or not code.isascii():
        return None
    return moment, known, code


def _told(actor: Actor, around: Around, rows: list[tuple[str, Any]]) -> list[Line]:
    helpers = profiles.names({row.volunteer_id for _code, row in rows if row.volunteer_id})
    homes = _homes(actor, around, {row.household_id for _code, row in rows})
    facts = [{name: value for name, value in row._mapping.items() if name not in HEAD} for _code, row in rows]
    named: dict[Any, Any] = dict(plans.by_id({one["plan_id"] for one in facts if "plan_id" in one}))
    ids = {one[name] for one in facts for name in ("account_id", "to_id") if one.get(name)}
    people: dict[Any, str] = dict(accounts.names(ids))
    for one in facts:
        one["plan"] = named.get(one.get("plan_id"))
        one["by"], one["to"] = people.get(one.get("account_id"), ""), people.get(one.get("to_id"), "")
    return [
        Line(code, row.at, row.id, row.about, helpers.get(row.volunteer_id, ""), homes[row.household_id], one)
        for (code, row), one in zip(rows, facts, strict=True)
    ]


def _homes(actor: Actor, around: Around, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What each household is called: its name; to a helper its building or nothing, when he may see no more now."""
    rows = db.session.scalars(select(Household).where(Household.id.in_(ids))).all()
    if around.reader != "helper":
        return {row.id: row.name for row in rows}
    places = disclosure.place_labels(rows, actor.language)
    seen = _seen(around.ids, ids, regions.today(actor.community_id))
    by_class = {row.id: {"name": row.name, "place": places[row.id]} for row in rows}
    return {
        row_id: next((words for kind, words in named.items() if kind in seen.get(row_id, ())), "")
        for row_id, named in by_class.items()
    }


def _seen(
    volunteer_ids: Collection[uuid.UUID], household_ids: Collection[uuid.UUID], day: date
) -> dict[uuid.UUID, set[str]]:
    """Which classes of each household's data these helpers may see on `day`, by what they are to each other."""
    seen: dict[uuid.UUID, set[str]] = {}

    def between(row: type[Pairing] | type[Proposal]) -> Any:
        found = select(row).where(row.volunteer_id.in_(volunteer_ids), row.household_id.in_(household_ids))
        return db.session.scalars(found)

    for pairing in between(Pairing):
        state = pairings.state_on(pairing, day)
        seen.setdefault(pairing.household_id, set()).update(permissions.visible("volunteer", state))
    for proposal in between(Proposal):
        state = "proposed" if proposal.state in STANDING else "none"
        seen.setdefault(proposal.household_id, set()).update(permissions.visible("volunteer", state))
    return seen

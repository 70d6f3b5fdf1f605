"""The match board: the households of a run, the most urgent first, each with what it has so far."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, not_, or_, select, true, tuple_

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_
from services.households.models import Household, Need
from services.pairings import pair_locks
from services.pairings.models import Pairing, PairLock, Proposal
from services.people import consents
from services.volunteers.models import Volunteer

VIEWS = {
    "all": N_("All"),
    "nobody": N_("Nobody yet"),
    "drafted": N_("Drafted"),
    "locked": N_("Locked"),
}
ROWS = 50


@dataclass
class Line:
    """A household of the board. `helpers`: (name, living | published | draft), those who come already in front.

    `state`: living, published, draft, nobody, no_consent, held_back; `locked`: a pair of it is.
    """

    id: uuid.UUID
    name: str
    urgency: int
    kinds: list[str] = field(default_factory=list)
    helpers: list[tuple[str, str]] = field(default_factory=list)
    state: str = "nobody"
    locked: bool = False


@dataclass(frozen=True)
class Page:
    """Lines, and the cursor of the next page or None."""

    lines: list[Line]
    next: str | None


def find(
    actor: Actor,
    *,
    run_id: uuid.UUID,
    view: str = "all",
    after: str | None = None,
    at: uuid.UUID | None = None,
    limit: int | None = None,
) -> Page:
    """Households with open needs, the most urgent first. Without a cursor a page that has the household `at` on it.

    Raises Forbidden.
    """
    permissions.require(actor, "pairings.decide")
    ranked, limit = _ranked(run_id, view), limit or ROWS
    start = _cursor(after)
    rows = db.session.execute(_from(ranked, start, limit)).all()
    if at is not None and start is None and at not in {row.id for row in rows[:limit]}:
        there = db.session.execute(select(ranked.c.urgency).where(ranked.c.id == at)).scalar()
        if there is not None:
            rows = db.session.execute(_from(ranked, (there, at), limit, including=True)).all()
    shown = rows[:limit]
    lines = [Line(row.id, row.name, row.urgency) for row in shown]
    _tell(lines, run_id)
    return Page(lines, f"{shown[-1].urgency}.{shown[-1].id}" if len(rows) > limit else None)


def line(actor: Actor, *, run_id: uuid.UUID, household_id: uuid.UUID) -> Line | None:
    """One household of the board; None when it has no open need or is not served any more. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    ranked = _ranked(run_id, "all")
    row = db.session.execute(select(ranked).where(ranked.c.id == household_id)).one_or_none()
    if row is None:
        return None
    found = Line(row.id, row.name, row.urgency)
    _tell([found], run_id)
    return found


def counts(actor: Actor, *, run_id: uuid.UUID) -> dict[str, int]:
    """How many households each view shows. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    columns = [func.count().filter(_shows(view, run_id)) for view in VIEWS]
    lacking = select(Need.household_id).where(Need.state == "open")
    statement = select(*columns).where(Household.state == "active", Household.id.in_(lacking))
    return dict(zip(VIEWS, db.session.execute(statement).one(), strict=True))


def _ranked(run_id: uuid.UUID, view: str) -> Subquery:
    """Households of a view with the urgency of their most urgent need, as a subquery."""
    statement = (
        select(Household.id, Household.name, func.max(Need.urgency).label("urgency"))
        .join(Need, and_(Need.community_id == Household.community_id, Need.household_id == Household.id))
        .where(Household.state == "active", Need.state == "open")
        .group_by(Household.community_id, Household.id)
    )
    return statement.where(_shows(view, run_id)).subquery()


def _shows(view: str, run_id: uuid.UUID) -> ColumnElement[bool]:
    # Sets found once, not looked up for each household: quick whatever the planner knows.
    helped = Household.id.in_(select(Pairing.household_id).where(Pairing.ended_on.is_(None)))
    asked = Household.id.in_(select(Proposal.household_id).where(Proposal.state == "published"))
    drafted = Household.id.in_(
        select(Proposal.household_id).where(Proposal.state == "draft", Proposal.run_id == run_id)
    )
    conditions: dict[str, ColumnElement[bool]] = {
        "nobody": not_(or_(helped, asked, drafted)),
        "drafted": drafted,
        "locked": Household.id.in_(select(PairLock.household_id)),
    }
    return conditions.get(view, true())


def _from(
    ranked: Subquery, start: tuple[int, uuid.UUID] | None, limit: int, *, including: bool = False
) -> Select:
    statement = select(ranked).order_by(ranked.c.urgency.desc(), ranked.c.id).limit(limit + 1)
    if start is None:
        return statement
    row, cursor = tuple_(-ranked.c.urgency, ranked.c.id), tuple_(-start[0], start[1])
    return statement.where(row >= cursor if including else row > cursor)


def _tell(lines: list[Line], run_id: uuid.UUID) -> None:
    """Fill in what each household needs and has."""
    by_id = {line.id: line for line in lines}
    needs = select(Need).where(Need.household_id.in_(by_id), Need.state == "open")
    for need in db.session.scalars(needs.order_by(Need.urgency.desc(), Need.id)):
        if need.kind not in by_id[need.household_id].kinds:
            by_id[need.household_id].kinds.append(need.kind)
    for household_id, name, state in _helpers(set(by_id), run_id):
        by_id[household_id].helpers.append((name, state))
    agreed = consents.current(subject_kind="household", subject_ids=set(by_id), purpose="matching")
    locked = pair_locks.of_households(set(by_id))
    for line in lines:
        whose = locked.get(line.id, set())
        line.locked = bool(whose - {None})
        line.state = _state(line, line.id in agreed, None in whose)


def _state(line: Line, agreed: bool, held_back: bool) -> str:
    if line.helpers:
        return line.helpers[0][1]
    if held_back:
        return "held_back"
    return "nobody" if agreed else "no_consent"


def _helpers(ids: set[uuid.UUID], run_id: uuid.UUID) -> list[tuple[uuid.UUID, str, str]]:
    """(household, helper's name, living | published | draft), first who comes already, then who is asked, then who is drafted."""
    living = (
        select(Pairing.household_id, Volunteer.name)
        .join(Volunteer, _same(Pairing))
        .where(Pairing.household_id.in_(ids), Pairing.ended_on.is_(None))
        .order_by(Pairing.id)
    )
    proposed = (
        select(Proposal.household_id, Volunteer.name, Proposal.state)
        .join(Volunteer, _same(Proposal))
        .where(
            Proposal.household_id.in_(ids),
            or_(
                Proposal.state == "published",
                and_(Proposal.state == "draft", Proposal.run_id == run_id),
            ),
        )
        .order_by(Proposal.state.desc(), Proposal.kind, Proposal.id)
    )
    found = [(household_id, name, "living") for household_id, name in db.session.execute(living)]
    return found + [(row[0], row[1], row[2]) for row in db.session.execute(proposed)]


def _same(model: type[Pairing] | type[Proposal]) -> ColumnElement[bool]:
    return and_(Volunteer.community_id == model.community_id, Volunteer.id == model.volunteer_id)


def _cursor(after: str | None) -> tuple[int, uuid.UUID] | None:
    urgency, _, row_id = (after or "").partition(".")
    if urgency not in ("1", "2", "3", "4", "5"):
        return None
    try:
        return int(urgency), uuid.UUID(row_id)
    except ValueError:
        return None

"""Every pledge as it stands, and a year's movements, for a file; no word of any household."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.communities import regions
from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, NotFound
from services.households.models import Need
from services.pledges import impact, standings
from services.pledges.models import Allocation, Balance, Movement, Pledge, Unit
from services.pledges.project_models import Project
from services.pledges.standings import Line

MOST = 50_000
MOST_PLEDGES = 10_000


@dataclass(frozen=True)
class Entry:
    """A movement with what it belongs to; `need_kind` or `project` is what it was for, "" for nothing in particular."""

    movement: Movement
    pledge: Pledge
    unit: Unit
    begin: date
    need_kind: str
    project: str


def pledges(
    actor: Actor, *, unit_id: uuid.UUID | None = None, kind: str = "", theme: str = "", only: str = ""
) -> list[Line]:
    """The list of `standings.lines` in one piece, for the office. Raises Forbidden, Conflict when it is too long for a file."""
    permissions.require(actor, "pledges.read")
    rows, following = standings.lines(
        actor, unit_id=unit_id, kind=kind, theme=theme, only=only, limit=MOST_PLEDGES
    )
    _refuse_long(following is not None)
    return rows


def movements(actor: Actor, *, year: int, unit_id: uuid.UUID | None = None) -> Sequence[Entry]:
    """The movements of a calendar year, the first first, for the office.

    Raises Forbidden, NotFound for a year to come, Conflict when they are too many for a file.
    """
    permissions.require(actor, "pledges.read")
    if not impact.FIRST <= year <= regions.today(actor.community_id).year:
        raise NotFound()
    zone = ZoneInfo(regions.zone_of(actor.community_id))
    begin, end = (datetime.combine(date(one, 1, 1), time(), zone).astimezone(UTC) for one in (year, year + 1))
    same = Movement.community_id
    statement = (
        select(Movement, Pledge, Unit, Balance.starts_on, Need.kind, Project.title)
        .join(Pledge, (Pledge.community_id == same) & (Pledge.id == Movement.pledge_id))
        .join(Unit, (Unit.community_id == same) & (Unit.id == Pledge.unit_id))
        .join(Balance, (Balance.community_id == same) & (Balance.id == Movement.balance_id))
        .outerjoin(Allocation, (Allocation.community_id == same) & (Allocation.id == Movement.allocation_id))
        .outerjoin(Need, (Need.community_id == same) & (Need.id == Allocation.need_id))
        .outerjoin(Project, (Project.community_id == same) & (Project.id == Allocation.project_id))
        .where(Movement.at >= begin, Movement.at < end)
        .order_by(Movement.id)
        .limit(MOST + 1)
    )
    if unit_id:
        statement = statement.where(Pledge.unit_id == unit_id)
    rows = [
        Entry(movement, pledge, unit, starts_on, kind or "", project or "")
        for movement, pledge, unit, starts_on, kind, project in db.session.execute(statement)
    ]
    _refuse_long(len(rows) > MOST)
    return rows


def _refuse_long(is_long: bool) -> None:
    if is_long:
        raise Conflict(
            "too_long",
            N_("These are more rows than a file takes. Please choose one unit, or another filter."),
        )

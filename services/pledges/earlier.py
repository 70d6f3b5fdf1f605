"""How all pledges stood on the evening of an earlier day, from the movements alone."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.communities import regions
from services.core import paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.pledges import movements, periods, standings
from services.pledges.models import Pledge, Unit
from services.pledges.standings import Standing

# No ledger begins earlier, and none is known beyond today.
FIRST = date(2000, 1, 1)


@dataclass(frozen=True)
class Then:
    """A pledge with its unit, and how it stood in the period of that day."""

    pledge: Pledge
    unit: Unit
    standing: Standing


def evening(actor: Actor, asked: date | None) -> date:
    """The day to look at: the one asked for as far as ledgers go, else today."""
    today = regions.today(actor.community_id)
    return max(FIRST, min(asked or today, today))


def lines(
    actor: Actor, *, day: date, unit_id: uuid.UUID | None = None, after: str | None = None, limit: int = 50
) -> tuple[list[Then], str | None]:
    """What had been pledged by the evening of a day, newest first, and the cursor of the next page. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    zone = ZoneInfo(regions.zone_of(actor.community_id))
    over = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    statement = select(Pledge).where(Pledge.created_at < over)
    if unit_id:
        statement = statement.where(Pledge.unit_id == unit_id)
    page = paging.newest_first(statement, Pledge.id, after=after, limit=limit)
    entries: dict[uuid.UUID, list[movements.Entry]] = {row.id: [] for row in page.rows}
    for entry in movements.of_pledges(actor.community_id or 0, list(entries), until=day):
        entries[entry[0].pledge_id].append(entry)
    wanted = select(Unit).where(Unit.id.in_({row.unit_id for row in page.rows}))
    owners = {unit.id: unit for unit in db.session.scalars(wanted)}
    return [Then(row, owners[row.unit_id], _then(row, entries[row.id], day)) for row in page.rows], page.next


def _then(pledge: Pledge, entries: list[movements.Entry], day: date) -> Standing:
    start = periods.begin(pledge, periods.current(pledge, day))
    found = standings.summed(pledge, entries)
    for standing in found:
        if standing.begin == start:
            return standing
    # Nobody had touched this period: all of it was free, unless the pledge had been taken back before.
    promised = periods.promised(pledge, start)
    gone = pledge.state == "withdrawn" and any(movement.kind == "withdrawn" for movement, _ in entries)
    return Standing(start, periods.last(pledge, start), promised, 0, 0, 0, 0, 0 if gone else promised)

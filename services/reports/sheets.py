"""What a street or district is told: the counts of its communities, without the small ones and what would give them away.

A sheet stands still for a day: it is made of each community's newest whole day, so nobody learns anything by
looking every hour. Totals are rounded. Needs of a community's own kinds are told together.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, cast, func, select

from services.communities import catalogue, regions
from services.communities.models import Community, Region
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.reports.models import Rollup
from services.reports.roll_up import METRICS, SPLIT
from services.reports.withholding import Cell, Sum, withheld

OTHER = "other"
KINDS = (*(term.code for term in catalogue.NEED_KINDS), OTHER)
# Whole = one part + the rest. A rest that no column shows can be worked out all the same, so it is looked after too.
RESTS = (
    ("households_in_need", "households_paired", "households_unpaired"),
    ("volunteers", "volunteers_helping", "volunteers_free"),
)
FIGURES = (
    *((metric, "") for metric in (*METRICS, "volunteers_free")),
    *((metric, kind) for metric in SPLIT for kind in KINDS),
)
ROUND = 10


@dataclass(frozen=True)
class Place:
    """A row of a sheet: a community, or the total of a street or of the whole region."""

    row: Community | Region
    total: bool
    counted: bool

    @property
    def key(self) -> tuple[str, int]:
        """Whom the row's counts are of."""
        return self.row.__tablename__, self.row.id


class Sheet:
    """A region's figures. `streets` are its streets' totals, each with its communities; `whole` is all together."""

    def __init__(
        self,
        day: date | None,
        streets: list[tuple[Place, list[Place]]],
        whole: Place,
        values: dict[Cell, int],
    ) -> None:
        self.day, self.streets, self.whole = day, streets, whole
        self._values = values
        self._withheld = withheld(values, self.sums())

    @property
    def parts(self) -> list[Place]:
        """The next below the region: the streets of a district, the communities of a street."""
        return self.streets[0][1] if self._one_street else [street for street, _below in self.streets]

    @property
    def _one_street(self) -> bool:
        return len(self.streets) == 1 and self.streets[0][0].key == self.whole.key

    def rows(self) -> list[Place]:
        """Every row: each street's communities with their total, and all together."""
        if self._one_street:
            return [*self.parts, self.whole]
        return [place for street, below in self.streets for place in (*below, street)] + [self.whole]

    def told(self, place: Place, metric: str, part: str = "") -> int | None:
        """A count as it is told: of a community exactly, of a street or region rounded; None when it is withheld."""
        cell = (place.key, metric, part)
        value = self._values.get(cell, 0)
        if cell in self._withheld:
            return None
        return (value + ROUND // 2) // ROUND * ROUND if place.total else value

    def kinds(self) -> list[str]:
        """The kinds of need of which something is unmet or pledged."""
        return [
            kind
            for kind in KINDS
            if any(self._values.get((self.whole.key, metric, kind)) for metric in SPLIT)
        ]

    def sums(self) -> list[Sum]:
        """What readers can add up: the communities of a street, the streets of the region, wholes and their rests."""
        over = [(street, below) for street, below in self.streets if below]
        if not self._one_street:
            over.append((self.whole, [street for street, _below in self.streets]))
        sums = [
            Sum((total.key, *figure), tuple((place.key, *figure) for place in places))
            for total, places in over
            for figure in FIGURES
        ]
        sums += [
            Sum((place.key, all_of_it, ""), ((place.key, some, ""), (place.key, rest, "")))
            for place in self.rows()
            for all_of_it, some, rest in RESTS
        ]
        return [one for one in sums if self._values.get(one.total)]


def sheet(actor: Actor, *, region: Region) -> Sheet:
    """What the officials of `region` are told today. The session must act for it (`scope.be_region`). Raises Forbidden."""
    permissions.require(actor, "reports.region")
    days, counts = _counts()
    streets = []
    values: dict[Cell, int] = {}
    whole = Place(region, True, bool(days))
    for street, communities in regions.communities_under(region):
        below = [Place(row, False, row.id in days) for row in communities]
        streets.append((Place(street, True, any(place.counted for place in below)), below))
        for place in below:
            for key in {place.key, streets[-1][0].key, whole.key}:
                for figure in FIGURES:
                    count = counts.get(place.row.id, {}).get(figure, 0)
                    values[key, *figure] = values.get((key, *figure), 0) + count
    return Sheet(min(days.values(), default=None), streets, whole, values)


Counts = dict[tuple[str, str], int]


def _counts() -> tuple[dict[int, date], dict[int, Counts]]:
    """By community the day it was counted on, and its counts by (metric, part)."""
    present = cast(func.timezone(Community.zone, clock.now()), Date)
    day = func.coalesce(func.max(Rollup.day).filter(Rollup.day < present), func.max(Rollup.day))
    newest = (
        select(Rollup.community_id, day.label("day"))
        .join(Community, Community.id == Rollup.community_id)
        # Days that were counted before there were all of these figures are passed over.
        .where(Rollup.metric == "households_unpaired")
        .group_by(Rollup.community_id)
        .subquery()
    )
    days: dict[int, date] = {}
    counts: dict[int, Counts] = {}
    for row in db.session.execute(
        select(Rollup.community_id, Rollup.day, Rollup.metric, Rollup.part, Rollup.value)
        .join(newest, (newest.c.community_id == Rollup.community_id) & (newest.c.day == Rollup.day))
        .execution_options(across="region_id")
    ):
        days[row.community_id] = row.day
        own = counts.setdefault(row.community_id, {})
        part = row.part if not row.part or row.part in KINDS else OTHER
        own[row.metric, part] = own.get((row.metric, part), 0) + row.value
    for own in counts.values():
        for all_of_it, some, rest in RESTS:
            own[rest, ""] = own.get((all_of_it, ""), 0) - own.get((some, ""), 0)
    return days, counts

"""Where households in need have a helper and where not: by building and entrance; and why some are left out."""

import re
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, select

from services.communities.models import Building
from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household, Need
from services.pairings.models import Pairing


@dataclass(frozen=True)
class Place:
    """A building: its id, estate and number."""

    id: uuid.UUID
    estate: str
    number: str


@dataclass(frozen=True)
class Grid:
    """Households in need by building and entrance: (with a helper, without one). A place without any is not in `cells`."""

    buildings: list[Place]
    entrances: list[str]
    cells: Mapping[tuple[uuid.UUID, str], tuple[int, int]]

    @property
    def entries(self) -> list["Entry"]:
        """The cells one after the other, building by building."""
        return [
            Entry(place, entrance, *both)
            for place in self.buildings
            for entrance in self.entrances
            if (both := self.cells.get((place.id, entrance)))
        ]


@dataclass(frozen=True)
class Entry:
    """The households in need of one entrance."""

    building: Place
    entrance: str
    paired: int
    unpaired: int


def grid(actor: Actor) -> Grid:
    """Active households with open needs, as the households' list counts them. Raises Forbidden."""
    permissions.require(actor, "pairings.read")
    lacking = exists().where(
        Need.community_id == Household.community_id, Need.household_id == Household.id, Need.state == "open"
    )
    paired = exists().where(
        Pairing.community_id == Household.community_id,
        Pairing.household_id == Household.id,
        Pairing.ended_on.is_(None),
    )
    rows = db.session.execute(
        select(
            Building.id,
            Building.estate,
            Building.number,
            Household.entrance,
            func.count().filter(paired),
            func.count().filter(~paired),
        )
        .join(
            Household,
            and_(Household.community_id == Building.community_id, Household.building_id == Building.id),
        )
        .where(Household.state == "active", lacking)
        .group_by(Building.community_id, Building.id, Household.entrance)
    ).all()
    buildings = {row[0]: Place(row[0], row[1], row[2]) for row in rows}
    return Grid(
        sorted(buildings.values(), key=lambda one: (one.estate, natural(one.number))),
        sorted({row[3] for row in rows}, key=natural),
        {(row[0], row[3]): (row[4], row[5]) for row in rows},
    )


def natural(text: str) -> list[tuple[int, str]]:
    """A key by which 2 comes before 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text) if part]


def reason(why: Mapping[str, Any]) -> str:
    """Why a household is left out, as one code: no_consent, held_back, shortage, or the rule that bars most helpers."""
    bars = why.get("bars") or {}
    if why["code"] == "no_helper" and bars:
        return max(bars, key=lambda code: (bars[code], code))
    return str(why["code"])


def reasons(left_out: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How many households of a run are left out for which reason, the commonest first."""
    return dict(Counter(reason(why) for why in left_out.values()).most_common())

"""The rows of a community as the matching engine wants them: the same rows give the same snapshot, byte for byte.

A living pairing and a proposal that waits for an answer stand: a run never takes a helper away. Their places count as
taken on both sides, and what the helper meets already counts less for the next.
"""

import dataclasses
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from matching.answer import IdPair
from matching.candidates import candidates
from matching.model import HALF_HOURS_A_WEEK, MAX_HOUSEHOLD_PLACES, MAX_LEVEL, Helper, Household, Need
from matching.rules import distance, served_needs
from matching.table import Candidates
from services.pairings import pair_locks, rows
from services.pairings.rows import Pair, Rows

# Who is alone with children shows a clean record.
CHECKS_FOR = {"homework": "no_criminal_record", "child_care": "no_criminal_record"}


@dataclass(frozen=True)
class Snapshot:
    """What a run works on.

    `standing`: ids of (volunteer, household) that are paired or asked; `living`: paired, as the engine
    names them. `no_consent`: households with open needs that may not be matched.
    `needs`: per household the need rows behind the engine's needs, in their order.
    `kept`: pairs the office has locked, whose places are taken, each with the two as they were before it; `broken`: locked
    pairs that a rule forbids today. `held_back`: households the office leaves out.
    """

    helpers: tuple[Helper, ...]
    households: tuple[Household, ...]
    standing: frozenset[tuple[uuid.UUID, uuid.UUID]]
    living: tuple[tuple[str, str], ...]
    no_consent: tuple[uuid.UUID, ...]
    needs: dict[str, tuple[uuid.UUID, ...]]
    kept: Mapping[IdPair, tuple[Helper, Household]] = field(default_factory=dict)
    broken: tuple[IdPair, ...] = ()
    held_back: tuple[uuid.UUID, ...] = ()

    @property
    def digest(self) -> str:
        """A sha256 of everything the engine is told."""
        return hashlib.sha256(json.dumps(_plain([self.helpers, self.households])).encode()).hexdigest()

    def table(self) -> Candidates:
        """All eligible pairs."""
        return candidates(self.helpers, self.households)

    def helper(self, volunteer_id: uuid.UUID) -> Helper | None:
        """The volunteer as the engine sees him; None when he is not active."""
        return next((helper for helper in self.helpers if helper.id == str(volunteer_id)), None)

    def household(self, household_id: uuid.UUID) -> Household | None:
        """The household as the engine sees it; None when it is not in the run."""
        return next((row for row in self.households if row.id == str(household_id)), None)

    def met(self, helper: Helper, household: Household) -> list[uuid.UUID]:
        """The needs of a household that the helper can meet."""
        served = {id(need) for need in served_needs(helper, household)}
        ids = self.needs[household.id]
        return [row_id for need, row_id in zip(household.needs, ids, strict=True) if id(need) in served]


def metres(helper: Helper, household: Household) -> int:
    """The way between the two homes in metres, 0 when one is not placed."""
    return distance(helper, household) or 0


def take(day: date, *, loose: Collection[IdPair] = ()) -> Snapshot:
    """The community's snapshot as of `day` (papers must be in date then), with the office's locks.

    `loose`: of `living`, pairs that are to count as if they were not made.
    """
    open_ = take_part(day, loose=loose)
    locked = pair_locks.all_locks()
    aside = {str(lock.household_id) for lock in locked if lock.volunteer_id is None}
    insisted = [
        (str(lock.volunteer_id), str(lock.household_id))
        for lock in locked
        if lock.volunteer_id is not None and (lock.volunteer_id, lock.household_id) not in open_.standing
    ]
    helpers = {helper.id: helper for helper in open_.helpers}
    households = {row.id: row for row in open_.households if row.id not in aside}
    kept, broken = pair_locks.fix(helpers, households, insisted)
    return replace(
        open_,
        helpers=tuple(helpers.values()),
        households=tuple(households.values()),
        kept=kept,
        broken=broken,
        held_back=tuple(uuid.UUID(row.id) for row in open_.households if row.id in aside),
    )


def take_part(
    day: date,
    *,
    loose: Collection[IdPair] = (),
    volunteer_id: uuid.UUID | None = None,
    household_id: uuid.UUID | None = None,
) -> Snapshot:
    """As `take`, without locks, and with one helper or one household alone: what a page needs, at the cost of a page."""
    found = rows.read(day, volunteer_id, household_id)
    if loose:
        free = {(uuid.UUID(volunteer), uuid.UUID(household)) for volunteer, household in loose}
        found = replace(found, standing=[pair for pair in found.standing if pair not in free])
    of_helper: dict[uuid.UUID, list[Pair]] = defaultdict(list)
    of_household: dict[uuid.UUID, list[Pair]] = defaultdict(list)
    for pair in found.standing:
        of_helper[pair[0]].append(pair)
        of_household[pair[1]].append(pair)
    households = [_household(found, row, of_household[row.id]) for row in found.households]
    helpers = [_helper(found, row, of_helper[row.id]) for row in found.volunteers]
    return Snapshot(
        tuple(sorted(helpers, key=lambda helper: helper.id)),
        tuple(sorted(households, key=lambda household: household.id)),
        frozenset(found.standing),
        tuple((str(volunteer_id), str(household_id)) for volunteer_id, household_id in sorted(found.living)),
        tuple(found.no_consent),
        {str(row.id): tuple(need.id for need in found.needs[row.id]) for row in found.households},
    )


def _need(need: Row[Any]) -> Need:
    return Need(need.kind, half_hours=rows.half_hours(need), week=need.week or None, urgency=need.urgency)


def _household(found: Rows, row: Row[Any], standing: list[Pair]) -> Household:
    helped = min(len(standing), MAX_HOUSEHOLD_PLACES)
    needs = [_need(need) for need in found.needs[row.id]]
    checks = {CHECKS_FOR[need.skill] for need in needs if need.skill in CHECKS_FOR}
    return Household(
        id=str(row.id),
        needs=tuple(needs),
        languages=tuple(row.languages),
        position=found.positions.get(row.building_id),
        same_gender=row.gender_wish or None,
        check_required=frozenset(checks),
        places=max(0, min(row.places, MAX_HOUSEHOLD_PLACES) - helped),
        helped=helped,
        met=frozenset(kind for pair in standing for kind in found.served[pair]),
        circumstances=frozenset(row.circumstances),
        declined=frozenset(str(volunteer_id) for volunteer_id in found.declined[row.id]),
    )


def _helper(found: Rows, row: Row[Any], standing: list[Pair]) -> Helper:
    hours = None
    if row.hours is not None:
        given = sum(found.given[pair] for pair in standing)
        hours = max(0, min(int(row.hours * 2) - given, HALF_HOURS_A_WEEK))
    return Helper(
        id=str(row.id),
        skills={skill: min(max(level, 1), MAX_LEVEL) for skill, level in found.skills[row.id].items()},
        languages=frozenset(row.languages),
        week=row.week,
        position=found.positions.get(row.building_id) if row.building_id else None,
        reach_m=row.reach,
        places=max(0, row.places - len(standing)),
        gender=row.gender or None,
        checks=frozenset(found.checks[row.id]),
        exclusions=frozenset(str(household_id) for household_id in found.excluded[row.id])
        | frozenset(str(household_id) for _, household_id in standing),
        limits=frozenset(row.limits),
        hours=hours,
        load=len(standing),
    )


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)  # type: ignore[type-var]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value

"""What a snapshot is made of, read from the rows of volunteers, households and pairings."""

import math
import re
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from services.communities.models import Building
from services.core.db import db
from services.households.models import Household as HouseholdRow
from services.households.models import Need as NeedRow
from services.pairings.models import Pairing, Proposal
from services.people import consents
from services.volunteers.models import Credential, Exclusion, VolunteerSkill
from services.volunteers.models import Volunteer as VolunteerRow

Pair = tuple[uuid.UUID, uuid.UUID]  # volunteer id, household id
# Columns, not objects: a run reads everybody. What is sealed is not opened for the engine.
_VOLUNTEER = (
    VolunteerRow.id,
    VolunteerRow.gender,
    VolunteerRow.building_id,
    VolunteerRow.languages,
    VolunteerRow.week,
    VolunteerRow.hours,
    VolunteerRow.places,
    VolunteerRow.reach,
    VolunteerRow.limits,
)
_HOUSEHOLD = (
    HouseholdRow.id,
    HouseholdRow.name,
    HouseholdRow.building_id,
    HouseholdRow.languages,
    HouseholdRow.circumstances,
    HouseholdRow.gender_wish,
    HouseholdRow.places,
)
_NEED = (
    NeedRow.id,
    NeedRow.household_id,
    NeedRow.kind,
    NeedRow.hours,
    NeedRow.times,
    NeedRow.week,
    NeedRow.urgency,
)
HALF_HOURS_A_WEEK = 336


@dataclass(frozen=True)
class Rows:
    """Everything a run looks at.

    `standing`: pairs that live or wait for an answer, whatever became of the household; `living`: those that live; `given`: half-hours a week each of them takes,
    `served`: the kinds of need it is for.
    `households`: active, with open needs and consent. `excluded` and `declined` by volunteer and by household.
    """

    volunteers: Sequence[VolunteerRow]
    households: Sequence[HouseholdRow]
    no_consent: list[uuid.UUID]
    needs: dict[uuid.UUID, list[NeedRow]]
    skills: dict[uuid.UUID, dict[str, int]]
    checks: dict[uuid.UUID, set[str]]
    positions: dict[uuid.UUID, tuple[float, float]]
    excluded: dict[uuid.UUID, set[uuid.UUID]]
    declined: dict[uuid.UUID, set[uuid.UUID]]
    standing: list[Pair]
    living: frozenset[Pair]
    given: dict[Pair, int]
    served: dict[Pair, set[str]]


def read(day: date, *, only: uuid.UUID | None = None) -> Rows:
    """The rows of the community the session serves; papers count when they are in date on `day`. `only`: one household alone."""
    volunteers = _all(select(*_VOLUNTEER).where(VolunteerRow.state == "active"))
    needs = _needs()
    active = select(*_HOUSEHOLD).where(HouseholdRow.state == "active")
    if only is not None:
        active = active.where(HouseholdRow.id == only)
    wanting = [row for row in _all(active) if needs[row.id]]
    agreed = consents.current(
        subject_kind="household", subject_ids={row.id for row in wanting}, purpose="matching"
    )
    buildings = {row.id: row for row in _all(select(Building.id, Building.number, Building.x, Building.y))}
    households = [row for row in wanting if row.id in agreed]
    living, given, served = _standing(needs)
    return Rows(
        volunteers=volunteers,
        households=households,
        no_consent=sorted(row.id for row in wanting if row.id not in agreed),
        needs=needs,
        skills=_skills(),
        checks=_checks(day),
        positions={
            row.id: (row.x, row.y) for row in buildings.values() if row.x is not None and row.y is not None
        },
        excluded=_excluded(households, {row.id: row.number for row in buildings.values()}),
        declined=_declined(),
        standing=sorted(given),
        living=living,
        given=given,
        served=served,
    )


def half_hours(need: NeedRow) -> int:
    """What one helper gives in a week: the hours asked for, or half an hour each time when none are."""
    asked = math.ceil(need.hours * 2) if need.hours else need.times or 1
    return max(1, min(asked, HALF_HOURS_A_WEEK))


def _all(statement: Select) -> Sequence[Any]:
    return db.session.execute(statement).all()


def _needs() -> dict[uuid.UUID, list[NeedRow]]:
    found: dict[uuid.UUID, list[NeedRow]] = defaultdict(list)
    for need in _all(select(*_NEED).where(NeedRow.state == "open").order_by(NeedRow.id)):
        found[need.household_id].append(need)
    return found


def _skills() -> dict[uuid.UUID, dict[str, int]]:
    found: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for row in _all(select(VolunteerSkill.volunteer_id, VolunteerSkill.skill, VolunteerSkill.level)):
        found[row.volunteer_id][row.skill] = row.level
    return found


def _checks(day: date) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    in_date = or_(Credential.expires_on.is_(None), Credential.expires_on >= day)
    for row in _all(select(Credential.volunteer_id, Credential.kind).where(in_date)):
        found[row.volunteer_id].add(row.kind)
    return found


def _excluded(
    households: Sequence[HouseholdRow], numbers: dict[uuid.UUID, str]
) -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in _all(select(Exclusion.volunteer_id, Exclusion.surname, Exclusion.building)):
        building = _number(row.building)
        for household in households:
            here = not building or _number(numbers[household.building_id]) == building
            if here and household.name.startswith(row.surname):
                found[row.volunteer_id].add(household.id)
    return found


def _number(text: str) -> str:
    return re.sub(r"(号楼|号|楼|栋|幢|座|#)+$", "", text.strip())


def _declined() -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    said_no = select(Proposal.volunteer_id, Proposal.household_id).where(Proposal.state == "declined")
    for volunteer_id, household_id in db.session.execute(said_no):
        found[household_id].add(volunteer_id)
    return found


def _standing(
    needs: dict[uuid.UUID, list[NeedRow]],
) -> tuple[frozenset[Pair], dict[Pair, int], dict[Pair, set[str]]]:
    living = db.session.execute(
        select(Pairing.volunteer_id, Pairing.household_id, Proposal.needs)
        .outerjoin(
            Proposal,
            (Proposal.community_id == Pairing.community_id) & (Proposal.id == Pairing.proposal_id),
        )
        .where(Pairing.ended_on.is_(None))
    ).all()
    waiting = db.session.execute(
        select(Proposal.volunteer_id, Proposal.household_id, Proposal.needs).where(
            Proposal.state == "published"
        )
    ).all()
    given: dict[Pair, int] = {}
    served: dict[Pair, set[str]] = {}
    for volunteer_id, household_id, need_ids in (*living, *waiting):
        met = [need for need in needs.get(household_id, []) if need_ids and need.id in need_ids]
        given[volunteer_id, household_id] = max(map(half_hours, met), default=1)
        served[volunteer_id, household_id] = {need.kind for need in met}
    return frozenset((row[0], row[1]) for row in living), given, served

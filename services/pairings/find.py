"""What a helper finds: households whose need he could meet, the best first, and what stands between him and the others.

The engine's own rules and points decide, one helper beside every household, so what is found here a run could propose.
A household shown stands in the relation "open" to the helper (`permissions.VISIBLE`): its building is told, never more.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from matching import codes
from matching.model import WHOLE_WEEK, Helper, Household
from matching.rules import RULES, Bar, bars, has_places, served_needs
from matching.scores import score_terms
from services.communities import regions
from services.communities.models import Building
from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household as HouseholdRow
from services.households.models import Need
from services.pairings import pair_locks, snapshot
from services.pairings.snapshot import Snapshot
from services.volunteers import profiles
from services.volunteers.models import Volunteer

PAGE = 8
# Room is looked at by itself: who has no place left still sees what would fit.
FITTING = tuple(rule for rule in RULES if rule is not has_places)
# A household that somebody helps, or is asked to help, is nobody else's to find.
HELPED = "helped"
# Conflicts the office knows of and noes of either side are told together: one of them alone would tell on somebody.
SET_APART = "set_apart"
SEVERAL = "several"


@dataclass(frozen=True)
class Fit:
    """A household the helper could help: where, the needs he meets (the most urgent first), why it fits.

    `together`: when both could, as a mask of the week; None when the household names no times.
    """

    household_id: uuid.UUID
    building: Building
    needs: list[Need]
    terms: Mapping[str, int]
    travel: int
    together: int | None


@dataclass(frozen=True)
class Aside:
    """How many households are not shown, and the one thing in the way (HELPED, SET_APART, SEVERAL or a code of the rules).

    `what`: which papers, kinds of help or circumstances it is about, the most frequent first.
    """

    code: str
    count: int
    what: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a helper finds. `full`: all his places are taken, so he can look but not offer.

    `fits`: a page of them from the `first` on; `number`: how many there are in all; `kinds`: how many by kind of help.
    """

    volunteer: Volunteer
    full: bool
    fits: list[Fit]
    first: int
    number: int
    kinds: dict[str, int]
    aside: list[Aside]


def near(actor: Actor, *, kind: str = "", first: int = 0) -> Found | None:
    """What the actor finds as a helper, of one kind of help when given, from the `first` on; None while he is not active.

    Raises Forbidden.
    """
    permissions.require(actor, "pairings.find")
    volunteer = profiles.own_volunteer(actor)
    if volunteer is None or volunteer.state != "active":
        return None
    taken = snapshot.take_part(regions.today(actor.community_id), volunteer_id=volunteer.id)
    (helper,) = taken.helpers
    own = {str(household_id) for volunteer_id, household_id in taken.standing if volunteer_id == volunteer.id}
    hidden = own | {str(household_id) for household_id in pair_locks.left_out()}
    could, aside = sort_out(helper, [one for one in taken.households if one.id not in hidden])
    of_kind = [one for one in could if not kind or kind in _kinds(helper, one)]
    first = first if first < len(of_kind) else 0
    return Found(
        volunteer=volunteer,
        full=helper.places == 0,
        fits=_fits(taken, helper, of_kind[first : first + PAGE]),
        first=first,
        number=len(of_kind),
        kinds=dict(Counter(one for household in could for one in _kinds(helper, household)).most_common()),
        aside=aside,
    )


def _kinds(helper: Helper, household: Household) -> set[str]:
    return {need.skill for need in served_needs(helper, household)}


def sort_out(helper: Helper, households: list[Household]) -> tuple[list[Household], list[Aside]]:
    """The households a helper could help, the best first, and the others counted by what is in the way."""
    could: list[Household] = []
    count: Counter[str] = Counter()
    what: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for household in households:
        if household.places == 0:
            count[HELPED] += 1
            continue
        barring = list(bars(helper, household, FITTING))
        if not barring:
            could.append(household)
            continue
        code, about = _in_the_way(barring)
        count[code] += 1
        what[code].update(about)
    could.sort(key=lambda one: _rank(helper, one))
    return could, [
        Aside(code, number, tuple(one for one, _ in what[code].most_common(3)))
        for code, number in count.most_common()
    ]


def _in_the_way(barring: list[Bar]) -> tuple[str, tuple[str, ...]]:
    if {bar.code for bar in barring} & {codes.EXCLUDED, codes.DECLINED}:
        return SET_APART, ()
    if len(barring) > 1:
        return SEVERAL, ()
    (bar,) = barring
    for name in ("missing", "skills", "circumstances", "wanted"):
        if isinstance(bar.facts.get(name), tuple):
            return bar.code, bar.facts[name]  # type: ignore[return-value]
    return bar.code, (str(bar.facts["skill"]),) if "skill" in bar.facts else ()


def _rank(helper: Helper, household: Household) -> tuple[int, int, str]:
    return -sum(score_terms(helper, household).values()), snapshot.metres(helper, household), household.id


def _fits(taken: Snapshot, helper: Helper, households: list[Household]) -> list[Fit]:
    ids = [uuid.UUID(one.id) for one in households]
    places = dict(
        db.session.execute(
            select(HouseholdRow.id, Building)
            .join(
                Building,
                (Building.community_id == HouseholdRow.community_id)
                & (Building.id == HouseholdRow.building_id),
            )
            .where(HouseholdRow.id.in_(ids))
        ).all()
    )
    met = {one.id: taken.met(helper, one) for one in households}
    every = [need_id for need_ids in met.values() for need_id in need_ids]
    needs = db.session.scalars(
        select(Need).where(Need.id.in_(every)).order_by(Need.urgency.desc(), Need.id)
    ).all()
    return [
        _fit(helper, one, places[uuid.UUID(one.id)], [need for need in needs if need.id in met[one.id]])
        for one in households
    ]


def _fit(helper: Helper, household: Household, building: Building, needs: list[Need]) -> Fit:
    whole = 0
    for need in needs:
        whole |= WHOLE_WEEK if need.week is None else need.week
    return Fit(
        household_id=uuid.UUID(household.id),
        building=building,
        needs=needs,
        terms=score_terms(helper, household),
        travel=snapshot.metres(helper, household),
        together=None if whole == WHOLE_WEEK else helper.week & whole,
    )

"""Soft terms: how good an eligible pair is, as a sum of named whole numbers of points."""

from dataclasses import dataclass, fields

from matching import codes
from matching.model import MAX_LEVEL, Helper, Household, require_whole
from matching.rules import distance, overlap, served_needs

NEAR_STEPS = 10  # nearness falls from 10 steps at the door to 0
NEAR_STEP_M = 200
OVERLAP_STEPS = 4  # four times the half-hours needed is as good as it gets
LIGHT_STEPS = 3  # a helper with three households or more gets nothing for a light load
MAX_WEIGHT = 1_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Points per step of each term; whole numbers from 0 to 1,000."""

    need_urgency: int = 4  # per step of urgency (1–5) of the most urgent need met
    skill_fit: int = 3  # per step: 3 for exactly the level asked, 2 and 1 for one or two above
    needs_covered: int = 8  # per need met
    time_overlap: int = 2  # per multiple of the time needed, at most four
    first_language: int = 5  # speaks the language the household puts first
    good_history: int = 15  # helped this household well before
    wished_helper: int = 25  # the household asked for this helper
    nearness: int = 2  # per 200 m nearer than 2 km
    complement: int = 10  # per need met that none of the household's helpers meets yet, when it has one
    light_load: int = 3  # per household fewer than three already cared for

    def __post_init__(self) -> None:
        for term in fields(self):
            require_whole(getattr(self, term.name), 0, MAX_WEIGHT, f"weights.{term.name}", "weights")


DEFAULT_WEIGHTS = Weights()


def score_terms(helper: Helper, household: Household, weights: Weights = DEFAULT_WEIGHTS) -> dict[str, int]:
    """Points per term (every code of ``codes.SCORE_CODES``, zero included); the pair's score is their sum.

    Levels above the one asked fit less well: they are kept for households that ask for them.
    """
    served = served_needs(helper, household)
    metres = distance(helper, household)
    urgency = max((need.urgency for need in served), default=0)
    fit = max((MAX_LEVEL - helper.skills[need.skill] + need.level for need in served), default=0)
    times = max((overlap(helper, need) // need.half_hours for need in served), default=0)
    near = 0 if metres is None else max(0, NEAR_STEPS - metres // NEAR_STEP_M)
    return {
        codes.NEED_URGENCY: weights.need_urgency * urgency,
        codes.SKILL_FIT: weights.skill_fit * fit,
        codes.NEEDS_COVERED: weights.needs_covered * len(served),
        codes.TIME_OVERLAP: weights.time_overlap * min(OVERLAP_STEPS, times),
        codes.FIRST_LANGUAGE: weights.first_language
        * int(not helper.languages.isdisjoint(household.languages[:1])),
        codes.GOOD_HISTORY: weights.good_history * int(helper.id in household.good_history),
        codes.WISHED_HELPER: weights.wished_helper * int(helper.id == household.wished_helper),
        codes.NEARNESS: weights.nearness * near,
        codes.COMPLEMENT: weights.complement
        * sum(need.skill not in household.met for need in served if household.helped),
        codes.LIGHT_LOAD: weights.light_load * max(0, LIGHT_STEPS - helper.load),
    }

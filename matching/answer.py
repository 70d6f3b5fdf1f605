"""What comes out: pairs, what they amount to, and the prices that prove them the best."""

from dataclasses import dataclass

from matching.candidates import Whole

IdPair = tuple[str, str]  # helper id, household id


@dataclass(frozen=True, slots=True)
class Level:
    """One level of coverage: of ``wanted`` places number ``place`` at households of this urgency, ``covered``."""

    place: int
    urgency: int
    wanted: int
    covered: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The value of each level. travel: metres. kept, broken, lost: living pairs chosen again, not chosen, not eligible."""

    coverage: tuple[Level, ...]
    score: int
    travel: int
    kept: int
    broken: tuple[IdPair, ...]
    lost: tuple[IdPair, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of the answer; place 1 is the household's first helper."""

    helper_id: str
    household_id: str
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The answer and its proof.

    pairs: by household id, then place. prices: per helper, how much one more place there could add at most.
    surplus: per household, the other half of the proof. value, bound: exact; equal when nothing better can exist.
    """

    pairs: tuple[Pair, ...]
    totals: Totals
    prices: Whole
    surplus: Whole
    value: int
    bound: int

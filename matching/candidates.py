"""All eligible pairs of a run's helpers and households."""

from collections.abc import Iterable, Sequence

from matching.columns import to_columns
from matching.model import Helper, Household
from matching.rules import RULES, Rule
from matching.scores import DEFAULT_WEIGHTS, Weights
from matching.sift import sift
from matching.table import Candidates


def candidates(
    helpers: Iterable[Helper],
    households: Iterable[Household],
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Candidates:
    """All pairs no rule bars, with score and travel; the same table whatever order the rows come in.

    rules: of ``RULES``, serves_a_need among them. Raises MatchingError for another rule, for an id that comes twice,
    and for more than 64 languages, checks or circumstances.
    """
    return sift(*to_columns(helpers, households, rules), rules, weights)

"""Why this pair, why not that one, and who competes where helpers are too few."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matching import codes
from matching.answer import Change, IdPair, Solution
from matching.compare import difference
from matching.levels import find_row, totals
from matching.model import Helper, Household, MatchingError
from matching.rules import RULES, Bar, Rule, bars, first_bar
from matching.scores import DEFAULT_WEIGHTS, Weights, score_terms
from matching.solve import solve_with
from matching.table import Candidates


@dataclass(frozen=True, slots=True)
class Why:
    """code: one of ``codes.WHY_CODES``. terms: the score's parts (chosen, possible). bars: rules (barred), first first.

    change: what else becomes of the best pairing when this pair is in it (possible).
    """

    code: str
    terms: Mapping[str, int]
    bars: tuple[Bar, ...]
    change: Change | None


@dataclass(frozen=True, slots=True)
class Shortage:
    """``households`` together want ``wanted`` first places and can only be helped by ``helpers``, who have ``places``.

    wanted > places, so one of them must stay without help. Take any one away and the others can all be helped.
    """

    households: tuple[str, ...]
    helpers: tuple[str, ...]
    wanted: int
    places: int


def why(
    helper: Helper,
    household: Household,
    table: Candidates,
    solution: Solution,
    *,
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
    keep: Iterable[IdPair] = (),
    keep_gain: int = 0,
) -> Why:
    """Why the pair is chosen, barred, or possible at what cost (found by solving again with the pair in it).

    Rules, weights and keep must be those of the run. Raises MatchingError for a pair the table cannot know.
    """
    if any((pair.helper_id, pair.household_id) == (helper.id, household.id) for pair in solution.pairs):
        return Why(codes.CHOSEN, score_terms(helper, household, weights), (), None)
    barring = tuple(bars(helper, household, rules))
    if barring:
        return Why(codes.BARRED, {}, barring, None)
    row = row_of(table, helper.id, household.id)
    forced = solve_with(table, row, keep, keep_gain)
    change = difference(table, solution.rows, solution.totals, forced, totals(table, forced, keep))
    others = tuple(pair for pair in change.added if pair != (helper.id, household.id))
    return Why(codes.POSSIBLE, score_terms(helper, household, weights), (), replace(change, added=others))


def row_of(table: Candidates, helper_id: str, household_id: str) -> int:
    """The pair's row; raises MatchingError when the table does not have it."""
    if helper_id in table.helper_ids and household_id in table.household_ids:
        j, h = table.helper_ids.index(helper_id), table.household_ids.index(household_id)
        row = find_row(table, h, j)
        if row is not None:
            return row
    raise MatchingError(codes.UNKNOWN_ID, "candidates.helper", helper_id)


def tally_bars(
    household: Household, helpers: Iterable[Helper], rules: Sequence[Rule] = RULES
) -> dict[str, int]:
    """How many helpers each rule keeps away (each counted at its first), in the order of ``codes.RULE_CODES``."""
    found = (first_bar(helper, household, rules) for helper in helpers)
    counted = Counter(bar.code for bar in found if bar is not None)
    return {code: counted[code] for code in codes.RULE_CODES if counted[code]}


def shortage(table: Candidates, solution: Solution, household_id: str) -> Shortage | None:
    """The smallest group that shows, by counting, why this household gets nobody; None when somebody helps it.

    The group is what the household competes with along the chain "who could help it, whom do they help instead".
    All in it are at least as urgent. Raises MatchingError for an unknown household or an answer that is not the best.
    """
    if household_id not in table.household_ids:
        raise MatchingError(codes.UNKNOWN_ID, "household.id", household_id)
    helped_by: dict[str, set[str]] = {}
    for pair in solution.pairs:
        helped_by.setdefault(pair.helper_id, set()).add(pair.household_id)
    index = {name: h for h, name in enumerate(table.household_ids)}
    start = index[household_id]
    helped = table.filled[start] or any(household_id in others for others in helped_by.values())
    if helped or table.household_places[start] == 0:
        return None
    group, rivals, waiting = {start}, set[int](), [start]
    while waiting:
        h = waiting.pop()
        for j in table.helper[table.indptr[h] : table.indptr[h + 1]].tolist():
            rivals.add(j)
            held = {index[name] for name in helped_by.get(table.helper_ids[j], ())}
            waiting.extend(sorted(held - group))
            group |= held
    return counted_shortage(table, group, rivals, household_id)


def counted_shortage(table: Candidates, group: set[int], rivals: set[int], household_id: str) -> Shortage:
    """The group with its count, if it really wants more places than there are."""
    places = sum(int(table.helper_places[j]) for j in rivals)
    if len(group) <= places:
        raise MatchingError(codes.NOT_OPTIMAL, "solution.pairs", household_id)
    return Shortage(
        households=tuple(table.household_ids[h] for h in sorted(group)),
        helpers=tuple(table.helper_ids[j] for j in sorted(rivals)),
        wanted=len(group),
        places=places,
    )

"""Many to one: supporters who can do what the first helper cannot, and nobody less helped for it."""

from dataclasses import replace

from matching import codes
from matching.candidates import candidates
from matching.check import check
from matching.model import Helper, Household, Need
from matching.scores import score_terms
from matching.solve import solve
from matching.team import support
from tests.matching.city import city


def test_a_supporter_who_complements_is_preferred() -> None:
    helpers = [
        Helper(id="first", skills={"cook": 1}, position=(0.0, 0.0)),
        Helper(id="same", skills={"cook": 1}, position=(0.0, 0.0)),
        Helper(id="other", skills={"sew": 1}, position=(900.0, 0.0)),
    ]
    home = Household(
        id="h",
        needs=(Need("cook", urgency=5), Need("sew", urgency=5)),
        places=2,
        position=(0.0, 0.0),
        wished_helper="first",
    )
    solution = solve(candidates(helpers, [home]))
    assert {pair.helper_id for pair in solution.pairs} == {"first", "same"}
    found = support(helpers, [home], solution)
    assert found.first == (("first", "h"),)
    assert [(pair.helper_id, pair.place) for pair in found.solution.pairs] == [("other", 2)]
    assert check(found.table, found.solution).proven


def test_in_a_city_as_many_places_are_covered_and_nobody_is_overbooked() -> None:
    helpers, households = city(11, 160, 120, 1_500)
    helpers = [replace(helper, hours=None) for helper in helpers]
    solution = solve(candidates(helpers, households))
    found = support(helpers, households, solution)
    assert check(found.table, found.solution).proven
    covered = sorted((pair.household_id, pair.place) for pair in solution.pairs)
    again = [(household_id, 1) for _, household_id in found.first]
    again += [(pair.household_id, pair.place) for pair in found.solution.pairs]
    levels = {home.id: home.rank for home in households}
    assert sorted((place, levels[name]) for name, place in again) == sorted(
        (place, levels[name]) for name, place in covered
    )
    pairs = [*found.first, *((pair.helper_id, pair.household_id) for pair in found.solution.pairs)]
    assert len(set(pairs)) == len(pairs)
    places = {helper.id: helper.places for helper in helpers}
    assert all(sum(one == name for one, _ in pairs) <= places[name] for name in places)


def test_the_term_counts_needs_nobody_of_the_team_meets() -> None:
    helper = Helper(id="v", skills={"cook": 1, "sew": 1})
    needs = (Need("cook"), Need("sew"))
    alone = Household(id="h", needs=needs)
    helped = Household(id="h", needs=needs, helped=1, met=frozenset({"cook"}))
    assert score_terms(helper, alone)[codes.COMPLEMENT] == 0
    assert score_terms(helper, helped)[codes.COMPLEMENT] == 10
    table = candidates([helper], [helped])
    assert table.score[0] == sum(score_terms(helper, helped).values()) and table.filled.tolist() == [1]

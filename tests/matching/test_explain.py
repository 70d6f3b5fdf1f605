"""Why, why not, at what cost; groups short of helpers, counted; whom to recruit, solved again."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from matching import codes
from matching.candidates import candidates
from matching.compare import compare
from matching.explain import Shortage, shortage, tally_bars, why
from matching.levels import id_pair
from matching.model import Helper, Household, MatchingError, Need
from matching.recruit import Kind, make_newcomers, preference, recruit
from matching.rules import barred
from matching.solve import solve, solve_with
from matching.table import Candidates
from tests.matching.brute import levels_of
from tests.matching.city import city, one_to_one, tiny_table


def neighbours(table: Candidates, household_id: str) -> set[str]:
    h = table.household_ids.index(household_id)
    return {table.helper_ids[j] for j in table.helper[table.indptr[h] : table.indptr[h + 1]]}


def count_places(table: Candidates, households: tuple[str, ...]) -> int:
    reached = set().union(*(neighbours(table, household) for household in households))
    return sum(int(table.helper_places[table.helper_ids.index(helper)]) for helper in reached)


def assert_short(table: Candidates, found: Shortage) -> None:
    assert found.wanted == len(set(found.households)) > found.places == count_places(table, found.households)
    assert set(found.helpers) == set().union(*(neighbours(table, name) for name in found.households))


def test_every_group_short_of_helpers_counts_and_is_minimal() -> None:
    rng = np.random.default_rng(21)
    groups = 0
    for _ in range(300):
        table = tiny_table(rng)
        solution = solve(table)
        for household_id, places in zip(table.household_ids, table.household_places, strict=True):
            found = shortage(table, solution, household_id)
            helped = any(pair.household_id == household_id for pair in solution.pairs)
            assert (found is None) == (helped or places == 0)
            if found is None:
                continue
            groups += 1
            assert household_id in found.households
            assert_short(table, found)
            for size in range(1, len(found.households)):
                for part in combinations(found.households, size):
                    assert len(part) <= count_places(table, part)
    assert groups > 100


def test_a_shortage_in_a_city_where_helpers_are_few() -> None:
    helpers, households = city(6, 40, 120, 1_500)
    table = candidates(helpers, households)
    solution = solve(table)
    found = [shortage(table, solution, household.id) for household in households]
    large = [one for one in found if one is not None and one.wanted > 5]
    assert large
    for one in large:
        assert_short(table, one)
    urgency = dict(zip(table.household_ids, table.urgency.tolist(), strict=True))
    for household, one in zip(households, found, strict=True):
        if one is not None:
            assert min(urgency[name] for name in one.households) == urgency[household.id]


def test_a_shortage_refuses_an_answer_that_is_not_the_best() -> None:
    table = one_to_one(np.array([[1, 1], [1, 1]]))
    solution = solve(table)
    with pytest.raises(MatchingError) as refused:
        shortage(
            table,
            replace(solution, rows=solution.rows[:1], place=solution.place[:1]),
            solution.pairs[1].household_id,
        )
    assert refused.value.code == codes.NOT_OPTIMAL
    with pytest.raises(MatchingError):
        shortage(table, solution, "nowhere")


def test_a_pair_forced_in_is_the_best_of_all_answers_with_it() -> None:
    rng = np.random.default_rng(22)
    for _ in range(60):
        table = tiny_table(rng)
        rows = [row for row in range(len(table)) if levels_of(table, [row], set(), 0) is not None]
        for row in rows[:3]:
            every = [
                [r for r, taken in enumerate(s) if taken]
                for s in product((0, 1), repeat=len(table))
                if s[row]
            ]
            best = max(filter(None, (levels_of(table, chosen, set(), 0) for chosen in every)))
            assert levels_of(table, solve_with(table, row).tolist(), set(), 0) == best


def test_why_says_chosen_barred_or_possible_at_a_cost() -> None:
    cook = {"cook": 1}
    helpers = [
        Helper(id="a", skills=cook),
        Helper(id="b", skills=cook, load=3),
        Helper(id="c", skills={"sew": 1}, limits=frozenset({"dog"})),
    ]
    households = [
        Household(id="x", needs=(Need("cook"),), circumstances=frozenset({"dog"}), wished_helper="a"),
        Household(id="y", needs=(Need("cook"),), good_history=frozenset({"a"})),
    ]
    table = candidates(helpers, households)
    solution = solve(table)
    assert [(p.helper_id, p.household_id) for p in solution.pairs] == [("a", "x"), ("b", "y")]
    chosen = why(helpers[0], households[0], table, solution)
    assert chosen.code == codes.CHOSEN and chosen.terms[codes.WISHED_HELPER] == 25
    apart = why(helpers[2], households[0], table, solution)
    assert apart.code == codes.BARRED
    assert [bar.code for bar in apart.bars] == [codes.SKILL, codes.CIRCUMSTANCE]
    possible = why(helpers[0], households[1], table, solution)
    assert possible.code == codes.POSSIBLE and possible.change is not None
    assert possible.change.points == 15 - 25 and possible.change.coverage == {}
    assert possible.change.removed == (("a", "x"), ("b", "y")) and possible.change.added == (("b", "x"),)
    assert tally_bars(households[0], helpers) == {codes.SKILL: 1}


def test_why_names_the_places_a_pair_would_cost_and_the_living_pair_it_breaks() -> None:
    helper, other = Helper(id="a", skills={"cook": 1}), Helper(id="b", skills={"sew": 1})
    urgent = Household(id="x", needs=(Need("cook", urgency=5),))
    calm = Household(id="y", needs=(Need("cook", urgency=1), Need("sew", urgency=1)))
    table = candidates([helper, other], [urgent, calm])
    keep = [("b", "y")]
    solution = solve(table, keep, 3)
    change = why(helper, calm, table, solution, keep=keep, keep_gain=3).change
    assert change is not None and ("b", "y") in change.removed
    assert change.coverage == {(1, 5): -1}


def test_in_a_city_every_pair_is_explained_and_no_possible_one_gains() -> None:
    helpers, households = city(8, 50, 50, 1_500)
    table = candidates(helpers, households)
    solution = solve(table)
    chosen = {(pair.helper_id, pair.household_id) for pair in solution.pairs}
    for helper in helpers[:20]:
        for household in households[:20]:
            answer = why(helper, household, table, solution)
            if (helper.id, household.id) in chosen:
                assert answer.code == codes.CHOSEN
            elif barred(helper, household) is not None:
                assert answer.code == codes.BARRED and answer.bars
            else:
                assert answer.change is not None
                first = next(iter(answer.change.coverage.values()), 0)
                assert first < 0 or (first == 0 and answer.change.points <= 0)


def test_recruiting_advice_is_what_solving_again_gives() -> None:
    helpers = [Helper(id="a", skills={"cook": 1})]
    households = [
        Household(id="x", needs=(Need("cook", urgency=5),)),
        Household(id="y", needs=(Need("sew", level=2, urgency=4),), same_gender="f", languages=("yue",)),
        Household(id="z", needs=(Need("cook", urgency=2),), check_required=frozenset({"police"})),
    ]
    table = candidates(helpers, households)
    advice = recruit(helpers, households, table)
    assert [(one.skill, one.level, one.gender, one.households) for one in advice] == [
        ("sew", 2, "f", ("y",)),
        ("cook", 1, "", ("z",)),
    ]
    assert advice[0].change.coverage == {(1, 4): 1} and advice[0].waiting == 1
    newcomer = Helper(id="b", skills={"sew": 2}, gender="f", languages=frozenset({"yue"}), reach_m=2_000)
    again = compare(solve(table), solve(candidates([*helpers, newcomer], households)))
    assert again.points == advice[0].change.points and again.coverage == advice[0].change.coverage


def test_advice_names_the_times_and_the_place_that_bring_most() -> None:
    morning, evening = 0b1111 << 18, 0b1111 << 38
    households = [
        Household(id="x", needs=(Need("cook", half_hours=2, week=evening),), position=(0, 0)),
        Household(id="y", needs=(Need("cook", half_hours=2, week=morning),), position=(9_000, 0)),
        Household(id="z", needs=(Need("cook", half_hours=2, week=evening, urgency=4),), position=(9_000, 0)),
    ]
    table = candidates([], households)
    (best,) = recruit(
        [],
        households,
        table,
        times={"mornings": morning, "evenings": evening},
        areas={"west": (0.0, 0.0), "east": (9_000.0, 100.0)},
    )
    assert (best.times, best.area, best.households) == ("evenings", "east", ("z",))


def test_in_a_city_every_advice_is_true_and_no_kind_brings_more() -> None:
    helpers, households = city(6, 40, 60, 1_500)
    table = candidates(helpers, households)
    before = solve(table)
    advice = recruit(helpers, households, table, most=30)
    assert advice
    values = []
    for one in advice:
        kind = Kind((one.skill, one.level, one.gender), "", "")
        (newcomer,) = make_newcomers([kind], households, {}, {})
        after = compare(before, solve(candidates([*helpers, replace(newcomer, id="zz")], households)))
        assert (after.coverage, after.points, after.travel) == (
            one.change.coverage,
            one.change.points,
            one.change.travel,
        )
        values.append(preference(one))
    assert values == sorted(values)


def test_nobody_to_recruit_when_all_places_are_covered() -> None:
    helpers, households = [Helper(id="a", skills={"cook": 1})], [Household(id="x", needs=(Need("cook"),))]
    table = candidates(helpers, households)
    assert recruit(helpers, households, table) == ()


def test_id_pair_names_the_row() -> None:
    table = tiny_table(np.random.default_rng(5))
    for row in range(len(table)):
        expected = (table.helper_ids[table.helper[row]], table.household_ids[table.household[row]])
        assert id_pair(table, row) == expected

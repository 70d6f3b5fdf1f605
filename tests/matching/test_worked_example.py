"""The worked example of docs/matching.md, number by number."""

import pytest

from matching import codes
from matching.answer import Solution
from matching.candidates import candidates
from matching.check import check
from matching.explain import shortage, why
from matching.model import Helper, Household, Need
from matching.recruit import recruit
from matching.solve import solve
from matching.table import Candidates


def times(day: int, first_hour: int, last_hour: int) -> int:
    return sum(1 << (48 * day + half_hour) for half_hour in range(2 * first_hour, 2 * last_hour))


MORNINGS = sum(times(day, 9, 12) for day in range(5))
SATURDAY = times(5, 8, 20)
LI = Helper(id="Li", skills={"shopping": 2}, week=SATURDAY, position=(0, 0), reach_m=2_000)
WANG = Helper(
    id="Wang",
    skills={"shopping": 1, "escort": 2},
    week=MORNINGS | SATURDAY,
    position=(400, 300),
    reach_m=1_500,
)
ZHAO = Helper(id="Zhao", skills={"escort": 1}, week=MORNINGS, position=(0, 900), reach_m=600)
CHEN = Household(
    id="Chen", needs=(Need("escort", level=2, half_hours=4, week=MORNINGS, urgency=5),), position=(400, 0)
)
SUN = Household(
    id="Sun",
    needs=(Need("shopping", half_hours=2, week=SATURDAY, urgency=3),),
    position=(0, 300),
    wished_helper="Wang",
)
ZHOU = Household(id="Zhou", needs=(Need("shopping", half_hours=2, urgency=2),), position=(0, 500))
HELPERS, HOUSEHOLDS = [LI, WANG, ZHAO], [CHEN, SUN, ZHOU]


@pytest.fixture
def table() -> Candidates:
    return candidates(HELPERS, HOUSEHOLDS)


@pytest.fixture
def solution(table: Candidates) -> Solution:
    return solve(table)


def test_the_table_of_points_and_metres(table: Candidates) -> None:
    cells = {
        (table.helper_ids[j], table.household_ids[h]): (int(points), int(metres))
        for h, j, points, metres in zip(table.household, table.helper, table.score, table.travel, strict=True)
    }
    assert cells == {
        ("Wang", "Chen"): (72, 300),
        ("Li", "Sun"): (61, 300),
        ("Wang", "Sun"): (87, 400),
        ("Li", "Zhou"): (55, 500),
        ("Wang", "Zhou"): (58, 447),
    }


def test_the_answer_and_its_proof(table: Candidates, solution: Solution) -> None:
    assert [(pair.helper_id, pair.household_id) for pair in solution.pairs] == [
        ("Wang", "Chen"),
        ("Li", "Sun"),
    ]
    assert (solution.totals.score, solution.totals.travel) == (133, 600)
    assert check(table, solution).proven
    assert solution.value == solution.bound == 22_266_092


def test_the_questions_and_answers(table: Candidates, solution: Solution) -> None:
    assert [bar.code for bar in why(ZHAO, CHEN, table, solution).bars] == [codes.LEVEL, codes.DISTANCE]
    change = why(WANG, SUN, table, solution).change
    assert change is not None and change.points == 9
    assert change.coverage == {(1, 5): -1, (1, 2): 1}
    found = shortage(table, solution, "Zhou")
    assert found is not None
    assert (found.households, found.helpers) == (("Chen", "Sun", "Zhou"), ("Li", "Wang"))
    assert (found.wanted, found.places) == (3, 2)
    advice = recruit(HELPERS, HOUSEHOLDS, table)
    assert [(one.skill, one.households) for one in advice] == [("shopping", ("Zhou",))]

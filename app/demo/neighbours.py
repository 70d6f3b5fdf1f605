"""Invented neighbours: helpers, households and units of a community, the same ones for the same seed."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from services.core.week import half_hours

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
WOMEN = "芳娜敏静丽艳娟霞秀英华慧玉兰红梅莉萍玲燕洁雪琴云凤淑珍"
MEN = "伟强磊军洋勇杰涛明超刚平建国志海波鹏飞斌辉峰亮健松林诚"
EMPLOYERS = ("退休", "退休", "", "", "人民医院", "区第一中学", "供电公司", "自来水公司", "惠民超市", "大学生")

# Kinds of need from the commonest to the rarest; helpers' skills follow the same order, a little steeper.
KINDS = (
    "company",
    "shopping",
    "clinic_escort",
    "meal_delivery",
    "cleaning",
    "phone_help",
    "repairs",
    "haircut",
    "health_check",
    "homework",
    "paperwork",
    "counselling",
    "legal_advice",
    "personal_care",
    "transport",
    "reading",
    "rehabilitation",
    "sign_language",
)
CATEGORIES = (
    "living_alone",
    "empty_nest",
    "disabled",
    "low_income",
    "serious_illness",
    "disabled_by_age",
    "single_parent",
    "lost_only_child",
    "veteran",
    "left_behind_child",
    "migrant_worker",
)
DIALECTS = ("sichuanese", "cantonese", "shanghainese", "korean", "english")
MORNING, AFTERNOON, EVENING = (16, 24), (28, 36), (36, 42)


@dataclass
class Neighbour:
    """Somebody invented: the facts a service registers, and what is added to the row afterwards."""

    facts: dict[str, Any]
    home: tuple[str, str]
    needs: list[dict[str, Any]] = field(default_factory=list)
    papers: list[dict[str, Any]] = field(default_factory=list)
    since: date | None = None


def name(random: Random, gender: str) -> str:
    """An invented name."""
    given = WOMEN if gender == "female" else MEN
    return random.choice(SURNAMES) + "".join(random.sample(given, random.choice((1, 2, 2))))


def helpers(random: Random, count: int, estates: dict[str, int], today: date) -> list[Neighbour]:
    """Invented helpers; `estates` gives the number of buildings of each."""
    return [_helper(random, number, estates, today) for number in range(count)]


def households(random: Random, count: int, estates: dict[str, int], today: date) -> list[Neighbour]:
    """Invented households in need, each behind a door of its own."""
    doors: set[tuple[str, ...]] = set()
    found: list[Neighbour] = []
    while len(found) < count:
        made = _household(random, estates, today)
        door = (*made.home, made.facts["entrance"], made.facts["door"])
        if door not in doors:
            doors.add(door)
            found.append(made)
    return found


def _helper(random: Random, number: int, estates: dict[str, int], today: date) -> Neighbour:
    gender = random.choice(("female", "male", "female"))
    party = random.random() < 0.35
    registered = today - timedelta(days=random.randint(90, 900))
    facts: dict[str, Any] = {
        "name": name(random, gender),
        "gender": gender,
        "birthday": _birthday(random, today, 20, 72),
        "phone": f"1900000{number:04d}",
        "skills": {kind: random.choice((1, 1, 2, 2, 3)) for kind in _kinds(random, 0.6, 1, 5)},
        "languages": ["mandarin", *(random.sample(DIALECTS, 1) if random.random() < 0.12 else [])],
        "week": helper_week(random),
        "hours": Decimal(random.choice((1, 2, 2, 3, 4, 6))),
        "places": random.choices((1, 2, 3), (60, 28, 12))[0],
        "reach": random.choices((None, 500, 800, 1500), (40, 15, 20, 25))[0],
        "party": "party_member" if party else random.choice(("none", "none", "youth_league")),
        "party_kind": random.choice(("registered_here", "reporting_here", "mobile")) if party else "",
        "employer": random.choice(EMPLOYERS),
        "limits": ["dog"] if random.random() < 0.06 else [],
    }
    return Neighbour(facts, _home(random, estates), papers=_papers(random, today), since=registered)


def _household(random: Random, estates: dict[str, int], today: date) -> Neighbour:
    gender = random.choice(("female", "male"))
    home = _home(random, estates)
    consent = random.random() < 0.92
    facts: dict[str, Any] = {
        "name": name(random, gender),
        "gender": gender,
        "birthday": _birthday(random, today, 58, 92),
        "phone": f"1900000{random.randint(5000, 9999)}" if random.random() < 0.9 else None,
        "estate": home[0],
        "building": home[1],
        "entrance": str(random.randint(1, 4)),
        "door": f"{random.randint(1, 12)}{random.randint(1, 4):02d}",
        "people": random.choices((1, 2, 3, 4), (45, 30, 15, 10))[0],
        "categories": random.sample(CATEGORIES, random.choice((1, 1, 2))),
        "languages": ["mandarin"] if random.random() < 0.94 else [random.choice(DIALECTS)],
        "circumstances": ["dog"] if random.random() < 0.08 else [],
        "gender_wish": gender if random.random() < 0.08 else "",
        "places": random.choices((1, 2), (85, 15))[0],
        "consent_on": today - timedelta(days=random.randint(20, 300)) if consent else None,
    }
    urgency = random.choices((1, 2, 3, 4, 5), (15, 25, 30, 20, 10))[0]
    needs = [_need(random, kind, urgency) for kind in _kinds(random, 0.4, 1, 3)]
    return Neighbour(facts, home, needs=needs)


def _need(random: Random, kind: str, urgency: int) -> dict[str, Any]:
    often = random.random() < 0.5
    return {
        "kind": kind,
        "hours": None if often else Decimal(random.choice((1, 1, 2))),
        "times": random.choice((1, 1, 2)) if often else None,
        "week": household_week(random) if random.random() < 0.5 else None,
        "urgency": urgency,
    }


def _kinds(random: Random, steep: float, least: int, most: int) -> list[str]:
    """Different kinds, a common one more likely: by rank to the power of -`steep`."""
    weights = [(rank + 1) ** -steep for rank in range(len(KINDS))]
    wanted = random.randint(least, most)
    return list(dict.fromkeys(random.choices(KINDS, weights, k=wanted)))


def _papers(random: Random, today: date) -> list[dict[str, Any]]:
    if random.random() > 0.5:
        return []
    kind = random.choice(("no_criminal_record", "no_criminal_record", "first_aid", "health", "electrician"))
    issued = today - timedelta(days=random.randint(30, 400))
    return [{"kind": kind, "issued_on": issued, "expires_on": issued + timedelta(days=730)}]


def _birthday(random: Random, today: date, youngest: int, oldest: int) -> date:
    return today - timedelta(days=random.randint(youngest * 365, oldest * 365))


def _home(random: Random, estates: dict[str, int]) -> tuple[str, str]:
    estate = random.choices(list(estates), list(estates.values()))[0]
    return estate, str(random.randint(1, estates[estate]))


def helper_week(random: Random) -> int:
    """When a helper can come: evenings and weekends, weekday daytime, or some of both."""
    kind = random.choices(("after_work", "daytime", "mixed"), (45, 30, 25))[0]
    mask = 0
    for day in random.sample(range(5), random.choice((1, 2, 3))):
        if kind != "daytime":
            mask |= half_hours(day, *EVENING)
        if kind != "after_work":
            mask |= half_hours(day, *random.choice((MORNING, AFTERNOON)))
    if kind != "daytime":
        for day in random.sample((5, 6), random.choice((1, 2))):
            mask |= half_hours(day, *random.choice((MORNING, AFTERNOON, (16, 40))))
    return mask


def household_week(random: Random) -> int:
    """When help suits a household: a few mornings, afternoons or evenings."""
    mask = 0
    for day in random.sample(range(7), random.choice((2, 3, 4))):
        mask |= half_hours(day, *random.choice((MORNING, AFTERNOON, EVENING)))
    return mask

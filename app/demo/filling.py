"""Registers invented neighbours and units, as a community office would."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from app.demo import neighbours
from app.demo.district import Place
from app.demo.people import Members
from services.communities import regions
from services.core.actor import Actor
from services.core.week import week_from_text
from services.households import needs, registration
from services.households.models import Household
from services.pledges import benefits, offers, units
from services.pledges.models import Pledge
from services.volunteers import papers, profiles
from services.volunteers.models import Volunteer

HELPERS, HOUSEHOLDS, BUILDINGS = 150, 120, 14
WITH_ACCOUNT = 0.6

# name, kind, contact, area of work, what it hopes for; then what it pledges: kind, item, quantity, measure, period,
# need kind, theme
UNITS = (
    (
        ("惠民超市", "shop", "周凤", "粮油食品零售", "publicity"),
        ("goods", "大米(10公斤)", 60, "袋", "", "shopping", "service"),
    ),
    (
        ("市第二医院", "agency", "何静", "医疗与健康", ""),
        ("service", "上门量血压", 20, "人次", "month", "health_check", "service"),
    ),
    (
        ("滨海师范学校", "school", "罗建明", "师范教育", "publicity"),
        ("hours", "作业辅导", 60 * 40, "", "month", "homework", "culture"),
    ),
    (
        ("顺达物业公司", "enterprise", "蒋磊", "物业服务", "hiring parking"),
        ("service", "水电维修", 15, "次", "month", "repairs", "security"),
    ),
    (
        ("邻里社工服务中心", "social_organisation", "苏敏", "社会工作", ""),
        ("money", "困难家庭应急金", 2_000_000, "", "", "", "service"),
    ),
    (
        ("南河村委会", "village", "宋国平", "村务与文化活动", "publicity"),
        ("venue", "文化活动室", None, "", "", "", "culture"),
    ),
)
# days ago, kind and line of what a unit got in return
BENEFITS = ((40, "publicity", "社区公众号专题报道一篇"), (12, "parking", "夜间错时车位 6 个"))
ROOM = "周六、周日 9:00-12:00;周三 14:00-17:00"


@dataclass
class Filled:
    """What was registered in a community."""

    helpers: list[Volunteer] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    pledges: list[Pledge] = field(default_factory=list)


def fill(actor: Actor, place: Place, members: Members, today: date) -> Filled:
    """Register helpers, households and units of a community; most helpers get an account."""
    random = Random(place.seed)
    estates = dict.fromkeys(list(place.facts["estates"]), BUILDINGS)  # type: ignore[call-overload]
    filled = Filled()
    for made in neighbours.households(random, HOUSEHOLDS, estates, today):
        filled.households.append(_register_household(actor, made))
    for made in neighbours.helpers(random, HELPERS, estates, today):
        filled.helpers.append(_register_helper(actor, made))
    give_accounts(members, filled.helpers, random)
    filled.pledges = _register_units(actor, members, today)
    return filled


def give_accounts(members: Members, helpers: list[Volunteer], random: Random) -> None:
    """Let the first helpers sign in by the sign-in list's addresses, and most of the others."""
    listed = members.listed("volunteer")
    for number, helper in enumerate(helpers):
        if number < len(listed):
            members.give_account(helper, "volunteer", listed[number])
        elif random.random() < WITH_ACCOUNT:
            members.give_account(helper, "volunteer")


def _register_household(actor: Actor, made: neighbours.Neighbour) -> Household:
    household = registration.register_household(actor, **made.facts)
    for need in made.needs:
        needs.add_need(actor, household_id=household.id, **need)
    return household


def _register_helper(actor: Actor, made: neighbours.Neighbour) -> Volunteer:
    estate, number = made.home
    home = regions.building(estate=estate, number=number)
    helper = profiles.register_volunteer(actor, registered_on=made.since, building_id=home.id, **made.facts)
    for paper in made.papers:
        papers.set_credential(actor, volunteer_id=helper.id, **paper)
    return helper


def _register_units(actor: Actor, members: Members, today: date) -> list[Pledge]:
    pledges = []
    for number, ((name, kind, contact, area, hopes), promise) in enumerate(UNITS):
        unit = units.add_unit(
            actor, name=name, kind=kind, area=area, hopes=hopes.split(), wish="挂牌宣传" if number % 2 else ""
        )
        for days, benefit, line in BENEFITS if number % 2 == 0 else ():
            given_on = max(today - timedelta(days=days), today.replace(month=1, day=1))
            benefits.give(actor, unit_id=unit.id, kind=benefit, line=line, given_on=given_on)
        person = units.add_person(actor, unit_id=unit.id, name=contact, phone=f"1900000{4000 + number}")
        if number == 0:
            members.give_account(person, "unit", *members.listed("unit"))
        what, item, quantity, measure, period, need_kind, theme = promise
        pledges.append(
            offers.pledge(
                actor,
                unit_id=unit.id,
                kind=what,
                item=item,
                quantity=quantity,
                measure=measure,
                period=period,
                need_kind=need_kind,
                theme=theme,
                week=week_from_text(ROOM) if what == "venue" else None,
                starts_on=today - timedelta(days=60),
                # The shop's rice is to be used soon: the office is asked about it.
                ends_on=today + timedelta(days=300 if number else 10),
            )
        )
    return pledges

"""Two projects that an invented community and its units do together."""

import uuid
from datetime import date, timedelta

from app.demo.filling import Filled
from app.demo.people import Members
from services.core.actor import Actor
from services.pledges import allocations, deliveries, milestones, offers, progress, projects
from services.pledges.models import Pledge
from services.pledges.project_models import Project, ProjectPart
from services.pledges.projects import Facts

# kind, item, quantity, measure, and how much of it a unit gives; then whether that came already
OFFICE = (
    ("goods", "办公桌椅", 8, "套", 6, True),
    ("money", "粉刷材料费", 600_000, "", 400_000, False),
    ("hours", "水电安装工时", 24 * 60, "", 0, False),
)
FLOOR = (
    ("goods", "防滑地板", 60, "平方米", 40, False),
    ("goods", "扶手", 12, "米", 0, False),
)
# days from today, what is to be done, whether it is
OFFICE_STEPS = (
    (-40, "腾空旧办公室", True),
    (-12, "粉刷墙面", True),
    (9, "桌椅进场", False),
    (25, "对居民开放", False),
)
FLOOR_STEPS = ((-3, "量尺寸、定材料", False), (20, "铺设地板", False), (34, "装扶手、开放使用", False))


def build(members: Members, filled: Filled, today: date) -> None:
    """Plan and publish both; units give part of what they take."""
    staff = members.office("staff")
    givers = [pledge.unit_id for pledge in filled.pledges]
    assert staff.account_id is not None
    office = Facts(
        title="添置社区办公用房",
        theme="service",
        lead_id=staff.account_id,
        starts_on=today - timedelta(days=50),
        target_on=today + timedelta(days=25),
        about="把闲置的门面改成便民服务点，居民办事不用再上二楼。",
    )
    floor = Facts(
        title="为老年活动室加铺地板",
        theme="environment",
        lead_id=staff.account_id,
        starts_on=today - timedelta(days=10),
        target_on=today + timedelta(days=40),
        about="活动室是水泥地，冬天凉、雨天滑。铺上防滑地板，装上扶手。",
    )
    first = _plan(staff, office, OFFICE_STEPS, today)
    second = _plan(staff, floor, FLOOR_STEPS, today)
    for number, (project, takes) in enumerate(((first, OFFICE), (second, FLOOR))):
        for kind, item, quantity, measure, given, came in takes:
            part = progress.add_part(
                staff, project_id=project.id, kind=kind, item=item, quantity=quantity, measure=measure
            )
            if given:
                # The first unit gives the floor: its person signs in, and finds the project there.
                giver = givers[0 if number else -1]
                _give(staff, project, part, _pledge(staff, giver, part, given, project.theme, today), came)


def _plan(staff: Actor, facts: Facts, steps: tuple[tuple[int, str, bool], ...], today: date) -> Project:
    project = projects.create(staff, facts)
    for days, title, done in steps:
        due = today + timedelta(days=days)
        step = milestones.add(staff, project_id=project.id, title=title, due_on=due)
        if done:
            milestones.tick(staff, milestone_id=step.id, day=due)
    projects.begin(staff, project_id=project.id)
    return projects.publish(staff, project_id=project.id, public=True)


def _pledge(
    staff: Actor, unit_id: uuid.UUID, part: ProjectPart, quantity: int, theme: str, today: date
) -> Pledge:
    return offers.pledge(
        staff,
        unit_id=unit_id,
        kind=part.kind,
        item=part.item,
        quantity=quantity,
        measure=part.measure,
        theme=theme,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=120),
    )


def _give(staff: Actor, project: Project, part: ProjectPart, pledge: Pledge, came: bool) -> None:
    allocation = allocations.allocate(
        staff,
        pledge_id=pledge.id,
        project_id=project.id,
        part_id=part.id,
        planned_on=pledge.starts_on + timedelta(days=36),
        quantity=pledge.promised,
    )
    if came:
        deliveries.sign(staff, allocation_id=allocation.id, receiver="社区办公室", how="typed")

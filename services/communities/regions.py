"""The region tree and the communities under it."""

import re
import uuid
from collections.abc import Sequence
from datetime import date

from pypinyin import lazy_pinyin
from sqlalchemy import select

from services.communities.models import Building, Community, Region
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound


def add_region(actor: Actor, *, kind: str, name: str, name_en: str, parent: Region | None = None) -> Region:
    """Add a city, district or street under `parent`. Raises Forbidden."""
    permissions.require(actor, "communities.create")
    region = Region(kind=kind, name=name, name_en=name_en, parent_id=parent.id if parent else None)
    db.session.add(region)
    db.session.flush()
    region.path = f"{parent.path if parent else ''}{region.id}."
    db.session.flush()
    return region


def add_community(
    actor: Actor, *, street: Region, code: str, name: str, name_en: str, **facts: object
) -> Community:
    """Add a community under a street; `facts` are further columns (totals, estates, zone). Raises Forbidden, DomainError."""
    permissions.require(actor, "communities.create")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or len(code) > 40:
        raise DomainError(
            "code", N_("A code has small letters, digits and dashes, such as zaoyuan-north."), field="code"
        )
    if db.session.scalars(select(Community.id).where(Community.code == code)).first() is not None:
        raise DomainError(
            "code_taken",
            N_("There is already a community with the code %(taken)s. Please choose another code."),
            field="code",
            taken=code,
        )
    community = Community(street_id=street.id, code=code, name=name, name_en=name_en, **facts)
    db.session.add(community)
    db.session.flush()
    return community


def find_region(names: Sequence[str]) -> Region | None:
    """The region at the end of a path of names from the city down, or None."""
    region = None
    for name in names:
        parent = Region.parent_id.is_not_distinct_from(region.id if region else None)
        region = db.session.scalars(select(Region).where(parent, Region.name == name)).first()
        if region is None:
            return None
    return region


def community_by_code(code: str) -> Community:
    """The community whose address part is `code`. Raises NotFound."""
    community = db.session.scalars(select(Community).where(Community.code == code)).one_or_none()
    if community is None:
        raise NotFound()
    return community


def get_community(community_id: int) -> Community:
    """The community with that id. Raises NotFound."""
    community = db.session.get(Community, community_id)
    if community is None:
        raise NotFound()
    return community


def set_rate(actor: Actor, *, messages_a_minute: int) -> Community:
    """Say how many messages may leave the actor's community in a minute (1 to 10000). Raises Forbidden, NotFound."""
    permissions.require(actor, "communities.settings")
    if actor.community_id is None:
        raise NotFound()
    community = get_community(actor.community_id)
    community.messages_a_minute = messages_a_minute
    audit.record(actor, "community.rate", "community", None, messages_a_minute=messages_a_minute)
    db.session.flush()
    return community


def change(
    actor: Actor,
    *,
    name: str,
    name_en: str,
    estates: Sequence[str],
    households_total: int,
    people_total: int,
    floating_total: int,
) -> Community:
    """Change what the actor's community says of itself. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "communities.settings")
    if actor.community_id is None:
        raise NotFound()
    if floating_total > people_total:
        raise DomainError(
            "floating",
            N_("The floating people are a part of all people: this number cannot be the larger one."),
            field="floating_total",
        )
    community = get_community(actor.community_id)
    community.name, community.name_en = name, name_en
    community.estates = list(dict.fromkeys(estates))
    community.households_total, community.people_total = households_total, people_total
    community.floating_total = floating_total
    db.session.flush()
    audit.record(actor, "community.changed", "community", None)
    return community


def zone_of(community_id: int | None) -> str:
    """The IANA time zone a community lies in. Raises NotFound."""
    if community_id is None:
        raise NotFound()
    return get_community(community_id).zone


def today(community_id: int | None) -> date:
    """The present day where the community lies. Raises NotFound."""
    return clock.today(zone_of(community_id))


def get_region(region_id: int) -> Region:
    """The region with that id. Raises NotFound."""
    region = db.session.get(Region, region_id)
    if region is None:
        raise NotFound()
    return region


def all_communities() -> list[tuple[Community, Region]]:
    """Every community with its street, by street and name; names only, nothing about people."""
    rows = db.session.execute(
        select(Community, Region)
        .join(Region, Region.id == Community.street_id)
        .order_by(Region.name_en, Community.name_en)
    )
    return [(community, street) for community, street in rows]


def communities_under(region: Region) -> list[tuple[Region, list[Community]]]:
    """The streets of a region with the communities of each; both in the order of their names in pinyin."""
    streets = {
        row.id: row
        for row in db.session.scalars(
            select(Region).where(Region.path.startswith(region.path, autoescape=True))
        )
    }
    found: dict[int, list[Community]] = {}
    for row in db.session.scalars(select(Community).where(Community.street_id.in_(streets))):
        found.setdefault(row.street_id, []).append(row)
    return [
        (street, sorted(found[street.id], key=by_name))
        for street in sorted(streets.values(), key=by_name)
        if street.id in found
    ]


def by_name(row: Region | Community) -> tuple[list[str], int]:
    """What regions and communities are sorted by: their names in pinyin."""
    return lazy_pinyin(row.name), row.id


def building(*, estate: str, number: str) -> Building:
    """The building of this community with that number in that estate, added when it is new (not yet placed)."""
    found = db.session.scalars(
        select(Building).where(Building.estate == estate, Building.number == number)
    ).one_or_none()
    if found is None:
        found = Building(estate=estate, number=number)
        db.session.add(found)
        db.session.flush()
    return found


def place_building(actor: Actor, *, building_id: uuid.UUID, x: float, y: float) -> Building:
    """Say where a building stands, in metres on the community's own plane. Raises Forbidden, NotFound."""
    permissions.require(actor, "communities.settings")
    row = locks.lock(Building, building_id)
    row.x, row.y = x, y
    db.session.flush()
    return row


def buildings() -> list[Building]:
    """All buildings of this community, by estate and number."""
    rows = db.session.scalars(select(Building)).all()
    return sorted(
        rows, key=lambda row: (row.estate, int(row.number) if row.number.isdigit() else 10**6, row.number)
    )

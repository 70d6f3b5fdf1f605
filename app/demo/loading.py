"""Loads what is missing of the demo district, each community whole or not at all."""

from collections.abc import Callable
from datetime import date
from random import Random

from sqlalchemy import select

from app.cli.edge import OPERATOR
from app.demo import building, filling, history, ledgers, wishing
from app.demo.district import CITY, COMMUNITIES, DISTRICT, OFFICES, PASSWORD, STREETS, Place
from app.demo.estates import place_buildings
from app.demo.people import Members, add_officials
from services.communities import regions
from services.communities.models import Community, Region
from services.core import clock, scope
from services.core.actor import Actor
from services.core.db import db, transaction
from services.people import accounts
from services.reports import roll_up

Say = Callable[[str], None]
ANYWHERE = Actor(None, None, OPERATOR)


def missing() -> list[Place]:
    """The demo's communities that are not there yet."""
    codes = set(db.session.scalars(select(Community.code)))
    return [place for place in COMMUNITIES if place.code not in codes]


def begun() -> bool:
    """True when the demo was loaded before, perhaps in part: a real district may bear the demo's name."""
    return accounts.find(OFFICES[0].email) is not None


def is_empty() -> bool:
    """True when no community is there at all."""
    return db.session.scalars(select(Community.id).limit(1)).first() is None


def load(say: Say) -> None:
    """Load the regions, then every community that is missing, each in a transaction of its own."""
    password_hash = accounts.hash_password(PASSWORD)
    with transaction():
        if not begun():
            _add_regions(password_hash)
    for place in missing():
        say(f"  {place.name} {place.name_en} …")
        scope.leave()
        with transaction():
            _add_community(place, password_hash, say)
    scope.leave()


def _add_regions(password_hash: str) -> None:
    city = regions.add_region(ANYWHERE, kind="city", name=CITY[0], name_en=CITY[1])
    district = regions.add_region(
        ANYWHERE, kind="district", name=DISTRICT[0], name_en=DISTRICT[1], parent=city
    )
    streets = {
        key: regions.add_region(ANYWHERE, kind="street", name=zh, name_en=en, parent=district)
        for key, (zh, en) in STREETS.items()
    }
    add_officials(ANYWHERE, {"city": city, "district": district, **streets}, password_hash)


def _street(key: str) -> Region:
    district = select(Region.id).where(Region.kind == "district", Region.name_en == DISTRICT[1])
    return db.session.scalars(
        select(Region).where(Region.parent_id.in_(district), Region.name_en == STREETS[key][1])
    ).one()


def _add_community(place: Place, password_hash: str, say: Say) -> None:
    community = regions.add_community(
        ANYWHERE,
        street=_street(place.street),
        code=place.code,
        name=place.name,
        name_en=place.name_en,
        **place.facts,
    )
    scope.enter(community.id)
    actor = Actor(None, community.id, OPERATOR)
    today = clock.today(community.zone)
    members = Members(actor, place, password_hash, today)
    members.add_office()
    if place.ledgers:
        _import(actor, place, members, say)
    else:
        _invent(actor, place, members, today, say)
    roll_up.begin(actor)


def _import(actor: Actor, place: Place, members: Members, say: Say) -> None:
    """A community from its office's ledgers; what happens next is the visitor's."""
    staff = members.office("staff")
    for name in ledgers.FILES:
        row = ledgers.import_ledger(staff, ledgers.FOLDER / name)
        say(
            f"    {name}: {row.counts['new']} of {row.counts['rows']} rows new, {row.counts['refused']} refused"
        )
    place_buildings(actor, place.seed)
    ledgers.sign_people_in(members, place.seed)


def _invent(actor: Actor, place: Place, members: Members, today: date, say: Say) -> None:
    """A community of invented neighbours with some weeks of history."""
    filled = filling.fill(actor, place, members, today)
    place_buildings(actor, place.seed)
    say(
        f"    {len(filled.households)} households, {len(filled.helpers)} helpers, {len(filled.pledges)} pledges"
    )
    random = Random(place.seed)
    pairs = history.pair_up(members, filled, random, today)
    history.visit_all(members, pairs, random, today)
    say(f"    {len(pairs)} pairs with their visits")
    if place.with_run:
        history.run_matching(members, random)
    history.use_pledges(members, filled, today)
    history.pair_units(members, filled)
    building.build(members, filled, today)
    wishing.wish(members, filled, pairs, today)

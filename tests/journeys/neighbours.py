"""People whom the demo's runs and searches are sure to pair, whatever its own households came to."""

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.demo.district import DOMAIN, HEPING, LIUYUAN
from services.access import tokens
from services.communities import regions
from services.communities.models import Building
from services.core import locks, scope, week
from services.core.actor import Actor
from services.core.db import db, transaction
from services.households import needs, registration
from services.pairings import runs
from services.people import accounts
from services.volunteers import profiles
from services.volunteers.models import Volunteer

_doors = itertools.count(1901)


def near_the_volunteer(demo: Flask) -> None:
    """A household that volunteer.liuyuan could help: in the same building, at any time, with what she can do."""
    with _office_of(demo, LIUYUAN.code, "staff.liuyuan") as staff:
        helper = accounts.find(f"volunteer.liuyuan@{DOMAIN}")
        assert helper
        own = db.session.scalars(select(Volunteer).where(Volunteer.account_id == helper.id)).one()
        skill = next(iter(profiles.skills_of({own.id})[own.id]))
        _household(staff, locks.get(Building, own.building_id), "郝邻居", kind=skill)


def with_two_barbers(demo: Flask) -> uuid.UUID:
    """A household that two helpers of its building could help as well, with room for many: a run drafts one, one is free."""
    with _office_of(demo, HEPING.code, "staff.heping") as staff:
        house = db.session.scalars(select(Building).order_by(Building.id).limit(1)).one()
        for name in ("郝理发", "郝剪发"):
            profiles.register_volunteer(
                staff,
                name=name,
                building_id=house.id,
                skills={"haircut": 3},
                languages=["mandarin"],
                week=week.week_from_text("每天全天"),
                places=9,
            )
        return _household(staff, house, "郝长发", kind="haircut", urgency=5)


def program(demo: Flask) -> str:
    """The token of a program that keeps the households of Heping South."""
    with _office_of(demo, HEPING.code, "staff.heping") as staff:
        last = regions.today(staff.community_id) + timedelta(days=1)
        scopes = {"households:read", "households:write"}
        _token, secret = tokens.make(
            staff, title="Another system", scopes=scopes, expires_on=last, known=scopes
        )
        return secret


def asked(demo: Flask, code: str, login: str) -> None:
    """Proposals of a fresh run that wait for answers."""
    with _office_of(demo, code, login) as staff:
        run_id = runs.request_run(staff).id
        runs.compute(staff, run_id)
        runs.publish(staff, run_id=run_id)


@contextmanager
def _office_of(demo: Flask, code: str, login: str) -> Iterator[Actor]:
    """The demo's member of staff in a community, at work."""
    with demo.app_context(), transaction():
        scope.leave()
        account = accounts.find(f"{login}@{DOMAIN}")
        assert account
        place = regions.community_by_code(code)
        scope.enter(place.id)
        yield Actor(account.id, place.id, frozenset({"staff"}))
        scope.leave()


def _household(staff: Actor, house: Building, name: str, **need: Any) -> uuid.UUID:
    """A household that takes part, with one open need."""
    home = registration.register_household(
        staff,
        name=name,
        estate=house.estate,
        building=house.number,
        entrance="1",
        door=str(next(_doors)),
        categories=["living_alone"],
        consent_on=regions.today(staff.community_id),
    )
    needs.add_need(staff, household_id=home.id, **need)
    return home.id

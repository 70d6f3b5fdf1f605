"""Makes follow-ups as the product does, one transaction each, and says what was committed.

    python -m bench.faults.office COMMUNITIES

Makes so many communities, then for every line it reads a follow-up in one of them, due today, whose owner has a phone and nothing
else. Answers each with a line of JSON once the commit has returned, or with the error's name when it did not.
"""

import json
import sys
import uuid
from datetime import date

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import create_app, queue
from services.communities import regions
from services.core import scope
from services.core.actor import Actor, system
from services.core.db import db, transaction
from services.followups import life, plans
from services.people import accounts, memberships

KIND, EVENT = "round", "begun"
PASSWORD = "a bench has four legs"
SINCE = date(2026, 1, 1)

plans.declare(
    "look",
    name="看一看",
    name_en="Have a look",
    subject_kind=KIND,
    event=EVENT,
    after_days=0,
    rule="FREQ=MONTHLY",
    remind_days=0,
    late_days=60,
)


def main() -> None:
    """Read, make, answer."""
    app = create_app()
    with app.app_context():
        places = [_place(number) for number in range(int(sys.argv[1]))]
    _say({"places": places})
    for number, _line in enumerate(sys.stdin):
        _say(_make(app, int(places[number % len(places)]["id"]), number))


def _place(number: int) -> dict[str, object]:
    operator = Actor(None, None, frozenset({"operator"}))
    with transaction():
        scope.leave()
        city = regions.add_region(operator, kind="city", name="市", name_en="City")
        street = regions.add_region(operator, kind="street", name="街道", name_en="Street", parent=city)
        community = regions.add_community(
            operator, street=street, code=f"place{number}", name=f"第{number}社区", name_en=f"Place {number}"
        )
        scope.enter(community.id)
        login = f"staff{number}@example.org"
        staff = accounts.open_account(
            name="Staff", email=login, password_hash=accounts.hash_password(PASSWORD)
        )
        memberships.enrol(system(community.id), account_id=staff.id, role="staff", since=SINCE)
        return {"id": community.id, "code": community.code, "login": login}


def _make(app: Flask, community_id: int, number: int) -> dict[str, object]:
    try:
        with app.app_context():
            with transaction():
                scope.leave()
                scope.enter(community_id)
                made = _follow_up(system(community_id), community_id, number)
            queue.ring_all()
            return {"made": str(made), "place": community_id}
    except SQLAlchemyError as error:
        return {"failed": type(error).__name__}


def _follow_up(actor: Actor, community_id: int, number: int) -> uuid.UUID:
    owner = accounts.open_account(name=f"Owner {number}", phone=f"+86131{number:08d}")
    memberships.enrol(actor, account_id=owner.id, role="volunteer", since=SINCE)
    rows = life.start(
        actor,
        event=EVENT,
        subject_kind=KIND,
        subject_id=uuid.uuid4(),
        day=regions.today(community_id),
        owners={"helper": owner.id},
    )
    db.session.flush()
    return rows[0].id


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

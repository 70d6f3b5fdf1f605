"""A page asks the database as often for many rows as for few."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from services.core.db import db
from services.ledgers.models import LedgerImport
from tests.app.crawler import crawl
from tests.factories import full, growth, world

# At the end of a month, when its lists are full.
NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
ROLES = ("guest", *full.ROLES)
VALUES = re.compile(r"\((%\(\w+\)s(::\w+)?(, )?)+\)")
# Lists by name: what is looked for is posted.
SOUGHT = {"register/": "秀", "households/": "住户", "volunteers/": "助人"}


@pytest.fixture
def there(app, north):
    """A full community in which nothing is there only once."""
    with time_machine.travel(NOW):
        with world.inside(app, north):
            filled = full.fill(north)
            growth.grow(north, 1)
        yield filled


@contextmanager
def counted(app: Flask) -> Iterator[Counter[str]]:
    """How often each statement is sent in the block, however long its lists of values are."""
    with app.app_context():
        connection = db.engines[None]
    seen: Counter[str] = Counter()

    def note(_connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement:  # the test's own: nothing it writes stays
            seen[VALUES.sub("(…)", statement)] += 1

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def asked(app: Flask, client: FlaskClient, url: str, sought: str = "") -> Counter[str]:
    """What a page asks."""
    with counted(app) as seen:
        answer = client.post(url, data={"text": sought}) if sought else client.get(url)
    assert answer.status_code == 200, url
    return seen


def browser(app: Flask, place: world.Place, role: str) -> FlaskClient:
    made = app.test_client()
    if role != "guest":
        world.sign_in(made, place.accounts[role])
    return made


def starts(app: Flask, there: full.Full, role: str) -> list[str]:
    """Where a role begins. Of each kind of page one is looked at: first come those about whom there is most."""
    place = there.place
    if role == "guest":
        return ["/", place.path("volunteers/register"), *map(place.path, there.links)]
    if role == "official":
        return [f"/r/{place.region_id}/"]
    if role != "admin":
        return [place.path()]
    with world.inside(app, place):
        helper, home, unit = growth.grown(place)
        waiting, brought = (
            db.session.scalars(select(LedgerImport.id).where(LedgerImport.state == state)).first()
            for state in ("uploaded", "imported")
        )
        addresses = [
            f"households/{home.id}",
            f"volunteers/{helper.id}",
            f"timeline/households/{home.id}",
            f"timeline/volunteers/{helper.id}",
            f"visits/hours/{helper.id}",
            f"pairings/{growth.first_pairing(helper).id}",
            f"pairings/runs/{growth.newest_run().id}",
            f"pairings/runs/{growth.newest_run().id}/board",
            f"pledges/{growth.given(unit).id}",
            f"pledges/needs/{growth.lacked(home).id}",
            f"pledges/units/{unit.id}/impact",
            f"ledgers/{waiting}/columns",
            f"ledgers/{brought}",
        ]
    return [*map(place.path, addresses), place.path()]


def walk(app: Flask, there: full.Full, role: str) -> dict[str, Counter[str]]:
    """What each kind of page asks that a role reaches by links."""
    client, found = browser(app, there.place, role), {}
    pages = crawl(app, client, starts(app, there, role), each=1)
    while True:
        with counted(app) as seen:
            url, answer = next(pages, ("", None))
        if answer is None:
            return found
        if answer.status_code == 200:
            # What comes into being when it is first looked at is there from now on.
            found[url] = asked(app, client, url) if "INSERT" in " ".join(seen) else seen


def test_no_page_asks_more_often_for_more_rows(app, there):
    """As often, and not once more: nothing is rounded up."""
    place = there.place
    browsers = {role: browser(app, place, role) for role in ROLES}
    few = {(role, url, ""): seen for role in ROLES for url, seen in walk(app, there, role).items()}
    for path, sought in SOUGHT.items():
        few["admin", place.path(path), sought] = asked(app, browsers["admin"], place.path(path), sought)
    assert len(few) > 150
    with world.inside(app, place):
        newest = str(growth.newest_run().id)
        growth.grow(place, 2)
        next_one = str(growth.newest_run().id)
    grown = []
    for (role, url, sought), before in few.items():
        # A run is not added to: the next has more.
        after = asked(app, browsers[role], url.replace(newest, next_one), sought)
        if after.total() > before.total():
            worst, more = (after - before).most_common(1)[0]
            grown.append(
                f"{role} {url}: {before.total()} statements, then {after.total()}, {more} more of {worst}"
            )
    assert not grown, "\n".join(grown)

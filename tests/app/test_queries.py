"""A page asks the database as often for many rows as for few."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from services.core.db import db
from tests.app.crawler import crawl, kind_of
from tests.factories import full, growth, world

VALUES = re.compile(r"\((%\(\w+\)s(::\w+)?(, )?)+\)")
ROLES = ("guest", *full.ROLES)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What the database is asked inside the block."""
    with app.app_context():
        connection = db.engines[None]
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def browser(app, place, role):
    made = app.test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    if role != "guest":
        world.sign_in(made, place.accounts[role])
    return made


def starts(app, there, role):
    if role == "guest":
        return ["/", there.place.path("volunteers/register"), *map(there.place.path, there.links)]
    if role == "official":
        return [f"/r/{there.place.region_id}/"]
    # Of each kind of page one is looked at: for the office that of those who have the most.
    return [*map(there.place.path, rich(app, there.place) if role == "admin" else ()), there.place.path()]


def rich(app, place):
    """Pages of the office about those to whom everything is added."""
    with world.inside(app, place):
        helper, home, unit = growth.grown(place)
        pledge = growth.given(unit)
        need = growth.lacked(home)
        pairing = growth.first_pairing(helper)
        return [
            f"households/{home.id}",
            f"volunteers/{helper.id}",
            f"timeline/households/{home.id}",
            f"timeline/volunteers/{helper.id}",
            f"visits/hours/{helper.id}",
            f"pairings/{pairing.id}",
            f"pledges/{pledge.id}",
            f"pledges/needs/{need.id}",
            f"pledges/units/{unit.id}/impact",
        ]


def shape(seen):
    """How often each statement was sent, however long its lists of values are."""
    return Counter(VALUES.sub("(…)", one) for one in seen)


def asked(app, client, url):
    """How often each statement is sent for a page, or None where there is no page any more."""
    with statements(app) as seen:
        answer = client.get(url)
    return shape(seen) if answer.status_code == 200 else None


@pytest.fixture
def there(app, north):
    with world.inside(app, north):
        filled = full.fill(north)
        growth.grow(north)  # so that nothing is there only once
    return filled


def walk(app, there, role):
    """How often each statement is sent for each kind of page that links lead to."""
    client = browser(app, there.place, role)
    few = {}
    pages = crawl(app, client, starts(app, there, role), each=1)
    while True:
        with statements(app) as seen:
            url, answer = next(pages, ("", None))
        if answer is None:
            return few
        if answer.status_code == 200:
            few[url] = shape(seen)
        # What comes into being when it is first looked at is there from now on.
        if any(one.startswith(("INSERT", "UPDATE")) for one in seen):
            few[url] = asked(app, client, url)


def test_no_page_asks_more_often_for_more_rows(app, there):
    place = there.place
    import time
    t = time.time()
    few = {role: walk(app, there, role) for role in ROLES}
    print("few", time.time() - t, {role: len(one) for role, one in few.items()}); t = time.time()
    with world.inside(app, place):
        growth.grow(place)
    print("grow", time.time() - t); t = time.time()
    grown = []
    slow = []
    for role in ROLES:
        client = browser(app, place, role)
        for url, before in few[role].items():
            u = time.process_time()
            after = asked(app, client, url)
            slow.append((time.process_time() - u, role, url, after and after.total()))
            if before is None or after is None:
                print("GONE", role, url)
                continue
            if after.total() > before.total():
                worst, times = (after - before).most_common(1)[0]
                grown.append(f"{role} {url}: {before.total()} statements, then {after.total()} ({times} more of {worst!r})")
    print("many", time.time() - t, sum(s[0] for s in slow)); t = time.time()
    for s in sorted(slow, reverse=True)[:20]:
        print("SLOW", *s)
    for s in sorted(slow, key=lambda s: -(s[3] or 0))[:20]:
        print("OFTEN", *s)
    print("ALL", [s[1:3] for s in slow])
    assert not grown, "\n".join(grown)

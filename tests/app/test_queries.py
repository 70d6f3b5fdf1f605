"""A page asks the database as often for many rows as for few."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from services.core.db import db
from tests.app.crawler import crawl, kind_of
from tests.factories import full, growth, world

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


def starts(there, role):
    if role == "guest":
        return ["/", there.place.path("volunteers/register"), *map(there.place.path, there.links)]
    return [f"/r/{there.place.region_id}/"] if role == "official" else [there.place.path()]


def asked(app, client, url):
    """How often each statement is sent for a page, or None where there is no page any more."""
    with statements(app) as seen:
        answer = client.get(url)
    return Counter(seen) if answer.status_code == 200 else None


@pytest.fixture
def there(app, north):
    with world.inside(app, north):
        filled = full.fill(north)
        growth.grow(north)  # so that nothing is there only once
    return filled


def test_no_page_asks_more_often_for_more_rows(app, there):
    place = there.place
    import time
    t = time.time()
    browsers = {role: browser(app, place, role) for role in ROLES}
    # Walking there also makes what comes into being when it is first looked at.
    pages = [
        (role, url)
        for role, client in browsers.items()
        for url, answer in crawl(app, client, starts(there, role))
        if answer.status_code == 200
    ]
    print("crawl", time.time() - t, len(pages)); t = time.time()
    few = {page: asked(app, browsers[page[0]], page[1]) for page in pages}
    print("few", time.time() - t); t = time.time()
    with world.inside(app, place):
        growth.grow(place)
    print("grow", time.time() - t); t = time.time()
    many = {page: asked(app, browsers[page[0]], page[1]) for page in pages}
    print("many", time.time() - t); t = time.time()
    grown = []
    for page, before in few.items():
        after = many[page]
        if before is None or after is None:
            print("GONE", page)
            continue
        if after.total() > before.total():
            worst, times = (after - before).most_common(1)[0]
            grown.append(f"{page[0]} {page[1]}: {before.total()} statements, then {after.total()} ({times} more of {worst[:2000]!r})")
    assert not grown, "\n".join(grown)

"""What each role meets in a full community: every page that links lead to, and every form."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from tests.app.crawler import Form, Page, kind_of, read, send
from tests.app.witness import rows, undone
from tests.factories import full, world


@dataclass
class Walk:
    """The addresses a role reaches, all forms on their pages, those of each kind, and the tables that looking changed."""

    urls: list[str] = field(default_factory=list)
    met: list[Form] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)


def browser(app: Flask, place: world.Place, role: str) -> FlaskClient:
    """An English browser of somebody in that role, or of nobody: "guest"."""
    made = app.test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    if role != "guest":
        world.sign_in(made, place.accounts[role])
    return made


def starts(there: full.Full, role: str) -> list[str]:
    """Where a role begins."""
    place = there.place
    if role == "guest":
        return ["/", "/sign-in", place.path("volunteers/register"), *map(place.path, there.links)]
    return [f"/r/{place.region_id}/"] if role == "official" else [place.path()]


def walk(app: Flask, there: full.Full, role: str) -> Walk:
    """Look at everything."""
    found, pages, before = Walk(), [], rows(app, there.place)
    for url, answer, page in read(app, browser(app, there.place, role), starts(there, role)):
        assert answer.status_code in (200, 302), (role, url, answer.status_code)
        found.urls.append(url)
        pages.append(page)
    after = rows(app, there.place)
    found.changed = {name for name, value in after.items() if value != before[name]}
    found.met = [form for page in pages for form in page.forms]
    found.forms = list(_of_each_kind(app, there, role, pages))
    for form in found.met:
        form.fill()
    return found


def _of_each_kind(app: Flask, there: full.Full, role: str, pages: list[Page]) -> Iterator[Form]:
    """Each kind of form once: on pages, and on what a form answers at once."""
    seen = set()
    for page in pages:  # grows
        for form in page.forms:
            kind = (kind_of(app, form.action, form.method), *sorted(form.fields))
            if kind in seen:
                continue
            seen.add(kind)
            form.fill()
            yield form
            with undone(app):
                answer = send(browser(app, there.place, role), form, form.values)
                pages.append(Page(form.action, answer.text if answer.mimetype == "text/html" else ""))

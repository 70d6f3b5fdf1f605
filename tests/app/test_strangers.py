"""Real addresses and forms of one person in the hands of another: of his community, and of the next."""

import re
from dataclasses import replace

import pytest

from tests.app.crawler import Form, Page, crawl, send
from tests.app.witness import rows, undone
from tests.factories import full, households, pledges, volunteers, world

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
# A need of the market is shown to every unit of the community, a household that fits to every helper, a wish to both: without a word of who it is.
SHARED = re.compile("/pledges/market/|/pairings/find/|/wishes/open/")


@pytest.fixture
def places(app, north, south):
    """Both communities, full."""
    for place in (north, south):
        with world.inside(app, place):
            full.fill(place)
    return north, south


def browser(app, account):
    made = app.test_client()
    world.sign_in(made, account)
    return made


def found(app, place, role):
    """Addresses with an id in them that a role reaches, and the forms that are sent to such addresses."""
    pages, forms = [], dict[tuple[str, str], Form]()
    for url, answer in crawl(app, browser(app, place.accounts[role]), [place.path()]):
        if ID.search(url.partition("?")[0]):
            pages.append(url)
        for form in Page(url, answer.text).forms if answer.mimetype == "text/html" else ():
            if ID.search(form.action.partition("?")[0]) and form.method == "POST":
                form.fill()
                forms[form.action, str(form.values)] = form
    assert pages or forms
    return pages, list(forms.values())


def stranger(app, place, role):
    """Somebody else in the same role, who has something of his own."""
    known = dict(place.accounts)
    with world.inside(app, place):
        if role == "volunteer":
            volunteers.make_helper(place)
        elif role == "resident":
            households.make_resident(place)
        else:
            pledges.join_unit(place, pledges.make_unit(place))
        made, place.accounts = place.accounts[role], known
    return made


@pytest.mark.parametrize("role", ["volunteer", "resident", "unit"])
def test_of_the_same_community(app, places, role):
    north, _south = places
    pages, forms = found(app, north, role)
    other = stranger(app, north, role)
    browser(app, other).get(north.path("followups/plans/"))
    before = rows(app, north)
    for url in pages:
        if not SHARED.search(url):
            assert browser(app, other).get(url).status_code in (403, 404), url
    for form in forms:
        if SHARED.search(form.action):
            continue
        with undone(app):
            answer = send(browser(app, other), form, form.values)
            assert answer.status_code in (403, 404), (form.action, answer.status_code)
            assert rows(app, north) == before, form.action


@pytest.mark.parametrize("role", ["admin", "volunteer", "resident", "unit"])
def test_of_the_next_community(app, places, role):
    north, south = places
    pages, forms = found(app, north, role)
    before = rows(app, north), rows(app, south)
    client = browser(app, south.accounts[role])
    for url in pages:
        assert client.get(url).status_code == 404, url
        assert client.get(url.replace("/c/north/", "/c/south/")).status_code in (400, 403, 404), url
    for form in forms:
        moved = replace(form, action=form.action.replace("/c/north/", "/c/south/"))
        for tried in (form, moved):
            with undone(app):
                answer = send(browser(app, south.accounts[role]), tried, tried.values)
                assert answer.status_code in (400, 403, 404), (tried.action, answer.status_code)
                assert (rows(app, north), rows(app, south)) == before, tried.action

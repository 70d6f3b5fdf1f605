"""Real addresses and forms of one person in the hands of another: of his community, and of the next."""

import re
from dataclasses import replace

import pytest

from tests.app.crawler import send
from tests.app.witness import rows, undone, writes
from tests.factories import households, pledges, volunteers, world

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
# A need of the market is shown to every unit of the community, a household that fits to every helper, a wish to both: without a word of who it is.
SHARED = re.compile("/pledges/market/|/pairings/find/|/wishes/open/")

# What is published is everybody's to look at.
PUBLIC = re.compile("^/c/[^/]+/projects/")


@pytest.fixture
def places(full_places):
    """Both communities, full."""
    north, south = full_places
    return north.place, south.place


def browser(app, account):
    made = app.test_client()
    world.sign_in(made, account)
    return made


def found(walk):
    """Addresses with an id in them that a role reaches, and the forms that are sent to such addresses."""
    pages = [url for url in walk.urls if ID.search(url.partition("?")[0]) and not PUBLIC.search(url)]
    forms = {
        (form.action, str(form.values)): form
        for form in walk.met
        if ID.search(form.action.partition("?")[0]) and form.method == "POST"
    }
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
def test_of_the_same_community(app, places, walked, role):
    north, _south = places
    pages, forms = found(walked(role))
    other = stranger(app, north, role)
    before = rows(app, north)
    for url in pages:
        if not SHARED.search(url):
            assert browser(app, other).get(url).status_code in (403, 404), url
    for form in forms:
        if SHARED.search(form.action):
            continue
        with undone(app):
            written = writes(app)
            answer = send(browser(app, other), form, form.values)
            assert answer.status_code in (403, 404), (form.action, answer.status_code)
            assert writes(app) == written or rows(app, north) == before, form.action


@pytest.mark.parametrize("role", ["admin", "volunteer", "resident", "unit"])
def test_of_the_next_community(app, places, walked, role):
    north, south = places
    pages, forms = found(walked(role))
    before = rows(app, north), rows(app, south)
    client = browser(app, south.accounts[role])
    for url in pages:
        assert client.get(url).status_code == 404, url
        assert client.get(url.replace("/c/north/", "/c/south/")).status_code in (400, 403, 404), url
    for form in forms:
        moved = replace(form, action=form.action.replace("/c/north/", "/c/south/"))
        for tried in (form, moved):
            with undone(app):
                written = writes(app)
                answer = send(browser(app, south.accounts[role]), tried, tried.values)
                assert answer.status_code in (400, 403, 404), (tried.action, answer.status_code)
                same = writes(app) == written or (rows(app, north), rows(app, south)) == before
                assert same, tried.action

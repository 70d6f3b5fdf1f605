"""Everything so far, as pages: sentences, each with a link that its reader may follow."""

import re

import pytest

from tests.factories import world

LINK = re.compile(r'<th scope="row"><a href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def place(full_places):
    """A community where things have happened."""
    made = full_places[0].place
    made.accounts["helper"] = made.accounts["volunteer"]
    return made


def timeline_of(client, place, role, page):
    """The addresses and sentences of a timeline that `role` reaches from `page`."""
    world.sign_in(client, place.accounts[role])
    address = re.search(r'href="([^"]+/timeline/[^"]+)"', client.get(place.path(page)).text)
    answer = client.get(address[1])
    assert answer.status_code == 200
    return LINK.findall(answer.text)


def first(client, place, folder):
    world.sign_in(client, place.accounts["staff"])
    rows = re.findall(rf"/{folder}/([0-9a-f-]{{36}})\"", client.get(place.path(f"{folder}/")).text)
    return [f"{folder}/{row}" for row in dict.fromkeys(rows)]


def test_the_office_reaches_it_from_every_file(client, place):
    for folder in ("households", "volunteers"):
        found = [timeline_of(client, place, "staff", page) for page in first(client, place, folder)]
        lines = max(found, key=len)
        assert any("begins to help" in sentence for _url, sentence in lines)
        assert any("visits" in sentence for _url, sentence in lines)
        for url, _sentence in lines:
            assert client.get(url).status_code == 200, url


@pytest.mark.parametrize(
    ("role", "page", "word"),
    [("volunteer", "volunteers/own", "visits"), ("resident", "households/mine", "receives")],
)
def test_everybody_follows_the_links_of_his_own(client, place, role, page, word):
    lines = timeline_of(client, place, role, page)
    assert any(word in sentence for _url, sentence in lines)
    for url, _sentence in lines:
        assert client.get(url).status_code == 200, url


def test_nobody_elses(client, place):
    pages = [*first(client, place, "households"), *first(client, place, "volunteers")]
    for role in ("volunteer", "resident", "unit"):
        world.sign_in(client, place.accounts[role])
        for page in pages:
            assert client.get(place.path(f"timeline/{page}")).status_code == 403

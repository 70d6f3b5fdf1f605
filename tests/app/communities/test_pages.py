"""The administrator's settings, and words that change everywhere."""

import re

import pytest

from services.communities import wordlists
from tests.factories import households, world

WORD = {"name": "喂猫", "name_en": "Feeding the cat", "words": "照看猫、看猫"}
SELF = {
    "name": "北社区",
    "name_en": "North Lane",
    "estates": "东里\n西里",
    "households_total": "100",
    "people_total": "250",
    "floating_total": "20",
}


@pytest.fixture
def admin(client, north):
    world.sign_in(client, north.accounts["admin"])
    return client


def test_a_community_says_what_it_is(admin, north):
    assert admin.post(north.path("settings"), data=SELF).status_code == 303
    page = admin.get(north.path("settings")).text
    assert "North Lane" in page and "东里\n西里" in page
    refused = admin.post(north.path("settings"), data={**SELF, "floating_total": "300"})
    assert refused.status_code == 422 and 'value="300"' in refused.text


def test_a_word_of_ones_own_can_be_chosen_at_once(app, admin, north):
    assert admin.post(north.path("settings/words/kinds"), data=WORD).status_code == 303
    assert "Feeding the cat" in admin.get(north.path("volunteers/new")).text
    with world.inside(app, north):
        home = households.make_household(north).id
        code = wordlists.terms(north.actor("admin"), which="kinds")[-1].code
    answer = admin.post(north.path(f"households/{home}/needs/new"), data={"kind": code, "urgency": "3"})
    assert answer.status_code == 303, answer.text
    assert "Feeding the cat" in admin.get(north.path(f"households/{home}")).text
    refused = admin.post(north.path("settings/words/kinds"), data={**WORD, "name_en": "Other"})
    assert refused.status_code == 422 and "already means" in refused.text and 'value="Other"' in refused.text
    assert admin.post(north.path(f"settings/words/kinds/{code}/remove")).status_code == 409


def test_what_is_hidden_is_offered_only_where_it_is_chosen(app, admin, north):
    with world.inside(app, north):
        home = households.make_household(north, categories=["veteran"]).id
    hide = north.path("settings/words/categories/veteran/offered")
    assert admin.post(hide, data={"offered": "0"}).status_code == 303
    assert "Veteran" not in admin.get(north.path("households/new")).text
    opened = admin.get(north.path(f"households/{home}/sensitive")).text
    assert re.search(r'value="veteran"\s+checked', opened)
    admin.post(hide, data={"offered": "1"})
    assert "Veteran" in admin.get(north.path("households/new")).text


def test_pages_that_are_not_there(admin, north, south):
    assert admin.get(north.path("settings/words/languages")).status_code == 404
    assert admin.get(north.path("settings/words/kinds/nothing")).status_code == 404
    assert admin.get(south.path("settings")).status_code == 404

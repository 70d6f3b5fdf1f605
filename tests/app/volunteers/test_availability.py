"""My availability: saved at once, undone at once, quick choices without scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import week_presets
from services.core.db import db
from services.core.week import FULL_WEEK, week_from_text
from services.volunteers.models import Volunteer
from tests.factories import volunteers, world

PAGE = "volunteers/own/availability"


@pytest.fixture
def helper(app, north):
    with world.inside(app, north):
        return volunteers.make_helper(north, week=week_from_text("周一 8:00-9:00"), hours=2, places=2).id


def saved(app, north, helper):
    with world.inside(app, north):
        row = db.session.get(Volunteer, (north.id, helper))
        return row.week, row.hours and float(row.hours), row.places


def post(client, north, data, path=PAGE):
    world.sign_in(client, north.accounts["volunteer"])
    return client.post(north.path(path), data=data, follow_redirects=True)


def test_save_and_undo(client, app, north, helper):
    before = saved(app, north, helper)
    answer = post(client, north, {"week": ["0 1", "47"], "hours": "3.5", "places": "1"})
    assert "Undo" in answer.text
    assert saved(app, north, helper) == (3 | 1 << 47, 3.5, 1)
    assert "Undone" in post(client, north, {}, f"{PAGE}/undo").text
    assert saved(app, north, helper) == before
    assert "nothing to undo" in post(client, north, {}, f"{PAGE}/undo").text


def test_what_is_refused_keeps_what_was_typed(client, app, north, helper):
    before = saved(app, north, helper)
    answer = post(client, north, {"week": "2 3", "hours": "9", "places": "99999999999999999999"})
    assert answer.status_code == 422
    assert 'value="2 3" aria-label="Mon 01:00–02:00" checked' in answer.text
    assert 'value="9"' in answer.text
    assert post(client, north, {"week": "999", "places": "1"}).status_code == 422
    assert post(client, north, {"week": "0", "places": "1", "version": "77"}).status_code == 409
    assert saved(app, north, helper) == before


def test_a_quick_choice_ticks_and_saves_nothing(client, app, north, helper):
    before = saved(app, north, helper)
    answer = post(client, north, {"week": "0 1", "places": "1", "quick": "weekday_mornings"})
    assert answer.status_code == 200
    assert answer.text.count(" checked") == 1 + 5 * 3
    assert saved(app, north, helper) == before


@given(st.integers(0, FULL_WEEK), st.sampled_from([*week_presets.PRESETS, "clear", "nonsense"]))
def test_a_quick_choice_twice_leaves_the_rest_of_the_week(mask, code):
    once = week_presets.turned(mask, code)
    part = week_presets.turned(0, code)
    assert once & ~part == (mask & ~part if code != "clear" else 0)
    assert week_presets.turned(once, code) & part in (0, part)


def test_only_with_a_profile(client, north, helper):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path(PAGE)).status_code == 403

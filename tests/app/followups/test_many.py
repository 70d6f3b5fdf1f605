"""Ticking follow-ups: done or handed over together, in the list they stand in."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core import locks
from services.followups import life
from services.followups.models import FollowUp
from tests.factories import followups, world


@pytest.fixture
def garden(app, north):
    with world.inside(app, north):
        helper = world.add_member(north, "volunteer")
        day = regions.today(north.id) - timedelta(days=14)
        return followups.make_followups(north, day=day, helper=helper.id)


@pytest.fixture
def staff(client, north, garden):
    world.sign_in(client, north.accounts["staff"])
    return client


def rows(app, north, garden):
    with world.inside(app, north):
        return {code: locks.get(FollowUp, row.id) for code, row in garden.items()}


def test_the_ticked_ones_are_done(staff, app, north, garden):
    address = north.path("followups/many?stage=late&owner=staff")
    answer = staff.post(address, data={"do": "done", "id": [str(garden["look"].id)], "note": "All well"})
    assert answer.status_code == 303
    assert answer.location.endswith("followups/?stage=late&owner=staff")
    assert "1 follow-up is done." in staff.get(answer.location).text
    assert [row.state for row in rows(app, north, garden).values()].count("done") == 1


def test_all_of_the_page(staff, app, north, garden):
    shown = [str(garden[code].id) for code in ("look", "water")]
    to = {"do": "hand_over", "to": "staff", "all": "1", "shown": shown}
    assert staff.post(north.path("followups/many"), data=to).status_code == 303
    assert {row.owner_id for row in rows(app, north, garden).values()} == {None}


def test_a_refusal_names_what_could_not_be_and_keeps_what_was_typed(staff, app, north, garden):
    with world.inside(app, north):
        life.finish(north.actor("staff"), follow_up_id=garden["look"].id)
    ids = [str(garden[code].id) for code in ("look", "water")]
    answer = staff.post(north.path("followups/many"), data={"do": "done", "id": ids, "note": "All well"})
    assert answer.status_code == 422
    assert "Nothing is changed" in answer.text
    assert "Have a look (Garden" in answer.text
    assert (
        "This follow-up is over: it was done or is no longer needed. Nothing more is to be done about it."
        in answer.text
    )
    assert "All well" in answer.text
    assert f'value="{ids[1]}"' in answer.text and "checked" in answer.text
    assert rows(app, north, garden)["water"].state == "open"


@pytest.mark.parametrize(
    "data", [{}, {"do": "done"}, {"do": "x"}, {"do": "done", "id": "x"}, {"do": "hand_over", "to": "x"}]
)
def test_a_form_that_cannot_be(staff, app, north, garden, data):
    assert staff.post(north.path("followups/many"), data=data).status_code == 422
    assert "done" not in {row.state for row in rows(app, north, garden).values()}


def test_enter_in_a_tick_does_nothing_by_chance(staff, app, north, garden):
    answer = staff.post(north.path("followups/many"), data={"id": [str(garden["look"].id)]})
    assert answer.status_code == 422
    assert "one of the two buttons" in answer.text
    first_button = answer.text.partition('name="shown"')[0].rpartition("<button")[2]
    assert "name=" not in first_button.partition(">")[0]
    assert rows(app, north, garden)["look"].state == "open"


def test_a_helper_is_offered_no_ticks_and_cannot_reach_further(client, app, north, garden):
    world.sign_in(client, north.accounts["volunteer"])
    assert 'name="do"' not in client.get(north.path("followups/")).text
    ids = [str(row.id) for row in garden.values()]
    assert client.post(north.path("followups/many"), data={"do": "done", "id": ids}).status_code == 422
    to = {"do": "hand_over", "id": ids, "to": str(north.accounts["staff"].id)}
    assert client.post(north.path("followups/many"), data=to).status_code == 403
    assert "done" not in {row.state for row in rows(app, north, garden).values()}

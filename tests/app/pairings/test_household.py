"""The page of one household, the next duty and its two answers, as a helper meets them."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.followups import life
from tests.factories import visits, world


@pytest.fixture
def pairing(app, north):
    with world.inside(app, north):
        return visits.make_old_pairing(north)


def _own(app, north, pairing):
    with world.inside(app, north):
        rows = life.of_subjects("pairing", {pairing.id})
        return next(one for one in rows if one.owner_id and one.next_at)


def test_the_page_is_the_helpers_alone(client, north, pairing):
    page = north.path(f"pairings/mine/{pairing.id}")
    for role, status in (("volunteer", 200), ("resident", 404), ("staff", 403)):
        world.sign_in(client, north.accounts[role])
        assert client.get(page).status_code == status, role
        for action in ("plan", "plan/drop"):
            posted = client.post(f"{page}/{action}", data={"day": "2026-01-01", "at": "15:00"}).status_code
            assert posted == (status if status != 200 else 303 if action == "plan/drop" else 422), role


def test_of_another_community_there_is_none(app, client, north, south, pairing):
    with world.inside(app, south):
        account = world.add_member(south, "volunteer")
    world.sign_in(client, account)
    assert client.get(south.path(f"pairings/mine/{pairing.id}")).status_code == 404
    for answer in ("can", "cannot", "take-back"):
        row = _own(app, north, pairing)
        address = south.path(f"followups/{row.id}/{answer}")
        assert client.post(address, data={"reason": "ill"}).status_code == 404


def test_a_visit_is_planned_and_both_sides_see_when(app, client, north, pairing):
    world.sign_in(client, north.accounts["volunteer"])
    page = north.path(f"pairings/mine/{pairing.id}")
    with world.inside(app, north):
        day = regions.today(north.id) + timedelta(days=1)
    for wrong in ("", "25:00", "15:00+08:00", "soon"):
        answer = client.post(f"{page}/plan", data={"day": str(day), "at": wrong})
        assert answer.status_code == 422 and str(day) in answer.text, wrong
    assert client.post(f"{page}/plan", data={"day": str(day), "at": "15:40"}).status_code == 303
    assert "15:40" in client.get(page).text
    assert "tomorrow 15:40" in client.get(north.path()).text
    world.sign_in(client, north.accounts["resident"])
    assert "tomorrow 15:40" in client.get(north.path()).text


def test_the_next_duty_is_answered_and_undone_in_one_tap_each(app, client, north, pairing):
    world.sign_in(client, north.accounts["volunteer"])
    row = _own(app, north, pairing)
    assert f"/followups/{row.id}/can" in client.get(north.path()).text
    said = client.post(north.path(f"followups/{row.id}/can"), follow_redirects=True).text
    assert "You said that you can" in said
    client.post(north.path(f"followups/{row.id}/take-back"))
    said = client.post(
        north.path(f"followups/{row.id}/cannot"), data={"reason": "ill"}, follow_redirects=True
    ).text
    assert "You said that you cannot" in said and "Undo" in said
    said = client.post(north.path(f"followups/{row.id}/take-back"), follow_redirects=True).text
    assert "You said that you cannot" not in said
    refused = client.post(north.path(f"followups/{row.id}/cannot"), data={"reason": "x"})
    assert refused.status_code in (303, 422)


def test_signing_out_elsewhere_keeps_this_browser(app, client, north, pairing):
    world.sign_in(client, north.accounts["volunteer"])
    other = app.test_client()
    world.sign_in(other, north.accounts["volunteer"])
    assert client.post("/account/elsewhere").status_code == 303
    assert client.get(north.path()).status_code == 200
    assert other.get(north.path()).status_code == 302

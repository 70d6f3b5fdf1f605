"""Find on a phone: what is shown and what never is, one tap, undo; the office's list of offers."""

import pytest
from sqlalchemy import select

from services.core.db import db
from services.pairings.models import Proposal
from tests.factories import households, volunteers, world

OFFICE = ("staff", "admin")


@pytest.fixture
def home(app, north):
    with world.inside(app, north):
        volunteers.make_helper(north)
        households.make_household(north, need="haircut")
        return households.make_resident(north).id


def page(client, place, path, role="volunteer", data=None):
    world.sign_in(client, place.accounts[role])
    if data is not None:
        return client.post(place.path(path), data=data, follow_redirects=True)
    return client.get(place.path(path))


def test_who_may_open_what(client, north, home):
    for role in (*OFFICE, "volunteer", "resident"):
        helper, office = role == "volunteer", role in OFFICE
        assert page(client, north, "pairings/find", role).status_code == (200 if helper else 403)
        assert page(client, north, "pairings/offers", role).status_code == (200 if office else 403)
        offered = client.post(north.path(f"pairings/find/{home}/offer"))
        assert offered.status_code == (303 if helper else 403)


def test_a_helper_sees_the_place_and_no_name(client, north, home):
    shown = page(client, north, "pairings/find").text
    assert "东里 building 1" in shown
    assert north.accounts["resident"].name not in shown
    assert "It is help you said you can give" in shown
    assert "Needs other help than you offer: Haircut" in shown


def test_offer_undo_and_again(client, app, north, home):
    assert "Take it back" in page(client, north, f"pairings/find/{home}/offer", data={}).text
    assert "Take it back" in page(client, north, "pairings/mine").text
    with world.inside(app, north):
        made = db.session.scalars(select(Proposal)).one().id
    back = page(client, north, f"pairings/find/offers/{made}/back", data={}).text
    assert "Your offer is taken back" in back
    assert "I offer to help" in back


def test_the_office_works_through_its_list(client, app, north, home):
    page(client, north, f"pairings/find/{home}/offer", data={})
    assert "Helpers who offer themselves" in page(client, north, "", "staff").text
    with world.inside(app, north):
        made = db.session.scalars(select(Proposal)).one().id
    assert page(client, north, f"pairings/proposals/{made}", "staff").status_code == 200
    refused = page(client, north, f"pairings/offers/{made}/decline", "staff", data={"reason": "whim"})
    assert "Please choose a reason from the list." in refused.text
    told = page(client, north, f"pairings/offers/{made}/accept", "staff", data={"how": "rumour"})
    assert "Please choose one of the list." in told.text
    paired = page(client, north, f"pairings/offers/{made}/accept", "staff", data={"how": "paper"})
    assert "Both have said yes" in paired.text
    late = page(client, north, f"pairings/offers/{made}/accept", "staff", data={})
    assert "This offer is no longer open." in late.text


def test_other_communities_are_not_found(client, app, north, south, home):
    with world.inside(app, south):
        volunteers.make_helper(south)
    world.sign_in(client, south.accounts["volunteer"])
    assert client.post(south.path(f"pairings/find/{home}/offer")).status_code == 404
    assert client.post(south.path(f"pairings/find/offers/{home}/back")).status_code == 404
    world.sign_in(client, south.accounts["staff"])
    assert client.post(south.path(f"pairings/offers/{home}/accept")).status_code == 404
    assert (
        client.post(south.path(f"pairings/offers/{home}/decline"), data={"reason": "not_now"}).status_code
        == 404
    )


@pytest.mark.parametrize(
    "query", ["first=-1", "first=" + "9" * 5000, "first=x&kind=nonsense", "kind=company&first=99"]
)
def test_strange_addresses_find_something_or_nothing(client, north, home, query):
    assert page(client, north, f"pairings/find?{query}").status_code == 200


def test_a_break_is_said(client, app, north, home):
    page(client, north, "volunteers/own/pause", data={"paused": "1"})
    assert "You are on a break" in page(client, north, "pairings/find").text
    assert "You are on a break" in page(client, north, f"pairings/find/{home}/offer", data={}).text

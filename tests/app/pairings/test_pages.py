"""Who may open what, refusals that keep what was typed, a household's link, reveals."""

import pytest
from sqlalchemy import select

from services.core.actor import system
from services.core.audit import AuditEntry
from services.core.db import db
from services.pairings import proposals, runs
from services.pairings.models import MatchingRun, Pairing, Proposal
from tests.factories import pairings, volunteers, world

OFFICE = ("staff", "admin")
PEOPLE = ("volunteer", "resident")


@pytest.fixture
def ids(app, north):
    """A living pairing, a published proposal and its run, with everybody's account in `north`."""
    with world.inside(app, north):
        pairing = pairings.make_pairing(north)
        proposal = pairings.make_proposal(north)
        return {
            "pairing": pairing.id,
            "proposal": proposal.id,
            "run": proposal.run_id,
            "household": proposal.household_id,
            "volunteer": proposal.volunteer_id,
        }


PAGES = {
    "pairings/runs": OFFICE,
    "pairings/runs/{run}": OFFICE,
    "pairings/runs/{run}?state=draft&after=nonsense": OFFICE,
    "pairings/runs/{run}/board": OFFICE,
    "pairings/runs/{run}/board?household={household}&view=nobody&after=9.nonsense": OFFICE,
    "pairings/coverage?why=no_consent": OFFICE,
    "pairings/proposals": OFFICE,
    "pairings/proposals/{proposal}": OFFICE,
    "pairings/runs/why": OFFICE,
    "pairings/runs/why?household_id={household}&volunteer_id={volunteer}": OFFICE,
    "pairings/": OFFICE,
    "pairings/?state=living&household={household}&volunteer={volunteer}": OFFICE,
    "pairings/?state=nonsense&household=nonsense": OFFICE,
    "pairings/{pairing}": OFFICE,
    "pairings/mine": PEOPLE,
}
POSTS = {
    "pairings/runs": OFFICE,
    "pairings/runs/{run}/publish": OFFICE,
    "pairings/runs/{run}/board/{household}/choose": OFFICE,
    "pairings/runs/{run}/board/{household}/swap": OFFICE,
    "pairings/runs/{run}/board/{household}/lock": OFFICE,
    "pairings/runs/{run}/board/{household}/unlock": OFFICE,
    "pairings/runs/{run}/board/{household}/find": OFFICE,
    "pairings/proposals/{proposal}/refuse": OFFICE,
    "pairings/proposals/{proposal}/answer": OFFICE,
    "pairings/proposals/{proposal}/link": OFFICE,
    "pairings/{pairing}/end": OFFICE,
    "pairings/{pairing}/stop": PEOPLE,
    "pairings/mine/{proposal}/helper": PEOPLE,
    "pairings/{pairing}/reveal/phone": (*OFFICE, "volunteer"),
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_whom_they_are(client, north, ids, path):
    for role in (*OFFICE, *PEOPLE):
        world.sign_in(client, north.accounts[role])
        expected = 200 if role in PAGES[path] else 403
        assert client.get(north.path(path.format(**ids))).status_code == expected, role


@pytest.mark.parametrize("path", POSTS)
def test_actions_are_refused_to_others(client, north, ids, path):
    for role in (*OFFICE, *PEOPLE):
        if role not in POSTS[path]:
            world.sign_in(client, north.accounts[role])
            assert client.post(north.path(path.format(**ids)), data={}).status_code == 403, role


@pytest.mark.parametrize("path", PAGES)
def test_strangers_sign_in_first(client, north, ids, path):
    assert client.get(north.path(path.format(**ids))).location.startswith("/sign-in")


@pytest.mark.parametrize("path", [path for path in PAGES if "{" in path and "?" not in path])
def test_another_communitys_rows_do_not_exist(client, north, south, ids, path):
    world.sign_in(client, south.accounts["staff"])
    assert client.get(north.path(path.format(**ids))).status_code == 404
    assert client.get(south.path(path.format(**ids))).status_code == 404


@pytest.mark.parametrize(
    "path", [path for path in POSTS if "{" in path and "mine" not in path and "stop" not in path]
)
def test_another_communitys_rows_cannot_be_changed(app, client, north, south, ids, path):
    world.sign_in(client, south.accounts["staff"])
    data = {
        "scope": "all", "reason": "other", "answer": "yes", "side": "helper", "how": "paper",
        "volunteer_id": str(ids["volunteer"]), "text": "x",
        "proposal_id": str(ids["proposal"]), "other_id": str(ids["proposal"]),
    }  # fmt: skip
    assert client.post(south.path(path.format(**ids)), data=data).status_code == 404
    with world.inside(app, north):
        assert db.session.get(Proposal, (north.id, ids["proposal"])).state == "published"
        assert db.session.get(Pairing, (north.id, ids["pairing"])).ended_on is None


BAD = {
    "pairings/runs/{run}/publish": {"scope": "selected"},
    "pairings/runs/{run}/board/{household}/choose": {"volunteer_id": "nonsense"},
    "pairings/proposals/{proposal}/refuse": {"reason": "because"},
    "pairings/proposals/{proposal}/answer": {"side": "helper", "answer": "no", "how": "paper", "reason": ""},
    "pairings/{pairing}/end": {"reason": "need_met", "day": "2001-01-01"},
}


@pytest.mark.parametrize("path", BAD)
def test_a_refused_form_is_shown_again(client, north, ids, path):
    world.sign_in(client, north.accounts["staff"])
    answer = client.post(north.path(path.format(**ids)), data=BAD[path])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_run_under_way_is_shown_and_asked_for(app, client, north):
    world.sign_in(client, north.accounts["staff"])
    address = client.post(north.path("pairings/runs")).location
    assert 'hx-trigger="every 2s"' in client.get(address).text
    part = client.get(f"{address}/progress", headers={"HX-Request": "true"})
    assert part.status_code == 200 and "HX-Refresh" not in part.headers
    with world.inside(app, north):
        runs.compute(system(north.id), db.session.scalars(select(MatchingRun.id)).one())
    assert client.get(f"{address}/progress", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert client.get(f"{address}/progress").status_code == 302
    assert "Nothing to show here" in client.get(address).text


def test_a_failed_run_says_so_and_offers_another(app, client, north):
    with world.inside(app, north):
        run = runs.request_run(north.actor("staff"))
        run.state, run.error = "failed", "took_too_long"
        address = north.path(f"pairings/runs/{run.id}")
    world.sign_in(client, north.accounts["staff"])
    page = client.get(address).text
    assert "did not come to an end" in page and "Start again" in page


def test_staff_enter_an_answer_and_refuse(client, north, ids):
    world.sign_in(client, north.accounts["staff"])
    address = north.path(f"pairings/proposals/{ids['proposal']}")
    said = {"side": "household", "answer": "yes", "how": "staff call"}
    page = client.post(f"{address}/answer", data=said, follow_redirects=True).text
    assert "by a call of the office" in page
    page = client.post(f"{address}/refuse", data={"reason": "not_suitable"}, follow_redirects=True)
    assert page.status_code == 200
    assert "not suitable for this household" in client.get(address).text


@pytest.fixture
def guest(app):
    """A phone that is not signed in and speaks English."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def link(app, north, ids):
    with world.inside(app, north):
        secret = proposals.make_link(north.actor("staff"), proposal_id=ids["proposal"])
    return north.path(f"pairings/answer/{secret}")


def test_a_guest_answers_by_link(guest, north, ids, link):
    page = guest.get(link).text
    assert north.accounts["volunteer"].name in page
    assert guest.post(link, data={"answer": "no"}).status_code == 422
    assert "Your yes is noted" in guest.post(link, data={"answer": "yes"}).text
    for again in (guest.get(link), guest.post(link, data={"answer": "no", "reason": "other"})):
        assert again.status_code == 404
        assert "has been used or is too old" in again.text


def test_a_wrong_link_is_a_clear_page(guest, north, south, link):
    for address in (north.path("pairings/answer/nonsense"), link.replace(north.code, south.code)):
        answer = guest.get(address)
        assert answer.status_code == 404
        assert "has been used or is too old" in answer.text


def test_a_link_of_a_closed_proposal_says_so(app, guest, north, ids, link):
    with world.inside(app, north):
        proposals.refuse(north.actor("staff"), proposal_id=ids["proposal"], reason="other")
    assert "no longer open" in guest.get(link).text
    assert guest.post(link, data={"answer": "yes"}).status_code == 422


def test_the_links_page_is_given_to_staff_once(client, north, ids):
    world.sign_in(client, north.accounts["staff"])
    page = client.post(north.path(f"pairings/proposals/{ids['proposal']}/link")).text
    assert "/pairings/answer/" in page and "data:image/svg+xml" in page


def test_a_proposal_shows_its_helper_the_building_alone(app, client, north, ids):
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path("pairings/mine")).text
    assert "building 1" in page
    assert north.accounts["resident"].name not in page


@pytest.fixture
def couple_of(app, north):
    """The living pairing of the accounts "volunteer" and "resident"."""
    with world.inside(app, north):
        return pairings.make_pairing(north)


def test_a_helper_reveals_what_he_needs_and_it_is_recorded(app, client, north, couple_of):
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path(f"pairings/mine/{couple_of.id}")).text
    assert "I cannot go on" in page
    door = client.post(north.path(f"pairings/{couple_of.id}/reveal/door"), headers={"HX-Request": "true"})
    assert door.status_code == 200 and "<html" not in door.text
    assert "recorded" in client.post(north.path(f"pairings/{couple_of.id}/reveal/phone")).text
    assert client.post(north.path(f"pairings/{couple_of.id}/reveal/note")).status_code == 404
    with world.inside(app, north):
        looks = select(AuditEntry.details).where(AuditEntry.action == "household.revealed")
        assert [look["relation"] for look in db.session.scalars(looks)] == ["living", "living"]


def test_nobody_elses_household_is_revealed(app, client, north, couple_of):
    with world.inside(app, north):
        world.add_member(north, "volunteer")
    world.sign_in(client, north.accounts["volunteer"])
    assert client.post(north.path(f"pairings/{couple_of.id}/reveal/phone")).status_code == 404


def test_a_helper_asks_to_stop_and_the_office_ends_it(app, client, north, couple_of):
    world.sign_in(client, north.accounts["volunteer"])
    asked = client.post(
        north.path(f"pairings/{couple_of.id}/stop"), data={"reason": "moving"}, follow_redirects=True
    )
    assert "will call you" in asked.text
    world.sign_in(client, north.accounts["staff"])
    address = north.path(f"pairings/{couple_of.id}")
    assert "I am moving away" in client.get(address).text
    ended = client.post(f"{address}/end", data={"reason": "helper_cannot"}, follow_redirects=True)
    assert "The helper cannot go on" in ended.text
    assert client.post(f"{address}/end", data={"reason": "helper_cannot"}).status_code == 422


def test_an_own_answer_that_is_refused_is_said(client, north, ids):
    world.sign_in(client, north.accounts["volunteer"])
    address = north.path(f"pairings/mine/{ids['proposal']}/helper")
    assert "choose a reason" in client.post(address, data={"answer": "no"}, follow_redirects=True).text
    assert client.post(address, data={"answer": "yes"}).status_code == 303
    assert client.post(north.path(f"pairings/mine/{ids['proposal']}/nobody")).status_code == 404
    assert client.post(north.path(f"pairings/mine/{ids['proposal']}/household")).status_code in (303, 404)


def test_a_pairing_is_handed_over(app, client, north):
    with world.inside(app, north):
        pairing = pairings.make_pairing(north)
        taker = volunteers.make_volunteer(north)
        volunteers.make_volunteer(north, skills={"haircut": 1})
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path(f"pairings/{pairing.id}"))
    address = north.path(f"pairings/{pairing.id}/hand-over")
    assert address in page.text
    choices = client.get(address).text
    assert f'value="{taker.id}"' in choices
    assert client.post(address, data={"volunteer_id": str(taker.id)}).status_code == 422
    assert client.post(address, data={"volunteer_id": "x", "agreed": "1"}).status_code == 422
    answer = client.post(address, data={"volunteer_id": str(taker.id), "agreed": "1"}, follow_redirects=True)
    assert answer.status_code == 200
    assert taker.name in answer.text
    again = client.post(address, data={"volunteer_id": str(taker.id), "agreed": "1"})
    assert again.status_code == 422 and "already ended" in again.text
    timeline = client.get(north.path(f"timeline/households/{pairing.household_id}")).text
    assert f"{taker.name} begins to help" in timeline
    assert "no longer helps" in timeline and "Another helper takes over" in timeline

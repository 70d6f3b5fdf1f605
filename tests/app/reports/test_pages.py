"""First pages show what waits, figures lead to their lists, officials see their region."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.communities import regions
from services.core.actor import system
from services.core.db import db, transaction
from services.followups.models import FollowUp
from services.households import needs, registration
from services.pairings.models import Pairing
from services.people import memberships
from services.reports import roll_up, work
from services.reports.models import RollupSchedule
from tests.factories import full, households, letters, pledges, world
from tests.factories.pairings import make_couple, make_pairing, publish_between
from tests.factories.visits import make_visit


def test_staff_see_what_waits(app, client, north):
    with world.inside(app, north):
        publish_between(north, *make_couple(north))
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path()).text
    assert "Proposals waiting for an answer" in page
    assert "Late follow-ups" not in page


@pytest.mark.parametrize("role", ["volunteer", "resident"])
def test_everybody_has_a_first_page(app, client, north, role):
    with world.inside(app, north):
        make_pairing(north)
    world.sign_in(client, north.accounts[role])
    assert client.get(north.path()).status_code == 200


def test_every_figure_opens_its_list(app, client, north):
    with world.inside(app, north):
        make_pairing(north)
        households.make_household(north)
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path("figures")).text
    links = set(re.findall(r'href="(/c/north/[^"]+)"', page))
    assert len(links) > 15
    for link in links:
        assert client.get(link.replace("&amp;", "&"), follow_redirects=True).status_code == 200, link


def test_a_figure_and_its_list_agree(app, client, north):
    with world.inside(app, north):
        make_pairing(north)
        names = [households.make_household(north).name for _ in range(3)]
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path("households/?show=unpaired")).text
    assert all(name in page for name in names)
    assert page.count('<th scope="row"') == 3


@pytest.fixture
def official(app, north):
    with app.app_context(), transaction():
        world.scope.leave()
        account = world.make_account("Official")
        operator = world.Actor(None, None, frozenset({"operator"}))
        memberships.grant_region(operator, account_id=account.id, region_id=north.region_id, role="official")
    return account


def test_an_official_sees_the_own_region_and_no_community(client, north, south, official):
    world.sign_in(client, official)
    assert client.get("/").location == f"/r/{north.region_id}/"
    assert client.get(f"/r/{north.region_id}/").status_code == 200
    assert client.get(f"/r/{south.region_id}/").status_code == 404
    assert client.get(north.path()).status_code == 404


def test_staff_are_no_officials(client, north):
    world.sign_in(client, north.accounts["admin"])
    assert client.get(f"/r/{north.region_id}/").status_code == 404


def test_every_number_on_the_first_page_is_the_length_of_its_list(app, client, north):
    with world.inside(app, north):
        make_visit(north)
        for _ in range(2):
            households.make_household(north)
        pledges.make_pledge(north)
    world.sign_in(client, north.accounts["staff"])
    figure = re.compile(r'class="key-figure[^"]*" href="([^"]+)">.*?class="key-number">(\d+)<', re.DOTALL)
    for page, least in ((north.path(), 2), (north.path("figures"), 15)):
        shown = figure.findall(client.get(page).text)
        assert len(shown) >= least
        for link, number in shown:
            found = client.get(link.replace("&amp;", "&")).text
            # Hours are a sum over their list.
            if "confirmed" not in link:
                assert found.count('<th scope="row"') == int(number), link


def test_a_message_that_failed_leads_to_its_list(app, client, north):
    with world.inside(app, north):
        for message in letters.tell(north, north.accounts["admin"].id):
            message.state = "failed"
    world.sign_in(client, north.accounts["staff"])
    assert "Messages that did not arrive" in client.get(north.path()).text


def test_a_household_that_came_back_has_a_first_page(app, client, north):
    with world.inside(app, north):
        left = households.make_resident(north)
        account_id = left.account_id
        registration.close_household(north.actor("staff"), household_id=left.id, reason="moved")
        households.make_household(north).account_id = account_id
        memberships.enrol(
            north.actor("staff"), account_id=account_id, role="resident", since=regions.today(north.id)
        )
    world.sign_in(client, north.accounts["resident"])
    assert client.get(north.path()).status_code == 200


def test_a_kind_of_need_leads_to_the_households_that_lack_it(app, client, north):
    with world.inside(app, north):
        households.make_household(north, need="haircut")
        households.make_household(north, need="company")
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path("figures")).text
    link = re.search(r'href="([^"]*=haircut[^"]*)"', page)
    assert link
    assert client.get(link[1].replace("&amp;", "&")).text.count('<th scope="row"') == 1


def test_the_pages_of_a_region_tell_no_small_count(app, client, north, official):
    with world.inside(app, north):
        for _ in range(4):
            households.make_household(north, need="company")
        pledges.make_haircuts(north)
        roll_up.begin(system(north.id))
        roll_up.roll_up(system(north.id), db.session.scalars(select(RollupSchedule)).one().id)
    world.sign_in(client, official)
    for path, seen in (("", "withheld"), ("map?figure=households_in_need", "withheld"), ("gaps", "nothing")):
        page = client.get(f"/r/{north.region_id}/{path}").text
        assert seen in page
        assert not re.search(r"<(td|b)[^>]*>\s*[1-9]0?\s*</", page)
    assert client.get(f"/r/{north.region_id}/map?figure=nonsense").status_code == 200


def test_a_new_office_is_led_step_by_step(app, client, north):
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path()).text
    assert "The first steps of your community" in page
    assert page.count("btn-primary") == 1
    with world.inside(app, north):
        make_pairing(north)
    assert "first steps" not in client.get(north.path()).text


def test_each_number_of_the_offices_work_is_its_list(app, client, north):
    """Every card of the office, none of them zero: what it counts is what its list shows."""
    with world.inside(app, north):
        full.fill(north)
        one, *rest = db.session.scalars(select(FollowUp).where(FollowUp.state == "open").limit(3)).all()
        one.state = "escalated"
        for late in (one, *rest):
            late.due_on = regions.today(north.id) - timedelta(days=9)
        urgent = households.make_household(north, need=None)
        households.make_need(north, urgent, urgency=5)
        households.make_household(north, consent_on=None)
        needs.ask(north.actor("resident"), kind="reading")
        pairing = db.session.scalars(select(Pairing)).one()
        pairing.stop_reason = "health"
        make_visit(north, pairing, ago=1).state = "disputed"
        for message in letters.tell(north, north.accounts["admin"].id):
            message.state = "failed" if message.channel != "inbox" else message.state
    world.sign_in(client, north.accounts["staff"])
    page = client.get(north.path()).text
    cards = re.findall(r'<a class="key-figure[^>]*href="([^"]+)">.*?key-number">(\d+)<', page, re.S)
    assert len(cards) == len(work.OFFICE)
    for url, number in cards:
        listed = client.get(url.replace("&amp;", "&")).text
        rows = listed.partition("<tbody>")[2].partition("</tbody>")[0]
        assert len(re.findall(r"<tr[ >]", rows)) == int(number) > 0, url

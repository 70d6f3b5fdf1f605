"""The match board: who is left, who fits, choosing, swapping, locking, asking by name; and coverage beside the lists."""

import re

import pytest

from services.core.db import db
from services.pairings import pair_locks, runs
from services.pairings.models import Proposal
from tests.factories import households, pairings, volunteers, world

HTMX = {"HX-Request": "true"}


@pytest.fixture
def board(app, north):
    """Two households drafted with a helper each, one with nobody; ids by name."""
    with world.inside(app, north):
        made = {}
        for name in ("One", "Other"):
            made[name] = households.make_household(north, name=name).id
            made[f"of {name}"] = volunteers.make_volunteer(north, name=f"Helper of {name}").id
        made["Alone"] = households.make_household(north, name="Alone", need="haircut").id
        run = pairings.make_run(north)
        made["run"] = run.id
        for draft in pairings.drafts(north, run):
            made["draft", draft.household_id] = draft.id
        return made


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


def address(north, board, rest=""):
    return north.path(f"pairings/runs/{board['run']}/board{rest}")


def lines(text):
    """Who stands on the left, in order, each with what the household has."""
    found = re.findall(r'<a class="board-line".*?</a>', text, re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)).strip() for one in found]


def test_the_most_urgent_come_first_and_each_says_what_it_has(app, staff, north, board):
    with world.inside(app, north):
        urgent = households.make_household(north, name="Urgent", need=None, consent_on=None)
        households.make_need(north, urgent, urgency=5)
    page = staff.get(address(north, board)).text
    left = lines(page)
    assert [re.search("Urgent|One|Other|Alone", one)[0] for one in left] == [
        "Urgent",
        "One",
        "Other",
        "Alone",
    ]
    assert "Has not agreed" in left[0] and "Drafted: Helper of" in left[1] and "Nobody yet" in left[3]
    assert "2 of 3 households have a helper" in page and "Publish 2 drafts" in page
    for view, names in {"nobody": ["Urgent", "Alone"], "drafted": ["One", "Other"], "locked": []}.items():
        shown = staff.get(address(north, board, f"?view={view}")).text
        assert len(lines(shown)) == len(names) and all(name in shown for name in names)
        assert re.search(rf'view={view}"[^>]*>[^<]*<b>{len(names)}</b>', shown)


def test_pages_of_the_left_side_are_stable(staff, north, board, monkeypatch):
    monkeypatch.setattr("services.pairings.board.ROWS", 1)
    seen, link = [], address(north, board)
    while link:
        page = staff.get(link).text
        [line] = lines(page)
        seen.append(line)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        link = found and found[1].replace("&amp;", "&")
    assert len(set(seen)) == 3
    # A household asked for by its address is on the page that is shown.
    assert "Alone" in lines(staff.get(address(north, board, f"?household={board['Alone']}")).text)[0]


def test_htmx_gets_the_right_side_and_what_changed(staff, north, board):
    answer = staff.get(address(north, board, f"?household={board['Alone']}"), headers=HTMX).text
    assert "<html" not in answer and answer.lstrip().startswith("<section")
    assert len(lines(answer)) == 1 and 'hx-swap-oob="true"' in answer
    whole = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in staff.get(address(north, board), headers=whole).text


def test_swap_and_refusal(app, staff, north, board):
    here = f"/{board['One']}"
    drafts = {"proposal_id": board["draft", board["One"]], "other_id": board["draft", board["Other"]]}
    page = staff.post(address(north, board, f"{here}/swap"), data=drafts, follow_redirects=True).text
    assert "have changed places" in page
    with world.inside(app, north):
        now = {
            row.household_id: row.volunteer_id
            for row in db.session.scalars(pairings.select(Proposal).where(Proposal.state == "draft"))
        }
    before = {board["One"], board["Other"]}
    assert set(now) == before and set(now.values()) == {board["of One"], board["of Other"]}
    refused = staff.post(address(north, board, f"{here}/swap"), data=drafts)
    assert refused.status_code == 422 and "Only a draft can be changed" in refused.text


def test_lock_unlock_and_leave_out(app, staff, north, board):
    here = f"/{board['One']}"
    draft = board["draft", board["One"]]
    page = staff.post(
        address(north, board, f"{here}/lock"), data={"proposal_id": draft}, follow_redirects=True
    )
    assert "Unlock" in page.text and "Locked" in lines(page.text)[0]
    assert staff.post(address(north, board, f"{here}/lock"), data={}).status_code == 422
    with world.inside(app, north):
        [lock] = pair_locks.all_locks()
        helper = lock.volunteer_id
    staff.post(address(north, board, f"{here}/unlock"), data={"volunteer_id": helper})
    page = staff.post(address(north, board, f"{here}/lock"), data={}, follow_redirects=True).text
    assert "Left out by the office" in page and "Let it take part again" in page
    page = staff.post(address(north, board, f"{here}/unlock"), data={}, follow_redirects=True).text
    assert "takes part again" in page and "Choose" in page


def test_a_helper_asked_about_by_name(staff, north, board):
    find = address(north, board, f"/{board['Alone']}/find")
    page = staff.post(find, data={"text": "Helper of One"}).text
    assert "Cannot come" in page and "Does not offer what is needed (Haircut)" in page
    assert "kind=more_skill" in page
    assert "No active helper" in staff.post(find, data={"text": "Nobody"}).text
    assert staff.post(find, data={"text": ""}).status_code == 422


def test_a_replaced_run_can_only_be_looked_at(app, staff, north, board):
    with world.inside(app, north):
        later = pairings.make_run(north).id
    page = staff.get(address(north, board, f"?household={board['One']}")).text
    assert "can only be looked at" in page and "/choose" not in page and "/lock" not in page
    assert str(later) in staff.get(north.path("pairings/board")).location


def test_coverage_counts_what_its_lists_show(app, staff, north, board):
    with world.inside(app, north):
        runs.publish(north.actor("staff"), run_id=board["run"])
        pairings.agree(north, db.session.get_one(Proposal, (north.id, board["draft", board["One"]])))
        households.make_household(north, name="Elsewhere", building="10", entrance="")
        households.make_household(north, name="Unasked", consent_on=None)
        pairings.make_run(north)
    page = staff.get(north.path("pairings/coverage")).text
    cells = re.findall(r'<a href="([^"]+show=(?:un)?paired[^"]+)">(\d+)</a>', page)
    assert sorted(number for _, number in cells) == ["1", "1", "3"]
    for url, number in cells:
        listed = staff.get(url.replace("&amp;", "&")).text
        assert len(re.findall(r'<th scope="row"><a', listed)) == int(number)
    reasons = re.findall(r'<a href="([^"]+why=[^"]+)#left-out-list">(\d+)</a>', page)
    assert len(reasons) >= 2
    for url, number in reasons:
        listed = staff.get(url).text.partition('id="left-out-list"')[2].partition("</table>")[0]
        assert listed.count('<th scope="row"') == int(number)


def test_coverage_before_anything(staff, north):
    page = staff.get(north.path("pairings/coverage")).text
    assert "No household in need" in page and "No run yet" in page
    assert staff.get(north.path("pairings/board")).location.endswith("/pairings/runs")

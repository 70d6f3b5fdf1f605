"""The pages of visits: who reaches them, what they show and do."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.core import clock
from services.core.db import db
from services.visits import codes, links
from services.visits.models import Visit
from tests.factories import visits, world


@pytest.fixture
def scene(app, north, south):
    """A pairing with one noted visit in the north; everybody of the south is a stranger."""
    with world.inside(app, south):
        for role in ("volunteer", "resident"):
            world.add_member(south, role)
    with world.inside(app, north):
        world.add_member(north, "unit")
        pairing = visits.make_old_pairing(north)
        visit = visits.make_visit(north, pairing)
    return north, pairing, visit


def _form(**changes):
    now = clock.now() + timedelta(hours=8)
    return {
        "outcome": "well",
        "minutes": "30",
        "ended_at": f"{now:%Y-%m-%dT%H:%M}",
        "kind": "visit",
    } | changes


def _state(app, place, visit_id):
    with world.inside(app, place):
        return db.session.scalars(select(Visit).where(Visit.id == visit_id)).one().state


def _routes(pairing, visit):
    """Every route but the household's link: method, path, form, who gets there."""
    office, helper = {"staff", "admin"}, {"volunteer"}
    both = office | helper
    return [
        ("GET", f"visits/new/{pairing.id}", {}, both),
        ("POST", f"visits/new/{pairing.id}", _form(), both),
        ("GET", f"visits/{visit.id}", {}, both | {"resident"}),
        ("GET", f"visits/{visit.id}/correct", {}, both),
        ("POST", f"visits/{visit.id}/correct", _form(reason="other"), both),
        ("POST", f"visits/{visit.id}/confirm", {"side": "household", "how": "account"}, {"resident"}),
        ("POST", f"visits/{visit.id}/confirm", {"side": "household", "how": "call"}, office),
        ("POST", f"visits/{visit.id}/dispute", {"reason": "other"}, office | {"resident"}),
        ("POST", f"visits/{visit.id}/withdraw", {}, both),
        ("POST", f"visits/{visit.id}/link", {}, both),
        ("POST", f"visits/{visit.id}/note", {}, office),
        ("GET", f"visits/code/{pairing.household_id}", {}, office),
        ("POST", f"visits/code/{pairing.household_id}", {"after": "0"}, office),
        ("GET", "visits/", {}, office),
        ("GET", "visits/mine", {}, {"volunteer", "resident"}),
    ]


@pytest.mark.parametrize("at", range(15))
@pytest.mark.parametrize("role", ["staff", "admin", "volunteer", "resident", "unit"])
def test_each_role_reaches_what_is_its_own(client, scene, role, at):
    north, pairing, visit = scene
    method, path, form, let_in = _routes(pairing, visit)[at]
    world.sign_in(client, north.accounts[role])
    status = client.open(north.path(path), method=method, data=form).status_code
    assert status in ((200, 303) if role in let_in else (403, 404)), (method, path)


@pytest.mark.parametrize("at", range(13))
@pytest.mark.parametrize("role", ["staff", "volunteer", "resident"])
def test_of_another_community_nothing_exists(client, scene, south, role, at):
    _north, pairing, visit = scene
    method, path, form, let_in = _routes(pairing, visit)[at]
    world.sign_in(client, south.accounts[role])
    answer = client.open(south.path(path), method=method, data=form)
    assert answer.status_code == 404 if role in let_in else answer.status_code in (403, 404), (method, path)
    assert client.open(_north.path(path), method=method, data=form).status_code == 404


@pytest.mark.parametrize("at", range(15))
def test_strangers_are_asked_to_sign_in(client, scene, at):
    north, pairing, visit = scene
    method, path, form, _ = _routes(pairing, visit)[at]
    answer = client.open(north.path(path), method=method, data=form)
    assert answer.status_code == 302 and answer.location.startswith("/sign-in")


def test_a_note_by_form(client, app, scene):
    north, pairing, _ = scene
    world.sign_in(client, north.accounts["volunteer"])
    path = north.path(f"visits/new/{pairing.id}")
    page = client.get(path).text
    key = re.search(r'name="submission" value="([^"]+)"', page)[1]
    form = _form(submission=key, note="a good talk")
    first, second = client.post(path, data=form), client.post(path, data=form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert "a good talk" in client.get(first.location).text


def test_the_likely_follow_up_is_chosen_already(client, scene):
    north, pairing, _ = scene
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path(f"visits/new/{pairing.id}")).text
    assert re.search(r"<option [^>]*selected>First contact", page)


def test_a_length_of_ones_own_goes_before_the_buttons(client, app, scene):
    north, pairing, _ = scene
    world.sign_in(client, north.accounts["volunteer"])
    answer = client.post(north.path(f"visits/new/{pairing.id}"), data=_form(own_minutes="17"))
    with world.inside(app, north):
        visit = db.session.get(Visit, (north.id, uuid.UUID(answer.location.rpartition("/")[2])))
        assert visit.minutes == 17


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": ""},
        {"minutes": ""},
        {"minutes": "999"},
        {"own_minutes": "999999999999999999999"},
        {"ended_at": ""},
        {"ended_at": "yesterday"},
        {"ended_at": "0001-01-01T00:00"},
        {"ended_at": "9999-12-31T23:59"},
        {"ended_at": "2100-01-01T00:00"},
        {"kind": "letter"},
        {"note": "x" * 501},
        {"follow_up_id": "not an id"},
        {"follow_up_id": str(uuid.uuid4())},
        {"submission": "not an id"},
        {"helper_called": "perhaps"},
    ],
)
def test_a_wrong_note_is_refused_and_keeps_what_was_typed(client, scene, changes):
    north, pairing, _ = scene
    world.sign_in(client, north.accounts["volunteer"])
    answer = client.post(
        north.path(f"visits/new/{pairing.id}"), data=_form(**{"note": "kept words"} | changes)
    )
    assert answer.status_code == 422
    assert changes.get("note", "kept words") in answer.text


def test_a_helper_reads_neither_name_nor_note_of_others_after_the_end(client, app, scene):
    north, pairing, visit = scene
    with world.inside(app, north):
        row = db.session.get(type(pairing), (north.id, pairing.id))
        row.ended_on = (clock.now() - timedelta(days=20)).date()
    world.sign_in(client, north.accounts["volunteer"])
    for path in ("visits/mine", f"visits/{visit.id}"):
        page = client.get(north.path(path)).text
        assert north.accounts["resident"].name not in page
    assert client.get(north.path(f"visits/new/{pairing.id}")).status_code == 422


def test_the_note_is_revealed_to_staff_and_shown_to_no_household(client, app, scene):
    north, pairing, _ = scene
    with world.inside(app, north):
        visit = visits.make_visit(north, pairing, ago=9, note="<b>smells of gas</b>")
    path = north.path(f"visits/{visit.id}")
    for role in ("resident", "staff"):
        world.sign_in(client, north.accounts[role])
        assert "smells of gas" not in client.get(path).text
    plain = client.post(path + "/note").text
    bare = client.post(path + "/note", headers={"HX-Request": "true"}).text
    assert "&lt;b&gt;smells of gas" in plain
    assert bare == "&lt;b&gt;smells of gas&lt;/b&gt;"
    world.sign_in(client, north.accounts["resident"])
    assert client.get(north.path("households/mine")).text.count("Note of a visit") == 2


def test_a_household_says_yes_on_its_own_page(client, app, scene):
    north, _, visit = scene
    world.sign_in(client, north.accounts["resident"])
    assert "Yes, that is right" in client.get(north.path("visits/mine")).text
    form = {"side": "household", "how": "account", "back": "mine"}
    answer = client.post(north.path(f"visits/{visit.id}/confirm"), data=form)
    assert answer.location.endswith("/visits/mine")
    assert _state(app, north, visit.id) == "confirmed"
    again = client.post(north.path(f"visits/{visit.id}/confirm"), data=form)
    assert again.status_code == 422


def test_a_wrong_code_is_counted_and_said(client, app, scene):
    north, pairing, visit = scene
    with world.inside(app, north):
        right = codes.issue_code(north.actor("staff"), household_id=pairing.household_id, after=0)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    world.sign_in(client, north.accounts["volunteer"])
    path = north.path(f"visits/{visit.id}/code")
    for left in (4, 3, 2, 1, 0):
        page = client.post(path, data={"code": wrong}, follow_redirects=True)
        assert f"Tries left today: {left}" in page.text
    assert client.post(path, data={"code": right}).status_code == 422
    assert _state(app, north, visit.id) == "noted"


def test_the_right_code_confirms(client, app, scene):
    north, pairing, visit = scene
    world.sign_in(client, north.accounts["staff"])
    page = client.post(north.path(f"visits/code/{pairing.household_id}"), data={"after": "0"}).text
    digits = "".join(re.search(r"(\d{3}) (\d{3})</p>", page).groups())
    assert digits not in client.get(north.path(f"visits/code/{pairing.household_id}")).text
    world.sign_in(client, north.accounts["volunteer"])
    assert client.post(north.path(f"visits/{visit.id}/code"), data={"code": digits}).status_code == 303
    assert _state(app, north, visit.id) == "confirmed"


def test_a_reload_does_not_issue_a_second_code(client, scene):
    north, pairing, _ = scene
    world.sign_in(client, north.accounts["staff"])
    path = north.path(f"visits/code/{pairing.household_id}")
    assert client.post(path, data={"after": "0"}).status_code == 200
    assert client.post(path, data={"after": "0"}).status_code == 422


def _link(app, place, visit, role):
    with world.inside(app, place):
        return place.path(f"visits/answer/{links.issue_link(place.actor(role), visit_id=visit.id)}")


def test_a_household_answers_by_link_without_signing_in(client, app, scene):
    north, _, visit = scene
    path = _link(app, north, visit, "staff")
    page = client.get(path)
    assert page.status_code == 200
    assert north.accounts["volunteer"].name in page.text
    assert north.accounts["resident"].name not in page.text
    assert client.post(path, data={"right": "yes"}).status_code == 303
    assert _state(app, north, visit.id) == "confirmed"
    assert "Thank you" in client.get(path).text
    assert client.post(path, data={"right": "no", "reason": "other"}).status_code == 422
    assert _state(app, north, visit.id) == "confirmed"


def test_a_household_says_no_by_link_with_a_reason(client, app, scene):
    north, _, visit = scene
    path = _link(app, north, visit, "volunteer")
    assert client.post(path, data={"right": "no"}).status_code == 422
    assert client.post(path, data={"right": "no", "reason": "nobody_came"}).status_code == 303
    assert _state(app, north, visit.id) == "disputed"


def test_the_helpers_own_link_asks_for_the_households_code(client, app, scene):
    north, pairing, visit = scene
    path = _link(app, north, visit, "volunteer")
    assert client.post(path, data={"right": "yes"}).status_code == 422
    with world.inside(app, north):
        digits = codes.issue_code(north.actor("staff"), household_id=pairing.household_id, after=0)
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    page = client.post(path, data={"right": "yes", "code": wrong}, follow_redirects=True)
    assert "Tries left today: 4" in page.text
    assert client.post(path, data={"right": "yes", "code": digits}).status_code == 303
    assert _state(app, north, visit.id) == "confirmed"


@pytest.mark.parametrize("secret", ["x", "x" * 500, "../..", "%00"])
def test_a_link_that_is_none_is_a_clear_refusal(client, north, secret):
    assert client.get(north.path(f"visits/answer/{secret}")).status_code in (400, 404, 422)


def test_a_link_of_one_community_opens_nothing_in_another(client, app, scene, south):
    north, _, visit = scene
    path = _link(app, north, visit, "staff").replace(f"/c/{north.code}/", f"/c/{south.code}/")
    assert client.get(path).status_code == 422


def test_the_link_page_shows_a_picture_and_the_address(client, scene):
    north, _, visit = scene
    world.sign_in(client, north.accounts["volunteer"])
    page = client.post(north.path(f"visits/{visit.id}/link")).text
    assert 'src="data:image/svg+xml' in page
    assert f"/c/{north.code}/visits/answer/" in page


def test_the_offices_list_narrows(client, app, scene):
    north, pairing, _ = scene
    with world.inside(app, north):
        visits.make_visit(north, visits.make_old_pairing(north), outcome="absent")
    world.sign_in(client, north.accounts["staff"])

    def rows(query):
        return len(re.findall(r'<th scope="row">', client.get(north.path(f"visits/?{query}")).text))

    assert rows("") == rows("state=noted") == 1
    assert rows("state=") == 2
    assert rows("state=attempt&month=this") == 1
    assert rows(f"household={pairing.household_id}") == 1
    assert rows(f"volunteer={pairing.volunteer_id}&state=attempt") == 0
    assert rows("month=2020-01") == 0


@pytest.mark.parametrize(
    "query",
    ["state=%27", "month=13", "month=9999-12", "month=0001-01", "volunteer=x", "household=1", "after=x"],
)
def test_no_filter_breaks_the_list(client, scene, query):
    north, _, _ = scene
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path(f"visits/?{query}")).status_code == 200


def test_hours_on_ones_own_page(client, app, scene):
    north, pairing, _ = scene
    with world.inside(app, north):
        visits.make_confirmed(north, pairing, ago=30, minutes=75)
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path("visits/mine")).text
    assert "1 h 15 min" in page
    assert "How they were counted" in page


def test_a_correction_by_form_takes_the_place(client, app, scene):
    north, _, visit = scene
    world.sign_in(client, north.accounts["volunteer"])
    path = north.path(f"visits/{visit.id}/correct")
    assert client.post(path, data=_form()).status_code == 422
    answer = client.post(path, data=_form(reason="wrong_length"))
    assert answer.status_code == 303
    assert _state(app, north, visit.id) == "corrected"
    assert "To the earlier entry" in client.get(answer.location).text
    assert "To the correction" in client.get(north.path(f"visits/{visit.id}")).text
    assert client.get(path).status_code == 409


def test_staff_who_noted_a_visit_read_who_may_ring_instead(client, app, scene):
    north, pairing, _ = scene
    with world.inside(app, north):
        visit = visits.make_visit(north, pairing, ago=9, role="staff")
    path = north.path(f"visits/{visit.id}")
    world.sign_in(client, north.accounts["staff"])
    own = client.get(path).text
    assert "somebody else of the office rings the household" in own
    assert "I rang the household" not in own
    world.sign_in(client, north.accounts["admin"])
    assert "I rang the household" in client.get(path).text


def test_patterns_worth_a_look(app, client, north):
    with world.inside(app, north):
        pairing = visits.make_old_pairing(north)
        first = visits.make_visit(north, pairing, ago=30)
        second = visits.make_visit(north, pairing, ago=28)
        second.started_at = first.started_at + timedelta(minutes=30)
        month = f"{first.started_at + timedelta(hours=8):%Y-%m}"
    world.sign_in(client, north.accounts["staff"])
    assert "/visits/review" in client.get(north.path("visits/")).text
    address = north.path(f"visits/review?month={month}")
    page = client.get(address).text
    assert "were at the same time" in page
    assert f"/visits/{second.id}" in page
    action = re.search(r'action="([^"]+/visits/review/[^"]+)"', page)[1]
    assert client.post(action, data={"month": month}).status_code == 422
    assert client.post(action, data={"month": month, "reason": "asked"}).status_code == 303
    assert "were at the same time" not in client.get(address).text
    again = client.post(action, data={"month": month, "reason": "asked"})
    assert again.status_code == 422 and "no longer on the list" in again.text


def test_a_witness_is_named_by_staff(app, client, north):
    with world.inside(app, north):
        visit = visits.make_visit(north)
    world.sign_in(client, north.accounts["staff"])
    address = north.path(f"visits/{visit.id}")
    assert "The household cannot say so itself" in client.get(address).text
    refused = client.post(f"{address}/witness", data={"witness": ""})
    assert refused.status_code == 422
    answer = client.post(
        f"{address}/witness", data={"witness": "Wang Fang, neighbour"}, follow_redirects=True
    )
    assert "by a witness" in answer.text and "Wang Fang, neighbour" in answer.text
    world.sign_in(client, north.accounts["volunteer"])
    seen = client.get(address).text
    assert "by a witness" in seen and "Wang Fang" not in seen

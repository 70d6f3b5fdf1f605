"""What if, by its address: every question answers in words, what is wrong is said at its field, nothing is lost."""

import pytest

from services.pairings.whatif import QUESTIONS
from tests.factories import households, pairings, volunteers, world


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


@pytest.fixture
def ids(app, north):
    with world.inside(app, north):
        helper, home = pairings.make_couple(north)
        households.make_household(north, name="Waiting Home")
        return {"volunteer_id": str(helper.id), "household_id": str(home.id)}


def ask(client, place, **asked):
    return client.get(place.path("pairings/runs/what-if"), query_string=asked)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_question_is_answered(staff, north, ids, kind):
    answer = ask(staff, north, kind=kind, skill="company", **ids)
    assert answer.status_code == 200
    assert "What would change" in answer.text
    assert f'value="{kind}" checked' in answer.text


def test_more_room_helps_the_one_who_waits(staff, north, ids):
    page = ask(staff, north, kind="more_room", **ids).text
    assert "1 more household of urgency 3 has a helper" in page
    assert "Pairs that would change: 1" in page
    assert f"volunteers/{ids['volunteer_id']}" in page


def test_without_the_only_helper_a_household_has_nobody(staff, north, ids):
    page = ask(staff, north, kind="without_helper", **ids).text
    assert "1 household fewer of urgency 3 has a helper" in page and "points less in all" in page


def test_nothing_changes_and_it_is_said(staff, north, ids):
    page = ask(staff, north, kind="newcomer", skill="haircut").text
    assert "Nothing would change" in page


def test_the_plain_page_asks_nothing_and_keeps_what_it_is_given(staff, north, ids):
    page = ask(staff, north, volunteer_id=ids["volunteer_id"])
    assert page.status_code == 200 and "What would change" not in page.text
    assert f'value="{ids["volunteer_id"]}" selected' in page.text


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("kind", {"kind": "everything"}),
        ("skill", {"kind": "newcomer"}),
        ("skill", {"kind": "newcomer", "skill": "magic"}),
        ("times", {"kind": "newcomer", "skill": "company", "times": "midnight"}),
        ("area", {"kind": "newcomer", "skill": "company", "area": "Nowhere"}),
        ("level", {"kind": "newcomer", "skill": "company", "level": "9"}),
        ("gender", {"kind": "newcomer", "skill": "company", "gender": "x"}),
        ("volunteer_id", {"kind": "without_helper"}),
        ("volunteer_id", {"kind": "more_room", "volunteer_id": "nonsense"}),
        ("household_id", {"kind": "more_places", "household_id": str(world.some_id())}),
        ("metres", {"kind": "further", "metres": "99"}),
        ("metres", {"kind": "further", "metres": "1" * 5000}),
        ("metres", {"kind": "further", "metres": str(10**30)}),
        ("points", {"kind": "loose", "points": "1001"}),
        ("points", {"kind": "loose", "points": "<i>7</i>"}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(staff, north, ids, field, asked):
    answer = ask(staff, north, **asked)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text and f'id="e-{field}"' in answer.text
    assert "<i>7</i>" not in answer.text


def test_what_was_typed_stays(staff, north, ids):
    page = ask(staff, north, kind="further", metres="very far").text
    assert 'value="very far"' in page and 'value="further" checked' in page


def test_fields_of_other_questions_do_not_matter(staff, north, ids):
    assert ask(staff, north, kind="loose", metres="x", volunteer_id="x", area="x").status_code == 200


def test_a_household_with_three_helpers_is_refused_in_words(app, staff, north):
    with world.inside(app, north):
        home = households.make_household(north, places=3)
        home_id = str(home.id)
    answer = ask(staff, north, kind="more_places", household_id=home_id)
    assert answer.status_code == 422 and "at most three helpers" in answer.text


def test_nobody_of_the_next_community_is_asked_about(app, staff, north, south, ids):
    with world.inside(app, south):
        foreign = str(volunteers.make_volunteer(south, name="Foreign Helper").id)
    answer = ask(staff, north, kind="without_helper", volunteer_id=foreign)
    assert answer.status_code == 422
    assert "is on a break or has left" in answer.text and "Foreign Helper" not in answer.text


def test_a_nul_is_refused(staff, north):
    for name in ("kind", "area", "metres"):
        assert ask(staff, north, **{"kind": "further", name: "a\x00b"}).status_code == 400


def test_the_matching_pages_lead_there(staff, north):
    for path in ("pairings/runs", "pairings/runs/why"):
        assert "pairings/runs/what-if" in staff.get(north.path(path)).text


def test_why_says_what_else_would_change(app, staff, north):
    with world.inside(app, north):
        home = households.make_household(north, name="One Home")
        volunteers.make_volunteer(north, name="Best")
        spare = volunteers.make_volunteer(north, name="Spare", skills={"company": 3})
        asked = {"household_id": str(home.id), "volunteer_id": str(spare.id)}
    page = staff.get(north.path("pairings/runs/why"), query_string=asked).text
    assert "What else would change" in page and "points less in all" in page
    row = page.partition("Pairs that would change")[2]
    assert "One Home" in row and "Best" in row


def test_it_speaks_chinese(app, client, north, ids):
    with world.inside(app, north):
        account = world.accounts.get_account(north.accounts["staff"].id)
        with world.scope.identity("account_id", account.id):
            account.language = "zh_Hans"
    world.sign_in(client, north.accounts["staff"])
    page = ask(client, north, kind="more_room", **ids).text
    assert "紧急程度 3 的户中，有志愿者的多 1 户" in page and "会有什么变化" in page
    assert "这项内容" not in page and "请从列表中选择小区" in ask(
        client, north, kind="newcomer", skill="company", area="Nowhere"
    ).text  # fmt: skip

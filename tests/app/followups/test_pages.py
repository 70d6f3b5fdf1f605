"""The pages of follow-ups, for the office and for a helper."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core import locks
from services.followups.models import FollowUp
from services.messages import inbox
from tests.factories import followups, world


@pytest.fixture
def today(app, north):
    with world.inside(app, north):
        return regions.today(north.id)


@pytest.fixture
def garden(app, north, today):
    """Started four days ago: the first look is due or late."""
    with world.inside(app, north):
        helper = world.add_member(north, "volunteer")
        world.add_member(north, "resident")
        return followups.make_followups(north, day=today - timedelta(days=14), helper=helper.id)


def state(app, north, row):
    with world.inside(app, north):
        return locks.get(FollowUp, row.id)


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


@pytest.fixture
def helper(client, north, garden):
    world.sign_in(client, north.accounts["volunteer"])
    return client


def test_every_number_is_its_list(staff, north, garden):
    page = staff.get(north.path("followups/"))
    assert page.status_code == 200
    for stage, rows in {"open": 3, "late": 3, "due": 3, "reminded": 0, "escalated": 0, "done": 0}.items():
        listed = staff.get(north.path(f"followups/?stage={stage}")).text
        assert listed.count('<th scope="row"><a') == rows
        assert f'stage={stage}"' in page.text


def test_filters(staff, north, garden):
    text = staff.get(north.path("followups/?owner=staff")).text
    assert text.count('<th scope="row"><a') == 1
    text = staff.get(north.path(f"followups/?plan={garden['look'].plan_id}")).text
    assert text.count('<th scope="row"><a') == 1
    text = staff.get(north.path(f"followups/?owner={north.accounts['volunteer'].id}")).text
    assert text.count('<th scope="row"><a') == 2


def test_ages_and_filters_stay_in_the_address(staff, north, garden):
    mine = f"owner={north.accounts['volunteer'].id}"
    text = staff.get(north.path(f"followups/?age=days_8&{mine}")).text
    assert text.count('<th scope="row"><a') == 1
    assert f"age=days_4&amp;{mine}" in text
    assert f"stage=late&amp;{mine}" in text
    assert staff.get(north.path(f"followups/?age=days_2&{mine}")).text.count('<th scope="row"><a') == 0


def test_a_helper_is_not_told_who_lives_where(helper, north, garden):
    text = helper.get(north.path(f"followups/?building={world.some_id()}")).text
    assert text.count('<th scope="row"><a') == 2
    assert 'name="building"' not in text


@pytest.mark.parametrize(
    "query", ["age=x", "building=x", "stage=x", "owner=x", "plan=x", "after=x", "after=2026-01-01.x"]
)
def test_odd_addresses_are_harmless(staff, north, garden, query):
    assert staff.get(north.path(f"followups/?{query}")).status_code == 200


def test_a_helper_sees_only_his_own(helper, north, garden):
    text = helper.get(north.path("followups/")).text
    assert text.count('<th scope="row"><a') == 2
    assert helper.get(north.path(f"followups/{garden['look'].id}")).status_code == 200
    assert helper.get(north.path(f"followups/{garden['survey'].id}")).status_code == 404
    assert helper.post(north.path(f"followups/{garden['survey'].id}/done")).status_code == 404
    assert helper.get(north.path("followups/plans/")).status_code == 403


def test_a_household_sees_nothing(client, north, garden):
    world.sign_in(client, north.accounts["resident"])
    assert client.get(north.path("followups/")).status_code == 403


def test_done_with_a_remark(helper, app, north, garden):
    answer = helper.post(
        north.path(f"followups/{garden['look'].id}/done"), data={"note": "All well"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert "All well" in answer.text
    row = state(app, north, garden["look"])
    assert (row.state, row.done_by) == ("done", north.accounts["volunteer"].id)


def test_postpone(helper, app, north, garden, today):
    day = today + timedelta(days=2)
    answer = helper.post(
        north.path(f"followups/{garden['look'].id}/postpone"), data={"day": day.isoformat(), "reason": "ill"}
    )
    assert answer.status_code == 303
    assert state(app, north, garden["look"]).due_on == day


@pytest.mark.parametrize(
    ("days", "reason"), [(0, "ill"), (-1, "ill"), (99, "ill"), (2, "bored"), (2, ""), (None, "ill")]
)
def test_a_postponement_that_cannot_be(helper, app, north, garden, today, days, reason):
    day = "soon" if days is None else (today + timedelta(days=days)).isoformat()
    answer = helper.post(
        north.path(f"followups/{garden['look'].id}/postpone"), data={"day": day, "reason": reason}
    )
    assert answer.status_code == 422
    assert day in answer.text
    assert state(app, north, garden["look"]).postponed == 0


def test_a_helper_gives_back_and_the_office_hands_on(client, app, north, garden):
    world.sign_in(client, north.accounts["volunteer"])
    address = north.path(f"followups/{garden['look'].id}/hand-over")
    other = str(north.accounts["staff"].id)
    assert client.post(address, data={"to": other}).status_code == 403
    assert client.post(address, data={"to": "staff"}).status_code == 303
    assert state(app, north, garden["look"]).owner_id is None
    world.sign_in(client, north.accounts["staff"])
    assert client.post(address, data={"to": "nobody"}).status_code == 422
    assert client.post(address, data={"to": str(north.accounts["resident"].id)}).status_code == 422
    assert client.post(address, data={"to": str(north.accounts["volunteer"].id)}).status_code == 303
    with world.inside(app, north):
        page = inbox.page(north.actor("volunteer"))
        assert [row.template for row in page.rows] == ["followup.handed_over"]
        assert page.rows[0].path == north.path(f"followups/{garden['look'].id}")


def test_the_history_names_what_happened(staff, north, garden):
    staff.post(north.path(f"followups/{garden['look'].id}/hand-over"), data={"to": "staff"})
    text = staff.get(north.path(f"followups/{garden['look'].id}")).text
    assert "Planned" in text
    assert "Handed over" in text
    assert "The staff" in text


def test_another_community_has_none_of_it(client, south, north, garden):
    world.sign_in(client, south.accounts["staff"])
    assert client.get(south.path(f"followups/{garden['look'].id}")).status_code == 404
    assert client.post(south.path(f"followups/{garden['look'].id}/done")).status_code == 404


RULE = {
    "after_days": "5",
    "repeat": "quarterly",
    "times": "4",
    "on_holiday": "previous",
    "owner": "staff",
    "remind_days": "0",
    "remind_every": "",
    "late_days": "3",
    "late_to": "staff",
}


CHOSEN = ("repeat", "on_holiday", "late_to")


def test_changing_a_plan(staff, app, north, garden):
    address = north.path(f"followups/plans/{garden['look'].plan_id}")
    assert staff.get(north.path("followups/plans/")).status_code == 200
    assert 'value="3"' in staff.get(address).text
    assert staff.post(address, data=RULE | {"active": "1"}).status_code == 303
    text = staff.get(north.path("followups/plans/")).text
    assert ">Every three months, 4 times</td>" in text
    again = staff.get(address).text
    assert 'value="quarterly" selected' in again
    assert 'name="times" value="4"' in again
    assert staff.post(address, data=RULE).status_code == 303
    assert "Not in use" in staff.get(north.path("followups/plans/")).text


@pytest.mark.parametrize(
    "wrong",
    [{"after_days": "-1"}, {"after_days": "x"}, {"times": "0"}, {"repeat": "often"},
     {"repeat": "other", "rule": "every week"}, {"late_to": "mayor"}, {"on_holiday": "never"}, {"owner": "unit"}, {"late_days": "0"},
     {"remind_days": "99999999999999999999"}],
)  # fmt: skip
def test_a_rule_that_cannot_be(staff, north, garden, wrong):
    address = north.path(f"followups/plans/{garden['look'].plan_id}")
    answer = staff.post(address, data=RULE | wrong)
    assert answer.status_code == 422
    assert all(value in answer.text for name, value in wrong.items() if name not in CHOSEN)


def test_another_rule(staff, north, garden):
    address = north.path(f"followups/plans/{garden['look'].plan_id}")
    typed = RULE | {"repeat": "other", "rule": "freq=monthly;byday=2tu", "times": "", "active": "1"}
    assert staff.post(address, data=typed).status_code == 303
    assert "FREQ=MONTHLY;BYDAY=2TU" in staff.get(address).text
    assert "FREQ=MONTHLY;BYDAY=2TU" in staff.get(north.path("followups/plans/")).text
    answer = staff.post(address, data=typed | {"rule": ""})
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text


def test_the_preview_shows_ten_days_or_says_why_not(staff, north, garden):
    plan = f"followups/plans/{garden['look'].plan_id}"
    address = north.path(f"{plan}/preview")

    def shown(**typed):
        answer = staff.get(address, query_string=RULE | {"times": ""} | typed)
        assert answer.status_code == 200
        return answer.text

    assert shown().count("<li>") == 10
    assert shown(repeat="once").count("<li>") == 1
    assert shown(times="3").count("<li>") == 3
    assert "moved from" in shown(repeat="other", rule="FREQ=WEEKLY;BYDAY=SU", on_holiday="next")
    assert "Left out:" in shown(repeat="other", rule="FREQ=DAILY", on_holiday="skip")
    assert "moved from" not in shown(repeat="other", rule="FREQ=WEEKLY;BYDAY=SU", on_holiday="same")
    assert "Please say how often" in shown(repeat="other", rule="FREQ=HOURLY")
    assert "no day within ten years" in shown(repeat="other", rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    for odd in ({"after_days": "x"}, {"repeat": ""}, {"times": "999999999999"}):
        assert "<li>" not in shown(**odd)
    assert staff.get(address).text.count("<li>") == 1


def test_what_a_change_would_move_is_said_before_and_after(staff, app, north, today):
    with world.inside(app, north):
        look = followups.make_followups(north, day=today)["look"]
    address = north.path(f"followups/plans/{look.plan_id}")
    typed = RULE | {"after_days": "40", "active": "1"}
    looked = staff.post(address, data=typed | {"do": "look"})
    assert looked.status_code == 200
    assert "would move to another day: 1" in looked.text
    assert 'name="after_days" value="40"' in looked.text
    assert state(app, north, look).due_on == look.due_on
    saved = staff.post(address, data=typed, follow_redirects=True)
    assert "moved to another day: 1" in saved.text
    moved = state(app, north, look)
    assert moved.due_on > look.due_on
    assert "The plan was changed." in staff.get(north.path(f"followups/{look.id}")).text

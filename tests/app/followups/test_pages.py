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
    assert staff.get(north.path(f"followups/?age=days_31&{mine}")).text.count('<th scope="row"><a') == 0


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


RULE = {"after_days": "5", "every_months": "2", "owner": "staff", "remind_days": "0", "late_days": "3"}


def test_changing_a_plan(staff, app, north, garden):
    address = north.path(f"followups/plans/{garden['look'].plan_id}")
    assert staff.get(north.path("followups/plans/")).status_code == 200
    assert 'value="3"' in staff.get(address).text
    assert staff.post(address, data=RULE | {"active": "1"}).status_code == 303
    text = staff.get(north.path("followups/plans/")).text
    assert ">2</td>" in text
    assert staff.post(address, data=RULE).status_code == 303
    assert "Not in use" in staff.get(north.path("followups/plans/")).text


@pytest.mark.parametrize(
    "wrong",
    [{"after_days": "-1"}, {"after_days": "x"}, {"every_months": "0"}, {"owner": "unit"}, {"late_days": "0"},
     {"remind_days": "99999999999999999999"}],
)  # fmt: skip
def test_a_rule_that_cannot_be(staff, north, garden, wrong):
    address = north.path(f"followups/plans/{garden['look'].plan_id}")
    answer = staff.post(address, data=RULE | wrong)
    assert answer.status_code == 422
    assert all(value in answer.text for value in wrong.values())


def test_the_preview_shows_ten_days_or_asks(staff, north, garden):
    address = north.path("followups/plans/preview")
    assert staff.get(f"{address}?after_days=3&every_months=1").text.count("<li>") == 10
    assert staff.get(f"{address}?after_days=3").text.count("<li>") == 1
    for odd in ("", "?after_days=x", "?after_days=3&every_months=999999999"):
        answer = staff.get(address + odd)
        assert answer.status_code == 200
        assert "<li>" not in answer.text

"""What a run's page says besides its pairs: the proof of the second choice, rivals, whom to look for, how the work spreads."""

import pytest

from services.core import week
from services.core.db import db
from services.pairings import proposals, runs
from services.pairings.models import Pairing, Proposal
from tests.factories import households, pairings, volunteers, world


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


def page_of(client, place, run_id):
    answer = client.get(place.path(f"pairings/runs/{run_id}"))
    assert answer.status_code == 200
    return answer.text


def test_whom_to_look_for_is_said_and_leads_to_its_question(app, staff, north):
    with world.inside(app, north):
        home = households.make_household(north, name="Gained Home", need="repairs")
        run = pairings.make_run(north)
        assert run.advice
        run_id, home_id = run.id, home.id
    page = page_of(staff, north, run_id)
    assert "One more person for plumbing and electrical repairs" in page
    assert "1 more household of urgency 3 has a helper" in page
    assert "1 household waits for this kind of help." in page
    assert f"households/{home_id}" in page.partition('id="wanted"')[2]
    link = page.partition('id="wanted"')[2].partition('btn btn-secondary" href="')[2].partition('"')[0]
    answer = staff.get(link.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert "1 more household of urgency 3 has a helper" in answer.text
    assert "Gained Home" in answer.text and "the new helper" in answer.text


def test_nobody_is_missing_where_everybody_is_helped(app, staff, north):
    with world.inside(app, north):
        pairings.make_couple(north)
        run_id = pairings.make_run(north).id
    page = page_of(staff, north, run_id)
    assert "Nobody is missing" in page
    assert "Everybody who could help somebody helps." in page and "The best possible for them" in page


def test_who_competes_is_named(app, staff, north):
    with world.inside(app, north):
        helper = volunteers.make_volunteer(north, name="Only Helper")
        homes = [households.make_household(north, name=f"Home {number}") for number in (1, 2, 3)]
        run_id = pairings.make_run(north).id
        ids = [helper.id, *(home.id for home in homes)]
    part = page_of(staff, north, run_id).partition('id="left-out"')[2].partition('id="wanted"')[0]
    assert part.count("Who competes") == 2
    assert f"volunteers/{ids[0]}" in part and "Only Helper" in part
    assert all(f"households/{home_id}" in part for home_id in ids[1:])


def test_runs_kept_before_this_still_show(app, staff, north):
    with world.inside(app, north):
        _helper, home = pairings.make_couple(north)
        other = households.make_household(north)
        run = pairings.make_run(north)
        run.certificate = {"prices": {}, "surplus": {}}
        run.fairness, run.advice = {}, []
        run.left_out = {
            str(other.id): {"code": "shortage", "wanted": 2, "places": 1},
            str(home.id): {"code": "no_helper", "bars": {"skill": 3}},
        }
        db.session.flush()
        run_id = run.id
    page = page_of(staff, north, run_id)
    assert "2 households as urgent compete for 1 places" in page
    assert "Who competes" not in page and "How the work spreads" not in page
    assert staff.get(f"/api/v1/c/{north.code}/matching-runs/{run_id}").status_code == 200


@pytest.fixture
def team(app, north):
    """A household of two needs and two places with a helper for each; the run that drafts both."""
    with world.inside(app, north):
        home = households.make_household(north, name="Two Needs", need="repairs", places=2)
        households.make_need(north, home, kind="haircut")
        households.make_need(north, home, kind="reading")
        volunteers.make_volunteer(north, name="Fixer", skills={"repairs": 1})
        volunteers.make_volunteer(north, name="Barber", skills={"haircut": 1})
        run = pairings.make_run(north)
        assert "support" in run.certificate
        return run.id, home.id


def chosen_of(staff, north, run_id, home_id):
    """What the board says of a household, before it names who else could come."""
    page = staff.get(north.path(f"pairings/runs/{run_id}/board?household={home_id}")).text
    return page.partition('id="chosen"')[2].partition("Could come")[0]


def test_a_team_is_shown_as_one(staff, north, team):
    run_id, home_id = team
    page = page_of(staff, north, run_id)
    assert 'rowspan="2"' in page and "2 helpers proposed" in page
    rows = page.partition('id="proposals"')[2].partition("</table>")[0]
    first, second = rows.index("<td><input"), rows.rindex("<td><input")
    assert "Supporting" not in rows[first:second] and "Supporting" in rows[second:]
    assert "proof of its own" in page and "Value of the supporting choice" in page
    card = chosen_of(staff, north, run_id, home_id)
    assert "Fixer" in card and "Barber" in card and "Draft" in card
    assert "Nobody meets yet: Reading aloud" in card


def test_a_team_names_who_helps_already(app, staff, north, team):
    run_id, home_id = team
    with world.inside(app, north):
        runs.publish(north.actor("staff"), run_id=run_id)
        first = db.session.scalars(
            pairings.select(Proposal).where(Proposal.run_id == run_id, Proposal.kind == "primary")
        ).one()
        pairings.agree(north, first)
    card = chosen_of(staff, north, run_id, home_id)
    assert "Helps already" in card and "Waiting for answers" in card
    with world.inside(app, north):
        assert str(db.session.scalars(pairings.select(Pairing.id)).one()) in card


def test_what_was_set_aside_for_want_of_hours_is_said(app, staff, north):
    with world.inside(app, north):
        volunteers.make_volunteer(north, name="Little Time", places=2, hours=2)
        for number in (1, 2):
            home = households.make_household(north, name=f"Home {number}", need=None)
            households.make_need(north, home, kind="company", hours=2)
        run = pairings.make_run(north)
        assert len(run.certificate["hours"]["given_up"]) == 1
        run_id, bound = run.id, run.certificate["hours"]["bound"]
    page = page_of(staff, north, run_id)
    assert "1 pair was set aside first" in page and "That costs nothing" in page and bound in page
    assert "Little Time" in page.partition("The pairs set aside")[2].partition("</ul>")[0]
    assert "No other assignment helps more" in page


@pytest.mark.parametrize(
    ("more", "headline", "cost"),
    [
        (False, "No other assignment helps more", "at most 12 points could be gained"),
        (True, "no better assignment is known", "could help a household more is not known"),
    ],
)
def test_what_little_time_may_have_cost_is_said(app, staff, north, more, headline, cost):
    with world.inside(app, north):
        helper, home = volunteers.make_volunteer(north), households.make_household(north)
        run = pairings.make_run(north)
        run.certificate = {
            "hours": {
                "given_up": [[str(helper.id), str(home.id)]],
                "points": 12,
                "more_helped": more,
                "bound": "17",
            }
        }
        db.session.commit()
        run_id = run.id
    page = page_of(staff, north, run_id)
    assert headline in page and cost in page and "17" in page


def test_who_brings_what_is_missing_gets_points_for_it(app, staff, north):
    with world.inside(app, north):
        home = households.make_household(north, need="repairs", places=2)
        households.make_need(north, home, kind="haircut")
        fixer = volunteers.make_volunteer(north, skills={"repairs": 1})
        pairings.agree(north, pairings.publish_between(north, fixer, home))
        volunteers.make_volunteer(north, skills={"haircut": 1})
        run_id = pairings.make_run(north).id
    assert "Brings what is missing" in page_of(staff, north, run_id)


def test_who_declines_much_is_asked(app, staff, north):
    with world.inside(app, north):
        helper = volunteers.make_volunteer(north, name="No Sayer", places=5, week=week.week_from_text("周六"))
        for number in range(3):
            home = households.make_household(north)
            proposal = pairings.publish_between(north, helper, home)
            side = "household" if number == 2 else "helper"
            proposals.answer(
                north.actor("staff"), proposal_id=proposal.id, side=side, answer="no", how="paper", reason="other"
            )  # fmt: skip
        run_id = pairings.make_run(north).id
    part = page_of(staff, north, run_id).partition('id="spread"')[2]
    assert "Many a no" in part and "No Sayer" in part
    numbers = part.partition("No Sayer")[2].partition("</tr>")[0]
    assert numbers.index(">2<") < numbers.index(">1<")


def test_the_page_speaks_chinese(app, client, north, team):
    with world.inside(app, north):
        account = world.accounts.get_account(north.accounts["staff"].id)
        with world.scope.identity("account_id", account.id):
            account.language = "zh_Hans"
        households.make_household(north, need="legal_advice")
        run_id = pairings.make_run(north).id
    world.sign_in(client, north.accounts["staff"])
    page = page_of(client, north, run_id)
    for words in (
        "接下来该找什么样的志愿者",
        "再找一位能做法律咨询的志愿者",
        "任务分布",
        "协助结对",
        "推荐了 2 位",
    ):
        assert words in page, words

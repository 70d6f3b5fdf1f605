"""The API about matching: whom it answers, what it says, and how it says no."""

import itertools

import pytest
from sqlalchemy import select

from services.core.db import db
from services.pairings import choices, whatif
from services.pairings.models import MatchingRun, Proposal
from services.pairings.whatif import QUESTIONS, Question
from tests.app.test_hostile_input import HOSTILE
from tests.factories import households, pairings, volunteers, world

OFFICE = ("staff", "admin")
PATHS = (
    "matching-runs",
    "matching-runs/{run}",
    "matching-runs/{run}/proposals",
    "pairings/why?household_id={household_id}&volunteer_id={volunteer_id}",
    "pairings/what-if?kind=more_room&volunteer_id={volunteer_id}",
)


def pair_of(ids):
    return {name: ids[name] for name in ("household_id", "volunteer_id")}


def api(place, path):
    return f"/api/v1/c/{place.code}/{path}"


@pytest.fixture
def ids(app, north):
    with world.inside(app, north):
        helper, home = pairings.make_couple(north)
        waiting = households.make_household(north, name="Waiting Home")
        households.make_household(north, need="repairs")
        run = pairings.make_run(north)
        return {
            "run": str(run.id),
            "volunteer_id": str(helper.id),
            "household_id": str(home.id),
            "waiting": str(waiting.id),
        }


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


@pytest.mark.parametrize("path", PATHS)
def test_it_answers_the_office_alone(app, client, north, south, ids, path):
    address = api(north, path.format(**ids))
    stranger = app.test_client().get(address)
    assert stranger.status_code == 401 and stranger.mimetype == "application/problem+json"
    for role in (*OFFICE, "volunteer", "resident"):
        world.sign_in(client, north.accounts[role])
        answer = client.get(address)
        assert answer.status_code == (200 if role in OFFICE else 403), role
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == ("application/json" if role in OFFICE else "application/problem+json")
    world.sign_in(client, south.accounts["staff"])
    answer = client.get(address)
    assert answer.status_code == 404 and answer.json["status"] == 404


@pytest.mark.parametrize("path", PATHS[1:])
def test_ids_of_another_community_do_not_exist(client, south, ids, path):
    world.sign_in(client, south.accounts["staff"])
    answer = client.get(api(south, path.format(**ids)))
    assert answer.status_code == (422 if "what-if" in path else 404)
    assert answer.mimetype == "application/problem+json" and "Waiting Home" not in answer.text


def test_a_run_is_as_it_was_kept(app, staff, north, ids):
    with world.inside(app, north):
        run = db.session.scalars(select(MatchingRun)).one()
        kept = run.certificate, run.fairness, run.advice, run.left_out, run.levels["coverage"]
    told = staff.get(api(north, f"matching-runs/{ids['run']}")).json
    assert told["certificate"] == kept[0] and told["value"] == told["bound"] == kept[0]["value"]
    assert isinstance(told["value"], str)
    assert told["fairness"] == kept[1] and told["levels"] == kept[4]
    assert [{k: v for k, v in row.items() if k != "text"} for row in told["advice"]] == kept[2]
    assert "One more person for plumbing" in str(told["advice"])
    assert {row["household_id"]: row["code"] for row in told["left_out"]} == {
        household_id: why["code"] for household_id, why in kept[3].items()
    }
    assert all(row["text"] for row in told["left_out"])
    assert told["state"] == {"code": "done", "text": "Ready to look at"}
    assert (told["households"], told["covered"], told["helpers"]) == (3, 1, 1)


def test_proposals_say_their_points(app, staff, north, ids):
    with world.inside(app, north):
        proposal = db.session.scalars(select(Proposal)).one()
        kept = proposal.terms, proposal.score, str(proposal.volunteer_id)
    told = staff.get(api(north, f"matching-runs/{ids['run']}/proposals")).json
    assert told["next"] is None
    (one,) = told["items"]
    assert {term["code"]: term["points"] for term in one["terms"]} == kept[0]
    assert sum(term["points"] for term in one["terms"]) == one["score"] == kept[1]
    assert one["volunteer_id"] == kept[2] and one["text"]["state"] == "Draft"


def test_runs_come_in_parts(app, staff, north):
    with world.inside(app, north):
        made = [str(pairings.make_run(north).id) for _ in range(4)]
    first = staff.get(api(north, "matching-runs?limit=2"))
    assert [row["id"] for row in first.json["items"]] == made[:1:-1]
    link = first.headers["Link"]
    assert link.endswith('rel="next"') and first.json["next"] in link
    rest = staff.get(link.partition("<")[2].partition(">")[0])
    assert [row["id"] for row in rest.json["items"]] == made[1::-1]
    assert rest.json["next"] is None and "Link" not in rest.headers


def test_why_says_what_the_service_says(app, staff, north, ids):
    with world.inside(app, north):
        spare = volunteers.make_volunteer(north, skills={"company": 3})
        pairs = list(
            itertools.product((ids["household_id"], ids["waiting"]), (ids["volunteer_id"], str(spare.id)))
        )
        said = [
            choices.why(north.actor("staff"), household_id=world.uuid.UUID(home), volunteer_id=world.uuid.UUID(helper))
            for home, helper in pairs
        ]  # fmt: skip
    for (home, helper), answer in zip(pairs, said, strict=True):
        told = staff.get(api(north, f"pairings/why?household_id={home}&volunteer_id={helper}")).json
        assert told["code"] == answer.code and told["text"]
        assert [bar["code"] for bar in told["bars"]] == [bar.code for bar in answer.bars]
        assert {term["code"]: term["points"] for term in told["terms"]} == {
            code: points for code, points in answer.terms.items() if points
        }
        assert (told["change"] is None) == (answer.change is None)


def test_what_if_says_what_the_service_says(app, staff, north, ids):
    with world.inside(app, north):
        change = whatif.ask(north.actor("staff"), Question("newcomer", skill="repairs"))
    told = staff.get(api(north, "pairings/what-if?kind=newcomer&skill=repairs")).json
    assert told["change"]["points"] == change.points and told["change"]["travel"] == change.travel
    assert [(one["place"], one["urgency"]) for one in told["change"]["coverage"]] == list(change.coverage)
    assert [one["volunteer_id"] for one in told["change"]["added"]] == [None]
    assert told["change"]["text"][0] == "1 more household of urgency 3 has a helper"
    assert told["text"].startswith("One more person for plumbing")


def test_a_refusal_points_at_its_field(staff, north, ids):
    told = staff.get(api(north, "pairings/what-if?kind=further&metres=7"))
    assert told.status_code == 422 and told.mimetype == "application/problem+json"
    assert [error["parameter"] for error in told.json["errors"]] == ["metres"]
    assert told.json["title"] and told.json["type"] == "about:blank" and told.json["detail"]
    told = staff.get(api(north, "pairings/why?household_id=x")).json
    assert {error["parameter"] for error in told["errors"]} == {"household_id", "volunteer_id"}
    told = staff.get(api(north, f"pairings/what-if?kind=without_helper&volunteer_id={world.some_id()}")).json
    assert told["errors"][0]["pointer"] == "#/volunteer_id" and told["code"] == "volunteer_id"


def test_what_does_not_exist_is_a_problem_too(staff, north):
    for path in ("matching-runs/nonsense", f"matching-runs/{world.some_id()}/proposals"):
        answer = staff.get(api(north, path))
        assert answer.status_code == 404 and answer.mimetype == "application/problem+json"


def test_it_speaks_the_readers_language(app, client, north, ids):
    with world.inside(app, north):
        account = world.accounts.get_account(north.accounts["staff"].id)
        with world.scope.identity("account_id", account.id):
            account.language = "zh_Hans"
    world.sign_in(client, north.accounts["staff"])
    told = client.get(api(north, f"matching-runs/{ids['run']}")).json
    assert "再找一位能做水电维修的志愿者" in str(told["advice"])
    assert (
        client.get(api(north, "pairings/what-if?kind=further&metres=7")).json["detail"] == "请再看看这几项。"
    )


@pytest.mark.parametrize("path", [path.partition("?")[0] for path in PATHS])
def test_anything_may_be_asked(staff, north, ids, path):
    for hostile in HOSTILE:
        for name in ("after", "household_id", "kind", "area"):
            asked = {**pair_of(ids), "kind": "newcomer", "skill": "company", name: hostile}
            answer = staff.get(api(north, path.format(**ids)), query_string=asked)
            assert answer.status_code < 500, (name, hostile)
    answer = staff.get(api(north, path.format(**ids)), query_string={"after": "a\x00b"})
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_question_is_answered(staff, north, ids, kind):
    asked = {"kind": kind, "skill": "company", **pair_of(ids)}
    assert staff.get(api(north, "pairings/what-if"), query_string=asked).status_code == 200


@pytest.mark.parametrize(("old", "new"), [("matching-why", "pairings/why"), ("what-if", "pairings/what-if")])
def test_an_earlier_address_answers_the_same_and_says_so(staff, north, ids, old, new):
    asked = pair_of(ids) if "why" in old else {"kind": "further", "metres": 200}
    answer = staff.get(api(north, old), query_string=asked)
    now = staff.get(api(north, new), query_string=asked)
    assert answer.status_code == 200 and answer.json == now.json
    assert answer.headers["Deprecation"].startswith("@") and answer.headers["Sunset"].endswith("GMT")
    assert answer.headers["Link"] == f'<{api(north, new)}>; rel="successor-version"'
    assert "Deprecation" not in now.headers
    paths = staff.get("/api/v1/openapi.json").json["paths"]
    assert paths[f"/api/v1/c/{{community}}/{old}"]["get"]["deprecated"] is True

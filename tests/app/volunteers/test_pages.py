"""Helpers' pages: registering oneself, the office's answer, the list and the file."""

import re

import pytest
from sqlalchemy import select

from services.core.audit import AuditEntry
from services.core.db import db
from services.people.models import Account
from services.volunteers import profiles
from services.volunteers.models import Volunteer
from tests.factories import world
from tests.factories.volunteers import make_helper, make_paper, make_volunteer

STRANGER = {
    "name": "赵敏",
    "phone": "13811112222",
    "password": "a good long sentence",
    "skills": ["company", "haircut"],
    "trained": ["haircut"],
    "languages": ["mandarin"],
    "week": ["16 17", "18"],
    "hours": "2.5",
    "places": "1",
}


def english(app):
    """A browser that asks for English."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def client(app):
    return english(app)


@pytest.fixture
def office(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


def only(app, place, **where):
    with world.inside(app, place):
        return db.session.scalars(select(Volunteer).filter_by(**where)).one()


def test_a_stranger_registers_and_waits(app, client, north):
    assert client.get(north.path("volunteers/register")).status_code == 200
    answer = client.post(north.path("volunteers/register"), data=STRANGER)
    assert answer.status_code == 303, answer.text
    own = client.get(answer.location)
    assert own.status_code == 200
    assert "waits for the office" in own.text
    row = only(app, north, name="赵敏")
    assert (row.state, row.week) == ("pending", 0b111 << 16)
    with world.inside(app, north):
        assert profiles.skills_of([row.id])[row.id] == {"company": 1, "haircut": 3}


def test_an_applicant_sees_nothing_but_himself(client, north):
    client.post(north.path("volunteers/register"), data=STRANGER)
    for path in ("volunteers/", "households/", "pairings/", "visits/"):
        assert client.get(north.path(path)).status_code in (403, 404), path


def test_the_office_accepts_and_the_applicant_becomes_a_helper(app, client, north):
    client.post(north.path("volunteers/register"), data=STRANGER)
    row = only(app, north, name="赵敏")
    office = english(app)
    world.sign_in(office, north.accounts["staff"])
    assert "赵敏" in office.get(north.path("volunteers/?state=pending")).text
    answer = office.post(north.path(f"volunteers/{row.id}/approve"), follow_redirects=True)
    assert answer.status_code == 200
    assert only(app, north, name="赵敏").state == "active"
    with world.inside(app, north):
        held = world.memberships.communities_of(row.account_id, world.regions.today(north.id))
    assert held == {north.id: frozenset({"volunteer"})}


def test_a_typed_phone_opens_nobodys_profile(app, client, north):
    with world.inside(app, north):
        known = make_volunteer(north, name="真的赵敏", phone=STRANGER["phone"], note="旧的备注")
    client.post(north.path("volunteers/register"), data=STRANGER)
    own = client.get(north.path("volunteers/own")).text
    assert "真的赵敏" not in own
    with world.inside(app, north):
        assert db.session.scalars(select(Volunteer.account_id).where(Volunteer.id == known.id)).one() is None


def test_the_office_makes_the_two_one(app, client, north):
    with world.inside(app, north):
        known = make_volunteer(north, name="真的赵敏", phone=STRANGER["phone"], skills={"cleaning": 1})
        make_paper(north, known)
    client.post(north.path("volunteers/register"), data=STRANGER)
    application = only(app, north, name="赵敏")
    office = english(app)
    world.sign_in(office, north.accounts["staff"])
    page = office.get(north.path(f"volunteers/{application.id}"))
    assert "真的赵敏" in page.text
    assert office.post(north.path(f"volunteers/{application.id}/approve")).status_code == 422
    answer = office.post(north.path(f"volunteers/{application.id}/join-profiles"))
    assert answer.location.endswith(str(known.id))
    one = only(app, north)
    assert (one.id, one.name, one.account_id) == (known.id, "真的赵敏", application.account_id)
    with world.inside(app, north):
        assert profiles.skills_of([one.id])[one.id] == {"cleaning": 1, "company": 1, "haircut": 3}
        assert len(profiles.credentials_of([one.id])[one.id]) == 1
    assert "真的赵敏" in client.get(north.path("volunteers/own")).text


def test_a_refused_registration_is_told_and_may_be_repeated(app, client, north):
    client.post(north.path("volunteers/register"), data=STRANGER)
    row = only(app, north)
    office = english(app)
    world.sign_in(office, north.accounts["staff"])
    assert office.post(north.path(f"volunteers/{row.id}/decline"), data={"reason": ""}).status_code == 422
    office.post(north.path(f"volunteers/{row.id}/decline"), data={"reason": "not_now"})
    assert "not accepted" in client.get(north.path("volunteers/own")).text
    again = {k: v for k, v in STRANGER.items() if k != "password"}
    assert client.post(north.path("volunteers/register"), data=again).status_code == 303
    assert only(app, north).state == "pending"


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({"phone": "12"}, "f-phone"),
        ({"phone": ""}, "f-phone"),
        ({"password": "short"}, "f-password"),
        ({"skills": ["flying"]}, "f-skills"),
        ({"week": ["9999"]}, "f-week"),
        ({"week": ["x"]}, "f-week"),
        ({"hours": "NaN"}, "f-hours"),
        ({"hours": "1e9"}, "f-hours"),
        ({"building": "x"}, "f-building"),
        ({"name": ""}, "f-name"),
        ({"name": "110101199003071234"}, "f-name"),
        ({"places": "99999999999999999999"}, "f-places"),
    ],
)
def test_a_refused_form_names_the_field_and_keeps_the_rest(client, north, change, label):
    answer = client.post(north.path("volunteers/register"), data=STRANGER | change)
    assert answer.status_code == 422
    assert f'href="#{label}"' in answer.text
    if "name" not in change:
        assert "赵敏" in answer.text
    assert STRANGER["password"] not in answer.text


def test_an_account_that_exists_needs_its_password(app, client, north):
    client.post(north.path("volunteers/register"), data=STRANGER)
    other = english(app)
    answer = other.post(north.path("volunteers/register"), data=STRANGER | {"password": "another sentence"})
    assert answer.status_code == 422
    assert 'href="#f-password"' in answer.text
    with world.inside(app, north):
        assert len(db.session.scalars(select(Volunteer)).all()) == 1


def test_a_member_of_another_community_registers_here_with_his_account(app, client, north, south):
    world.sign_in(client, south.accounts["staff"])
    again = {k: v for k, v in STRANGER.items() if k != "password"}
    assert client.get(north.path("volunteers/register")).status_code == 200
    assert client.post(north.path("volunteers/register"), data=again).status_code == 303
    assert only(app, north).account_id == south.accounts["staff"].id


def test_an_invited_helper_gets_the_profile_the_office_made(app, client, north):
    with world.inside(app, north):
        helper = make_volunteer(north, name="吴刚")
    office = english(app)
    world.sign_in(office, north.accounts["staff"])
    page = office.post(north.path(f"volunteers/{helper.id}/invite")).text
    assert "data:image/svg+xml" in page
    path = re.search(r"(/c/north/volunteers/join/[^\"&]+)", page)[1]
    assert "吴刚" in client.get(path).text
    typed = {"name": "吴刚", "login": "13855556666", "password": "a good long sentence"}
    answer = client.post(path, data=typed)
    assert answer.status_code == 303, answer.text
    assert "吴刚" in client.get(answer.location).text
    assert english(app).get(path).status_code == 422
    assert only(app, north).account_id is not None


def test_two_editors(app, office, north):
    with world.inside(app, north):
        helper = make_volunteer(north, name="吴刚")
    path = north.path(f"volunteers/{helper.id}/edit")
    form = {"name": "吴刚", "version": str(helper.version), "employer": "医院", "places": "2"}
    assert office.post(path, data=form).status_code == 303
    late = office.post(path, data=form | {"employer": "学校"})
    assert late.status_code == 409
    assert "学校" in late.text
    assert "医院" in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)[1]
    assert office.post(path, data=form | {"employer": "学校", "version": version}).status_code == 303
    assert only(app, north).employer == "学校"


def test_masked_until_revealed_and_the_look_is_written_down(app, office, north):
    with world.inside(app, north):
        helper = make_volunteer(north, phone="13800001234", note="右手不便")
    path = north.path(f"volunteers/{helper.id}")
    page = office.get(path).text
    assert "13800001234" not in page
    assert "右手不便" not in page
    shown = office.post(f"{path}/reveal", data={"field": "phone", "reason": "call"})
    assert "13800001234" in shown.text
    bare = office.post(
        f"{path}/reveal", data={"field": "note", "reason": "check"}, headers={"HX-Request": "true"}
    )
    assert "右手不便" in bare.text
    assert "<html" not in bare.text
    with world.inside(app, north):
        looks = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "volunteer.revealed").order_by(AuditEntry.id)
        ).all()
    assert [look.details for look in looks] == [
        {"field": "phone", "reason": "call"},
        {"field": "note", "reason": "check"},
    ]


def test_a_helper_changes_his_own_profile_and_takes_a_break(app, client, north):
    with world.inside(app, north):
        make_helper(north)
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path("volunteers/own/edit"))
    assert page.status_code == 200
    form = {"name": "新名", "skills": ["repairs"], "version": "1", "week": ["0 1"], "phone": "13877778888"}
    assert client.post(north.path("volunteers/own/edit"), data=form).status_code == 303
    row = only(app, north)
    assert (row.name, row.week, row.phone) == ("新名", 3, "+8613877778888")
    client.post(north.path("volunteers/own/pause"), data={"paused": "1"})
    assert only(app, north).state == "paused"


def test_nobody_else_reaches_the_offices_pages(app, client, north):
    with world.inside(app, north):
        helper = make_helper(north)
    world.sign_in(client, north.accounts["volunteer"])
    for path in ("", "new", f"{helper.id}", f"{helper.id}/edit"):
        assert client.get(north.path(f"volunteers/{path}")).status_code == 403, path
    for path in ("reveal", "approve", "decline", "join-profiles", "state", "invite", "papers", "exclusions"):
        assert client.post(north.path(f"volunteers/{helper.id}/{path}")).status_code == 403, path


def test_the_offices_small_forms(app, office, north):
    with world.inside(app, north):
        helper = make_volunteer(north, name="吴刚")
    path = north.path(f"volunteers/{helper.id}")
    paper = {"kind": "first_aid", "issued_on": "2026-01-01", "expires_on": "2025-01-01"}
    assert office.post(f"{path}/papers", data=paper).status_code == 422
    assert office.post(f"{path}/papers", data=paper | {"expires_on": "2099-01-01"}).status_code == 303
    assert office.post(f"{path}/exclusions", data={"surname": "钱", "building": "3"}).status_code == 303
    assert "钱" in office.get(path).text
    assert office.post(f"{path}/state", data={"state": "left"}).status_code == 303
    assert office.post(f"{path}/state", data={"state": "paused"}).status_code == 422
    assert "吴刚" not in office.get(north.path("volunteers/")).text
    assert "吴刚" in office.get(north.path("volunteers/?state=left")).text


@pytest.mark.parametrize(
    "query", ["?after=x", "?skill=%00x", "?text=1234", "?state=none", "?show=helping", "?show=party_helping"]
)
def test_no_query_breaks_the_list(office, north, query):
    assert office.get(north.path(f"volunteers/{query}")).status_code in (200, 400)


def test_chinese_pages_open_too(app, office, north):
    with world.inside(app, north):
        helper = make_volunteer(north)
        db.session.get(Account, north.accounts["staff"].id)
    office.post("/language", data={"locale": "zh_Hans"})
    for path in ("", "new", f"{helper.id}", f"{helper.id}/edit"):
        assert office.get(north.path(f"volunteers/{path}")).status_code == 200

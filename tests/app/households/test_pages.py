"""Households' pages: the list, the file, masked facts, closing, and the household's own."""

import re

import pytest
from sqlalchemy import select

from services.core.audit import AuditEntry
from services.core.db import db
from services.households import disclosure, needs, registration
from services.households.models import Household, Need, Resident
from services.people import memberships
from tests.factories import world
from tests.factories.households import make_household, make_need, make_resident

NEW = {
    "name": "陈秀英",
    "estate": "东里",
    "building": "10",
    "entrance": "3",
    "door": "1203",
    "phone": "13800001234",
    "birthday": "1940-02-03",
    "categories": ["living_alone", "disabled"],
    "note": "左耳听不清",
    "consent_on": "2026-01-05",
    "evidence": "paper",
}
SECRETS = ("13800001234", "1203", "1940-02-03", "左耳听不清", "Older person living alone")


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


@pytest.fixture
def chen(app, office, north):
    answer = office.post(north.path("households/new"), data=NEW)
    assert answer.status_code == 303, answer.text
    return answer.location


def only(app, place, model=Household, **where):
    with world.inside(app, place):
        return db.session.scalars(select(model).filter_by(**where)).one()


def looks(app, place):
    with world.inside(app, place):
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "household.revealed").order_by(AuditEntry.id)
        ).all()
        return [(row.details["field"], row.details["reason"]) for row in rows]


def test_the_file_and_the_list_show_nothing_masked(office, chen, north):
    for path in (chen, north.path("households/"), f"{chen}/edit"):
        page = office.get(path)
        assert page.status_code == 200
        assert "陈秀英" in page.text
        for secret in SECRETS:
            # The names of categories stand in the list's filter for every household alike.
            if path == north.path("households/") and secret.startswith("Older"):
                continue
            assert secret not in page.text, (path, secret)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("phone", "+8613800001234"),
        ("door", "1203"),
        ("note", "左耳听不清"),
        ("birthday", "1940-02-03"),
        ("categories", "Older person living alone, Disability"),
    ],
)
def test_a_reveal_is_written_down(app, office, chen, north, field, text):
    form = {"field": field, "reason": "call"}
    bare = office.post(f"{chen}/reveal", data=form, headers={"HX-Request": "true"})
    assert text in bare.text
    assert "<html" not in bare.text
    assert text in office.post(f"{chen}/reveal", data=form).text or field == "birthday"
    assert looks(app, north) == [(field, "call")] * 2


def test_a_birthday_is_shown_in_its_place_without_scripts(app, office, chen, north):
    resident = only(app, north, Resident)
    form = {"field": "birthday", "reason": "check", "resident_id": str(resident.id)}
    assert "1940-02-03" in office.post(f"{chen}/reveal", data=form).text


@pytest.mark.parametrize(
    "form",
    [{"field": "phone"}, {"field": "phone", "reason": "curious"}, {"field": "door_key", "reason": "call"}],
)
def test_no_reveal_without_a_reason(app, office, chen, north, form):
    answer = office.post(f"{chen}/reveal", data=form)
    assert answer.status_code in (400, 422)
    assert "1380000" not in answer.text
    assert looks(app, north) == []


def test_to_change_the_note_is_to_look_at_it(app, office, chen, north):
    page = office.get(f"{chen}/sensitive")
    assert "左耳听不清" in page.text
    assert looks(app, north) == [("note", "check"), ("categories", "check")]
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    form = {"note": "两耳都听不清", "categories": ["disabled"], "version": version}
    assert office.post(f"{chen}/sensitive", data=form).status_code == 303
    row = only(app, north)
    assert (row.note, row.categories, len(row.category_keys)) == ("两耳都听不清", ["disabled"], 1)


def test_masked_facts_left_empty_stay(app, office, chen, north):
    form = {
        "name": "陈秀英",
        "estate": "东里",
        "building": "10",
        "entrance": "4",
        "people": "2",
        "version": "1",
    }
    assert office.post(f"{chen}/edit", data=form).status_code == 303
    row = only(app, north)
    assert (row.phone, row.door, row.entrance, row.people) == ("+8613800001234", "1203", "4", 2)
    form |= {"version": str(row.version), "drop": "phone"}
    assert office.post(f"{chen}/edit", data=form).status_code == 303
    assert only(app, north).phone is None


def test_two_editors(app, office, chen, north):
    form = {"name": "陈秀英", "estate": "东里", "building": "10", "people": "2", "version": "1"}
    assert office.post(f"{chen}/edit", data=form).status_code == 303
    late = office.post(f"{chen}/edit", data=form | {"people": "3"})
    assert late.status_code == 409
    assert "Somebody changed this" in late.text
    assert 'value="3"' in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)[1]
    assert office.post(f"{chen}/edit", data=form | {"people": "3", "version": version}).status_code == 303
    assert only(app, north).people == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"door": ""}, "door"),
        ({"building": "x" * 21}, "building"),
        ({"phone": "12"}, "phone"),
        ({"people": "0"}, "people"),
        ({"people": "9" * 30}, "people"),
        ({"birthday": "2999-01-01"}, "birthday"),
        ({"birthday": "yesterday"}, "birthday"),
        ({"categories": ["rich"]}, "categories"),
        ({"note": "身份证号 110101199003071234"}, "note"),
        ({"note": "11010119900307123Ｘ"}, "note"),
        ({"consent_on": "2999-01-01"}, "given_on"),
    ],
)
def test_a_refused_form_names_the_field_and_keeps_the_rest(app, office, north, change, field):
    answer = office.post(north.path("households/new"), data=NEW | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert "13800001234" in answer.text or "phone" in change
    with world.inside(app, north):
        assert db.session.scalars(select(Household)).all() == []


def test_a_second_household_at_the_same_door_is_named(office, chen, north):
    answer = office.post(north.path("households/new"), data=NEW | {"name": "另一户", "building": "10号楼"})
    assert answer.status_code == 422
    assert "陈秀英 is already registered" in answer.text


def test_needs_are_added_changed_and_closed(app, office, chen, north):
    form = {"kind": "meal_delivery", "urgency": "5", "times": "3", "week": ["22 23"]}
    assert office.get(f"{chen}/needs/new").status_code == 200
    assert office.post(f"{chen}/needs/new", data=form).status_code == 303
    again = office.post(f"{chen}/needs/new", data=form)
    assert again.status_code == 422
    assert 'href="#f-kind"' in again.text
    need = only(app, north, Need)
    assert (need.urgency, need.times, need.week) == (5, 3, 0b11 << 22)
    path = north.path(f"households/needs/{need.id}")
    assert office.get(path).status_code == 200
    assert office.post(path, data={"urgency": "2", "hours": "1.5", "once": "1"}).status_code == 303
    assert office.post(f"{path}/close", data={"reason": "bored"}).status_code == 422
    assert office.post(f"{path}/close", data={"reason": "met"}).status_code == 303
    need = only(app, north, Need)
    assert (need.state, need.close_reason, need.once) == ("met", "met", True)
    assert need.met_on is not None
    assert office.post(path, data={"urgency": "2"}).status_code == 422


def test_consent_is_recorded_and_withdrawn(app, office, chen, north):
    household = only(app, north)
    assert office.post(f"{chen}/consent/withdraw").status_code == 303
    with world.inside(app, north):
        assert registration.consented([household.id]) == {}
    refused = office.post(f"{chen}/consent", data={"given_on": "2999-01-01", "evidence": "call"})
    assert refused.status_code == 422
    form = {"given_on": "2026-02-01", "evidence": "call"}
    assert office.post(f"{chen}/consent", data=form).status_code == 303
    with world.inside(app, north):
        assert registration.consented([household.id])[household.id].evidence == "call"


def test_a_death_is_asked_twice_and_kept_quiet(app, office, chen, north):
    first = office.post(f"{chen}/close", data={"reason": "deceased", "day": "2026-02-01"})
    assert first.status_code == 200
    assert "has died. Is that right?" in first.text
    assert only(app, north).state == "active"
    second = office.post(f"{chen}/close", data={"reason": "deceased", "day": "2026-02-01", "sure": "1"})
    assert second.status_code == 303
    assert only(app, north).state == "deceased"
    assert "陈秀英" not in office.get(north.path("households/")).text
    assert office.post(f"{chen}/close", data={"reason": "moved", "sure": "1"}).status_code == 422
    assert office.post(f"{chen}/reopen").status_code == 303
    assert only(app, north).state == "active"


def test_residents_come_and_go_but_the_head_stays(app, office, chen, north):
    assert office.post(f"{chen}/residents", data={"name": "小陈", "gender": "male"}).status_code == 303
    assert "小陈" in office.get(chen).text
    young = only(app, north, Resident, name="小陈")
    head = only(app, north, Resident, name="陈秀英")
    assert office.post(north.path(f"households/residents/{young.id}/remove")).status_code == 303
    assert office.post(north.path(f"households/residents/{head.id}/remove")).status_code == 422
    assert "小陈" not in office.get(chen).text


def test_an_administrator_sees_who_looked(app, office, chen, north):
    office.post(f"{chen}/reveal", data={"field": "phone", "reason": "emergency"})
    admin = english(app)
    world.sign_in(admin, north.accounts["admin"])
    page = admin.get(chen).text
    assert "staff of north" in page
    assert page.count("Emergency") == office.get(chen).text.count("Emergency") + 1


def test_an_invited_household_sees_itself_and_who_looked(app, office, chen, north):
    office.post(f"{chen}/reveal", data={"field": "door", "reason": "visit"})
    page = office.post(f"{chen}/invite").text
    path = re.search(r"(/c/north/households/join/[^\"&]+)", page)[1]
    home = english(app)
    typed = {"name": "陈秀英", "login": "13800001234", "password": "a good long sentence"}
    answer = home.post(path, data=typed)
    assert answer.status_code == 303, answer.text
    mine = home.get(answer.location).text
    for known in (*SECRETS[:4], "For a visit", "staff of north"):
        assert known in mine, known
    assert home.get(chen).status_code == 403
    assert home.get(north.path("households/")).status_code == 403
    assert english(app).get(path).status_code == 422
    assert office.post(f"{chen}/invite").status_code == 409


def test_a_household_asks_and_the_office_takes_it_up(app, client, north):
    with world.inside(app, north):
        household = make_resident(north, need=None)
    world.sign_in(client, north.accounts["resident"])
    assert client.get(north.path("households/mine/ask")).status_code == 200
    assert client.post(north.path("households/mine/ask"), data={"kind": "flying"}).status_code == 422
    assert client.post(north.path("households/mine/ask"), data={"kind": "haircut"}).status_code == 303
    need = only(app, north, Need)
    assert need.state == "asked"
    with world.inside(app, north):
        assert needs.open_needs({household.id}) == []
    office = english(app)
    world.sign_in(office, north.accounts["staff"])
    office.post(north.path(f"households/needs/{need.id}"), data={"urgency": "4"})
    with world.inside(app, north):
        assert [row.id for row in needs.open_needs()] == [need.id]
    client.post(north.path(f"households/mine/needs/{need.id}/close"), data={"reason": "no_longer"})
    assert only(app, north, Need).state == "closed"


def test_a_household_cannot_touch_anothers_needs(app, client, north):
    with world.inside(app, north):
        make_resident(north)
        other = make_household(north, need=None)
        need = make_need(north, other, kind="haircut")
    world.sign_in(client, north.accounts["resident"])
    path = north.path(f"households/mine/needs/{need.id}/close")
    assert client.post(path, data={"reason": "met"}).status_code == 404
    assert only(app, north, Need, kind="haircut").state == "open"
    for path in ("reveal", "consent", "close", "invite", "residents"):
        assert client.post(north.path(f"households/{other.id}/{path}")).status_code == 403, path


def test_a_household_takes_its_consent_back(app, client, north):
    with world.inside(app, north):
        household = make_resident(north)
    world.sign_in(client, north.accounts["resident"])
    client.post(north.path("households/mine/consent"), data={"agree": "0"})
    with world.inside(app, north):
        assert registration.consented([household.id]) == {}
    client.post(north.path("households/mine/consent"), data={"agree": "1"})
    with world.inside(app, north):
        assert registration.consented([household.id])[household.id].evidence == "account"


def test_after_moving_away_the_account_sees_nothing_more(app, client, north):
    with world.inside(app, north):
        household = make_resident(north)
        registration.close_household(north.actor("staff"), household_id=household.id, reason="moved")
        account = north.accounts["resident"].id
        today = world.regions.today(north.id)
        assert memberships.communities_of(account, today) == {}
    world.sign_in(client, north.accounts["resident"])
    assert client.get(north.path("households/mine")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?after=x",
        "?urgency=9",
        "?urgency=5&show=unpaired&kind=company",
        "?show=no_consent",
        "?show=paired",
        "?category=x",
        "?building=%EF%BC%91",
        "?state=deceased",
        "?text=%25",
    ],
)
def test_no_query_breaks_the_list(office, chen, north, query):
    assert office.get(north.path(f"households/{query}")).status_code == 200


def test_another_communitys_household_does_not_exist(app, office, chen, north, south):
    stranger = english(app)
    world.sign_in(stranger, south.accounts["staff"])
    household = only(app, north)
    assert stranger.get(south.path(f"households/{household.id}")).status_code == 404
    form = {"field": "phone", "reason": "call"}
    assert stranger.post(south.path(f"households/{household.id}/reveal"), data=form).status_code == 404


def test_chinese_pages_open_too(app, office, chen, north):
    office.post("/language", data={"locale": "zh_Hans"})
    for path in (chen, f"{chen}/edit", f"{chen}/sensitive", f"{chen}/close", f"{chen}/needs/new"):
        assert office.get(path).status_code == 200, path


def test_names_looked_for_stand_in_no_address(app, client, north):
    with world.inside(app, north):
        for number in range(60):
            make_household(north, name=f"赵{number}")
        make_household(north, name="钱一")
    world.sign_in(client, north.accounts["staff"])
    found = client.post(north.path("households/"), data={"text": "赵"})
    assert found.status_code == 200
    assert "钱一" not in found.text
    assert "text=" not in found.text
    cursor = re.search(r'name="after" value="([0-9a-f-]+)"', found.text).group(1)
    rest = client.post(north.path("households/"), data={"text": "赵", "after": cursor})
    assert rest.text.count('<th scope="row"') == 10


@pytest.mark.parametrize("version", ["", "999"])
def test_a_refused_change_of_sensitive_facts_is_a_look_too(app, client, north, version):
    """The page that is sent back shows what is saved, so it is on record like the page before it."""
    with world.inside(app, north):
        household = make_household(north, note="心脏病")
    world.sign_in(client, north.accounts["staff"])
    answer = client.post(north.path(f"households/{household.id}/sensitive"), data={"version": version})
    assert answer.status_code in (409, 422)
    assert "心脏病" in answer.text
    with world.inside(app, north):
        looked = [entry.details["field"] for entry in disclosure.looks(household.id)]
        assert sorted(looked) == ["categories", "note"]

"""The register's pages: finding, comparing, putting together, many at once."""

import io

import openpyxl
import pytest

from services.core.db import db
from services.households import registration
from services.households.models import Household
from services.register import likeness
from services.volunteers import applications
from services.volunteers.models import Volunteer
from tests.factories import households, volunteers, world


@pytest.fixture
def office(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


@pytest.fixture
def homes(app, north):
    with world.inside(app, north):
        return [households.make_household(north, name=name).id for name in ("王秀英", "王秀瑛", "赵四")]


def test_what_is_typed_stands_in_no_address(office, homes, north):
    whole = office.post(north.path("register/"), data={"text": "wxy"})
    assert whole.status_code == 200
    assert "王秀英" in whole.text
    assert "赵四" not in whole.text
    part = office.post(north.path("register/"), data={"text": "wxy"}, headers={"HX-Request": "true"})
    assert "王秀瑛" in part.text
    assert "<html" not in part.text
    assert "王秀英" not in office.get(north.path("register/?text=wxy")).text


def test_filters_stand_in_the_address_and_the_name_does_not(office, homes, north):
    path = north.path("households/")
    sent = {"text": "", "building": "1", "state": "active"}
    assert office.post(path, data=sent).location == f"{path}?building=1"
    moved = office.post(path, data={**sent, "text": "zs"})
    assert (moved.status_code, moved.location) == (307, f"{path}?building=1")
    found = office.post(moved.location, data={**sent, "text": "zs"})
    assert found.status_code == 200
    assert "赵四" in found.text
    assert "王秀英" not in found.text
    assert "王秀英" not in office.get(f"{path}?building=2").text


def test_compare_put_together_and_take_back(app, office, homes, north):
    kept, other, _ = homes
    assert "王秀瑛" in office.get(north.path("register/twice/household")).text
    pair = north.path(f"register/twice/household/{kept}/{other}")
    page = office.get(pair)
    assert page.status_code == 200
    wrong = {"kept_version": "9", "other_version": "1", "name": "other"}
    assert office.post(f"{pair}/merge", data=wrong).status_code == 422
    answer = office.post(f"{pair}/merge", data=wrong | {"kept_version": "1"})
    assert answer.location == north.path(f"households/{kept}")
    assert "王秀瑛" in office.get(answer.location).text
    assert office.get(north.path(f"households/{other}")).location == answer.location
    assert office.get(pair).status_code == 303
    with world.inside(app, north):
        [twin] = likeness.decisions(north.actor("staff")).rows
    assert office.post(north.path(f"register/decided/{twin.id}/undo")).status_code == 303
    assert office.post(north.path(f"register/decided/{twin.id}/undo")).status_code == 422
    assert office.post(f"{pair}/apart").status_code == 303
    assert "王秀瑛" not in office.get(north.path("register/twice/household")).text


def test_another_communitys_rows_are_not_compared(app, office, homes, north, south):
    with world.inside(app, south):
        strange = households.make_household(south).id
    pair = north.path(f"register/twice/household/{homes[0]}/{strange}")
    for answer in (office.get(pair), office.post(f"{pair}/merge"), office.post(f"{pair}/apart")):
        assert answer.status_code == 404
    many = {"do": "consent", "id": [str(homes[0]), str(strange)]}
    assert office.post(north.path("register/many/household"), data=many).status_code == 404


def test_consent_of_many_and_for_whom_not(app, office, north):
    with world.inside(app, north):
        ids = [str(households.make_household(north, consent_on=None).id) for _ in range(3)]
    path = north.path("register/many/household")
    form = {"do": "consent", "id": ids[:2], "day": "2026-11-02", "evidence": "paper"}
    assert office.post(path, data=form).status_code == 303
    with world.inside(app, north):
        rows = db.session.scalars(db.select(Household))
        assert len(registration.consented({row.id for row in rows})) == 2
    late = office.post(path, data=form | {"day": "2999-01-01", "id": ids})
    assert late.status_code == 422
    assert "still to come" in late.text
    assert office.post(path, data={"do": "consent"}).status_code == 422
    assert office.post(path, data={"do": "approve", "id": ids}).status_code == 422


def test_applicants_are_accepted_each_by_itself(app, office, north):
    with world.inside(app, north):
        volunteers.make_volunteer(north, name="老手", phone="+8613800001111")
        world.add_member(north, "applicant")
        known = {"account_id": north.accounts["applicant"].id, "name": "新手", "phone": "+8613800001111"}
        twin = applications.apply(north.actor("applicant"), **known).id
        world.add_member(north, "applicant")
        fresh = applications.apply(
            north.actor("applicant"), account_id=north.accounts["applicant"].id, name="新人"
        ).id
    form = {"do": "approve", "id": [str(twin), str(fresh)]}
    answer = office.post(north.path("register/many/volunteer"), data=form)
    assert answer.status_code == 200
    assert "新手" in answer.text
    assert "老手 already has this phone" in answer.text
    with world.inside(app, north):
        states = dict(db.session.execute(db.select(Volunteer.name, Volunteer.state)).all())
    assert states == {"老手": "active", "新手": "pending", "新人": "active"}


def test_links_for_many_and_a_file_of_many(office, homes, north):
    path = north.path("register/many/household")
    ids = [str(one) for one in homes]
    links = office.post(path, data={"do": "invite", "id": ids})
    assert links.text.count("households/join/") == 3
    sent = office.post(path, data={"do": "export", "id": ids})
    rows = list(openpyxl.load_workbook(io.BytesIO(sent.data)).active.values)
    assert rows[1][:2] == ("id", "name")
    assert {row[1] for row in rows[2:]} == {"王秀瑛", "王秀英", "赵四"}

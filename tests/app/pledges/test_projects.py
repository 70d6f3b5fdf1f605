"""A project's pages: planned, filled, ticked, published, given to in two taps, and looked at by anybody."""

import pytest

from services.communities import regions
from services.pledges import allocations, projects
from tests.factories import pledges as make
from tests.factories import world
from tests.factories.projects import make_part, make_project, make_step


@pytest.fixture
def staff(client, north):
    world.sign_in(client, north.accounts["staff"])
    return client


@pytest.fixture
def made(app, north):
    """A public project that lacks computers, a step of it, and a pledge of computers: their ids."""
    with world.inside(app, north):
        project = make_project(north, public=True, about="Everybody may come")
        part, step = make_part(north, project.id), make_step(north, project.id)
        today = regions.today(north.id)
        pledge = make.make_pledge(north, starts_on=today, ends_on=None)
        return project.id, part.id, step.id, pledge.id


def test_planned_filled_and_published(app, staff, north):
    today = "2026-12-01"
    sent = {
        "title": "Fit out the office",
        "theme": "service",
        "lead_id": str(north.accounts["staff"].id),
        "starts_on": today,
        "target_on": today,
    }
    refused = staff.post(north.path("pledges/projects/new"), data=sent | {"target_on": "2026-11-30"})
    assert refused.status_code == 422
    assert "Fit out the office" in refused.text
    page = staff.post(north.path("pledges/projects/new"), data=sent).location
    part = {"kind": "money", "item": "Paint", "quantity": "2000.50"}
    assert staff.post(f"{page}/parts", data=part | {"quantity": "many"}).status_code == 422
    assert staff.post(f"{page}/parts", data=part).status_code == 302
    assert staff.post(f"{page}/steps", data={"title": "Painted", "due_on": today}).status_code == 302
    assert staff.post(f"{page}/finish").status_code == 422
    text = staff.get(page).text
    assert "Paint" in text and "Painted" in text
    public = page.replace("/pledges/projects/", "/projects/")
    assert app.test_client().get(public).status_code == 404
    assert staff.get(f"{page}/poster.pdf").status_code == 404
    staff.post(f"{page}/publish")
    assert app.test_client().get(public).status_code == 200
    assert staff.get(f"{page}/poster.pdf").data.startswith(b"%PDF")


def test_reserved_in_two_taps_and_signed_for(staff, north, made):
    project, part, _step, pledge = made
    page = staff.get(north.path(f"pledges/projects/{project}")).text
    assert f"{pledge}/allocate?project_id={project}&amp;part_id={part}" in page
    form = staff.get(north.path(f"pledges/{pledge}/allocate?project_id={project}&part_id={part}")).text
    assert 'value="5"' in form
    sent = {"project_id": project, "part_id": part, "quantity": "5", "planned_on": "2026-12-31"}
    answer = staff.post(north.path(f"pledges/{pledge}/allocate"), data=sent)
    assert answer.status_code == 302, answer.text
    for where in (answer.location, f"{answer.location}/sign", north.path("pledges/allocations")):
        assert "A new floor" in staff.get(where).text
    assert "A new floor" in staff.get(north.path(f"pledges/{pledge}")).text
    signed = {"receiver": "Office", "confirmed": "1", "quantity": "5", "left": "5", "rest": "later"}
    assert staff.post(f"{answer.location}/sign", data=signed).status_code == 302
    assert staff.get(north.path(f"pledges/allocations?project={project}")).status_code == 200


def test_steps_are_ticked_and_changed(staff, north, made):
    project, _part, step, _pledge = made
    path = north.path(f"pledges/projects/steps/{step}")
    assert staff.get(path).status_code == 200
    assert staff.post(path, data={"title": "", "due_on": "2026-12-31"}).status_code == 422
    assert staff.post(path, data={"title": "Paid", "due_on": "2026-12-31"}).status_code == 302
    assert staff.post(f"{path}/tick", data={"day": "2099-01-01"}).status_code == 422
    assert staff.post(f"{path}/tick", data={"day": "2026-11-01", "line": "in time"}).status_code == 302
    text = staff.get(north.path(f"pledges/projects/{project}")).text
    assert "in time" in text and "1 of 1 done" in text
    assert staff.post(f"{path}/untick").status_code == 302
    assert staff.post(f"{path}/remove").status_code == 302


def test_the_public_page_names_units_and_nobody_else(app, client, north, made):
    project, _part, _step, pledge = made
    with world.inside(app, north):
        staff = north.actor("staff")
        allocations.allocate(
            staff, pledge_id=pledge, project_id=project, planned_on=regions.today(north.id), quantity=1
        )
        names = [north.accounts["staff"].name]
    text = client.get(north.path(f"projects/{project}")).text
    assert "Everybody may come" in text and "Shop" in text and "Computers" in text
    assert not any(name in text for name in names)
    assert "A new floor" in client.get(north.path("projects/")).text


def test_a_unit_offers_on_its_market(app, client, north, made):
    project, part, _step, _pledge = made
    with world.inside(app, north):
        unit = make.make_unit(north)
        make.join_unit(north, unit)
        own = make.make_pledge(north, unit, starts_on=regions.today(north.id), ends_on=None).id
    world.sign_in(client, north.accounts["unit"])
    path = north.path(f"pledges/market/projects/{part}")
    assert path in client.get(north.path("pledges/market")).text
    assert "Computers" in client.get(path).text
    assert client.post(path, data={"pledge_id": own, "quantity": ""}).status_code == 422
    assert client.post(path, data={"pledge_id": own, "quantity": "2"}).status_code == 302
    assert "A new floor" in client.get(north.path("pledges/mine")).text
    more = north.path(f"pledges/offer?part={part}")
    assert 'value="Computers"' in client.get(more).text
    sent = {"kind": "goods", "item": "Computers", "measure": "台", "starts_on": "2026-12-01", "quantity": "4"}
    assert client.post(more, data=sent | {"measure": "box"}).status_code == 422
    answer = client.post(more, data=sent)
    assert answer.location.endswith("state=offered")
    assert "4 台" in client.get(answer.location).text
    assert client.get(north.path(f"pledges/projects/{project}")).status_code == 403


def test_stopped_for_a_reason(app, staff, north, made):
    page = north.path(f"pledges/projects/{made[0]}")
    assert staff.post(f"{page}/stop", data={"reason": "because"}).status_code == 422
    assert staff.post(f"{page}/stop", data={"reason": "not_enough"}).status_code == 302
    assert staff.get(page).status_code == 200
    assert staff.get(north.path("pledges/projects/?state=stopped&only=mine")).status_code == 200
    with world.inside(app, north):
        assert projects.get(north.actor("staff"), made[0]).state == "stopped"


def test_another_community_sees_none_of_it(client, south, north, made):
    world.sign_in(client, south.accounts["staff"])
    project, part, step, pledge = made
    for path in (
        f"pledges/projects/{project}",
        f"pledges/projects/steps/{step}",
        f"projects/{project}",
        f"pledges/allocations?project={project}",
        f"pledges/{pledge}/allocate?project_id={project}",
    ):
        assert client.get(south.path(path)).status_code == 404, path
    assert client.post(south.path(f"pledges/projects/parts/{part}/remove")).status_code == 404


def test_a_unit_stands_by_a_project(app, staff, north, south, made):
    with world.inside(app, north):
        unit = make.make_unit(north)
        make.join_unit(north, unit)
    project = north.path(f"pledges/projects/{made[0]}")
    form = north.path(f"pledges/pairings/new?project={made[0]}")
    assert "A new floor" in staff.get(form).text
    said = [staff.post(form, data={"unit": str(unit.id), "rhythm": "monthly"}).status_code for _ in range(2)]
    assert said == [302, 422]
    assert unit.name in staff.get(project).text
    assert "A new floor" in staff.get(north.path(f"pledges/units/{unit.id}")).text
    world.sign_in(staff, north.accounts["unit"])
    assert "A new floor" in staff.get(north.path("pledges/mine")).text
    world.sign_in(staff, south.accounts["staff"])
    assert staff.get(south.path(f"pledges/pairings/new?project={made[0]}")).status_code == 404
    for wrong in ("x", "9" * 400):
        assert staff.get(south.path(f"pledges/pairings/new?project={wrong}")).status_code == 404

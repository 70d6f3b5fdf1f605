"""The impact sheet: a unit's own page and paper."""

from datetime import date

from services.communities import regions
from tests.factories import pledges, world


def test_a_unit_opens_its_own_sheet_and_no_other(app, client, north):
    with world.inside(app, north):
        unit = pledges.make_unit(north)
        year = regions.today(north.id).year
        pledges.make_pledge(north, unit, starts_on=date(year, 1, 1), ends_on=None)
        pledges.join_unit(north, unit)
        other = pledges.make_unit(north)
    world.sign_in(client, north.accounts["unit"])
    assert f"pledges/units/{unit.id}/impact" in client.get(north.path("pledges/mine")).text
    page = client.get(north.path(f"pledges/units/{unit.id}/impact"))
    assert page.status_code == 200 and "Computers" in page.text
    paper = client.get(north.path(f"pledges/units/{unit.id}/impact/{year}.pdf"))
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF-")
    for ending in ("impact?year=2999", "impact?year=x", "impact/1.pdf", f"impact/{'9' * 30}.pdf"):
        assert client.get(north.path(f"pledges/units/{unit.id}/{ending}")).status_code == 404
    assert client.get(north.path(f"pledges/units/{other.id}/impact")).status_code == 404
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path(f"pledges/units/{other.id}/impact")).status_code == 200

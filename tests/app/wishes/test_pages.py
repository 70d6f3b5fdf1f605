"""The pages of small wishes: who reaches them, what they say, what they never say."""

import pytest
from sqlalchemy import select

from services.communities import regions
from services.core.db import db
from services.households.models import Household
from services.wishes.models import Wish
from tests.factories import households, volunteers, world
from tests.factories.wishes import make_wish


@pytest.fixture
def ids(app, north):
    with world.inside(app, north):
        volunteers.make_helper(north)
        home = households.make_resident(north)
        return {"wish": make_wish(north, home.id).id, "home": home.id, "name": home.name}


def _post(client, place, path, **data):
    return client.post(place.path(f"wishes/{path}"), data=data)


def test_from_asking_to_thanks(app, client, north, ids):
    world.sign_in(client, north.accounts["resident"])
    assert _post(client, north, "ours", kind="food", text="13800001234", worth="x").status_code == 422
    assert _post(client, north, "ours", kind="food", text="一袋小米").status_code == 303
    with world.inside(app, north):
        asked = db.session.scalars(select(Wish.id).where(Wish.state == "asked")).one()
    world.sign_in(client, north.accounts["staff"])
    assert "一袋小米" in client.get(north.path("wishes/?state=asked")).text
    assert (
        _post(client, north, f"{asked}/change", kind="food", text="一袋小米", worth="30").status_code == 303
    )
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path("wishes/open"))
    assert "一袋小米" in page.text and ids["name"] not in page.text
    assert _post(client, north, f"open/{asked}/claim").status_code == 303
    assert ids["name"] not in client.get(north.path("wishes/claims")).text
    assert _post(client, north, f"claims/{asked}/give-back").status_code == 303
    assert _post(client, north, f"open/{asked}/claim").status_code == 303
    assert _post(client, north, f"claims/{asked}/fulfil", day="2000-01-01").status_code == 422
    world.sign_in(client, north.accounts["staff"])
    home = client.get(north.path()).text
    assert "wishes/?state=claimed" in home
    with world.inside(app, north):
        day = regions.today(north.id).isoformat()
    assert _post(client, north, f"{asked}/hand-over", day=day).status_code == 303
    assert client.get(north.path(f"wishes/{asked}")).status_code == 200
    assert "一袋小米" in client.get(north.path(f"households/{ids['home']}")).text


def test_the_office_writes_down_and_closes(app, client, north, ids):
    world.sign_in(client, north.accounts["staff"])
    new = f"new?household={ids['home']}"
    assert client.get(north.path(f"wishes/{new}")).status_code == 200
    refused = _post(client, north, new, kind="home", text="两\n行", worth="999999999999999999")
    assert refused.status_code == 422
    assert _post(client, north, new, kind="home", text="一把伞").status_code == 303
    assert _post(client, north, f"{ids['wish']}/confirm").status_code == 422
    assert _post(client, north, f"{ids['wish']}/release").status_code == 422
    assert _post(client, north, f"{ids['wish']}/close", reason="x").status_code == 422
    assert _post(client, north, f"{ids['wish']}/close", reason="elsewhere").status_code == 303


def test_it_has_not_come_yet(app, client, north, ids):
    wish, path = ids["wish"], north.path("wishes/")
    world.sign_in(client, north.accounts["volunteer"])
    assert _post(client, north, f"open/{wish}/claim").status_code == 303
    with world.inside(app, north):
        day = regions.today(north.id).isoformat()
    assert _post(client, north, f"claims/{wish}/fulfil", day=day).status_code == 303
    world.sign_in(client, north.accounts["resident"])
    assert f"ours/{wish}/not-come" in client.get(f"{path}ours").text
    assert _post(client, north, f"ours/{wish}/not-come").status_code == 303
    assert f"ours/{wish}/not-come" not in client.get(f"{path}ours").text
    world.sign_in(client, north.accounts["staff"])
    assert "Not come yet" in client.get(f"{path}?state=claimed").text
    assert "Not come yet" in client.get(f"{path}{wish}").text
    world.sign_in(client, north.accounts["volunteer"])
    assert "not there yet" in client.get(f"{path}claims").text
    assert _post(client, north, f"claims/{wish}/fulfil", day=day).status_code == 303
    world.sign_in(client, north.accounts["staff"])
    assert _post(client, north, f"{wish}/not-come").status_code == 303
    assert f"{wish}/change" in client.get(f"{path}{wish}").text
    assert _post(client, north, f"{wish}/not-come").status_code == 422


def test_another_communitys_wishes_do_not_exist(app, client, north, south, ids):
    world.sign_in(client, south.accounts["staff"])
    for path in (f"wishes/{ids['wish']}", f"wishes/new?household={ids['home']}", "wishes/new"):
        assert client.get(south.path(path)).status_code == 404
    with world.inside(app, north):
        assert db.session.scalars(select(Household.id).where(Household.id == ids["home"])).one()

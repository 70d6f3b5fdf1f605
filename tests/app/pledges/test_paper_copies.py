"""The pages of a paper copy: attached while signing or later, sent as a file that names nobody."""

import io

import pytest

from services.core.db import db
from services.pledges import allocations
from services.pledges.models import Allocation, Delivery
from tests.factories import pledges as make
from tests.factories import world


@pytest.fixture
def sign(app, north):
    """The address at which somebody signs."""
    with world.inside(app, north):
        pledge, need = make.make_pledge(north), make.make_need(north)
        made = allocations.allocate(
            north.actor("staff"), pledge_id=pledge.id, need_id=need.id, quantity=2, planned_on=make.TODAY
        )
        return north.path(f"pledges/allocations/{made.id}/sign")


def paper(content=make.PAPER):
    return io.BytesIO(content), "王奶奶的签收单.exe"


def the_delivery(app, north):
    with world.inside(app, north):
        return db.session.query(Delivery).one_or_none()


def test_signed_on_paper_with_its_copy(client, app, north, sign):
    world.sign_in(client, north.accounts["staff"])
    assert 'name="paper_copy"' in client.get(sign).text
    form = {"receiver": "Granny", "quantity": "2", "day": "2026-11-20"}
    refused = client.post(sign, data=form | {"paper_copy": paper(b"MZ")})
    assert refused.status_code == 422 and "JPEG" in refused.text and 'value="Granny"' in refused.text
    assert the_delivery(app, north) is None
    with world.inside(app, north):
        assert db.session.query(Allocation).one().state == "reserved"
    assert client.post(sign, data=form | {"paper_copy": paper()}).status_code == 302
    delivery = the_delivery(app, north)
    assert (delivery.how, str(delivery.delivered_on)) == ("paper", "2026-11-20")

    address = north.path(f"pledges/deliveries/{delivery.id}/paper")
    assert f"{address}/open" in client.get(sign.removesuffix("/sign")).text
    sent = client.post(f"{address}/open")
    assert (sent.data, sent.mimetype) == (make.PAPER, "application/pdf")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="signed-paper.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Cache-Control"] == "no-store"


def test_a_copy_later_and_not_without_a_file(client, app, north, sign):
    world.sign_in(client, north.accounts["staff"])
    form = {"receiver": "Granny", "quantity": "2", "day": "2026-11-20", "paper": "true"}
    assert client.post(sign, data=form).status_code == 302
    address = north.path(f"pledges/deliveries/{the_delivery(app, north).id}/paper")
    assert "Attach a copy" in client.get(sign.removesuffix("/sign")).text
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    assert client.post(f"{address}/open").status_code == 404
    assert client.post(address, data={"paper_copy": paper()}).status_code == 302
    assert "Remove the copy" in client.get(address).text
    assert client.post(f"{address}/remove").status_code == 302
    assert client.post(f"{address}/remove").status_code == 404


def test_others_do_not_reach_it(client, app, north, south, sign):
    world.sign_in(client, north.accounts["staff"])
    form = {"receiver": "Granny", "quantity": "2", "paper_copy": paper()}
    assert client.post(sign, data=form).status_code == 302
    delivery_id = the_delivery(app, north).id
    world.sign_in(client, south.accounts["staff"])
    for rest, act in (("", client.get), ("", client.post), ("/open", client.post), ("/remove", client.post)):
        data = {"paper_copy": paper()} if act == client.post else None
        assert act(south.path(f"pledges/deliveries/{delivery_id}/paper{rest}"), data=data).status_code == 404

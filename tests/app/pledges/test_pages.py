"""The pages of pledges: who reaches them, what they say, what they never say."""

from datetime import UTC, datetime

import pytest
import time_machine

from services.core.db import db
from services.pledges import allocations, deliveries
from services.pledges import units as rules
from services.pledges.models import Allocation, Delivery, Pledge, Unit, UnitPerson
from tests.factories import pledges as make
from tests.factories import world

DAY = "2026-11-23"


@pytest.fixture
def ids(app, north):
    """A unit with a person, a pledge, an open need and a reserved allocation."""
    return _furnish(app, north)


@pytest.fixture
def other_ids(app, south):
    """The same in another community."""
    return _furnish(app, south)


def _furnish(app, place):
    with world.inside(app, place):
        unit = make.make_unit(place)
        person = make.join_unit(place, unit)
        pledge, need = make.make_pledge(place, unit), make.make_need(place)
        make.join_household(place, need.household_id)
        allocation = allocations.allocate(
            place.actor("staff"), pledge_id=pledge.id, need_id=need.id, quantity=2, planned_on=make.TODAY
        )
        lone = rules.add_person(place.actor("staff"), unit_id=unit.id, name="No Account", phone="13800009999")
        return {
            "unit": unit.id,
            "person": person.id,
            "lone": lone.id,
            "pledge": pledge.id,
            "need": need.id,
            "household": need.household_id,
            "allocation": allocation.id,
        }


READ = [
    "",
    "?kind=goods&only=free&unit={unit}",
    "?only=open",
    "?only=expiring",
    "?only=expired",
    "?only=withdrawn",
    "?after=nonsense",
    "units",
    "units/{unit}",
    "units/{unit}/edit",
    "units/new",
    "offer?unit={unit}",
    "{pledge}",
    "{pledge}?as_of=2020-01-01",
    "as-of",
    "as-of?as_of=2026-11-22&unit={unit}",
    "as-of?as_of=0001-01-01",
    "as-of?as_of=9999-12-31",
    "{pledge}/allocate",
    "{pledge}/allocate?name=Secret",
    "{pledge}/allocate?need_id={need}",
    "needs/{need}",
    "allocations",
    "allocations?state=reserved&household={household}",
    "allocations/{allocation}",
    "allocations/{allocation}/sign",
]
POSTS = [
    "units/{unit}/edit",
    "people/{person}/remove",
    "people/{lone}/phone",
    "people/{lone}/invite",
    "{pledge}/withdraw",
    "{pledge}/write-off",
    "{pledge}/extend",
    "{pledge}/allocate",
    "allocations/{allocation}/release",
    "allocations/{allocation}/return",
    "allocations/{allocation}/sign",
    "allocations/{allocation}/link",
    "deliveries/{allocation}/signature",
    "deliveries/{allocation}/paper",
    "deliveries/{allocation}/paper/open",
    "deliveries/{allocation}/paper/remove",
]


def path(place, rest, ids):
    return place.path("pledges/" + rest.format(**ids))


@pytest.mark.parametrize("rest", READ)
def test_the_office_reads(client, north, ids, rest):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(path(north, rest, ids)).status_code == 200


@pytest.mark.parametrize("rest", READ)
def test_strangers_are_asked_to_sign_in(client, north, ids, rest):
    assert client.get(path(north, rest, ids)).status_code == 302


# A unit's person does these too, to his own unit.
UNITS_DO = ("{pledge}/withdraw", "{pledge}/extend", "people/{person}/remove", "people/{lone}/invite")
OPEN_TO_UNITS = ("offer?unit={unit}", "{pledge}", "{pledge}?as_of=2020-01-01")


@pytest.mark.parametrize("rest", [rest for rest in READ if rest not in OPEN_TO_UNITS])
@pytest.mark.parametrize("role", ["unit", "resident"])
def test_others_do_not_reach_the_office(client, north, ids, rest, role):
    world.sign_in(client, north.accounts[role])
    assert client.get(path(north, rest, ids)).status_code == 403


@pytest.mark.parametrize("rest", POSTS)
@pytest.mark.parametrize("role", ["unit", "resident"])
def test_others_do_not_act(client, north, ids, rest, role):
    if role == "unit" and rest in UNITS_DO:
        return
    world.sign_in(client, north.accounts[role])
    assert client.post(path(north, rest, ids)).status_code == 403


@pytest.mark.parametrize("rest", [rest for rest in READ + POSTS if "{" in rest])
def test_another_communitys_ids_do_not_exist(client, north, ids, other_ids, rest):
    world.sign_in(client, north.accounts["staff"])
    act = client.post if rest in POSTS else client.get
    assert act(path(north, rest, other_ids), data={"reason": "mistake"}).status_code == 404


@pytest.mark.parametrize("rest", [*UNITS_DO, "market/{need}", "market/offers/{allocation}/take-back"])
def test_a_unit_reaches_nothing_of_another_community(client, north, ids, other_ids, rest):
    world.sign_in(client, north.accounts["unit"])
    assert client.post(path(north, rest, other_ids), data={"reason": "mistake"}).status_code == 404


def test_two_taps_from_the_market_to_the_office(client, app, north, ids):
    with world.inside(app, north):
        need = make.make_need(north, hours=2).id
    world.sign_in(client, north.accounts["unit"])
    page = client.get(north.path("pledges/market?kind=haircut"))
    assert page.status_code == 200 and f"market/{need}" in page.text
    assert "Secret" not in page.text and "101" not in page.text
    form = {"pledge_id": ids["pledge"], "quantity": "9"}
    refused = client.post(north.path(f"pledges/market/{need}"), data=form)
    assert refused.status_code == 422 and 'value="9"' in refused.text
    done = client.post(north.path(f"pledges/market/{need}"), data=form | {"quantity": "1"})
    assert done.status_code == 302
    new = {"kind": "service", "item": "Cuts", "quantity": "2", "measure": "visits", "starts_on": DAY}
    second = client.post(north.path(f"pledges/offer?need={need}"), data=new | {"need_kind": "haircut"})
    assert second.location.endswith("state=offered")
    assert client.get(second.location).text.count("take-back") == 2
    world.sign_in(client, north.accounts["staff"])
    offered = client.get(north.path("pledges/allocations?state=offered"))
    assert offered.text.count("Secret Household") == 2


@pytest.mark.parametrize("rest", ["mine", "mine?only=open", "mine/uses?state=reserved", "market", "people"])
def test_a_units_own_pages(client, app, north, ids, rest):
    world.sign_in(client, north.accounts["unit"])
    page = client.get(north.path(f"pledges/{rest}"))
    assert page.status_code == 200 and "Secret" not in page.text
    with world.inside(app, north):
        db.session.delete(db.session.get_one(UnitPerson, (north.id, ids["person"])))
    assert "invitation" in client.get(north.path(f"pledges/{rest}")).text
    world.sign_in(client, north.accounts["resident"])
    assert client.get(north.path(f"pledges/{rest}")).status_code == 403


def test_a_colleague_is_let_in(client, app, north, ids):
    world.sign_in(client, north.accounts["unit"])
    assert client.post(north.path("pledges/people"), data={"person_name": ""}).status_code == 422
    assert "/join/" in client.post(north.path("pledges/people"), data={"person_name": "Colleague"}).text
    removed = client.post(path(north, "people/{lone}/remove", ids))
    assert removed.location.endswith("pledges/people")
    assert client.post(path(north, "people/{person}/remove", ids)).status_code == 422


def test_another_community_does_not_exist(client, north, south, ids, other_ids):
    world.sign_in(client, north.accounts["staff"])
    for rest in READ + POSTS:
        act = client.post if rest in POSTS else client.get
        assert act(path(south, rest, other_ids)).status_code == 404, rest


def test_ids_of_another_community_in_a_form(client, app, north, ids, other_ids):
    world.sign_in(client, north.accounts["staff"])
    form = {"need_id": other_ids["need"], "quantity": "1", "planned_on": DAY}
    assert client.post(path(north, "{pledge}/allocate", ids), data=form).status_code == 404
    offered = {"kind": "money", "item": "Money", "quantity": "1", "starts_on": DAY, "unit": other_ids["unit"]}
    assert client.post(path(north, "offer", ids), data=offered).status_code == 404
    with world.inside(app, north):
        assert db.session.query(Allocation).count() == 1


def test_from_pledge_to_signed_delivery(client, app, north, ids):
    world.sign_in(client, north.accounts["staff"])
    answer = client.post(
        path(north, "offer", ids),
        data={"unit": ids["unit"], "kind": "money", "item": "Money", "quantity": "２万", "starts_on": DAY},
    )
    assert answer.status_code == 302
    money = answer.location
    form = {"need_id": ids["need"], "quantity": "500.50", "planned_on": DAY}
    allocated = client.post(f"{money}/allocate", data=form)
    assert allocated.status_code == 302
    signed = client.post(
        f"{allocated.location}/sign",
        data={
            "receiver": "Granny",
            "quantity": "500.50",
            "strokes": "[[[1,1],[90,80],[200,300]]]",
            "met": "1",
        },
    )
    assert signed.status_code == 302
    page = client.get(allocated.location)
    assert "Granny" in page.text
    assert "¥500.50" in page.text
    with world.inside(app, north):
        signed_for = db.session.query(Delivery).one().id
    assert "<path" in client.post(path(north, f"deliveries/{signed_for}/signature", ids)).text
    assert "¥19,499.50" in client.get(money).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "9" * 29}, "quantity"),
        ({"measure": ""}, "measure"),
        ({"item": ""}, "item"),
        ({"item": "x" * 81}, "item"),
        ({"kind": "gold"}, "kind"),
        ({"period": "decade"}, "period"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"ends_on": "2026-11-01"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"need_kind": "gold"}, "need_kind"),
        ({"kind": "venue"}, "week"),
        ({"kind": "venue", "week": "336"}, "week"),
        ({"unit": ""}, "unit"),
    ],
)
def test_an_offer_is_refused_by_field_and_nothing_typed_is_lost(client, app, north, ids, changes, field):
    world.sign_in(client, north.accounts["staff"])
    form = {"kind": "goods", "item": "Rice", "quantity": "60", "measure": "袋", "starts_on": "2026-12-01"}
    form |= {"unit": str(ids["unit"]), "conditions": "a very special condition"} | changes
    answer = client.post(path(north, "offer", ids), data=form)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert "a very special condition" in answer.text
    with world.inside(app, north):
        assert db.session.query(Pledge).count() == 1


@pytest.mark.parametrize(
    "strokes",
    ["[", "{}", '"x"', "[[[1]]]", "[[[1,1],[2,2]]]", "[[[1,1],[2,2],[9999,3]]]", "[[[1e999,1]]]", "7"],
)
def test_a_signature_that_is_none_is_refused(client, app, north, ids, strokes):
    world.sign_in(client, north.accounts["staff"])
    form = {"receiver": "Granny", "strokes": strokes}
    assert client.post(path(north, "allocations/{allocation}/sign", ids), data=form).status_code == 422
    with world.inside(app, north):
        assert db.session.query(Delivery).count() == 0


def test_without_drawing_a_tick_is_needed(client, north, ids):
    world.sign_in(client, north.accounts["staff"])
    address = path(north, "allocations/{allocation}/sign", ids)
    assert client.post(address, data={"receiver": "Granny"}).status_code == 422
    assert client.post(address, data={"receiver": "Granny", "confirmed": "1"}).status_code == 302
    again = client.post(address, data={"receiver": "Granny", "confirmed": "1"})
    assert again.status_code == 422
    assert "delivered and signed already" in again.text


def test_what_came_goes_back_and_the_rest_is_written_off(client, app, north, ids):
    world.sign_in(client, north.accounts["staff"])
    use, pledge = path(north, "allocations/{allocation}", ids), path(north, "{pledge}", ids)
    client.post(f"{use}/sign", data={"receiver": "G", "confirmed": "1"})
    for wrong in (
        {"reason": ""},
        {"reason": "lent", "quantity": "many"},
        {"reason": "lent", "quantity": "99"},
    ):
        assert client.post(f"{use}/return", data=wrong).status_code == 422
    assert client.post(f"{use}/return", data={"reason": "lent", "quantity": ""}).status_code == 302
    page = client.get(use).text
    assert "Came back" in page and "It came back" not in page
    assert (
        client.post(f"{pledge}/write-off", data={"reason": "broken", "quantity": "1000"}).status_code == 422
    )
    assert client.post(f"{pledge}/write-off", data={"reason": "broken"}).status_code == 302
    page = client.get(pledge).text
    assert "Written off" in page and "It is broken or gone" in page and "It was lent and is back" in page
    assert "+2 台" in page and "−5 台" in page


@pytest.mark.parametrize("role", ["staff", "unit"])
def test_what_ends_is_extended_in_its_page(client, north, ids, role):
    world.sign_in(client, north.accounts[role])
    pledge = path(north, "{pledge}", ids)
    with time_machine.travel(datetime(2026, 12, 30, 4, tzinfo=UTC)):
        world.sign_in(client, north.accounts[role])
        assert "something of it is still open" in client.get(pledge).text
        refused = client.post(f"{pledge}/extend", data={"ends_on": "2026-12-31"})
        assert refused.status_code == 422 and 'value="2026-12-31"' in refused.text
        assert client.post(f"{pledge}/extend", data={"ends_on": "2027-12-31"}).status_code == 302
        assert "something of it is still open" not in client.get(pledge).text


@pytest.mark.parametrize("rest", ["{pledge}", "as-of"])
@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0000-00-00", "99999-01-01"])
def test_no_day_is_no_day(client, north, ids, day, rest):
    world.sign_in(client, north.accounts["staff"])
    answer = client.get(path(north, rest, ids), query_string={"as_of": day})
    assert answer.status_code == 422 and "As of the evening of" in answer.text


def test_a_released_part_is_not_signed(client, north, ids):
    world.sign_in(client, north.accounts["staff"])
    address = path(north, "allocations/{allocation}", ids)
    assert client.post(f"{address}/release", data={"reason": "nonsense"}).status_code == 422
    assert client.post(f"{address}/release", data={"reason": "mistake"}).status_code == 302
    assert client.post(f"{address}/sign", data={"receiver": "G", "confirmed": "1"}).status_code == 422
    assert client.post(f"{address}/link").status_code == 409


def test_a_unit_sees_its_use_and_never_the_household(client, app, north, ids):
    world.sign_in(client, north.accounts["unit"])
    page = client.get(north.path("pledges/mine"))
    assert page.status_code == 200
    assert "Haircut" in page.text
    assert "November 2026" in page.text
    ledger = client.get(path(north, "{pledge}", ids))
    with world.inside(app, north):
        deliveries.sign(
            north.actor("staff"), allocation_id=ids["allocation"], receiver="Granny Wang", how="typed"
        )
    for text in (page.text, ledger.text, client.get(north.path("pledges/mine")).text):
        for secret in ("Secret Household", "Granny", "Garden", str(ids["household"]), str(ids["need"])):
            assert secret not in text
        assert str(ids["allocation"]) not in text


def test_a_unit_offers_and_takes_back_its_own_only(client, app, north, ids):
    with world.inside(app, north):
        other = make.make_pledge(north).id
        other_unit = db.session.get_one(Pledge, (north.id, other)).unit_id
    world.sign_in(client, north.accounts["unit"])
    form = {"kind": "hours", "item": "Tutoring", "quantity": "40", "period": "quarter", "starts_on": DAY}
    offered = client.post(north.path("pledges/offer"), data=form | {"unit": other_unit})
    assert offered.status_code == 302
    assert "40 h" in client.get(offered.location).text
    assert client.post(f"{offered.location}/withdraw", data={"reason": "mistake"}).status_code == 302
    assert client.get(north.path(f"pledges/{other}")).status_code == 404
    assert client.post(north.path(f"pledges/{other}/withdraw"), data={"reason": "mistake"}).status_code == 404
    with world.inside(app, north):
        assert db.session.query(Pledge).filter_by(unit_id=other_unit).count() == 1


def test_a_unit_person_without_unit_is_told_so(client, app, north, ids):
    world.sign_in(client, north.accounts["staff"])
    assert client.post(path(north, "people/{person}/remove", ids)).status_code == 302
    world.sign_in(client, north.accounts["unit"])
    assert client.get(north.path("pledges/mine")).status_code == 200
    assert client.get(north.path("pledges/offer")).status_code == 404
    assert client.get(path(north, "{pledge}", ids)).status_code == 404


def test_units_and_people(client, app, north):
    world.sign_in(client, north.accounts["staff"])
    form = {"name": "Law firm", "kind": "enterprise", "wish": "thanks"}
    made = client.post(north.path("pledges/units/new"), data=form)
    assert made.status_code == 302
    assert client.post(north.path("pledges/units/new"), data=form).status_code == 422
    assert client.post(made.location, data={"person_name": "Lawyer", "phone": "x"}).status_code == 422
    assert (
        client.post(made.location, data={"person_name": "Lawyer", "phone": "13812345678"}).status_code == 302
    )
    page = client.get(made.location)
    assert "Lawyer" in page.text
    assert "13812345678" not in page.text
    assert client.post(f"{made.location}/edit", data=form | {"name": "Law office"}).status_code == 302
    assert "Law office" in client.get(north.path("pledges/units")).text


def test_a_phone_is_shown_on_asking_and_that_is_written_down(client, app, north, ids):
    world.sign_in(client, north.accounts["staff"])
    address = path(north, "people/{lone}/phone", ids)
    assert "+8613800009999" in client.post(address).text
    assert "+8613800009999" in client.post(address, headers={"HX-Request": "true"}).text
    with world.inside(app, north):
        from_audit = db.session.execute(
            db.text("SELECT count(*) FROM audit_entry WHERE action = 'unit_person.revealed'")
        )
        assert from_audit.scalar_one() == 2


def _secret(text, word):
    return text.split(f"/pledges/{word}/")[1].split('"')[0]


def test_an_invited_person_joins_and_sees_the_unit(client, app, north, ids):
    world.sign_in(client, north.accounts["staff"])
    secret = _secret(client.post(path(north, "people/{lone}/invite", ids)).text, "join")
    guest = app.test_client()
    address = north.path(f"pledges/join/{secret}")
    assert "No Account" in guest.get(address).text
    form = {"name": "No Account", "login": "new@example.org", "password": "a good long sentence"}
    assert guest.post(address, data=form | {"password": "short"}).status_code == 422
    joined = guest.post(address, data=form, follow_redirects=True)
    assert joined.request.path == north.path("pledges/mine")
    assert "Computers" in joined.text
    assert app.test_client().get(address).status_code == 422
    assert app.test_client().get(north.path("pledges/join/nonsense")).status_code == 422


def test_a_household_signs_by_its_link_once(client, app, north, ids):
    world.sign_in(client, north.accounts["staff"])
    secret = _secret(client.post(path(north, "allocations/{allocation}/link", ids)).text, "sign")
    guest = app.test_client()
    address = north.path(f"pledges/sign/{secret}")
    page = guest.get(address)
    assert page.status_code == 200
    assert "Secret Household" not in page.text
    assert guest.post(address, data={"receiver": "Granny"}).status_code == 422
    assert (
        guest.post(address, data={"receiver": "Granny", "confirmed": "1", "quantity": "3"}).status_code == 422
    )
    signed = guest.post(address, data={"receiver": "Granny", "confirmed": "1", "quantity": "1"})
    assert signed.status_code == 200
    assert guest.get(address).status_code == 422
    with world.inside(app, north):
        delivery = db.session.query(Delivery).one()
        assert (delivery.how, delivery.quantity, delivery.noted_by) == ("link", 1, None)


def test_a_link_of_another_community_opens_nothing(client, app, north, south, ids):
    world.sign_in(client, north.accounts["staff"])
    secret = _secret(client.post(path(north, "allocations/{allocation}/link", ids)).text, "sign")
    assert app.test_client().get(south.path(f"pledges/sign/{secret}")).status_code == 422


def test_a_household_signs_in_its_account(client, app, north, ids):
    world.sign_in(client, north.accounts["resident"])
    assert "Computers" in client.get(north.path("pledges/received")).text
    address = path(north, "received/{allocation}", ids)
    assert client.get(address).status_code == 200
    assert client.post(address, data={"receiver": "Me"}).status_code == 422
    assert client.post(address, data={"receiver": "Me", "confirmed": "1"}).status_code == 302
    assert "Delivered" in client.get(north.path("pledges/received")).text


def test_a_household_signs_for_itself_only(client, app, north, ids):
    with world.inside(app, north):
        pledge, need = make.make_pledge(north), make.make_need(north)
        other = allocations.allocate(
            north.actor("staff"), pledge_id=pledge.id, need_id=need.id, quantity=1, planned_on=make.TODAY
        ).id
    world.sign_in(client, north.accounts["resident"])
    address = north.path(f"pledges/received/{other}")
    assert client.get(address).status_code == 404
    assert client.post(address, data={"receiver": "Me", "confirmed": "1"}).status_code == 404


def test_a_room_is_allocated_by_the_clock(client, app, north, ids):
    with world.inside(app, north):
        room = make.make_room(north).id
    world.sign_in(client, north.accounts["staff"])
    address = north.path(f"pledges/{room}/allocate")
    form = {"need_id": ids["need"], "planned_on": "2026-11-25", "from_time": "14:00", "to_time": "15:30"}
    assert client.post(address, data=form).status_code == 302
    taken = client.post(address, data=form | {"from_time": "15:00", "to_time": "16:00"})
    assert taken.status_code == 422
    assert 'id="e-from_time"' in taken.text
    assert client.post(address, data=form | {"from_time": "quarter past"}).status_code == 422


def test_every_page_in_chinese(client, app, north, ids):
    for role, rests in (("staff", READ), ("unit", ["mine", "offer"]), ("resident", ["received"])):
        with world.inside(app, north), world.scope.identity("account_id", north.accounts[role].id):
            account = db.session.get_one(type(north.accounts[role]), north.accounts[role].id)
            account.language = "zh_Hans"
        world.sign_in(client, north.accounts[role])
        for rest in rests:
            assert client.get(path(north, rest, ids)).status_code == 200, rest


def test_nothing_is_left_unmodelled(app, north, ids):
    with world.inside(app, north):
        assert db.session.query(Unit).count() == 1
        assert db.session.query(UnitPerson).count() == 2

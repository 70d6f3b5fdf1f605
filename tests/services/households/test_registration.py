"""Households: one behind a door, found without opening what is sealed."""

import pytest
from sqlalchemy import select

from services.core.audit import AuditEntry
from services.core.db import db
from services.core.errors import Conflict, DomainError
from services.households import needs, registration
from services.households.search import Wanted, search
from tests.factories import world
from tests.factories.households import make_household


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


def test_a_door_is_one_however_it_is_written(place):
    make_household(place, building="10", entrance="3", door="1203")
    with pytest.raises(Conflict) as refused:
        make_household(place, building="１０号楼", entrance="3单元", door="1203 室")
    assert refused.value.field == "door"


def test_after_a_move_the_door_is_free(place):
    old = make_household(place, door="501")
    registration.close_household(place.actor("staff"), household_id=old.id, reason="moved")
    new = make_household(place, door="501")
    assert new.door_key == old.door_key
    with pytest.raises(Conflict):
        registration.reopen_household(place.actor("staff"), household_id=old.id)


def test_closing_closes_the_needs(place):
    household = make_household(place)
    registration.close_household(place.actor("staff"), household_id=household.id, reason="deceased")
    assert needs.open_needs({household.id}) == []
    assert registration.active() == []


def test_found_by_name_building_phone_and_category(place):
    actor = place.actor("staff")
    chen = make_household(
        place, name="陈秀英", phone="13800001234", building="甲3", categories=["veteran", "disabled"]
    )
    make_household(place)
    for wanted in (
        {"text": "秀"},
        {"text": "1234"},
        {"text": "13800001234"},
        {"building": "甲3号楼"},
        {"category": "veteran"},
        {"category": "disabled", "text": "陈"},
    ):
        assert [row.id for row in search(actor, Wanted(**wanted)).rows] == [chen.id], wanted


def test_a_search_by_category_leaves_a_trace(place):
    search(place.actor("staff"), Wanted(category="disabled"))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "household.searched")).one()
    assert entry.details == {"category": "disabled"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"door": ""}, "door"),
        ({"building": " "}, "building"),
        ({"name": ""}, "name"),
        ({"categories": ["rich"]}, "categories"),
        ({"note": "身份证110101199003071234"}, "note"),
        ({"places": 0}, "places"),
        ({"phone": "abc"}, "phone"),
    ],
)
def test_a_refusal_names_the_field(place, facts, field):
    with pytest.raises(DomainError) as refused:
        make_household(place, **facts)
    assert refused.value.field == field


def test_two_editors_do_not_overwrite_each_other(place):
    household = make_household(place)
    seen = household.version
    actor = place.actor("staff")
    registration.update_household(actor, household_id=household.id, version=seen, people=2)
    with pytest.raises(Conflict):
        registration.update_household(actor, household_id=household.id, version=seen, people=3)


def test_a_change_keeps_what_it_does_not_name(place):
    household = make_household(place, phone="13800001234", building="4", door="303")
    registration.update_household(place.actor("staff"), household_id=household.id, entrance="1")
    assert (household.door, household.phone) == ("303", "+8613800001234")
    with pytest.raises(Conflict):
        make_household(place, building="4", entrance="1", door="303")


def test_a_household_cannot_be_moved_behind_a_taken_door(place):
    make_household(place, building="4", entrance="1", door="303")
    other = make_household(place, building="4", entrance="1", door="304")
    with pytest.raises(Conflict) as refused:
        registration.update_household(place.actor("staff"), household_id=other.id, door="303")
    assert refused.value.field == "door"

"""Helpers' profiles: what is checked, found and kept apart."""

import pytest

from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.volunteers import profiles
from tests.factories import world
from tests.factories.volunteers import make_helper, make_volunteer


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


def test_a_helper_is_found_by_name_tail_and_skill(place):
    wang = make_volunteer(place, name="王芳", phone="13800001234", skills={"haircut": 3})
    make_volunteer(place, name="李雷", phone="13800005678")
    actor = place.actor("staff")
    for wanted in ({"text": "芳"}, {"text": "1234"}, {"text": "138 0000 1234"}, {"skill": "haircut"}):
        assert [row.id for row in profiles.search(actor, **wanted).rows] == [wang.id], wanted
    assert profiles.skills_of({wang.id}) == {wang.id: {"haircut": 3}}


def test_a_wildcard_is_a_character(place):
    make_volunteer(place, name="王芳")
    assert profiles.search(place.actor("staff"), text="%").rows == []


def test_a_phone_belongs_to_one_helper(place):
    make_volunteer(place, phone="13800001234")
    with pytest.raises(Conflict) as refused:
        make_volunteer(place, phone="+86 138 0000 1234")
    assert refused.value.field == "phone"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"skills": {"flying": 1}}, "skills"),
        ({"skills": {"haircut": 4}}, "skills"),
        ({"languages": ["klingon"]}, "languages"),
        ({"week": 1 << 336}, "week"),
        ({"places": 51}, "places"),
        ({"hours": 0}, "hours"),
        ({"name": " "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"note": "身份证 11010119900307123x"}, "note"),
        ({"note": "１１０１０１ 19900307 1234"}, "note"),
    ],
)
def test_a_refusal_names_the_field(place, facts, field):
    with pytest.raises(DomainError) as refused:
        make_volunteer(place, **facts)
    assert refused.value.field == field


def test_two_editors_do_not_overwrite_each_other(place):
    helper = make_volunteer(place)
    seen = helper.version
    actor = place.actor("staff")
    profiles.update_volunteer(actor, volunteer_id=helper.id, version=seen, skills={"haircut": 1})
    with pytest.raises(Conflict):
        profiles.update_volunteer(actor, volunteer_id=helper.id, version=seen, name="另一个")
    assert profiles.get_volunteer(actor, helper.id).name == helper.name


def test_what_is_left_out_stays(place):
    helper = make_volunteer(place, phone="13800001234", skills={"haircut": 3})
    profiles.update_volunteer(place.actor("staff"), volunteer_id=helper.id, places=3)
    assert (helper.phone, helper.places) == ("+8613800001234", 3)
    assert profiles.skills_of({helper.id})[helper.id] == {"haircut": 3}


def test_only_the_office_reads_profiles(place):
    helper = make_helper(place)
    for call in (profiles.get_volunteer,):
        with pytest.raises(Forbidden):
            call(place.actor("volunteer"), helper.id)
    assert profiles.own_volunteer(place.actor("volunteer")).id == helper.id


def test_another_community_has_no_such_helper(place, south):
    helper = make_volunteer(place)
    profiles.db.session.commit()
    world.enter(south)
    with pytest.raises(NotFound):
        profiles.get_volunteer(south.actor("staff"), helper.id)


def test_a_helper_who_types_anothers_number_learns_nothing(place):
    make_volunteer(place, name="王芳", phone="13800001234")
    make_helper(place)
    with pytest.raises(Conflict) as refused:
        profiles.update_own(place.actor("volunteer"), phone="13800001234")
    assert refused.value.params == {}

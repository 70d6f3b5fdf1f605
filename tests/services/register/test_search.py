"""Anyone is found by characters, pinyin in every reading, initials and the tail of a phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import Forbidden
from services.households import residents
from services.people import name_keys
from services.register import search
from tests.factories import households, volunteers, world

READINGS = [
    ("单雄信", "shanxiongxin"),
    ("单雄信", "danxiong"),
    ("曾国藩", "zeng"),
    ("曾国藩", "Céng"),
    ("仇英", "qiuying"),
    ("吕秀英", "lvxiuying"),
    ("吕秀英", "lü xiu ying"),
    ("吕秀英", "luxiuying"),
    ("王秀英", "WXY"),
    ("王秀英", "xiuying"),
    ("王秀英", "秀"),
    ("王秀英", "ＷＡＮＧ"),
    ("买买提·艾力", "艾力"),
    ("Anna O’Brien", "obrien"),
]


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


def found(place, text):
    return [(hit.kind, hit.row.name) for hit in search.find(place.actor("staff"), text=text).hits]


@pytest.mark.parametrize(("name", "text"), READINGS)
def test_every_reading(place, name, text):
    if len(text) % 2:
        volunteers.make_volunteer(place, name=name)
    else:
        households.make_household(place, name=name)
    volunteers.make_volunteer(place, name="赵铁柱")
    assert [one for _kind, one in found(place, text)] == [name]


def test_the_nearest_first(place):
    for name in ("欧王娜", "王娜娜", "王娜"):
        households.make_household(place, name=name)
    hits = search.find(place.actor("staff"), text="王娜").hits
    assert [(hit.row.name, hit.near) for hit in hits] == [("王娜", 0), ("王娜娜", 1), ("欧王娜", 2)]
    assert [hit.near for hit in search.find(place.actor("staff"), text="王").hits] == [1, 1, 2]


def test_by_the_tail_of_a_phone_and_by_who_lives_there(place):
    home = households.make_household(place, name="丁一", phone="+8613800006543")
    volunteers.make_volunteer(place, name="丁二", phone="+8613900006543")
    assert sorted(found(place, "6543")) == [("household", "丁一"), ("volunteer", "丁二")]
    assert found(place, "138 0000 6543") == [("household", "丁一")]
    residents.add_resident(place.actor("staff"), household_id=home.id, name="丁三妹")
    [hit] = search.find(place.actor("staff"), text="dsm").hits
    assert (hit.row.id, hit.resident) == (home.id, "丁三妹")


def test_a_corrected_name_is_found_by_its_new_keys(place):
    home = households.make_household(place, name="张一")
    households.registration.update_household(place.actor("staff"), household_id=home.id, name="章一山")
    assert found(place, "zhangyishan") == [("household", "章一山")]
    assert found(place, "张") == []


def test_only_the_office_and_only_its_own(place, south):
    households.make_household(place, name="王秀英")
    world.add_member(place, "volunteer")
    with pytest.raises(Forbidden):
        search.find(place.actor("volunteer"), text="王")
    world.enter(south)
    assert found(south, "wxy") == []


@given(st.text(max_size=60))
def test_keys_of_anything_are_short_and_its_own_name_is_among_them(name):
    keys = name_keys.keys_of(name)
    assert len(keys) <= name_keys.LONGEST
    whole = name_keys.fold(name)
    assert not whole or keys.startswith(f"={whole} ")

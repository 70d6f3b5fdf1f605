"""Both sides of a unit: what it got in return, and what it gave by theme."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.pledges import allocations, benefits, deliveries, exports, impact, offers, standings, units
from tests.factories import pledges, world


@pytest.fixture
def unit(session, north):
    world.enter(north)
    return pledges.make_unit(north)


def _give(place, unit, **changes):
    facts = {"kind": "parking", "line": "Eight places at night", "given_on": pledges.TODAY} | changes
    return benefits.give(place.actor("staff"), unit_id=unit.id, **facts)


def test_a_mistake_is_taken_back_by_another_entry_and_nothing_is_ever_changed(unit, north):
    staff = north.actor("staff")
    right, wrong = _give(north, unit), _give(north, unit, kind="publicity", line="Twice by mistake")
    against = benefits.take_back(staff, benefit_id=wrong.id)
    assert [row.id for row in benefits.of_unit(staff, unit_id=unit.id)] == [right.id]
    assert [row.id for row in benefits.entries(staff, unit_id=unit.id)] == [against.id, wrong.id, right.id]
    for again in (wrong, against):
        with pytest.raises(Conflict):
            benefits.take_back(staff, benefit_id=again.id)
    for change in ("update benefit set line = ''", "delete from benefit"):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(text(change))


def test_the_same_twice_is_one_entry_and_what_was_taken_back_may_come_again(unit, north):
    first = _give(north, unit)
    assert _give(north, unit).id == first.id
    benefits.take_back(north.actor("staff"), benefit_id=first.id)
    assert _give(north, unit).id != first.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "gold"}, "kind"),
        ({"line": "  "}, "line"),
        ({"line": "身份证 11010519491231002X"}, "line"),
        ({"given_on": pledges.TODAY + timedelta(days=1)}, "given_on"),
        ({"given_on": date(1, 1, 1)}, "given_on"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(unit, north, changes, field):
    with pytest.raises(DomainError) as refused:
        _give(north, unit, **changes)
    assert refused.value.field == field


def test_the_unit_reads_its_own_and_enters_nothing(unit, north):
    pledges.join_unit(north, unit)
    mine = north.actor("unit")
    _give(north, unit)
    assert len(benefits.of_unit(mine, unit_id=unit.id)) == 1
    with pytest.raises(NotFound):
        benefits.of_unit(mine, unit_id=pledges.make_unit(north).id)
    with pytest.raises(Forbidden):
        benefits.give(mine, unit_id=unit.id, kind="other", line="x", given_on=pledges.TODAY)
    with pytest.raises(Forbidden):
        benefits.entries(mine, unit_id=unit.id)


def test_what_a_unit_hopes_for_is_of_the_list_and_stays_without_a_word(unit, north):
    staff = north.actor("staff")
    same = {"unit_id": unit.id, "name": unit.name, "kind": "shop", "wish": ""}
    units.update_unit(staff, **same, area="Food", hopes=["hiring"])
    assert units.update_unit(staff, **same).hopes == ["hiring"]
    assert unit.area == "Food"
    with pytest.raises(DomainError):
        units.update_unit(staff, **same, hopes=["gold"])
    with pytest.raises(DomainError) as refused:
        units.update_unit(staff, **same, area="11010519491231002X")
    assert refused.value.field == "area"


def test_both_sides_of_a_year_by_theme_and_unit(unit, north):
    staff = north.actor("staff")
    rice = pledges.make_pledge(north, unit, item="Rice", theme="service")
    more = pledges.make_pledge(north, unit, item="Chairs", theme="service")
    pledges.make_haircuts(north, unit=unit)
    need = pledges.make_need(north)
    made = allocations.allocate(
        staff, pledge_id=rice.id, need_id=need.id, planned_on=pledges.TODAY, quantity=2
    )
    deliveries.sign(staff, allocation_id=made.id, receiver="Old Li", how="typed")
    _give(north, unit, given_on=date(2025, 12, 31))
    _give(north, unit)
    found = impact.of_unit(staff, unit_id=unit.id, year=2026)
    told = [(one.of, one.measure, one.pledges, one.promised, one.delivered) for one in found.themes]
    assert told == [("service", "台", 2, 10, 2), ("", "人次", 1, 330, 0)]
    assert [row.given_on.year for row in found.benefits] == [2026]
    offers.set_theme(staff, pledge_id=more.id, theme="culture")
    pledges.make_pledge(north, theme="culture")
    parts = impact.of_community(staff, year=2026)
    by_theme = {(one.of, one.measure): one.pledges for one in impact.by_theme(parts)}
    assert by_theme == {("service", "台"): 1, ("culture", "台"): 2, ("", "人次"): 1}
    rows = {row.id: row for row in units.all_units(staff)}
    assert sum(one.promised for one in impact.by_unit(parts, rows)) == sum(one.promised for one in parts)
    themed, _ = standings.lines(staff, theme="culture")
    plain, _ = standings.lines(staff, theme=standings.UNTHEMED)
    assert (len(themed), len(plain)) == (2, 1)


def test_a_theme_is_of_the_list_and_a_unit_sets_its_own_only(unit, north):
    pledges.join_unit(north, unit)
    own, other = pledges.make_pledge(north, unit), pledges.make_pledge(north)
    mine = north.actor("unit")
    assert offers.set_theme(mine, pledge_id=own.id, theme="security").theme == "security"
    with pytest.raises(NotFound):
        offers.set_theme(mine, pledge_id=other.id, theme="")
    with pytest.raises(DomainError):
        offers.set_theme(mine, pledge_id=own.id, theme="gold")


def test_a_file_has_what_the_screens_have_and_no_household(unit, north):
    staff = north.actor("staff")
    pledge, need = pledges.make_haircuts(north, unit=unit), pledges.make_need(north)
    pledges.make_pledge(north)
    made = allocations.allocate(
        staff, pledge_id=pledge.id, need_id=need.id, planned_on=pledges.TODAY, quantity=2
    )
    deliveries.sign(staff, allocation_id=made.id, receiver="Old Li", how="typed")
    assert exports.pledges(staff) == standings.lines(staff)[0]
    entries = exports.movements(staff, year=2026, unit_id=unit.id)
    told = [(one.movement.kind, one.movement.quantity, one.need_kind) for one in entries]
    # The pledge began in January; November's thirty came into the ledger with the first reservation.
    assert told[-2:] == [("reserved", 2, "haircut"), ("delivered", 2, "haircut")]
    assert "Secret" not in repr(entries)
    with pytest.raises(NotFound):
        exports.movements(staff, year=2027)
    pledges.join_unit(north, unit)
    with pytest.raises(Forbidden):
        exports.pledges(north.actor("unit"))


def test_no_entry_of_another_community_is_found(unit, north, south):
    row = _give(north, unit)
    world.enter(south)
    with pytest.raises(NotFound):
        benefits.take_back(south.actor("staff"), benefit_id=row.id)

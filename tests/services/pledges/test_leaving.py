"""What is reserved for a household that leaves is free again."""

import pytest

from services.core.db import db
from services.core.errors import DomainError
from services.households import registration
from services.pledges import allocations, leaving
from services.pledges.models import Balance
from tests.factories import pledges as make
from tests.factories import world


@pytest.fixture
def reserved(session, north):
    world.enter(north)
    pledge, need = make.make_pledge(north), make.make_need(north)
    given = allocations.allocate(
        north.actor("staff"), pledge_id=pledge.id, need_id=need.id, quantity=2, planned_on=make.TODAY
    )
    return north, need, given


def _free(given):
    return db.session.get(Balance, (given.community_id, given.balance_id)).free


def test_a_closed_household_gives_back_what_was_reserved(reserved):
    place, need, given = reserved
    leaving.close_household(
        place.actor("staff"), household_id=need.household_id, reason="moved", day=make.TODAY
    )
    assert (given.state, _free(given), need.state) == ("released", 5, "closed")


def test_a_refused_closing_releases_nothing(reserved):
    place, need, given = reserved
    with pytest.raises(DomainError), db.session.begin_nested():
        leaving.close_household(
            place.actor("staff"), household_id=need.household_id, reason="x", day=make.TODAY
        )
    db.session.expire_all()
    assert (given.state, _free(given)) == ("reserved", 3)
    assert registration.get_household(place.actor("staff"), need.household_id).state == "active"

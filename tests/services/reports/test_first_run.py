"""A new community is led from its ledgers to the first published pairs, and then left alone."""

import pytest

from services.core.errors import Forbidden
from services.ledgers import uploads
from services.pairings import runs
from services.reports import first_run
from tests.factories import households, volunteers, world
from tests.factories.pairings import make_pairing, make_run

LEDGER = "户主姓名,小区,楼号,门牌,联系电话,需求\n张三,东里,10,101,19000000001,理发\n"


def _step(north):
    found = first_run.where(north.actor("admin"))
    return found and (found.step, found.code)


def test_from_nothing_to_the_first_pairs(session, north):
    world.enter(north)
    admin = north.actor("admin")
    assert _step(north) == (first_run.IMPORT, "import")
    upload = uploads.upload(admin, data=LEDGER.encode(), filename="台账.csv")
    assert _step(north) == (first_run.CHECK, "check")
    # A colleague cannot open it, so it is not his next step.
    assert first_run.where(north.actor("staff")).code == "import"
    uploads.give_up(admin, import_id=upload.id)
    households.make_household(north)
    assert _step(north) == (first_run.IMPORT, "volunteers")
    volunteers.make_volunteer(north)
    assert _step(north) == (first_run.MATCH, "match")
    run = make_run(north)
    assert _step(north) == (first_run.PUBLISH, "publish")
    runs.publish(north.actor("staff"), run_id=run.id)
    assert _step(north) is None


def test_who_has_pairings_needs_no_first_steps(session, north):
    world.enter(north)
    make_pairing(north)
    assert _step(north) is None


@pytest.mark.parametrize("prepare", ["run", "nobody"])
def test_a_run_under_way_and_one_that_found_nobody(session, north, prepare):
    world.enter(north)
    households.make_household(north, need="haircut")
    volunteers.make_volunteer(north)
    if prepare == "run":
        runs.request_run(north.actor("staff"))
        assert _step(north) == (first_run.MATCH, "running")
    else:
        make_run(north)
        assert _step(north) == (first_run.PUBLISH, "nobody")


def test_it_is_the_offices(session, north):
    world.enter(north)
    world.add_member(north, "volunteer")
    with pytest.raises(Forbidden):
        first_run.where(north.actor("volunteer"))

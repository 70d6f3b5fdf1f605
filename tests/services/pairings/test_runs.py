"""A run over real rows: asked for, computed, proven, published."""

import pytest
from sqlalchemy import select

from services.core.db import db
from services.pairings import runs
from services.pairings.models import Pairing, Proposal
from tests.factories import pairings, world


@pytest.fixture
def here(session, north):
    world.enter(north)
    return north


def test_from_a_run_to_a_pairing(here):
    volunteer, household = pairings.make_couple(here)
    run = pairings.make_run(here)
    assert (run.state, run.proven, run.value) == ("done", True, run.bound)
    assert (run.households, run.helpers, run.covered) == (1, 1, 1)
    sent = runs.publish(here.actor("staff"), run_id=run.id)
    assert sent == runs.Published(1, 0)
    proposal = db.session.scalars(select(Proposal)).one()
    pairings.agree(here, proposal)
    pairing = db.session.scalars(select(Pairing)).one()
    assert (pairing.volunteer_id, pairing.household_id, pairing.kind) == (
        volunteer.id,
        household.id,
        "primary",
    )
    assert proposal.state == "accepted"

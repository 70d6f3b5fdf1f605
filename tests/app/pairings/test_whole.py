"""From the button to the pairing, by the pages."""

import pytest
from sqlalchemy import select

from services.core.actor import system
from services.core.db import db
from services.pairings import runs
from services.pairings.models import MatchingRun, Pairing, Proposal
from tests.factories import pairings, world


@pytest.fixture
def couple(app, north):
    with world.inside(app, north):
        return pairings.make_couple(north)


def test_from_the_button_to_the_pairing(app, client, north, couple):
    world.sign_in(client, north.accounts["staff"])
    started = client.post(north.path("pairings/runs"))
    assert started.status_code == 303
    assert client.get(started.location).status_code == 200
    with world.inside(app, north):
        run = db.session.scalars(select(MatchingRun)).one()
        runs.compute(system(north.id), run.id)
    page = client.get(started.location)
    assert "checked independently" in page.text
    assert couple[1].name in page.text
    sent = client.post(f"{started.location}/publish", data={"scope": "all"}, follow_redirects=True)
    assert sent.status_code == 200
    with world.inside(app, north):
        proposal = db.session.scalars(select(Proposal)).one()
    for role, side in (("volunteer", "helper"), ("resident", "household")):
        person = app.test_client()
        world.sign_in(person, north.accounts[role])
        assert person.get(north.path("pairings/mine")).status_code == 200
        answered = person.post(
            north.path(f"pairings/mine/{proposal.id}/{side}"), data={"answer": "yes"}, follow_redirects=True
        )
        assert answered.status_code == 200
    with world.inside(app, north):
        assert db.session.scalars(select(Pairing)).one().household_id == couple[1].id
    assert couple[1].name in client.get(north.path("pairings/")).text

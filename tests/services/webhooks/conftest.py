"""Another system, and an endpoint for it that hears of what the tests do."""

import pytest

from services.core import jobs
from services.core.db import db
from services.webhooks import endpoints
from tests.factories import receivers, world

WANTED = ("household.registered", "need.closed")


@pytest.fixture
def receiver(tmp_path):
    """A system that takes webhooks."""
    with receivers.listening(tmp_path) as running:
        yield running


@pytest.fixture
def endpoint(session, receiver, north):
    """Its endpoint, added by the administrator."""
    world.enter(north)
    row = endpoints.add(north.actor("admin"), url=receiver.url, wanted=WANTED)
    db.session.commit()
    jobs.take_rings()
    return row

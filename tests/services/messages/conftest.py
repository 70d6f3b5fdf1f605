"""A reader, and a gateway that takes his SMS."""

import pytest

from services.core import jobs
from services.core.db import db
from tests.factories import letters, phones, world


@pytest.fixture
def gate():
    """An SMS gateway of the test's own."""
    with phones.listening() as running:
        yield running


@pytest.fixture
def reader(session, north):
    """A volunteer with a phone and an e-mail address."""
    world.enter(north)
    account = world.add_member(north, "volunteer")
    db.session.commit()
    jobs.take_rings()
    return account


@pytest.fixture
def by_sms(gate, reader, north):
    """The reader, who wants SMS first, then e-mail."""
    letters.prefer(north, channels=["sms", "email"])
    return reader

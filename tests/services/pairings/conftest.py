"""A community to work in."""

import pytest

from tests.factories import world


@pytest.fixture
def here(session, north):
    """The session serves `north`."""
    world.enter(north)
    return north

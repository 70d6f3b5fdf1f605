"""A garden that somebody looks after."""

import pytest

from services.communities import regions
from tests.factories import followups, world


@pytest.fixture
def garden(app, north):
    """The follow-ups of a garden planted today, by their plan's code; the volunteer's, but for the staff's own."""
    with world.inside(app, north):
        helper = world.add_member(north, "volunteer")
        return followups.make_followups(north, day=regions.today(north.id), helper=helper.id)

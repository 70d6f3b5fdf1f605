"""The clock of these tests: noon of a Sunday in November."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Noon of 22 November 2026 where the communities lie; the clock goes on from there."""
    with time_machine.travel(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield

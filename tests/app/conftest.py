"""Walks through a full community, each made once."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.app import walks
from tests.app.walks import Walk
from tests.app.witness import undone
from tests.factories.full import Full


@pytest.fixture(scope="session")
def _walks() -> dict[str, Walk]:
    return {}


@pytest.fixture
def walked(app: Flask, full_places: tuple[Full, Full], _walks: dict[str, Walk]) -> Callable[[str], Walk]:
    """What a role meets in the first full community as every test begins with it."""

    def of(role: str) -> Walk:
        if role not in _walks:
            with undone(app):
                _walks[role] = walks.walk(app, full_places[0], role)
        return _walks[role]

    return of

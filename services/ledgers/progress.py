"""How far a long reading or import has come: counted by the work itself, written beside it so that everybody sees it."""

import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from services.core import clock, scope
from services.ledgers.models import LedgerImport

One = TypeVar("One")
# Seconds between two writes.
PAUSE = 1.0
# Longer than any stretch of the work that counts nothing.
LEASE = timedelta(minutes=2)


class _Count:
    def __init__(self, community_id: int, import_id: uuid.UUID) -> None:
        self.community_id, self.import_id = community_id, import_id
        self.done, self.total, self.told = 0, 0, time.monotonic()

    def step(self) -> None:
        self.done += 1
        if time.monotonic() - self.told >= PAUSE:
            self.told = time.monotonic()
            self._tell()

    def _tell(self) -> None:
        said = (
            update(LedgerImport)
            .where(LedgerImport.community_id == self.community_id, LedgerImport.id == self.import_id)
            .values(done=self.done, total=self.total, lease_until=clock.now() + LEASE)
        )
        # It is only a number to look at: the work goes on without it.
        with suppress(SQLAlchemyError), scope.aside() as connection:
            connection.execute(said)


_current: ContextVar[_Count | None] = ContextVar("ledger progress", default=None)


@contextmanager
def counting(community_id: int, import_id: uuid.UUID) -> Iterator[None]:
    """Count what `each` gives out inside the block, for this import."""
    before = _current.set(_Count(community_id, import_id))
    try:
        yield
    finally:
        _current.reset(before)


def expect(looks: int) -> None:
    """Say how many items `each` will give out in all."""
    if count := _current.get():
        count.total = looks


def each(items: Collection[One]) -> Iterator[One]:
    """The items one by one, counted when somebody counts."""
    count = _current.get()
    for item in items:
        yield item
        if count:
            count.step()

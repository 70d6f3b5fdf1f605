"""Background work: PostgreSQL holds the promise, the queue only carries the hint.

A job is a function `(system actor, row id)` registered under a name with the permission it acts by. It locks
the row, looks at its state, acts and writes the new state in the one transaction the edge gives it; it may run
twice. `ring` asks for a wake-up once the transaction has committed; the edge hands the collected rings to the queue.
A lost ring costs a sweep's interval: `sweep` names the rows that are due and the job that deals with them.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, update

from services.core import clock, scope
from services.core.actor import Actor
from services.core.db import Base, db
from services.core.permissions import PERMISSIONS

# Seconds.
FIRST_PAUSE, LONGEST_PAUSE = 30, 3600

Work = Callable[[Actor, uuid.UUID], None]


@dataclass(frozen=True)
class Job:
    """A registered job: its name, the permission it acts by, the function."""

    name: str
    permission: str
    work: Work


@dataclass(frozen=True)
class Sweep:
    """Rows of `table` for which `due` (SQL) holds are handed to `job`, the first by `order` (a column) first."""

    table: str
    due: str
    order: str
    job: str


JOBS: dict[str, Job] = {}
SWEEPS: list[Sweep] = []


def job(name: str, *, permission: str) -> Callable[[Work], Work]:
    """Register the decorated function as job `name`. Raises ValueError for a name taken or a permission unknown."""

    def register(work: Work) -> Work:
        if name in JOBS or permission not in PERMISSIONS:
            raise ValueError(f"job {name} is registered twice or has no known permission")
        JOBS[name] = Job(name, permission, work)
        return work

    return register


def sweep(table: str, *, due: str, order: str, job: str) -> None:
    """Have the sweeper hand due rows to `job`; the same `due` stands in the table's sweeper policy."""
    SWEEPS.append(Sweep(table, due, order, job))


def put_off(name: str, row_id: uuid.UUID) -> None:
    """After job `name` has raised for a row: count it, and let the sweep take the row up again, ever later up to an hour.

    A job that nothing sweeps for is only rung for by what asked for it.
    """
    for one in SWEEPS:
        if one.job == name:
            table = Base.metadata.tables[one.table]
            pause = func.least(FIRST_PAUSE * func.power(2, table.c.attempts), LONGEST_PAUSE)
            until = clock.now() + func.make_interval(0, 0, 0, 0, 0, 0, pause)
            db.session.execute(
                update(table)
                .where(table.c.community_id == scope.community_id(), table.c.id == row_id)
                .values(attempts=table.c.attempts + 1, lease_until=until)
            )


def ring(name: str, community_id: int, row_id: uuid.UUID) -> None:
    """Ask for `name` to look at a row after commit; one wake-up carries all rows of a community."""
    rings: dict[tuple[str, int], list[uuid.UUID]] = db.session().info.setdefault("rings", {})
    rings.setdefault((JOBS[name].name, community_id), []).append(row_id)


@contextmanager
def silence() -> Iterator[None]:
    """Nobody is woken for what is done inside: it will be taken back."""
    kept = db.session().info.get("rings", {})
    db.session().info["rings"] = {}
    try:
        yield
    finally:
        db.session().info["rings"] = kept


def take_rings() -> dict[tuple[str, int], list[uuid.UUID]]:
    """What was rung for since the last call, by job and community; for the edge, after commit."""
    return db.session().info.pop("rings", {})

"""Claims what is due in any community and rings for it.

Signed in as a role that sees ids and due times only. Claim, commit, then enqueue: a wake-up lost after the
claim is repeated when the lease has run out.
"""

import uuid
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app import queue
from services.core import jobs

log = structlog.get_logger()

LEASE = 60
BATCH = 500


@dataclass(frozen=True)
class Swept:
    """What one sweep found: rows claimed, and whether the queue could be told."""

    claimed: int
    rung: bool


def sweep(engine: Engine) -> Swept:
    """Claim due rows of every registered table for LEASE seconds and ring for them; stops when the queue is lost."""
    # What were claimed in vain would wait for its lease after the queue is back.
    claimed, rung = 0, queue.answers()
    for one in jobs.SWEEPS:
        more = rung
        while more:
            try:
                rows = _claim(engine, one)
            except SQLAlchemyError as error:
                # One table's trouble must not hold up the others.
                log.error("sweep.failed", table=one.table, error=type(error).__name__)
                break
            rings: dict[tuple[str, int], list[uuid.UUID]] = {}
            for community_id, row_id in rows:
                rings.setdefault((one.job, community_id), []).append(row_id)
            rung = queue.ring(rings)
            claimed += len(rows)
            more = rung and len(rows) == BATCH
    return Swept(claimed, rung)


def _claim(engine: Engine, one: jobs.Sweep) -> list[tuple[int, uuid.UUID]]:
    # Table, condition and column come from our own registry, never from input.
    statement = text(
        f"UPDATE {one.table} SET lease_until = now() + interval '{LEASE} seconds' "  # noqa: S608
        f"WHERE (community_id, id) IN (SELECT community_id, id FROM {one.table} "
        f"WHERE {one.due} AND (lease_until IS NULL OR lease_until < now()) "
        f"ORDER BY {one.order} LIMIT {BATCH} FOR UPDATE SKIP LOCKED) RETURNING community_id, id"
    )
    with engine.begin() as connection:
        return [(row.community_id, row.id) for row in connection.execute(statement)]

"""Claims what is due in any community and rings for it.

Signed in as a role that sees ids and due times only. Claim, commit, then enqueue: a wake-up lost after the
claim is repeated when the lease has run out.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import Engine, text

from app import queue
from services.core import jobs

LEASE = 60
BATCH = 500


@dataclass(frozen=True)
class Swept:
    """What one sweep found: rows claimed, and whether the queue could be told."""

    claimed: int
    rung: bool


def sweep(engine: Engine) -> Swept:
    """Claim due rows of every registered table for LEASE seconds and ring for them."""
    claimed, rung = 0, True
    for one in jobs.SWEEPS:
        while True:
            rows = _claim(engine, one)
            rings: dict[tuple[str, int], list[uuid.UUID]] = {}
            for community_id, row_id in rows:
                rings.setdefault((one.job, community_id), []).append(row_id)
            rung = queue.ring(rings) and rung
            claimed += len(rows)
            if len(rows) < BATCH or not rung:
                break
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

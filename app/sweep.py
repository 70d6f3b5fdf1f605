"""Claims what is due in any community and rings for it: a batch of each table, a few rows of each community in turn.

Signed in as a role that sees ids and due times only. Claim, commit, then enqueue: a wake-up lost after the
claim is repeated when the lease has run out. What the worker cannot do within its lease is not claimed yet.
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
# A lease or pause that ends later than this was given by a clock that was wrong (the longest pause is an hour).
WRONG = "2 hours"


@dataclass(frozen=True)
class Swept:
    """What one sweep found: rows claimed, whether the queue could be told, and whether more is due than it takes now."""

    claimed: int
    rung: bool
    more: bool = False


def sweep(engine: Engine) -> Swept:
    """Claim due rows of every registered table for LEASE seconds and ring for them; stops when the queue is lost or full."""
    claimed, due = 0, list(jobs.SWEEPS)
    # What were claimed in vain would wait for its lease after the queue is back.
    rung, full = queue.answers(), False
    while rung and due and not full:
        full = queue.has_enough()
        # A batch of each table, so that a storm in one is nobody else's.
        for one in [] if full else list(due):
            rows = _claim_or_log(engine, one)
            if not rows:
                due.remove(one)
            rung = rung and queue.ring_due(one.job, rows)
            claimed += len(rows)
    return Swept(claimed, rung, full)


def _claim_or_log(engine: Engine, one: jobs.Sweep) -> list[tuple[int, uuid.UUID]]:
    try:
        return _claim(engine, one)
    except SQLAlchemyError as error:
        # One table's trouble must not hold up the others.
        log.error("sweep.failed", table=one.table, error=type(error).__name__)
        return []


def _claim(engine: Engine, one: jobs.Sweep) -> list[tuple[int, uuid.UUID]]:
    # Table, condition and column come from our own registry, never from input.
    statement = text(
        f"WITH due AS (SELECT row.*, row_number() OVER (PARTITION BY row.community_id ORDER BY row.since) AS turn "  # noqa: S608
        f"FROM community CROSS JOIN LATERAL (SELECT community_id, id, {one.order} AS since FROM {one.table} AS swept "
        f"WHERE swept.community_id = community.id AND {one.due} AND (lease_until IS NULL OR lease_until < now() "
        f"OR lease_until > now() + interval '{WRONG}') ORDER BY {one.order} LIMIT {queue.TOGETHER} "
        f"FOR UPDATE SKIP LOCKED) AS row ORDER BY turn, since LIMIT {BATCH}) "
        f"UPDATE {one.table} AS swept SET lease_until = now() + interval '{LEASE} seconds' FROM due "
        f"WHERE swept.community_id = due.community_id AND swept.id = due.id RETURNING swept.community_id, swept.id"
    )
    with engine.begin() as connection:
        return [(row.community_id, row.id) for row in connection.execute(statement)]

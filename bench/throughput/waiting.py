"""One round of the sweep beside rows that are not due: how long it takes, and what it rings for."""

import time
from dataclasses import dataclass

from sqlalchemy import create_engine

from app import queue
from app.sweep import sweep
from bench.throughput import rows
from bench.throughput.town import Town

CODE = "waiting"


@dataclass(frozen=True)
class Rounds:
    """Seconds of each round, sorted; rows claimed and wake-ups rung for in all of them."""

    seconds: list[float]
    claimed: int
    wake_ups: int


def fill(town: Town, communities: int) -> None:
    """Communities for this part alone."""
    town.empty()
    rows.communities(town.connection, CODE, communities)


def rounds(town: Town, number: int) -> Rounds:
    """So many rounds of the real sweep; in between the queue is emptied and what was claimed is due anew, as the last."""
    engine = create_engine(town.running.sweeper_url, connect_args={"prepare_threshold": None})
    seconds, claimed, wake_ups = [], 0, 0
    for _ in range(number + 1):
        begin = time.perf_counter()
        claimed += sweep(engine).claimed
        seconds.append(time.perf_counter() - begin)
        wake_ups += queue.waiting()
        queue.queue().connection.flushdb()
        town.connection.execute(
            "UPDATE follow_up SET lease_until = NULL, next_at = now() WHERE next_at <= now() AND lease_until IS NOT NULL"
        )
    engine.dispose()
    # The first one connects.
    return Rounds(sorted(seconds[1:]), claimed, wake_ups)

"""Messages a second with one worker: a wake-up for a batch, one RQ job for each, and a bare SKIP LOCKED loop."""

import time
import uuid
from datetime import UTC, datetime

from rq import Queue

from app import queue
from bench.throughput import rows
from bench.throughput.rows import Reader
from bench.throughput.town import Town, wait_for
from services.messages import delivery

QUEUED = "SELECT count(*) FROM message WHERE state = 'queued'"
PATIENCE = 400.0


def fill(town: Town, people: list[Reader]) -> list[tuple[int, uuid.UUID]]:
    """A message due for each of them, and nothing else."""
    town.empty()
    now = datetime.now(UTC)
    made = rows.messages(town.connection, ((one, now) for one in people))
    town.connection.execute("VACUUM ANALYZE message")
    return made


def batches(town: Town, people: list[Reader], *words: str) -> float:
    """Messages a second by the sweep's wake-ups, each for up to `queue.TOGETHER` rows of a community."""
    fill(town, people)
    with town.worker(*words), town.sweeper(1):
        wait_for(lambda: not town.count(QUEUED), PATIENCE)
    return _a_second(town, not words)


def one_job_each(town: Town, people: list[Reader], *words: str) -> float:
    """Messages a second by one RQ job for each message, which does the same for its one row."""
    made = fill(town, people)
    with town.worker(*words):
        for at in range(0, len(made), 500):
            queue.queue(queue.SWEPT).enqueue_many([_job(*one) for one in made[at : at + 500]])
        wait_for(lambda: not town.count(QUEUED), PATIENCE)
    return _a_second(town, "--little" not in words)


def bare(town: Town, people: list[Reader], together: int) -> float:
    """Messages a second that psycopg claims `together` at a time and marks as sent, with nothing handed over."""
    made, communities = fill(town, people), sorted({one.community_id for one in people})
    begin = time.perf_counter()
    while communities:
        communities = [one for one in communities if _take(town, one, together)]
    return len(made) / (time.perf_counter() - begin)


def _job(community_id: int, row_id: uuid.UUID) -> object:
    arguments = [delivery.SEND, community_id, [str(row_id)]]
    return Queue.prepare_data("app.queue.run", arguments, result_ttl=0, failure_ttl=3600)


def _take(town: Town, community_id: int, together: int) -> int:
    with town.connection.transaction():
        found = town.connection.execute(
            "SELECT id FROM message WHERE community_id = %s AND state = 'queued' AND due_at <= now() ORDER BY due_at "
            "LIMIT %s FOR UPDATE SKIP LOCKED",
            [community_id, together],
        ).fetchall()
        town.connection.execute(
            "UPDATE message SET state = 'sent', sent_at = now() WHERE community_id = %s AND id = ANY(%s)",
            [community_id, [row[0] for row in found]],
        )
    return len(found)


def _a_second(town: Town, handed_over: bool) -> float:
    """From the first message sent to the last; what was handed over reached the gateway once."""
    found = town.connection.execute(
        "SELECT count(*) - 1, extract(epoch FROM max(sent_at) - min(sent_at)) FROM message WHERE state = 'sent'"
    ).fetchone()
    assert found is not None
    if handed_over:
        references = [one.reference for one in town.gateway.taken()]
        assert len(references) == len(set(references)) == found[0] + 1, "a message was lost or doubled"
    return float(found[0]) / float(found[1])

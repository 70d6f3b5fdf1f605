"""The doorbell: after commit the queue is told which rows to look at; it never holds a promise itself."""

import time
import traceback
import uuid
from collections import deque

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker, get_current_job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException
from sqlalchemy.exc import SQLAlchemyError

from services.core import jobs, permissions, scope
from services.core.actor import system
from services.core.db import transaction

log = structlog.get_logger()

# The doorbell goes before what the sweep found: somebody's own "now" does not wait for a storm at nine in the morning.
BELL, SWEPT = "linli", "linli-swept"
TIMEOUT = 600
# Rows of a community in one wake-up; then it is another community's turn.
TOGETHER = 20
# Wake-ups by the sweep that may wait for each worker while more is claimed: seconds of work, which somebody else's rows wait for.
ENOUGH = 4
# Less than a sweep's lease, so that a wake-up of many rows has let go of them when they are claimed again.
BUDGET = 45


def init(app: Flask) -> None:
    """Remember how to reach Redis; nothing is connected yet."""
    app.extensions["redis"] = Redis.from_url(
        app.config["REDIS_URL"], socket_connect_timeout=2, socket_timeout=5, health_check_interval=30
    )
    app.jinja_env.globals["standstill"] = standstill


def queue(name: str = BELL, connection: Redis | None = None) -> Queue:
    """A queue, on the application's connection or the one given."""
    return Queue(
        name,
        connection=connection or current_app.extensions["redis"],
        serializer=JSONSerializer,
        default_timeout=TIMEOUT,
    )


def answers() -> bool:
    """Whether the queue can be reached now."""
    try:
        return bool(current_app.extensions["redis"].ping())
    except RedisError:
        return False


def standstill() -> str:
    """Why background work waits: "queue" when Redis cannot be reached, "worker" when none is at work, else ""."""
    try:
        return "" if Worker.all(queue=queue()) else "worker"
    except RedisError:
        return "queue"


def waiting() -> int:
    """How many wake-ups by the sweep the worker has not taken up yet; none when the queue is lost."""
    try:
        return queue(SWEPT).count
    except RedisError:
        return 0


def has_enough() -> bool:
    """Whether so many wake-ups by the sweep wait already that the workers are busy; not when the queue is lost."""
    try:
        return waiting() > ENOUGH * max(1, Worker.count(queue=queue()))
    except RedisError:
        return False


def ring_all() -> None:
    """Hand what the committed transaction rang for to the queue; a lost wake-up is the sweep's."""
    ring(jobs.take_rings())


def ring(rings: dict[tuple[str, int], list[uuid.UUID]]) -> None:
    """Enqueue one wake-up for each job and community.

    Of many rows of a community the first are rung for; the sweep takes up the others, in turn with those of other communities.
    """
    _ring(BELL, [(job, community_id, row_ids[:TOGETHER]) for (job, community_id), row_ids in rings.items()])


def ring_due(job: str, rows: list[tuple[int, uuid.UUID]]) -> bool:
    """Enqueue a wake-up for each community among (community, row). False when the queue cannot be reached."""
    by_community: dict[int, list[uuid.UUID]] = {}
    for community_id, row_id in rows:
        by_community.setdefault(community_id, []).append(row_id)
    return _ring(SWEPT, [(job, community_id, row_ids) for community_id, row_ids in by_community.items()])


def _ring(name: str, wake_ups: list[tuple[str, int, list[uuid.UUID]]], *, at_front: bool = False) -> bool:
    if not wake_ups:
        return True
    try:
        queue(name).enqueue_many(
            [
                Queue.prepare_data(
                    "app.queue.run",
                    [job, community_id, [str(row_id) for row_id in row_ids]],
                    result_ttl=0,
                    failure_ttl=3600,
                    at_front=at_front,
                )
                for job, community_id, row_ids in wake_ups
            ]
        )
    except RedisError as error:
        log.warning("queue.lost", jobs=len(wake_ups), error=type(error).__name__)
        return False
    return True


def run(name: str, community_id: int, row_ids: list[str]) -> int:
    """Do job `name` for each row of a community in a transaction of its own; the number of rows done.

    What a row rings for of the same job (its own second step, say) is done at once, without a way through the queue.
    A row whose job raises is undone, logged by its id and put off; the others go on. What BUDGET does not
    suffice for is left to the sweep. A wake-up by the sweep gives way to the doorbell between two rows; what is left
    goes on after it. Called by the worker, in whose application context this opens one more: each wake-up has a
    session of its own.
    """
    job = jobs.JOBS[name]
    permissions.require(system(community_id), job.permission)
    done, started = set[uuid.UUID](), time.monotonic()
    waiting = deque(uuid.UUID(row_id) for row_id in row_ids)
    with current_app.app_context():
        while waiting and time.monotonic() - started <= BUDGET:
            row_id = waiting.popleft()
            again = _do(job, community_id, row_id)
            if again is None:
                done.discard(row_id)
            else:
                done.add(row_id)
                waiting.extendleft(reversed(again))
            if waiting and _somebody_rings():
                _ring(SWEPT, [(name, community_id, list(waiting))], at_front=True)
                break
    return len(done)


def _somebody_rings() -> bool:
    """Whether the doorbell waits for this wake-up by the sweep."""
    here = get_current_job()
    try:
        return here is not None and here.origin == SWEPT and queue().count > 0
    except RedisError:
        return False


def _do(job: jobs.Job, community_id: int, row_id: uuid.UUID) -> list[uuid.UUID] | None:
    """Do one row's work and ring for what it rang for: the rows that the same job is to look at next, None when it failed.

    Raises only when the worker's time is up.
    """
    scope.leave()
    scope.enter(community_id)
    try:
        with transaction():
            job.work(system(community_id), row_id)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "job.failed",
            job=job.name,
            community=community_id,
            row=str(row_id),
            # Not the words of the error: they may quote somebody's data.
            error=type(error).__name__,
            where=f"{where.filename}:{where.lineno}",
        )
        jobs.take_rings()
        _put_off(job, row_id)
        if isinstance(error, BaseTimeoutException):
            raise
        return None
    rings = jobs.take_rings()
    again = rings.pop((job.name, community_id), [])
    ring(rings)
    return again


def _put_off(job: jobs.Job, row_id: uuid.UUID) -> None:
    try:
        with transaction():
            jobs.put_off(job.name, row_id)
    except SQLAlchemyError as error:
        # Its lease runs out by itself.
        log.error("job.not_put_off", job=job.name, row=str(row_id), error=type(error).__name__)

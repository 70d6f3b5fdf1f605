"""The doorbell: after commit the queue is told which rows to look at; it never holds a promise itself."""

import uuid

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from services.core import jobs, permissions, scope
from services.core.actor import system
from services.core.db import db, transaction

log = structlog.get_logger()

NAME = "linli"
TIMEOUT = 600


def init(app: Flask) -> None:
    """Remember how to reach Redis; nothing is connected yet."""
    app.extensions["redis"] = Redis.from_url(
        app.config["REDIS_URL"], socket_connect_timeout=2, socket_timeout=5, health_check_interval=30
    )


def queue(connection: Redis | None = None) -> Queue:
    """The one queue, on the application's connection or the one given."""
    return Queue(
        NAME,
        connection=connection or current_app.extensions["redis"],
        serializer=JSONSerializer,
        default_timeout=TIMEOUT,
    )


def ring_all() -> None:
    """Hand what the committed transaction rang for to the queue; a lost wake-up is the sweep's."""
    ring(jobs.take_rings())


def ring(rings: dict[tuple[str, int], list[uuid.UUID]]) -> bool:
    """Enqueue one wake-up for each job and community. False when the queue cannot be reached."""
    if not rings:
        return True
    try:
        queue().enqueue_many(
            [
                Queue.prepare_data(
                    "app.queue.run",
                    [job, community_id, [str(row_id) for row_id in row_ids]],
                    result_ttl=0,
                    failure_ttl=3600,
                )
                for (job, community_id), row_ids in rings.items()
            ]
        )
    except RedisError as error:
        log.warning("queue.lost", jobs=len(rings), error=type(error).__name__)
        return False
    return True


def run(name: str, community_id: int, row_ids: list[str]) -> int:
    """Do job `name` for each row of a community in a transaction of its own; the number done.

    A row whose job raises is logged by its id and left for the sweep; the others go on.
    """
    job = jobs.JOBS[name]
    actor = system(community_id)
    permissions.require(actor, job.permission)
    done = 0
    with current_app.app_context():
        for row_id in row_ids:
            scope.leave()
            scope.enter(community_id)
            try:
                with transaction():
                    job.work(actor, uuid.UUID(row_id))
                done += 1
            except Exception as error:
                log.error(
                    "job.failed", job=name, community=community_id, row=row_id, error=type(error).__name__
                )
                jobs.take_rings()
            ring_all()
        db.session.remove()
    return done

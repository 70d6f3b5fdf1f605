"""`python -m app.worker`: does what the queue rings for, one job at a time, until told to stop.

A job that a killed worker leaves behind is not taken up again in the queue: its rows are due in the database,
and the sweep rings for them.
"""

import contextlib
import signal
import time
from types import FrameType

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from app import create_app, queue, roles
from services.core.db import db
from services.pairings import results

log = structlog.get_logger()

# Seconds.
PAUSE = 2


class Worker(SimpleWorker):
    """RQ's worker without a process of its own for each job, that stops when told to even while Redis is lost."""

    max_connection_wait_time = 5.0
    told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember being told, then stop as RQ does: at once when idle, after the present job when busy."""
        self.told_to_stop = True
        super().request_stop(signum, frame)

    def set_shutdown_requested_date(self) -> None:
        """Note in Redis that it is told to stop; this runs inside a job, which a lost Redis must not break."""
        with contextlib.suppress(RedisError):
            super().set_shutdown_requested_date()


def main() -> None:
    """Work until SIGTERM or SIGINT. Waits for a lost Redis; raises RoleError as the database's owner."""
    results.warm()
    app = create_app()
    with app.app_context():
        roles.refuse_powerful(db.engine)
        while not _work(app):
            time.sleep(PAUSE)


def _work(app: Flask) -> bool:
    """Work until told to stop (True) or until RQ gives up (False), as it does when Redis fails it between jobs."""
    # Its own connection: RQ stretches the timeouts of the one it is given.
    connection = Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=2, health_check_interval=30)
    worker = None
    try:
        # Asks Redis already when it is made.
        worker = Worker(
            [queue.queue(queue.BELL, connection), queue.queue(queue.SWEPT, connection)],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=60,
            maintenance_interval=30,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING", with_scheduler=False)
    except RedisError as error:
        log.warning("worker.waits", reason="queue lost", error=type(error).__name__)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_DFL)
    connection.close()
    return worker is not None and worker.told_to_stop


if __name__ == "__main__":
    main()

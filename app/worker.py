"""`python -m app.worker`: does what the queue rings for, one job at a time, until told to stop."""

import signal
import time

import structlog
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from app import create_app, queue, roles
from services.core.db import db

log = structlog.get_logger()


def main() -> None:
    """Work until SIGTERM or SIGINT. Waits for a lost Redis; raises RoleError as the database's owner."""
    app = create_app()
    with app.app_context():
        roles.refuse_powerful(db.engine)
        while True:
            worker = SimpleWorker(
                [queue.queue()],
                connection=app.extensions["redis"],
                serializer=JSONSerializer,
                default_worker_ttl=60,
                job_monitoring_interval=10,
                maintenance_interval=30,
                log_job_description=False,
            )
            try:
                worker.work(logging_level="WARNING", with_scheduler=False)
                return
            except RedisError as error:
                log.warning("worker.waits", reason="queue lost", error=type(error).__name__)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                time.sleep(2)


if __name__ == "__main__":
    main()

"""The worker of a measurement: `python -m bench.throughput.worker [--little] [--fork]`.

Without a word it is Linli's own. `--little`: the job behind the outbox only marks its row. `--fork`: RQ's own worker, which
makes a process for every job.
"""

import sys
import uuid

from rq import Worker
from rq.serializers import JSONSerializer

from app import create_app, queue, worker
from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.messages import delivery
from services.messages.models import Message


def main() -> None:
    """Work until told to stop."""
    if "--little" in sys.argv:
        jobs.JOBS[delivery.SEND] = jobs.Job(delivery.SEND, jobs.JOBS[delivery.SEND].permission, mark)
    if "--fork" in sys.argv:
        fork()
    else:
        worker.main()


def mark(actor: Actor, message_id: uuid.UUID) -> None:
    """Lock a message and mark it as sent: the least that a job of ours does."""
    message = locks.lock(Message, message_id)
    if message.state == "queued":
        message.state, message.sent_at, message.lease_until = "sent", clock.now(), None


def fork() -> None:
    """RQ as it comes. Nothing connects to the database before a job's process does."""
    app = create_app()
    with app.app_context():
        bell = queue.queue(queue.BELL), queue.queue(queue.SWEPT)
        Worker(list(bell), connection=bell[0].connection, serializer=JSONSerializer).work(
            logging_level="WARNING"
        )


if __name__ == "__main__":
    main()

"""`python -m app.sweeper`: sweeps every so often until told to stop."""

import os
import signal
import threading

import structlog

from app import create_app, roles
from app.sweep import sweep
from services.core.db import db

log = structlog.get_logger()

SECONDS = 30
# When more is due than the queue takes, it is asked again soon.
SOON = 0.2


def main() -> None:
    """Sweep every SECONDS (LINLI_SWEEP_SECONDS) until SIGTERM or SIGINT; a lost database is waited for."""
    app = create_app()
    seconds = float(os.environ.get("LINLI_SWEEP_SECONDS", SECONDS))
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with app.app_context():
        roles.refuse_powerful(db.engine)
        while not stop.is_set():
            pause = seconds
            try:
                swept = sweep(db.engine)
                if swept.claimed or not swept.rung:
                    log.info("sweep", claimed=swept.claimed, rung=swept.rung)
                pause = min(seconds, SOON) if swept.more else seconds
            except Exception as error:
                log.error("sweep.failed", error=type(error).__name__)
            stop.wait(pause)


if __name__ == "__main__":
    main()

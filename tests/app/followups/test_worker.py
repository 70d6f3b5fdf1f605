"""The promise, with a real worker and a real sweeper that get killed, and a Redis that forgets."""

import email
import email.policy
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import func, select, update

from services.communities import regions
from services.core import clock
from services.core.db import db
from services.followups.models import FollowUp
from services.messages.models import Message
from tests.conftest import settings
from tests.factories import followups, world

GARDENS = 25
# A Redis database of this test's own: what it flushes and works off is nobody else's.
REDIS_DATABASE = 9


def environment(name, role, var, redis_url):
    values = settings(name, role)
    return {
        **{key: os.environ[key] for key in ("PATH", "HOME", "LANG", "LC_ALL") if key in os.environ},
        "DATABASE_URL": values["SQLALCHEMY_DATABASE_URI"],
        "REDIS_URL": redis_url,
        "LINLI_VAR": str(var),
        "LINLI_SWEEP_SECONDS": "0.2",
        **{key: values[key] for key in ("SECRET_KEY", "LINLI_KEYS", "LINLI_LOOKUP_KEY")},
    }


@contextmanager
def running(module, env):
    """A process of ours, killed at the end if it still lives."""
    process = subprocess.Popen([sys.executable, "-m", module], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition, seconds=60):
    """Look again and again; fails when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def redis_url():
    shared = os.environ["LINLI_TEST_REDIS"]
    url = shared.replace("db=0", f"db={REDIS_DATABASE}")
    assert url != shared
    yield url
    Redis.from_url(url).flushdb()


@pytest.fixture
def gardens(live_app):
    """Many follow-ups late by weeks; nobody has rung for them."""
    with live_app.app_context():
        place = world.make_place("live")
    with world.inside(live_app, place):
        helper, deputy = world.add_member(place, "volunteer").id, world.add_member(place, "volunteer").id
        long_ago = regions.today(place.id) - timedelta(days=25)
        for _ in range(GARDENS):
            followups.make_followups(place, day=long_ago, helper=helper, deputy=deputy)
    return place


def letters(var):
    folder = var / "mailbox"
    return list(folder.glob("*.eml")) if folder.exists() else []


def references(var):
    parsed = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in letters(var)
    ]
    return Counter(one["Message-ID"] for one in parsed)


def minutes_pass(app, place):
    """The leases of those who were killed run out."""
    with world.inside(app, place):
        for model in (FollowUp, Message):
            db.session.execute(update(model).values(lease_until=clock.now() - timedelta(seconds=1)))


def at_rest(app, place):
    with world.inside(app, place):
        due = select(func.count()).where(FollowUp.next_at <= clock.now())
        waiting = select(func.count()).where(Message.state == "queued", Message.due_at <= clock.now())
        return not db.session.scalar(due) and not db.session.scalar(waiting)


def test_nothing_is_lost_or_doubled(live_app, gardens, redis_url, tmp_path):
    name = live_app.config["SQLALCHEMY_DATABASE_URI"].rpartition("/")[2].partition("?")[0]
    worker_env = environment(name, "APP", tmp_path, redis_url)
    with running("app.sweeper", environment(name, "SWEEPER", tmp_path, redis_url)) as sweeper:
        with running("app.worker", worker_env) as worker:
            until(lambda: letters(tmp_path))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert not at_rest(live_app, gardens), "killed too late to show anything"
        Redis.from_url(redis_url).flushdb()
        minutes_pass(live_app, gardens)
        with running("app.worker", worker_env) as worker:
            until(lambda: at_rest(live_app, gardens))
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(10) == 0
        sweeper.send_signal(signal.SIGTERM)
        assert sweeper.wait(10) == 0
    with world.inside(live_app, gardens):
        sent = db.session.scalars(select(Message).where(Message.channel == "email")).all()
        rows = db.session.scalars(select(FollowUp)).all()
    assert {row.state for row in rows if row.occurrence == 0} == {"escalated"}
    # What would be the fourth text of a day waits for the morning; what is due right after one follows it.
    waits = {("queued", "limit"), ("queued", "apart")}
    assert {(message.state, message.error) for message in sent} <= {("sent", None)} | waits
    told = Counter((message.subject_id, message.template) for message in sent)
    assert set(told.values()) == {1}
    assert {row.id for row in rows if row.occurrence == 0} <= {subject for subject, _ in told}
    # Outside the database at least once, and always under the same reference.
    seen = references(tmp_path)
    gone = {message.reference for message in sent if message.state == "sent"}
    assert set(seen) == {f"<{reference}@localhost>" for reference in gone}
    assert sum(seen.values()) <= len(sent) + 1


def test_a_worker_without_redis_waits_and_stops_when_told(live_app, tmp_path):
    name = live_app.config["SQLALCHEMY_DATABASE_URI"].rpartition("/")[2].partition("?")[0]
    env = environment(name, "APP", tmp_path, f"unix://{tmp_path}/nobody.sock")
    log = tmp_path / "log"
    with log.open("wb") as file:
        worker = subprocess.Popen([sys.executable, "-m", "app.worker"], env=env, stdout=file, stderr=file)
    try:
        until(lambda: b"worker.waits" in log.read_bytes())
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) in (0, -signal.SIGTERM)
    finally:
        worker.kill()
        worker.wait()

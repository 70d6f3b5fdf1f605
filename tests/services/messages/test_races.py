"""Several workers at once: real commits, real locks, a real gateway."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.core import clock
from services.core.actor import system
from services.core.db import db
from services.followups import dead_letters
from services.followups.models import FollowUp
from services.messages import delivery, receipts
from services.messages.models import Message
from tests.factories import letters, world

WORKERS = 4


@pytest.fixture
def place(live_app):
    with live_app.app_context():
        return world.make_place("live")


class KilledError(Exception):
    """The worker is gone before it could commit."""


def together(app, place, works):
    """Run the pieces of work at the same moment, each step in a transaction of its own."""
    gate = threading.Barrier(len(works))

    def run(steps):
        gate.wait(10)
        for step in steps:
            try:
                with world.inside(app, place):
                    step()
            except KilledError:
                pass

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()


def plant(app, place, number):
    with world.inside(app, place):
        account = world.add_member(place, "volunteer")
        letters.prefer(place, channels=["sms"])
    ids = []
    for _ in range(number):
        with world.inside(app, place):
            ids.append(letters.tell(place, account.id, params={"who": "x", "day": "y"})[1].id)
    return ids


def send(place, message_id, dies=False):
    delivery.send(system(place.id), message_id)
    if dies:
        raise KilledError


@pytest.mark.parametrize("seed", range(3))
def test_workers_never_split_or_double_a_text(live_app, place, gate, seed):
    ids = plant(live_app, place, 8)
    chance = random.Random(seed)
    works = []
    for _ in range(WORKERS):
        order = chance.sample(ids, len(ids)) * 2
        # A killed one dies after the gateway's yes as well as before.
        works.append(
            [lambda row=row, dies=chance.random() < 0.3: send(place, row, dies=dies) for row in order]
        )
    together(live_app, place, works)
    together(live_app, place, [[lambda row=row: send(place, row) for row in ids * 2]])
    with world.inside(live_app, place):
        rows = db.session.scalars(select(Message).where(Message.channel == "sms")).all()
    assert {row.state for row in rows} == {"sent"}
    texts = {}
    for sms in gate.asked:
        assert texts.setdefault(sms["key"], sms["text"]) == sms["text"]
    assert set(texts) == {f"{place.id}.{row.reference}" for row in rows}
    bound = Counter(row.reference for row in rows)
    assert sum(text.count("Hello x") for text in texts.values()) == sum(bound.values()) == len(ids)


def test_a_report_waits_for_who_sends(live_app, place, gate):
    """A provider may report before the worker has noted that it was taken."""
    (message_id,) = plant(live_app, place, 1)
    with world.inside(live_app, place):
        send(place, message_id)
    gate.delay = 0.5

    def report():
        while not gate.asked:
            pass
        receipts.note(system(place.id), event="message.delivered", reference=message_id)

    together(live_app, place, [[lambda: send(place, message_id)], [report]])
    with world.inside(live_app, place):
        assert db.session.scalars(select(Message.state).where(Message.channel == "sms")).all() == [
            "delivered"
        ]
    assert len(gate.asked) == 1


def test_two_sweeps_of_dead_letters_make_one_follow_up(live_app, place, gate):
    ids = plant(live_app, place, 6)
    with world.inside(live_app, place):
        long_ago = clock.now() - timedelta(hours=1)
        db.session.execute(
            update(Message)
            .where(Message.id.in_(ids))
            .values(state="failed", error="refused", due_at=long_ago)
        )
    job = dead_letters.notice
    works = [
        [lambda row=row: job(system(place.id), row) for row in random.Random(number).sample(ids, len(ids))]
        for number in range(WORKERS)
    ]
    together(live_app, place, works)
    with world.inside(live_app, place):
        rows = db.session.scalars(select(FollowUp).where(FollowUp.subject_kind == "message")).all()
        open_ones = db.session.scalars(
            select(Message.id).where(Message.noticed_at.is_(None), Message.id.in_(ids))
        )
        assert (len(rows), open_ones.all()) == (1, [])

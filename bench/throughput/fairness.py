"""How long one community's messages wait while another has a storm: found by the sweep, and rung for at once."""

import random
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app import queue
from bench.throughput import rows
from bench.throughput.rows import Reader
from bench.throughput.sending import PATIENCE
from bench.throughput.town import Town, wait_for
from services.messages import delivery


@dataclass(frozen=True)
class Waits:
    """Seconds from due until at the gateway, sorted; the storm's rows that were still waiting at the end."""

    swept: list[float]
    rung: list[float]
    left: int


def trickle(
    town: Town, people: list[Reader], storm: list[Reader], *, every: float, chance: random.Random
) -> Waits:
    """The waits of a few messages, due one after the other over three of the sweep's intervals, beside a storm (or none)."""
    town.empty()
    with town.worker(), town.sweeper(every):
        now = datetime.now(UTC)
        rows.messages(town.connection, ((one, now) for one in storm))
        town.connection.execute("ANALYZE message")
        # The storm is on.
        wait_for(lambda: not storm or len(town.gateway.receipts) > 100, PATIENCE)
        due: dict[str, float] = {}
        rung: dict[str, float] = {}
        start, wall = time.monotonic(), datetime.now(UTC)
        late = sorted(chance.uniform(0, 3 * every) for _ in people)
        found = [
            (one, wall + timedelta(seconds=after)) for one, after in zip(people[::2], late[::2], strict=False)
        ]
        for made, after in zip(rows.messages(town.connection, found), late[::2], strict=False):
            due[_reference(made)] = start + after
        for one, after in zip(people[1::2], late[1::2], strict=False):
            time.sleep(max(0.0, start + after - time.monotonic()))
            (made,) = rows.messages(town.connection, [(one, datetime.now(UTC))])
            rung[_reference(made)] = time.monotonic()
            queue.ring({(delivery.SEND, made[0]): [made[1]]})
        wanted = due.keys() | rung.keys()
        wait_for(lambda: wanted <= {one.reference for one in list(town.gateway.receipts)}, PATIENCE)
        left = town.count("SELECT count(*) FROM message WHERE state = 'queued'")
    first = {one.reference: one.at for one in reversed(town.gateway.taken())}
    return Waits(
        sorted(first[one] - at for one, at in due.items()),
        sorted(first[one] - at for one, at in rung.items()),
        left,
    )


def _reference(made: tuple[int, uuid.UUID]) -> str:
    return f"{made[0]}.{made[1]}"

"""What the benchmark knows from outside: what was acknowledged, when, and whether the product agrees in the end."""

import json
import queue
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests

from app.local.supervisor import ROOT
from bench.faults.gateway import Gateway
from bench.faults.office import PASSWORD
from bench.faults.town import Town
from bench.installation import superuser

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Office:
    """The process that makes follow-ups, and what it acknowledged: id → when, by our own clock; `code` of its community."""

    process: "subprocess.Popen[str]"
    answers: "queue.Queue[dict[str, Any]]"
    places: dict[int, dict[str, Any]]
    made: dict[str, float] = field(default_factory=dict)
    place: dict[str, int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    refused: int = 0
    asked: int = 0

    def ask(self, count: int = 1) -> None:
        """Have so many follow-ups made; nothing is waited for."""
        assert self.process.stdin is not None
        self.process.stdin.write("make\n" * count)
        self.process.stdin.flush()
        self.asked += count

    def read(self, wait: float = 0.0) -> None:
        """Take in what has been answered so far, or all that was asked for within `wait` seconds."""
        deadline = time.monotonic() + wait
        while len(self.made) + self.refused < self.asked:
            try:
                answer = self.answers.get(timeout=max(0.01, min(1, deadline - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= deadline:
                    return
                continue
            if "made" in answer:
                self.made[answer["made"]] = answer["at"]
                self.place[answer["made"]] = answer["place"]
            else:
                self.refused += 1


def open_office(town: Town, communities: int) -> Office:
    """Start it under the product's clock."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.faults.office", str(communities)],
        cwd=ROOT,
        env=town.app,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    first = json.loads(process.stdout.readline())
    lines = process.stdout

    def listen() -> None:
        for line in lines:
            answers.put(json.loads(line) | {"at": time.monotonic()})

    threading.Thread(target=listen, daemon=True).start()
    return Office(process, answers, {place["id"]: place for place in first["places"]})


class Desk:
    """A member of staff at a browser for each community, who marks follow-ups as done."""

    def __init__(self, town: Town, office: Office) -> None:
        self.town, self.office = town, office
        self.sessions: dict[int, requests.Session] = {}

    def finish(self, follow_up: str) -> bool:
        """Mark one as done: whether the product said that it is."""
        place = self.office.place[follow_up]
        base = f"{self.town.url}/c/{self.office.places[place]['code']}/followups/{follow_up}"
        with suppress(requests.RequestException, AttributeError):
            session = self.sessions.get(place) or self._sign_in(place)
            token = TOKEN.search(session.get(base, timeout=10).text)
            data = {"csrf_token": token.group(1) if token else ""}
            answer = session.post(f"{base}/done", data=data, timeout=10, allow_redirects=False)
            if answer.status_code == 303 and answer.headers["Location"].endswith(follow_up):
                self.office.done.add(follow_up)
                return True
            self.sessions.pop(place, None)
        return False

    def _sign_in(self, place: int) -> requests.Session:
        session = requests.Session()
        page = session.get(f"{self.town.url}/sign-in", timeout=10).text
        token = TOKEN.search(page)
        login = self.office.places[place]["login"]
        data = {"csrf_token": token.group(1) if token else "", "login": login, "password": PASSWORD}
        session.post(f"{self.town.url}/sign-in", data=data, timeout=10)
        self.sessions[place] = session
        return session


def differences(town: Town, office: Office, gateway: Gateway) -> dict[str, int]:
    """How often the product and the ledgers disagree; all are 0 when nothing was lost or doubled, but for `sent again`."""
    with superuser(town.running) as connection:
        states = dict(connection.execute("SELECT id::text, state FROM follow_up").fetchall())
        copies = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM follow_up GROUP BY plan_id, subject_id, occurrence HAVING count(*) > 1) AS twice"
        ).fetchone()
        texts = Counter(
            row[0]
            for row in connection.execute(
                "SELECT subject_id::text FROM message WHERE channel = 'sms' AND template = 'followup.reminder' "
                "AND state IN ('sent', 'delivered')"
            )
        )
        followed = {
            row[0]
            for row in connection.execute(
                "SELECT one.id::text FROM follow_up AS one JOIN follow_up AS next ON next.plan_id = one.plan_id "
                "AND next.subject_id = one.subject_id AND next.occurrence = one.occurrence + 1"
            )
        }
        known = {
            row[0]
            for row in connection.execute(
                "SELECT community_id || '.' || reference FROM message WHERE reference IS NOT NULL"
            )
        }
    references: dict[str, set[str]] = {}
    taken = gateway.taken()
    for receipt in taken:
        for follow_up in receipt.follow_ups:
            references.setdefault(follow_up, set()).add(receipt.reference)
    return {
        "acknowledged follow-ups lost": sum(one not in states for one in office.made),
        "acknowledged as done, and not": sum(states.get(one) != "done" for one in office.done),
        "done without the next occurrence": sum(one not in followed for one in office.done),
        "follow-ups doubled": copies[0] if copies else 0,
        "reminders lost in the database": sum(not texts[one] for one in office.made),
        "reminders doubled in the database": sum(count > 1 for count in texts.values()),
        "reminders that never reached the gateway": sum(one not in references for one in office.made),
        "reminders at the gateway under two references": sum(len(found) > 1 for found in references.values()),
        "texts at the gateway that the database does not know": sum(
            one.reference not in known for one in taken
        ),
        "sent again under the same reference": len(taken) - len({one.reference for one in taken}),
    }

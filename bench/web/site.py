"""A whole Linli with its people in a temporary directory, as `make run` starts it; gone afterwards."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import requests

from app.local.servers import Servers, servers
from app.local.supervisor import ROOT, Address, environment, pieces
from bench.installation import superuser
from bench.web import rows
from bench.web.load import Ask
from services.core import crypto

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Person:
    """Somebody signed in: where, with which cookie, and the token of forms."""

    community: str
    cookie: str
    token: str

    def page(self, path: str) -> Ask:
        """A page of the own community."""
        return Ask(f"/c/{self.community}/{path}", self.cookie)

    def typed(self, path: str, text: str) -> Ask:
        """What the browser sends while somebody types."""
        form = urllib.parse.urlencode({"csrf_token": self.token, "text": text})
        return Ask(f"/c/{self.community}/{path}", self.cookie, form, "HX-Request: true")


@dataclass
class Site:
    """One installation; its first community is the big one."""

    name: str
    port: int
    connection: psycopg.Connection
    people: dict[int, int]
    seconds: float
    bytes: int
    staff: list[Person]
    volunteers: list[Person]
    web: int

    def worked(self) -> float:
        """Seconds that the processes of the web server have had a processor for, whatever else the machine does."""
        ticks = 0
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                words = entry.read_text().rsplit(")", 1)[1].split()
                ticks += int(words[11]) + int(words[12]) if int(words[2]) == self.web else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def match(self) -> float:
        """Have a matching run of the first community computed by the worker, as its office asks for one; seconds. Raises ValueError."""
        person = self.staff[0]
        _session().post(
            f"http://127.0.0.1:{self.port}/c/{person.community}/pairings/runs",
            data={"csrf_token": person.token},
            headers={"Cookie": person.cookie},
            allow_redirects=False,
            timeout=60,
        )
        last = "SELECT state, seconds FROM matching_run ORDER BY id DESC LIMIT 1"
        while (found := self.connection.execute(last).fetchone()) and found[0] in ("queued", "running"):
            time.sleep(0.1)
        if not found or found[0] != "done":
            raise ValueError(f"the matching run did not end well: {found}")
        return float(found[1])


@contextmanager
def site(name: str, sizes: Sequence[int], *, offices: int, volunteers: int) -> Iterator[Site]:
    """Servers, so many people in each community, web, worker and sweeper; somebody of the staff of some communities and some volunteers of the first."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-web-", ignore_cleanup_errors=True))
        )
        os.chmod(folder, 0o755)  # the servers' own user comes through
        running = stack.enter_context(servers(folder, environ={}))
        given = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        _migrate(environment(folder, running, running.owner_url, given))
        crypto.configure(running.secrets.keys, running.secrets.lookup_key)
        connection = stack.enter_context(superuser(running))
        begun = time.monotonic()
        people = rows.fill(connection, list(sizes))
        places = list(people)[:offices]
        logins = {place: rows.sign_ins(connection, place, "staff", 1) for place in places}
        helpers = rows.sign_ins(connection, places[0], "volunteer", volunteers)
        size = rows.settle(connection)
        seconds = time.monotonic() - begun
        address, web = _start(stack, folder, running, given)
        first = f"{rows.CODE}-1"
        staff = [
            sign_in(address, login, f"{rows.CODE}-{number}", "households/")
            for number, place in enumerate(places, 1)
            for login in logins[place]
        ]
        helping = [sign_in(address, login, first, "") for login in helpers]
        yield Site(name, address.port, connection, people, seconds, size, staff, helping, web)


def _migrate(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)


def _start(stack: ExitStack, folder: Path, running: Servers, given: dict[str, str]) -> tuple[Address, int]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        address = Address("127.0.0.1", int(trial.getsockname()[1]))
    children = pieces(folder, running, address, given | {"PORT": str(address.port)})
    for child in children:
        stack.callback(child.stop)
        child.start()
    web = next(child.process.pid for child in children if child.name == "web" and child.process)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with suppress(requests.RequestException):
            if _session().get(f"{address.url}/readyz", timeout=5).status_code == 200:
                return address, web
        time.sleep(0.2)
    raise TimeoutError("Linli does not start")


def sign_in(address: Address, login: str, community: str, path: str) -> Person:
    """As a person does, in a browser. Raises ValueError when the page does not open."""
    session = _session()
    form = {"csrf_token": _token(session.get(f"{address.url}/sign-in", timeout=30).text)}
    form |= {"login": login, "password": rows.PASSWORD}
    session.post(f"{address.url}/sign-in", data=form, timeout=30)
    page = session.get(f"{address.url}/c/{community}/{path}", timeout=30)
    if page.status_code != 200 or "/sign-in" in page.url:
        raise ValueError(f"{login} does not come in: {page.status_code} {page.url}")
    cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
    return Person(community, cookie, _token(page.text))


def _token(page: str) -> str:
    found = TOKEN.search(page)
    return found.group(1) if found else ""


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session

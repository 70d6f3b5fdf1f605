"""Calls to Linli's API: sent again where that is safe, a refusal as an exception, lists whole, long work awaited.

    linli = Client("https://linli.example.org", "liuyuan", token)
    for household in linli.every("households", state="active"): ...
    made = linli.post("households", {"name": "李梅", "building": "3", "door": "2-101"})
    linli.change(f"households/{made['id']}", {"people": 2})
    linli.call("close_household", {"reason": "moved"}, household_id=made["id"])

A path is one below the community, or whole when it begins with a slash, as in a `Location`.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from . import problem
from .operations import Operation, by_name
from .problem import Problem

Row = dict[str, Any]

# Seconds between tries, where Linli does not say how long. After the last there is no other.
RESTS = (0.5, 2.0, 5.0)
LONGEST_REST = 90.0
TIMEOUT = (10, 120)
# Nothing was done, or (of a gateway) nobody knows: the latter is only asked again where that is safe.
PASSING, UNKNOWN = (429, 503), (502, 504)
BROKEN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
WORKING = ("waiting", "running")


@dataclass(frozen=True)
class Answer:
    """What came back: JSON as values, a file as bytes, nothing as None."""

    status: int
    body: Any
    headers: Any


class Bearer(requests.auth.AuthBase):
    """Sends the token, whatever a .netrc file says."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Client:
    """One community's Linli, as the holder of a token. `rest` waits for some seconds."""

    def __init__(
        self,
        address: str,
        community: str,
        token: str,
        *,
        language: str = "",
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("A token is sent to https:// addresses only.")
        self.address = address.rstrip("/")
        self.community = quote(community, safe="")
        self._rest = rest
        self._session = requests.Session()
        self._session.auth = Bearer(token)
        if language:
            self._session.headers["Accept-Language"] = language

    def get(self, path: str, /, **query: Any) -> Any:
        """What stands at a path. Raises Problem, as every call does; requests.RequestException when nobody answers."""
        return self.ask("GET", path, query=query).body

    def every(self, path: str, /, **query: Any) -> Iterator[Row]:
        """All rows of a list, part by part as they are needed."""
        while True:
            part = self.get(path, **query)
            yield from part["items"]
            if part["next"] is None:
                return
            query["after"] = part["next"]

    def post(self, path: str, body: Any = None, *, idempotency_key: str = "") -> Any:
        """Make or do something, once: a broken connection is tried again with the same key."""
        return self.ask("POST", path, json=body, idempotency_key=idempotency_key).body

    def upload(self, path: str, file: Path, *, idempotency_key: str = "", **fields: str) -> Any:
        """Send a file, with what a form would say about it."""
        sent = {"file": (file.name, file.read_bytes())}
        return self.ask("POST", path, files=sent, data=fields, idempotency_key=idempotency_key).body

    def change(self, path: str, change: Row | Callable[[Row], Row]) -> Any:
        """Change a row: by these values, or by those made of what it holds. Somebody else's change in between is looked at, once."""
        for last in (False, True):
            seen = self.ask("GET", path)
            body = change(seen.body) if callable(change) else change
            try:
                return self.ask("PATCH", path, json=body, if_match=seen.headers["ETag"]).body
            except Problem as refusal:
                if refusal.status != 412 or last:
                    raise
        raise AssertionError

    def wait(self, job: Row, *, every: float = 1.0) -> Iterator[Row]:
        """Long work as it goes on, each state once; the last one says what came of it. Raises ValueError."""
        if not isinstance(job, dict) or not {"kind", "id", "state"} <= job.keys():
            raise ValueError("This is no long work.")
        path = f"jobs/{job['kind']}/{job['id']}"
        yield job
        while job["state"] in WORKING:
            self._rest(every)
            seen = self.get(path)
            if seen != job:
                yield seen
            job = seen

    def call(
        self,
        operation: str,
        body: Any = None,
        *,
        file: Path | None = None,
        idempotency_key: str = "",
        if_match: str = "*",
        **named: Any,
    ) -> Any:
        """Any operation by its name in the document. A change is of whatever is there, but where `if_match` says what was seen."""
        found = self.operation(operation)
        path, query = self.placed(found, named)
        if file is not None:
            return self.upload(path, file, idempotency_key=idempotency_key, **query, **(body or {}))
        seen = "" if found.method in ("GET", "POST") else if_match
        return self.ask(
            found.method, path, query=query, json=body, idempotency_key=idempotency_key, if_match=seen
        ).body

    @cached_property
    def document(self) -> dict[str, Any]:
        """The server's OpenAPI document."""
        return dict(self.ask("GET", "/api/v1/openapi.json").body)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """What can be called, by name."""
        return by_name(self.document)

    def operation(self, name: str) -> Operation:
        """One of them. Raises ValueError."""
        if name not in self.operations:
            raise ValueError(f"There is no operation {name}.")
        return self.operations[name]

    def placed(self, operation: Operation, named: dict[str, Any]) -> tuple[str, Row]:
        """An operation's path with what was named in it, and the rest as its query. Raises ValueError."""
        taken = {one.name: one for one in operation.parameters if one.place in ("path", "query")}
        taken.pop("community", None)
        if odd := named.keys() - taken.keys():
            known = ", ".join(taken) or "nothing"
            raise ValueError(f"{operation.name} takes no {', '.join(sorted(odd))}; it takes {known}.")
        if missing := [name for name, one in taken.items() if one.needed and name not in named]:
            raise ValueError(f"{operation.name} needs {', '.join(missing)}.")
        path = "/api/v1" + operation.path.replace("{community}", self.community)
        for name in [name for name in named if taken[name].place == "path"]:
            path = path.replace(f"{{{name}}}", quote(str(named.pop(name)), safe=""))
        return path, named

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Row | None = None,
        idempotency_key: str = "",
        if_match: str = "",
        **sent: Any,
    ) -> Answer:
        """One request, tried again where that can have no second effect, and its whole answer."""
        headers = {}
        if method == "POST":
            headers["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
        if if_match:
            headers["If-Match"] = if_match
        where = path if path.startswith("/") else f"/api/v1/c/{self.community}/{path}"
        safe = method in ("GET", "POST")
        for rest in (*RESTS, None):
            try:
                got = self._session.request(
                    method,
                    self.address + where,
                    params=_sent(query or {}),
                    headers=headers,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    **sent,
                )
            except BROKEN:
                if rest is None or not safe:
                    raise
            else:
                if rest is None or not _passes(got, safe):
                    return _answer(got)
                rest = _asked_rest(got) or rest
            self._rest(rest)
        raise AssertionError


def _answer(got: requests.Response) -> Answer:
    if got.status_code >= 300:
        raise problem.of(got)
    kind = got.headers.get("Content-Type", "").partition(";")[0]
    body = got.json() if kind == "application/json" else got.content or None
    return Answer(got.status_code, body, got.headers)


def _passes(got: requests.Response, safe: bool) -> bool:
    """Whether the same request may get another answer in a while."""
    if got.status_code == 409:
        return problem.of(got).code == "in_flight"
    return got.status_code in PASSING or (safe and got.status_code in UNKNOWN)


def _asked_rest(got: requests.Response) -> float:
    said = got.headers.get("Retry-After", "")
    return min(float(said), LONGEST_REST) if said.isdigit() else 0


def _sent(query: Row) -> dict[str, str]:
    """Query values as Linli reads them; None is left out."""
    return {name: _word(value) for name, value in query.items() if value is not None}


def _word(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(_word(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)

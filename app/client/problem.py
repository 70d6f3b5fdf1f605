"""What Linli refuses, as an exception."""

from typing import Any

import requests


class Problem(Exception):
    """A refusal (RFC 9457): `code` is for programs, `detail` for people, `errors` says of each input what is wrong."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status = status
        self.code = str(told.get("code", ""))
        self.detail = str(told.get("detail") or told.get("title", ""))
        self.errors: list[dict[str, str]] = told.get("errors", [])
        self.instance = str(told.get("instance", ""))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """As a person reads it: what was refused, then each input, then the request's id."""
        said = [f"{self.status} {self.code}: {self.detail}"]
        for one in self.errors:
            said.append(f"  {one.get('pointer') or one.get('parameter')} {one['code']}: {one['detail']}")
        return [*said, f"  ({self.instance})"] if self.instance else said


def of(answer: requests.Response) -> Problem:
    """The problem that an answer is; one that stands before Linli may answer in words of its own."""
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return Problem(answer.status_code, answer.json())
    return Problem(answer.status_code, {"code": f"http_{answer.status_code}", "title": answer.reason})

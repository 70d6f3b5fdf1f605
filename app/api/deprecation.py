"""Addresses of the API that are to go: they answer as before, and say until when and what to use instead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Response, g
from werkzeug.http import http_date

from app import auth

View = Callable[..., Any]


def deprecated(*, since: date, sunset: date, successor: str) -> Callable[[View], View]:
    """An address that another one took the place of: it answers the same and says so (RFC 9745, RFC 8594)."""

    def instant(day: date) -> datetime:
        return datetime.combine(day, time(), UTC)

    def declare(view: View) -> View:
        view.__deprecated__ = {  # type: ignore[attr-defined]
            "Deprecation": f"@{instant(since).timestamp():.0f}",
            "Sunset": http_date(instant(sunset)),
            "Link": successor,
        }
        return view

    return declare


def say_deprecated(answer: Response) -> Response:
    """Say so in an answer, whatever it is, of an address that is to go."""
    told = getattr(auth.view_of_request(), "__deprecated__", None)
    if told and g.community:
        below = f"/api/v1/c/{g.community.code}"
        answer.headers.add("Link", f'<{below}{told["Link"]}>; rel="successor-version"')
        answer.headers["Deprecation"], answer.headers["Sunset"] = told["Deprecation"], told["Sunset"]
    return answer

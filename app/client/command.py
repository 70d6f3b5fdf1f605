"""`linli`: everything Linli's API offers, from a shell.

    export LINLI_ADDRESS=https://linli.example.org LINLI_COMMUNITY=liuyuan
    read -rs LINLI_TOKEN && export LINLI_TOKEN
    linli operations
    linli show register_household
    linli call list_households state=active --all
    linli call register_household --body household.json

Ends with 0; 1 when Linli refuses or long work fails, 2 when the command is not understood, 3 when nobody answers.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import requests

from .client import Client
from .operations import Line, by_area
from .problem import Problem

REFUSED, MISUNDERSTOOD, UNREACHABLE = 1, 2, 3


def main(arguments: Sequence[str]) -> int:
    """Run `linli` with these arguments and say how it ended."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.work(asked))
    except Problem as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except (ValueError, OSError) as error:
        # What requests raises when nobody answers is an OSError too.
        print(error, file=sys.stderr)
        return UNREACHABLE if isinstance(error, requests.RequestException) else MISUNDERSTOOD


def _parser() -> argparse.ArgumentParser:
    about, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "linli", description=about, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", default=os.environ.get("LINLI_ADDRESS", ""), help="or LINLI_ADDRESS")
    parser.add_argument(
        "--community", default=os.environ.get("LINLI_COMMUNITY", ""), help="its code, or LINLI_COMMUNITY"
    )
    parser.add_argument("--language", default=os.environ.get("LINLI_LANGUAGE", ""), help="en or zh-Hans")
    verbs = parser.add_subparsers(required=True, metavar="operations | show | call")
    verbs.add_parser("operations", help="all operations by area").set_defaults(work=_operations)
    show = verbs.add_parser("show", help="what an operation takes and answers")
    show.add_argument("operation")
    show.set_defaults(work=_show)
    call = verbs.add_parser("call", help="call an operation; its answer is JSON")
    call.add_argument("operation")
    call.add_argument("named", nargs="*", metavar="name=value", help="a part of its address or query")
    call.add_argument("--body", metavar="FILE", help="JSON to send; - reads it from here")
    call.add_argument("--file", type=Path, help="a file to upload")
    call.add_argument("--all", action="store_true", help="all rows of a list, one a line")
    call.add_argument("--wait", action="store_true", help="wait for long work to end")
    call.add_argument("--if-match", default="*", metavar="ETAG", help="change only what was seen so")
    call.add_argument("--idempotency-key", default="", metavar="KEY", help="the same key has one effect")
    call.set_defaults(work=_call)
    return parser


def _operations(asked: argparse.Namespace) -> int:
    for area, told, operations in by_area(_client(asked).document):
        print(f"{area}: {told}")
        for one in operations:
            print(f"  {one.name:32} {one.summary}{' (deprecated)' if one.deprecated else ''}")
    return 0


def _show(asked: argparse.Namespace) -> int:
    one = _client(asked).operation(asked.operation)
    allowed = f"scope {one.scope}" if one.scope else "for signed-in browsers only"
    print(f"{one.name}: {one.summary}\n{one.method} {one.path}, {allowed}")
    named = [line for line in one.parameters if line.place != "header" and line.name != "community"]
    for title, lines in (("name=value", named), ("--body", one.sent), ("answer", one.shown)):
        _table(title, lines)
    return 0


def _call(asked: argparse.Namespace) -> int:
    client = _client(asked, _token())
    named = dict(_named(text) for text in asked.named)
    if asked.all:
        found = client.operation(asked.operation)
        if "after" not in {line.name for line in found.parameters}:
            raise ValueError(f"{found.name} is no list.")
        path, query = client.placed(found, named)
        for row in client.every(path, **query):
            print(json.dumps(row, ensure_ascii=False))
        return 0
    answer = client.call(
        asked.operation,
        _body(asked.body),
        file=asked.file,
        if_match=asked.if_match,
        idempotency_key=asked.idempotency_key,
        **named,
    )
    if not asked.wait:
        _write(answer)
        return 0
    for job in client.wait(answer):
        print(f"{job['state']} {job['phase']} {job['done']}/{job['total']}", file=sys.stderr)
    _write(job)
    return 0 if job["state"] == "done" else REFUSED


def _client(asked: argparse.Namespace, token: str = "") -> Client:
    if not asked.address:
        raise ValueError("Say where Linli is: LINLI_ADDRESS or --address.")
    if token and not asked.community:
        raise ValueError("Say in which community: LINLI_COMMUNITY or --community.")
    return Client(asked.address, asked.community, token, language=asked.language)


def _token() -> str:
    """The token: never an argument, which everybody on the machine could read."""
    token = os.environ.get("LINLI_TOKEN", "")
    if not token and sys.stdin.isatty():
        token = getpass.getpass("Token: ")
    if not token:
        raise ValueError("Put the token into LINLI_TOKEN.")
    return token.strip()


def _named(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text}: write name=value.")
    return name, value


def _body(source: str | None) -> Any:
    if source is None:
        return None
    try:
        return json.loads(sys.stdin.read() if source == "-" else Path(source).read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{source} is no JSON: {error}") from error


def _write(answer: Any) -> None:
    if isinstance(answer, bytes):
        sys.stdout.buffer.write(answer)
    elif answer is not None:
        print(json.dumps(answer, ensure_ascii=False, indent=2))


def _table(title: str, lines: Iterable[Line]) -> None:
    for number, line in enumerate(lines):
        if not number:
            print(f"\n{title} (* must be given)")
        print(f"  {line.name + ('*' if line.needed else ''):24} {line.kind:28} {line.told}".rstrip())

"""The OpenAPI document as a person reads it: operations by area, with what each takes and answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One value: its name, what it may be, whether it must be given, what the document says about it, and its place in a request."""

    name: str
    kind: str
    needed: bool
    told: str
    place: str


@dataclass(frozen=True)
class Operation:
    """One operation with its parameters, what its body holds and what its success holds. No token opens what has no scope."""

    name: str
    method: str
    path: str
    summary: str
    told: str
    scope: str
    deprecated: bool
    parameters: list[Line]
    sent: list[Line]
    shown: list[Line]
    answers: list[tuple[str, str]]


def by_area(document: dict[str, Any]) -> list[tuple[str, str, list[Operation]]]:
    """Each area's name, what it is about, and its operations."""
    found: dict[str, list[Operation]] = {}
    for path, operations in sorted(document["paths"].items()):
        common = operations.get("parameters", [])
        for method, operation in operations.items():
            if method != "parameters":
                made = _operation(document, path, method, operation, common)
                found.setdefault(operation["tags"][0], []).append(made)
    return [(tag["name"], tag["description"], found.get(tag["name"], [])) for tag in document["tags"]]


def by_name(document: dict[str, Any]) -> dict[str, Operation]:
    """Every operation by its operationId."""
    return {one.name: one for _area, _told, operations in by_area(document) for one in operations}


def _operation(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any], common: list[Any]
) -> Operation:
    answers = {status: _follow(document, one) for status, one in operation["responses"].items()}
    good = next((answers[status] for status in sorted(answers) if status.startswith("2")), {})
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path.removeprefix("/api/v1"),
        summary=operation.get("summary", ""),
        told=operation.get("description", ""),
        scope=next((scope for way in operation["security"] for scope in way.get("token", ())), ""),
        deprecated=operation.get("deprecated", False),
        parameters=[
            _line(document, one["name"], one.get("schema", {}), one.get("required", False), one)
            for one in (_follow(document, one) for one in [*common, *operation.get("parameters", [])])
        ],
        sent=list(_lines(document, _body(operation.get("requestBody", {})))),
        shown=list(_lines(document, _body(good))),
        answers=[(status, one.get("description", "")) for status, one in sorted(answers.items())],
    )


def _body(holder: dict[str, Any]) -> dict[str, Any]:
    for content in holder.get("content", {}).values():
        return dict(content.get("schema", {}))
    return {}


def _follow(document: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in one:
        _start, _components, section, name = one["$ref"].split("/")
        one = document["components"][section][name]
    # Whole, or only the fields asked for: shown once.
    return _follow(document, one["anyOf"][0]) if "anyOf" in one else one


def _lines(document: dict[str, Any], schema: dict[str, Any], before: str = "") -> Iterator[Line]:
    whole = _follow(document, schema)
    for name, one in whole.get("properties", {}).items():
        yield _line(document, f"{before}{name}", one, name in whole.get("required", []), one)
        inner = _follow(document, one)
        if "items" in inner:
            inner = _follow(document, inner["items"])
        if before.count(".") < 2:
            yield from _lines(document, inner, f"{before}{name}.")


def _line(
    document: dict[str, Any], name: str, schema: dict[str, Any], needed: bool, told: dict[str, Any]
) -> Line:
    return Line(name, _kind(document, schema), needed, told.get("description", ""), told.get("in", "body"))


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    one = _follow(document, schema)
    if "enum" in one:
        return " | ".join(str(value) or '""' for value in one["enum"])
    kinds = one.get("type", "")
    words = kinds if isinstance(kinds, list) else [kinds]
    text = " | ".join(
        f"{word} ({one['format']})" if "format" in one and word != "null" else word for word in words
    )
    if "items" in one:
        text += f" of {_kind(document, one['items'])}"
    bounds = [f"{sign} {one[key]}" for key, sign in BOUNDS.items() if key in one]
    return ", ".join([text, *bounds])


BOUNDS = {"minimum": "≥", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤"}

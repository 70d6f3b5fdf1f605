"""What the document says of an operation, by its kind."""

from typing import Any

from marshmallow import Schema

from app.api.once import PRIVATE


def picked(schema: type[Schema]) -> dict[str, Any]:
    """A representation, whole or with the fields asked for."""
    return {"anyOf": [schema, schema(partial=True)]}


# What each kind of operation may answer besides success, all as problems.
REFUSALS = {
    "list": (400, 401, 403, 404, 409, 422, 429, 503),
    "show": (400, 401, 403, 404, 409, 422, 429, 503),
    "create": (400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
    "act": (400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
    "change": (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
}


def operation(doc: dict[str, Any], info: dict[str, Any], *, method: str, **_kwargs: Any) -> dict[str, Any]:
    """flask-smorest's description of an operation with ours in it."""
    told = info["linli"]
    answers = doc.setdefault("responses", {})
    for status in REFUSALS[told["kind"]]:
        answers[str(status)] = str(status)
    answers.pop(422, None)
    parameters = doc.setdefault("parameters", [])
    if told["kind"] == "show":
        parameters.append("IfNoneMatch")
        answers["304"] = {"description": "What you have is still true."}
    if told["kind"] == "change":
        parameters.append("IfMatch")
    if method == "post" and not told["scope"].endswith(PRIVATE):
        parameters.append("IdempotencyKey")
    doc["operationId"] = told["name"]
    doc["security"] = [{"session": []}]
    if not told["sessions_only"]:
        doc["security"].insert(0, {"token": [told["scope"]]})
    if told["deprecated"]:
        doc["deprecated"] = True
    doc["x-permission"] = told["permission"]
    return doc

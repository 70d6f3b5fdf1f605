"""The API's own description: OpenAPI 3.1 made from what the areas declare, and a page of it."""

from http import HTTPStatus
from typing import Any

import flask_smorest
import orjson
from apispec.ext.marshmallow import MarshmallowPlugin, common
from flask import Blueprint, Flask, Response, current_app, render_template
from marshmallow import Schema, fields

from app import auth, problems
from app.api.area import SCOPES, Area, written
from app.api.telling import REFUSALS
from app.auth import allow
from app.client.operations import by_area
from app.forms import OfList

bp = Blueprint("document_api", __name__, url_prefix="/api/v1")
problems.init(bp)

ABOUT = """What staff do on Linli's pages, for other systems, by the same rules.

Every address lies below a community. A token acts as the account that made it, with its roles there, within the
token's scopes. Codes stand for words; the words are the community's own lists. Times are instants with their offset.

* **Lists** come in parts: `limit`, and `after` with the `next` of the part before (also as `Link`). `fields` names the fields wanted.
* **Changes** need `If-Match` with the ETag of what was seen: 428 without, 412 when somebody changed it since.
* **POST** may carry an `Idempotency-Key`: the same request again has no second effect and gets the same answer for a day;
  another request with the same key is refused with 422, one at the same moment with 409. What is private is asked for anew.
* **Long work** is answered with 202 and the address of a job, which says how far it is and where its result is.
* **Refusals** are problems (RFC 9457): `code` for programs, `detail` for people, `errors` with a JSON pointer for each input.
* **Private facts** (phone, door, birthday, notes) are not in any list. They are revealed one by one, for a reason, and each look is on record.
"""


class ProblemErrorSchema(Schema):
    """What is wrong with one input."""

    pointer = fields.String(metadata={"description": "Where in the body, as a JSON pointer."})
    parameter = fields.String(metadata={"description": "Which parameter of the address."})
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "For programs; the same in every language."})
    detail = fields.String(metadata={"description": "For people, in their language."})
    instance = fields.String(required=True, metadata={"description": "The request's id."})
    errors = fields.List(fields.Nested(ProblemErrorSchema))


class Document(flask_smorest.Api):
    """flask-smorest's document without its error pages and its own answers."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """The areas have their own."""

    def _register_responses(self) -> None:
        """The areas' refusals are registered by status."""

    def _register_pagination_header(self) -> None:
        """Lists say by `next` and `Link` what follows."""


def areas(app: Flask) -> list[Area]:
    """The areas that answer programs, by name."""
    return [one for _name, one in sorted(app.blueprints.items()) if isinstance(one, Area)]


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of an application, made once."""
    made = app.extensions.get("linli document")
    if made is None:
        made = app.extensions["linli document"] = _make(app)
    return dict(made)


def as_file(app: Flask) -> bytes:
    """The document as the repository keeps it: the same for the same API, one line for each change."""
    return orjson.dumps(
        document(app), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    )


def _make(app: Flask) -> dict[str, Any]:
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    api = Document(
        app,
        spec_kwargs={
            "title": "Linli",
            "version": "1",
            "openapi_version": "3.1.0",
            "marshmallow_plugin": plugin,
            "info": {"description": ABOUT},
        },
    )
    spec = api.spec
    if plugin.converter is not None:
        plugin.converter.add_attribute_function(_own_list)
        plugin.converter.add_attribute_function(_as_text)
    spec.components.schema("Problem", schema=ProblemSchema)
    for status in sorted({status for some in REFUSALS.values() for status in some}):
        body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        spec.components.response(str(status), {"description": HTTPStatus(status).phrase, "content": body})
    for name, header, needed, text in (
        ("IfMatch", "If-Match", True, "The ETag of what you have seen."),
        ("IfNoneMatch", "If-None-Match", False, "The ETag of what you have: 304 when it is still true."),
        ("IdempotencyKey", "Idempotency-Key", False, "Yours, new for each new request: safe to send again."),
    ):
        told: dict[str, Any] = {
            "name": header,
            "required": needed,
            "description": text,
            "schema": {"type": "string"},
        }
        spec.components.parameter(name, "header", told)
    token = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token: linli_…, with the scopes named at each operation.",
    }
    spec.components.security_scheme("token", token)
    session = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    spec.components.security_scheme("session", session)
    for area in areas(app):
        area.register_views_in_doc(api, app, spec, name=area.name, parameters=None)
        spec.tag({"name": area.name.removesuffix("_api"), "description": area.description})
    # Bounds of decimals are written as numbers.
    made: dict[str, Any] = orjson.loads(orjson.dumps(spec.to_dict(), default=float))
    for operations in made["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation["tags"] = [tag.removesuffix("_api") for tag in operation["tags"]]
    made["x-scopes"] = sorted(SCOPES)
    return made


def _name(schema: Any) -> str:
    """An area's schema by area and name: HouseholdsRegister; with Part behind it when all of it may be left out."""
    found: Any = common.resolve_schema_cls(schema)
    name = found.__name__.removesuffix("Schema")
    area = found.__module__.split(".")[1].title() if found.__module__.startswith("app.") else ""
    part = "Part" if isinstance(schema, Schema) and schema.partial else ""
    return f"{'' if name.startswith(area.removesuffix('s')) else area}{name}{part}"


def _own_list(_converter: Any, field: fields.Field[Any], **_kwargs: Any) -> dict[str, Any]:
    """A community may add words of its own to a list: the document names none."""
    of_list = any(isinstance(rule, OfList) for rule in field.validators)
    return {"description": "A code of the community's own list."} if of_list else {}


def _as_text(_converter: Any, field: fields.Field[Any], **_kwargs: Any) -> dict[str, Any]:
    """A decimal that is written as a text is one."""
    if not getattr(field, "as_string", False):
        return {}
    return {"type": ["string", "null"] if field.allow_none else "string"}


@bp.get("/openapi.json")
@allow("public")
@auth.limiter.limit("60 per minute")
def openapi() -> Response:
    """The document."""
    return written(document(current_app))


@bp.get("/")
@allow("public")
@auth.limiter.limit("60 per minute")
def page() -> str:
    """The document to read."""
    made = document(current_app)
    return render_template("api/document.html", about=_plain(ABOUT), areas=by_area(made))


def _plain(text: str) -> tuple[list[str], list[str]]:
    """The document's Markdown for a page: its paragraphs, and the points of its list."""
    *paragraphs, points = text.replace("**", "").replace("`", "").split("\n\n")
    return paragraphs, points.strip().removeprefix("* ").split("\n* ")

"""How an area answers programs: declared in one line for each operation, the same conventions for all.

    bp = Area("households", __name__, "Who is helped, and with what.")

    @bp.lists("/households", HouseholdSchema, HouseholdQuery)
    @allow("households.read")
    def households(asked): ...          -> services.core.paging.Page

    @bp.shows("/households/<uuid:household_id>", HouseholdSchema)
    @allow("households.read")
    def household(household_id): ...    -> a row

    @bp.creates("/households", HouseholdSchema, body(RegisterSchema))
    @allow("households.write")
    def register(data): ...             -> the new row

    @bp.changes("/households/<uuid:household_id>", HouseholdSchema, body(...), Household, household)
    @bp.acts("/households/<uuid:household_id>/close", HouseholdSchema, body(CloseSchema))
    @bp.removes("/residents/<uuid:resident_id>", Resident, resident, ResidentSchema)

Long work begins with `starts` (in `jobs`); an address that is to go is `deprecated` (in `deprecation`).
The view calls a service function and returns what that returned; the representation is written by the schema.
A view's docstring is its summary in the document.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_smorest
import orjson
from flask import Response, abort, g, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema

from app import auth, problems
from app.api.bodies import ChosenFields, ListQuery, Parser, of_fields
from app.api.deprecation import say_deprecated
from app.api.dumping import dumper
from app.api.once import once
from app.api.telling import operation, picked
from services.core import locks
from services.core.db import CommunityRow
from services.core.errors import Forbidden

PREFIX = "/api/v1/c/<community>"
REGION_PREFIX = "/api/v1/r/<int:region_id>"
SAFE = ("GET", "HEAD")

View = Callable[..., Any]
Declare = Callable[[View], View]
# What is locked before a change is compared: the row of the address, or by a function where the address names none.
Held = type[CommunityRow] | Callable[..., Any]

# Every scope a token may have: what an operation of the API asks for.
SCOPES: set[str] = set()


class Area(flask_smorest.Blueprint):
    """The operations of one area, below a community's address (or a region's, which no token opens)."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, description: str, *, prefix: str = PREFIX) -> None:
        super().__init__(f"{name}_api", import_name, url_prefix=prefix, description=description)
        self._prepare_doc_cbks.append(operation)
        problems.init(self)
        auth.csrf.exempt(self)
        auth.limiter.limit("1200 per minute", key_func=auth.caller)(self)
        self.before_request(_guard)
        self.after_request(say_deprecated)

    def lists(self, rule: str, schema: type[Schema], query: type[ListQuery] = ListQuery) -> Declare:
        """GET of a list by parts: the view takes what is asked (with `after` and `limit`) and returns a Page."""
        part = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": picked(schema)},
                "next": {"type": ["string", "null"]},
            },
        }

        def declare(view: View) -> View:
            @wraps(view)
            def answer(asked: dict[str, Any], **path: Any) -> Response:
                only = asked.pop("picked", None)
                page = view(asked, **path)
                dump = dumper(schema, frozenset(only) if only else None)
                made = written({"items": [dump(row) for row in page.rows], "next": page.next})
                if page.next:
                    args = {**request.args, "after": page.next}
                    address = url_for(request.endpoint or "", **{**path, **args})
                    made.headers["Link"] = f'<{address}>; rel="next"'
                return made

            answer = self.arguments(of_fields(query, schema), location="query")(answer)
            return self.add(rule, "GET", self.response(200, part)(answer), "list")

        return declare

    def shows(self, rule: str, schema: type[Schema], query: type[ChosenFields] | None = None) -> Declare:
        """GET of one row, with its ETag. With a `query` the view takes what is asked."""

        def declare(view: View) -> View:
            @wraps(view)
            def answer(asked: dict[str, Any], **path: Any) -> Response:
                only = asked.pop("picked", None)
                whole = dumper(schema)(view(asked, **path) if query else view(**path))
                tag = etag(whole)
                if request.if_none_match.contains_weak(tag):
                    made = Response(status=304)
                else:
                    made = written({name: whole[name] for name in only} if only else whole)
                made.set_etag(tag)
                return made

            answer = self.arguments(of_fields(query or ChosenFields, schema), location="query")(answer)
            self.add(rule, "GET", self.response(200, picked(schema))(answer), "show")
            return view

        return declare

    def creates(
        self, rule: str, schema: type[Schema], form: Schema, *, at: str = "", key: str = "id"
    ) -> Declare:
        """POST of a new row. `at` is the rule of its own address, where that is not this one and its `key`."""

        def declare(view: View) -> View:
            @wraps(view)
            def answer(data: dict[str, Any], **path: Any) -> Response:
                whole = dumper(schema)(view(data, **path))
                made = written(whole, 201)
                made.set_etag(etag(whole))
                begin = at.partition("<")[0].rstrip("/") if at else ""
                below = f"/api/v1/c/{g.community.code}{begin}" if at else request.path
                made.headers["Location"] = f"{below}/{whole[key]}"
                return made

            given = once(self.arguments(form, location="json")(answer))
            return self.add(rule, "POST", self.response(201, schema)(given), "create")

        return declare

    def acts(self, rule: str, schema: type[Schema] | None, form: Schema | None = None) -> Declare:
        """POST of something done with a row: the row as it is then, or 204 without a schema."""

        def declare(view: View) -> View:
            @wraps(view)
            def answer(*data: dict[str, Any], **path: Any) -> Response:
                row = view(*data, **path)
                return written(dumper(schema)(row)) if schema else Response(status=204)

            given = self.arguments(form, location="json")(answer) if form else answer
            shown = self.response(200, schema) if schema else self.response(204)
            return self.add(rule, "POST", shown(once(given)), "act")

        return declare

    def changes(
        self,
        rule: str,
        schema: type[Schema],
        form: Schema,
        held: Held,
        current: View,
        method: str = "PATCH",
    ) -> Declare:
        """PATCH of a row, refused unless If-Match names what `current` (the view that shows it) shows; `held` is locked first."""

        def declare(view: View) -> View:
            @wraps(view)
            def answer(data: dict[str, Any], **path: Any) -> Response:
                if refusal := _matched(held, current, schema, path):
                    return refusal
                whole = dumper(schema)(view(data, **path))
                made = written(whole)
                made.set_etag(etag(whole))
                return made

            answer = self.arguments(form, location="json")(answer)
            return self.add(rule, method, self.response(200, schema)(answer), "change")

        return declare

    def removes(self, rule: str, held: Held, current: View, schema: type[Schema]) -> Declare:
        """DELETE of a row, refused unless If-Match names what is shown."""

        def declare(view: View) -> View:
            @wraps(view)
            def answer(**path: Any) -> Response:
                if refusal := _matched(held, current, schema, path):
                    return refusal
                view(**path)
                return Response(status=204)

            return self.add(rule, "DELETE", self.response(204)(answer), "change")

        return declare

    def add(self, rule: str, method: str, view: View, kind: str) -> View:
        """Put a view that answers by itself at an address; `kind` says which refusals it has."""
        permission = auth.permission_of(view)
        deed = "read" if method in SAFE else "write"
        scope = getattr(view, "__scope__", f"{permission.partition('.')[0]}:{deed}")
        SCOPES.add(scope)
        view.__scope__ = scope  # type: ignore[attr-defined]
        view._apidoc["linli"] = {  # type: ignore[attr-defined]
            "kind": kind,
            "permission": permission,
            "scope": scope,
            "name": view.__name__,
            "deprecated": hasattr(view, "__deprecated__"),
            "sessions_only": self.url_prefix != PREFIX,
        }
        self.add_url_rule(rule, view.__name__, view, methods=[method])
        return view


def needs_scope(scope: str) -> Declare:
    """Ask for a scope of its own instead of the area's reading or writing."""

    def declare(view: View) -> View:
        view.__scope__ = scope  # type: ignore[attr-defined]
        return view

    return declare


def written(value: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(orjson.dumps(value), status, content_type="application/json")


def etag(whole: dict[str, Any]) -> str:
    """The entity tag of a representation."""
    return hashlib.blake2b(orjson.dumps(whole), digest_size=12).hexdigest()


def _matched(held: Held, current: View, schema: type[Schema], path: dict[str, Any]) -> Response | None:
    if not request.if_match:
        return problems.problem(
            428,
            code="if_match",
            detail=_("Say with If-Match which state you have seen: the ETag of your last look."),
        )
    if isinstance(held, type):
        locks.lock(held, next(iter(path.values())))
    else:
        held(**path)
    # A proxy that packs an answer weakens its tag.
    if request.if_match.contains_weak(etag(dumper(schema)(current(**path)))):
        return None
    return problems.problem(
        412, code="changed", detail=_("Somebody changed this since you looked. Please look again and repeat.")
    )


def _guard() -> None:
    """A token must be made for the operation; a browser's session must prove that its own page asks. Guests are asked who they are."""
    token = g.get("token")
    if g.actor.account_id is None:
        abort(401)
    if token is None:
        auth.csrf.protect()
    elif (scope := auth.view_of_request().__scope__) not in token.scopes:
        raise Forbidden("scope", problems.SCOPE, scope=scope)

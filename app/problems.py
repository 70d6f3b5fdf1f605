"""What a program reads when something is refused or breaks: RFC 9457 problems, in codes and in the words a person would read."""

import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response, g, json, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app import auth
from app.api.bodies import Refused
from app.language import say
from services.core.actor import guest
from services.core.db import db
from services.core.errors import CHANGED, N_, DomainError

log = structlog.get_logger()

SCOPE = N_("This token is not made for this: it needs the scope %(scope)s.")
TOKEN = N_("Send a token of this community that is still good: Authorization: Bearer linli_…")
# The sentences about single inputs have codes too; any other is "invalid".
CODES = {
    "Please fill this in.": "required",
    "Please shorten this: it is too long.": "too_long",
    "Please choose one of the list.": "not_in_list",
    "Please choose from the list.": "not_in_list",
    "This number is too large.": "out_of_range",
    "This number is outside what is possible here.": "out_of_range",
    "Unknown field.": "unknown",
}


def init(bp: Blueprint) -> None:
    """Answer every refusal and failure of a blueprint with application/problem+json."""
    bp.register_error_handler(DomainError, _domain)
    bp.register_error_handler(ValidationError, _invalid)
    bp.register_error_handler(HTTPException, http)
    bp.register_error_handler(IntegrityError, lambda error: _domain(CHANGED))
    bp.register_error_handler(StaleDataError, lambda error: _domain(CHANGED))
    bp.register_error_handler(DataError, lambda error: problem(400))
    bp.register_error_handler(OperationalError, lambda error: problem(503))
    bp.register_error_handler(Exception, _broken)


def _domain(error: DomainError) -> Response:
    _undo()
    where = [(f"#/{error.field}", "pointer", error.code, say(error))] if error.field else []
    answer = problem(error.status, code=error.code, detail=say(error), errors=where)
    if error.code == "in_flight":
        answer.headers["Retry-After"] = "1"
    return answer


def _invalid(error: ValidationError) -> Response:
    _undo()
    kind = "parameter" if isinstance(error, Refused) and error.location == "query" else "pointer"
    errors = [
        (f"#/{path}" if kind == "pointer" else path, kind, CODES.get(text, "invalid"), _(text))
        for path, text in _leaves(error.normalized_messages(), "")
    ]
    return problem(422, code="invalid", errors=errors)


def _leaves(messages: Any, path: str) -> Iterable[tuple[str, str]]:
    """Each sentence with the JSON pointer's part behind `#/`."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            here = "" if name == "_schema" else str(name).replace("~", "~0").replace("/", "~1")
            yield from _leaves(inner, f"{path}/{here}" if path and here else path or here)
    elif isinstance(messages, list):
        for inner in messages:
            yield from _leaves(inner, path)
    else:
        yield path, str(messages)


def http(error: HTTPException) -> Any:
    """A problem for what Flask itself refuses."""
    status = error.code or 500
    if status < 400:
        return error
    answer = problem(status, detail=_(TOKEN) if status == 401 else "")
    answer.headers.extend(
        (name, value)
        for name, value in error.get_headers(request.environ)
        if name in ("Allow", "Retry-After")
    )
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="linli"'
    if status == 429 and (limit := auth.limiter.current_limit):
        answer.headers["Retry-After"] = str(max(1, round(limit.reset_at - time.time())))
    return answer


def _broken(error: Exception) -> Response:
    log.error(
        "request.failed",
        route=request.url_rule and request.url_rule.rule,
        request=str(g.request_id),
        exc_info=error,
    )
    return problem(500)


def _undo() -> None:
    # First of all: until then not even the reader's language can be asked for.
    try:
        db.session.rollback()
    except Exception:
        db.session.remove()


def problem(
    status: int, *, code: str = "", detail: str = "", errors: Iterable[tuple[str, str, str, str]] = ()
) -> Response:
    """A problem; `errors` says of each input where it stands, whether as "pointer" or "parameter", a code and a sentence."""
    _undo()
    if status >= 500:
        # The database may be the thing that broke: the answer must not ask it who is there.
        g.actor, g.community, g._login_user = guest(), None, auth.nobody()
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code or HTTPStatus(status).name.lower(),
        "instance": f"urn:uuid:{g.request_id}",
    }
    if detail:
        body["detail"] = detail
    if listed := [{kind: where, "code": one, "detail": text} for where, kind, one, text in errors]:
        body["errors"] = listed
        body.setdefault("detail", _("Please look at these again."))
    return Response(json.dumps(body), status, content_type="application/problem+json")

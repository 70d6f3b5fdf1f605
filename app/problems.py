"""What a program reads when something is refused or breaks: RFC 9457 problems, in the words a person would read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response, g, json, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app import auth, forms
from app.errors import CHANGED
from app.language import say
from services.core.actor import guest
from services.core.db import db
from services.core.errors import DomainError

log = structlog.get_logger()


def init(bp: Blueprint) -> None:
    """Answer every refusal and failure of a blueprint with application/problem+json."""
    bp.register_error_handler(DomainError, _domain)
    bp.register_error_handler(ValidationError, _invalid)
    bp.register_error_handler(HTTPException, _http)
    bp.register_error_handler(IntegrityError, lambda error: _domain(CHANGED))
    bp.register_error_handler(StaleDataError, lambda error: _domain(CHANGED))
    bp.register_error_handler(DataError, lambda error: problem(400))
    bp.register_error_handler(OperationalError, lambda error: problem(503))
    bp.register_error_handler(Exception, _broken)


def _domain(error: DomainError) -> Response:
    _undo()
    fields = {error.field: [say(error)]} if error.field else {}
    return problem(error.status, code=error.code, detail=say(error), fields=fields)


def _invalid(error: ValidationError) -> Response:
    _undo()
    return problem(422, code="invalid", fields=forms.said(error))


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    answer = problem(status)
    answer.headers.extend(
        (name, value)
        for name, value in error.get_headers(request.environ)
        if name in ("Allow", "Retry-After")
    )
    return answer


def _broken(error: Exception) -> Response:
    log.error("request.failed", route=request.url_rule and request.url_rule.rule, exc_info=error)
    return problem(500)


def _undo() -> None:
    # First of all: until then not even the reader's language can be asked for.
    try:
        db.session.rollback()
    except Exception:
        db.session.remove()


def problem(
    status: int, *, code: str = "", detail: str = "", fields: Mapping[str, list[str]] | None = None
) -> Response:
    """A problem; `fields` are the sentences about each input, pointed at as `#/name`."""
    _undo()
    if status >= 500:
        # The database may be the thing that broke: the answer must not ask it who is there.
        g.actor, g.community, g._login_user = guest(), None, auth.nobody()
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code or HTTPStatus(status).name.lower(),
    }
    if detail:
        body["detail"] = detail
    if fields:
        body["errors"] = [
            {"detail": sentence, "pointer": f"#/{name}"}
            for name, sentences in fields.items()
            for sentence in sentences
        ]
        body.setdefault("detail", _("Please look at these again."))
    return Response(json.dumps(body), status, content_type="application/problem+json")

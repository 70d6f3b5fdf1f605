"""What a person reads when something is refused or breaks."""

from typing import Any

import structlog
from flask import Flask, g, render_template, request
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app import auth, problems
from app.language import say
from services.core.actor import guest
from services.core.db import db
from services.core.errors import CHANGED, DomainError

log = structlog.get_logger()

_PAGES = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)


def init(app: Flask) -> None:
    """Answer every refusal and failure with a page in plain words."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, lambda error: _domain(CHANGED))
    app.register_error_handler(StaleDataError, lambda error: _domain(CHANGED))
    # A form only our own pages send, altered on the way; pages that people fill in answer field by field.
    app.register_error_handler(ValidationError, lambda error: _page(400))
    app.register_error_handler(DataError, lambda error: _page(400))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _broken)


def _domain(error: DomainError) -> tuple[str, int]:
    return _page(error.status, error)


def _http(error: HTTPException) -> Any:
    if request.path.startswith("/api/"):
        return problems.http(error)
    if error.code is None or error.code < 400:
        return error
    body, status = _page(error.code)
    headers = [(k, v) for k, v in error.get_headers(request.environ) if k in ("Allow", "Retry-After")]
    return body, status, headers


def _database(error: OperationalError) -> tuple[str, int]:
    log.error("database.unreachable", path=request.url_rule and request.url_rule.rule)
    return _page(503)


def _broken(error: Exception) -> tuple[str, int]:
    # The traceback names code, not people; values of variables and the address stay out of the log.
    log.error(
        "request.failed",
        route=request.url_rule and request.url_rule.rule,
        request=str(g.get("request_id", "")),
        exc_info=error,
    )
    return _page(500)


def _page(status: int, refusal: DomainError | None = None) -> tuple[str, int]:
    # First of all: until then not even the reader's language can be asked for.
    try:
        db.session.rollback()
    except Exception:
        db.session.remove()
    if status >= 500:
        # The database may be the thing that broke: the page must not ask it who is there.
        g.actor, g.community, g._login_user = guest(), None, auth.nobody()
    message = say(refusal) if refusal else None
    name = status if status in _PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{name}.html", message=message, status=status), status

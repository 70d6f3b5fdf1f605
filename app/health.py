"""`/healthz`: the process answers. `/readyz`: what it needs is there, said part by part."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app import queue
from app.auth import allow, limiter
from services.core.db import db

bp = Blueprint("health", __name__)


def init(app: Flask) -> None:
    """Serve the two pages; they need no sign-in and say nothing about anybody."""
    app.register_blueprint(bp)


@bp.get("/healthz")
@limiter.exempt
@allow("public")
def healthz() -> Response:
    """200 while the process can answer at all."""
    return jsonify(status="ok")


@bp.get("/readyz")
@limiter.exempt
@allow("public")
def readyz() -> tuple[Response, int]:
    """200 when pages can be served, 503 when not.

    Without Redis or a worker pages work and reminders wait: that is said and is still 200 ("degraded").
    """
    database, waits = _database(), queue.standstill()
    ready = database == "ok"
    status = "unavailable" if not ready else "degraded" if waits else "ok"
    parts = {"queue": "unreachable" if waits == "queue" else "ok", "worker": "none" if waits else "ok"}
    return jsonify(status=status, database=database, **parts), 200 if ready else 503


def _database() -> str:
    try:
        at = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return "unreachable"
    return "ok" if at == ScriptDirectory("migrations").get_current_head() else "not migrated"

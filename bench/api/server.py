"""Linli with two more ways to answer the same list, for `bench.api`: bare psycopg and orjson, and the plain ORM way.

The plain way is an operation of Linli like any other (token, isolation, one transaction): it loads whole rows by the ORM and writes
them by marshmallow's `dump` and Flask's `jsonify`. The bare one is no Flask at all: a connection kept by its thread that serves one
community, one statement, orjson.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
from flask import Blueprint, Response, jsonify
from sqlalchemy import select

from app.api.area import PREFIX
from app.auth import allow, limiter
from app.households.api_schemas import HouseholdLineSchema
from services.core.db import db
from services.households.models import Household
from wsgi import app as linli

ROWS = (
    "SELECT id, name, building_id, entrance, places, state FROM household "
    "WHERE community_id = 1 AND state = 'active' ORDER BY id DESC LIMIT 51"
)
bp = Blueprint("plain", __name__, url_prefix=PREFIX)
_kept = threading.local()


@bp.get("/plain")
@allow("households.read")
def plain() -> Response:
    """Fifty households as one would write it first."""
    wanted = select(Household).where(Household.state == "active").order_by(Household.id.desc()).limit(51)
    rows = db.session.scalars(wanted).all()
    return jsonify({"items": HouseholdLineSchema(many=True).dump(rows[:50]), "next": str(rows[49].id)})


linli.register_blueprint(bp)
# One client asks as fast as it can.
limiter.enabled = False


def bare(start: Callable[..., Any]) -> Iterable[bytes]:
    """Fifty households by the least there can be."""
    if not hasattr(_kept, "connection"):
        url = os.environ["DATABASE_URL"].replace("+psycopg", "")
        _kept.connection = psycopg.connect(url, autocommit=True)
        _kept.connection.execute("SET linli.community_id = '1'")
    rows = _kept.connection.execute(ROWS).fetchall()
    names = ("id", "name", "building_id", "entrance", "places", "state")
    items = [dict(zip(names, row, strict=True)) for row in rows[:50]]
    body = orjson.dumps({"items": items, "next": rows[49][0]})
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Linli, and beside it the bare way."""
    return bare(start) if environ["PATH_INFO"] == "/bare" else linli.wsgi_app(environ, start)

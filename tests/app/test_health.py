"""The two pages a machine asks, and pages while something is lost."""

import sqlalchemy

from app import create_app
from services.core.db import db
from tests import conftest
from tests.factories import world


def test_alive_and_ready(client):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    # No worker runs beside these tests; the journeys see "ok".
    assert answer.json == {"status": "degraded", "database": "ok", "queue": "ok", "worker": "none"}


def test_without_redis_pages_work_and_it_is_said(live_app):
    settings = dict(live_app.config)
    settings["REDIS_URL"] = "redis://127.0.0.1:1/0"
    app = create_app(settings)
    with app.app_context():
        place = world.make_place("alone")
    client = app.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "degraded",
        "database": "ok",
        "queue": "unreachable",
        "worker": "none",
    }
    world.sign_in(client, place.accounts["staff"])
    page = client.get(place.path())
    assert page.status_code == 200
    assert "the queue cannot be reached" in page.text
    with app.app_context():
        db.engine.dispose()


def test_without_a_database_the_answer_is_clear(database):
    url = sqlalchemy.make_url(conftest._url("APP", database)).set(database="nowhere").render_as_string(False)
    app = create_app({**conftest.settings(database), "SQLALCHEMY_DATABASE_URI": url})
    client = app.test_client()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json["database"] == "unreachable"
    page = client.get("/c/anywhere/")
    assert page.status_code == 503
    assert "<h1>" in page.text
    with client.session_transaction() as session:
        session["_user_id"] = "00000000-0000-7000-8000-000000000001.1"  # a browser that was signed in
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json["database"] == "unreachable"
    assert client.get("/account").status_code == 503

"""What the supervisor waits for: `/readyz`, asked as the application's own role."""

from flask import Flask


def test_the_application_can_tell_that_its_database_is_migrated(live_app: Flask) -> None:
    answer = live_app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"], answer.json["queue"]) == (200, "ok", "ok")

"""Webhooks set up by a program."""

from services.webhooks import events
from tests.factories import access


def test_an_address_is_added_changed_tested_and_removed(app, north):
    program = access.program(app, access.make_token(app, north, "admin"))
    at = f"/api/v1/c/{north.code}/webhooks"
    made = program.post(at, json={"url": "https://hooks.example.org/in", "events": ["visit.noted"]})
    assert made.status_code == 201 and made.json["secret"].startswith("whsec_")
    address = made.headers["Location"]
    seen = program.get(address)
    assert "secret" not in seen.json and [row["id"] for row in program.get(at).json["items"]] == [
        seen.json["id"]
    ]
    tag = {"If-Match": seen.headers["ETag"]}
    changed = program.patch(address, json={"events": ["visit.noted", "need.added"]}, headers=tag)
    assert set(changed.json["events"]) == {"visit.noted", "need.added"}
    renewed = program.post(f"{address}/renew-secret").json
    assert renewed["secret"] != made.json["secret"] and renewed["old_until"]
    told = program.post(f"{address}/test").json
    assert program.get(f"{address}/deliveries?state=waiting").json["items"] == [told]
    assert program.post(f"{address}/pause").json["state"] == "paused"
    assert program.post(f"{address}/deliveries/{told['id']}/again").status_code == 409
    gone = program.delete(address, headers={"If-Match": program.get(address).headers["ETag"]})
    assert gone.status_code == 204 and program.get(address).status_code == 404


def test_only_the_administrator(app, north):
    program = access.program(app, access.make_token(app, north, "staff"))
    assert program.get(f"/api/v1/c/{north.code}/webhooks").status_code == 403


def test_what_an_event_points_at_is_there(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    shown = {path.rpartition("/")[0] for path, one in paths.items() if path.endswith("}") and "get" in one}
    assert {f"/api/v1/c/{{community}}/{name}" for name in events.COLLECTIONS.values()} <= shown

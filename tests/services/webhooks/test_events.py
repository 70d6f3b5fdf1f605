"""What a full community tells: each event with its place in the API, and nothing but ids and codes."""

import json
import re

from sqlalchemy import select

from app.webhooks import words
from services.core.db import db
from services.webhooks import events, sending
from services.webhooks.models import WebhookDelivery
from tests.factories import world

ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# What nobody does in a full community.
QUIET = {
    "household.closed",
    "household.reopened",
    "need.asked",
    "need.changed",
    "need.closed",
    "pairing.ended",
    "pledge.withdrawn",
    "allocation.released",
    "delivery.returned",
    "visit.disputed",
    "visit.corrected",
    "visit.withdrawn",
    "volunteer.approved",
    "volunteer.state",
    "project.done",
    "wish.opened",
}


def test_each_event_has_a_place_in_the_api_and_holds_ids_and_codes_only(session, full_places):
    world.enter(full_places[0].place)
    told = db.session.scalars(select(WebhookDelivery)).all()
    assert {row.event for row in told} >= events.EVENTS.keys() - QUIET
    for row in told:
        said = json.loads(sending.body_of(row))
        kind, found = said["data"].pop("kind"), said["data"].pop("id")
        assert said == {
            "type": row.event,
            "timestamp": row.at.isoformat(),
            "data": {
                "community": "north",
                "href": f"/api/v1/c/north/{events.COLLECTIONS[kind]}/{found}",
            },
        }
        assert re.fullmatch(ID, found) and re.fullmatch(r"[a-z_]+", kind)


def test_every_event_stands_under_one_heading():
    begins = [begin for _, some in words.GROUPS for begin in some]
    assert len(begins) == len(set(begins))
    assert {code.partition(".")[0] for code in events.EVENTS} == set(begins)

"""The same request again: one effect and one answer."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from services.access import replies
from services.access.models import Reply
from services.core import clock
from services.core.actor import guest
from services.core.db import db
from services.core.errors import DomainError
from services.households.models import Household
from tests.factories import access, world

AT_ONCE = 5


@pytest.fixture
def place(app, north):
    with world.inside(app, north):
        yield north


def ask(actor, key="k", request=b"asked"):
    """Begin with a key, and answer when there is no answer yet."""
    asked, before = replies.begin(actor, key=key, request=request)
    if before is None:
        replies.keep(asked, status=201, headers={"ETag": "e"}, body=b"made")
    return before


def test_an_answer_is_kept_for_its_account_and_key(place):
    staff, admin = place.actor("staff"), place.actor("admin")
    assert ask(staff) is None
    again = ask(staff)
    assert (again.status, again.headers, again.body) == (201, {"ETag": "e"}, b"made")
    assert ask(admin) is None and ask(staff, "another") is None


def test_a_key_is_for_one_request(place):
    ask(place.actor("staff"))
    with pytest.raises(DomainError, match="key_reused"):
        ask(place.actor("staff"), request=b"something else")


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\x00"])
def test_what_is_no_key(place, key):
    with pytest.raises(DomainError, match="idempotency_key"):
        ask(place.actor("staff"), key)


def test_a_guest_has_no_keys(place):
    with pytest.raises(DomainError, match="idempotency_key"):
        ask(guest())


def test_an_answer_is_kept_for_a_day(place):
    ask(place.actor("staff"))
    ask(place.actor("admin"), "other")
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        assert ask(place.actor("staff"), request=b"something else") is None
        assert db.session.scalars(select(func.count()).select_from(Reply)).one() == 1


def test_five_at_once_have_one_effect(live_app):
    with live_app.app_context():
        place = world.make_place("once")
    secret = access.make_token(live_app, place)
    start = threading.Barrier(AT_ONCE)
    answers = []

    def register():
        program = access.program(live_app, secret)
        start.wait()
        answers.append(
            program.post(
                f"/api/v1/c/{place.code}/households",
                json={"name": "李梅", "estate": "东里", "building": "3", "door": "2-101"},
                headers={"Idempotency-Key": "one of ours"},
            )
        )

    threads = [threading.Thread(target=register) for _one in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one for one in answers if one.status_code == 201]
    assert made and len({one.data for one in made}) == 1
    late = [one for one in answers if one.status_code != 201]
    assert {(one.status_code, one.json["code"]) for one in late} <= {(409, "in_flight")}
    assert all(one.headers["Retry-After"] == "1" for one in late)
    with world.inside(live_app, place):
        assert db.session.scalars(select(func.count()).select_from(Household)).one() == 1

"""Rows in the real tables, written by the superuser's COPY: communities, people with a phone, messages and follow-ups."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from services.core import crypto
from services.core.db import new_id
from services.people import accounts

# As fast as a community may be allowed to send, a minute: more than one worker can.
RATE = 10_000
MESSAGE = (
    "community_id, id, account_id, channel, template, params, language, key, path, subject_kind, subject_id, state, "
    "due_at, attempts, created_at"
)
FOLLOW_UP = (
    "community_id, id, plan_id, occurrence, subject_kind, subject_id, anchor_on, planned_on, due_on, state, next_at, "
    "reminders, postponed, ended, attempts, created_at"
)


@dataclass(frozen=True)
class Reader:
    """Somebody of a community who has a phone."""

    community_id: int
    account_id: uuid.UUID


def communities(connection: psycopg.Connection, code: str, count: int) -> list[int]:
    """So many communities in a street of their own; their ids."""
    connection.execute(
        "INSERT INTO region (kind, name, name_en, path) VALUES ('street', %s, %s, '')", [code, code]
    )
    made = connection.execute(
        "INSERT INTO community (street_id, code, name, name_en, zone, estates, households_total, people_total, "
        "floating_total, messages_a_minute) SELECT (SELECT max(id) FROM region), %(code)s || '-' || n, %(code)s || n, "
        "%(code)s || n, 'Asia/Shanghai', '{}', 0, 0, 0, %(rate)s FROM generate_series(1, %(count)s) AS n RETURNING id",
        {"code": code, "count": count, "rate": RATE},
    )
    return [row[0] for row in made]


def readers(connection: psycopg.Connection, places: Sequence[int], count: int, first: int) -> list[Reader]:
    """So many people, in each community in turn, with numbers from `first` on."""
    found = [Reader(places[number % len(places)], new_id()) for number in range(count)]
    now = datetime.now(UTC)
    account = (
        "COPY account (id, name, phone, phone_key, language, big_text, active, epoch, created_at) FROM STDIN"
    )
    member = "COPY membership (community_id, id, account_id, role, since, created_at) FROM STDIN"
    with connection.cursor() as cursor:
        with cursor.copy(account) as copy:
            for number, one in enumerate(found, first):
                phone = f"+86131{number:08d}"
                sealed, key = crypto.seal(phone, "account.phone"), accounts.phone_key(phone)
                copy.write_row((one.account_id, f"Reader {number}", sealed, key, "en", False, True, 0, now))
        with cursor.copy(member) as copy:
            for one in found:
                row = (one.community_id, new_id(), one.account_id, "volunteer", "2026-01-01", now)
                copy.write_row(row)
    return found


def messages(
    connection: psycopg.Connection, due: Iterable[tuple[Reader, datetime]]
) -> list[tuple[int, uuid.UUID]]:
    """A reminder by SMS for each reader, queued and due then: (community, id)."""
    words = json.dumps({"plan": "First visit", "day": "November 30, 2026"})
    made = []
    with connection.cursor() as cursor, cursor.copy(f"COPY message ({MESSAGE}) FROM STDIN") as copy:
        for reader, at in due:
            one, subject = new_id(), new_id()
            params, path = crypto.seal(words, "message.params"), f"/c/bench/followups/{subject}"
            row = (reader.community_id, one, reader.account_id, "sms", "followup.reminder", params, "en")
            copy.write_row((*row, f"{subject}", path, "followup", subject, "queued", at, 0, at))
            made.append((reader.community_id, one))
    return made


def follow_ups(connection: psycopg.Connection, code: str, each: int, due: bool) -> None:
    """So many follow-ups in each community of that code: all due since less than an hour, or in the year to come."""
    connection.execute("SELECT setseed(0.4)")
    connection.execute(
        "INSERT INTO plan (community_id, id, code, name, name_en, subject_kind, event, after_days, owner, remind_days, "
        "late_days, active, created_at) SELECT id, uuidv7(), 'bench', 'Bench', 'Bench', 'bench', 'begun', 3, 'staff', 1, 2, "
        "true, now() FROM community WHERE code LIKE %s ON CONFLICT DO NOTHING",
        [f"{code}-%"],
    )
    at = "now() - random() * interval '1 hour'" if due else "now() + interval '1 day' * (1 + 364 * random())"
    connection.execute(
        f"INSERT INTO follow_up ({FOLLOW_UP}) SELECT plan.community_id, uuidv7(), plan.id, 1, 'bench', uuidv7(), "
        f"current_date, current_date, current_date, 'open', {at}, 0, 0, false, 0, now() "
        "FROM generate_series(1, %s) CROSS JOIN plan JOIN community ON community.id = plan.community_id "
        "WHERE community.code LIKE %s",
        [each, f"{code}-%"],
    )
    connection.execute("VACUUM ANALYZE follow_up")

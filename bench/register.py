"""The register's search: 30,000 people in one community, asked as an office asks.

    python -m bench.register [--quick] [--json FILE]

Peers in the same run: `SELECT 1` through the same session (what any statement costs), and the same page with nothing asked
(what the page costs around it). With --quick 3,000 people.
"""

import argparse
import itertools
import random
import statistics
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import text

from bench.installation import installation, superuser
from bench.report import Report
from bench.throughput.rows import communities
from services.core import crypto, scope
from services.core.actor import Actor
from services.core.db import db, new_id
from services.households import facts
from services.people import accounts, name_keys
from services.register import search

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段单仇解查"
GIVEN = "秀英丽敏静杰强磊军洋勇艳娟涛明超兰霞平刚桂玉梅芳娜伟建国华文志海波红春生凤珍淑贵福荣金宝林云山德成永庆新东"
# Communities beside it, each with a fiftieth of its people.
OTHERS = 50
_numbers = itertools.count(1)


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.register", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3,000 people and fewer questions")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    report, people = Report("register"), 3_000 if chosen.quick else 30_000
    with installation() as (app, running), superuser(running) as connection:
        alone, *others = communities(connection, "register", 1 + OTHERS)
        staff = office(connection, alone)
        names = fill(connection, alone, people)
        for one in others:
            fill(connection, one, people // 50)
        connection.execute("VACUUM ANALYZE")
        measure(app, report, alone, staff, names, 40 if chosen.quick else 200)
    report.show()
    if chosen.json:
        report.write(chosen.json)


def office(connection: psycopg.Connection, community_id: int) -> uuid.UUID:
    """A member of staff."""
    one, now = new_id(), datetime.now(UTC)
    connection.execute(
        "INSERT INTO account (id, name, language, big_text, active, epoch, created_at) VALUES (%s, 'Staff', 'en', false, true, 0, %s)",
        [one, now],
    )
    connection.execute(
        "INSERT INTO membership (community_id, id, account_id, role, since, created_at) VALUES (%s, %s, %s, 'staff', '2026-01-01', %s)",
        [community_id, new_id(), one, now],
    )
    return one


def fill(connection: psycopg.Connection, community_id: int, people: int) -> list[str]:
    """So many people, a third each named for a household, living in one, volunteers; their names."""
    dice = random.Random(community_id)
    names = [
        dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2)))) for _ in range(people)
    ]
    third = people // 3
    homes = [new_id() for _ in range(third)]
    building, now = new_id(), datetime.now(UTC)
    connection.execute(
        "INSERT INTO building (community_id, id, estate, number, created_at) VALUES (%s, %s, '枣园', '1', %s)",
        [community_id, building, now],
    )
    common = {"community_id": community_id, "created_at": now}
    copy(
        connection,
        "household",
        (
            common
            | named(names[at], "household")
            | {
                "id": homes[at],
                "building_id": building,
                "entrance": "1",
                "door": crypto.seal(f"{at}", "household.door"),
            }
            | {
                "door_key": facts.door_key(estate="", building="1", entrance="1", door=f"{at}"),
                "category_keys": [],
            }
            | {
                "categories": crypto.seal("[]", "household.categories"),
                "languages": ["mandarin"],
                "circumstances": [],
            }
            | {"gender_wish": "", "places": 1, "state": "active", "version": 1}
            for at in range(third)
        ),
    )
    copy(
        connection,
        "resident",
        (
            common
            | {
                "id": new_id(),
                "household_id": homes[at % third],
                "name": names[at],
                "name_keys": name_keys.keys_of(names[at]),
            }
            | {"gender": "", "head": at < third}
            for at in range(2 * third)
        ),
    )
    copy(
        connection,
        "volunteer",
        (
            common
            | named(names[at], "volunteer")
            | {
                "id": new_id(),
                "gender": "",
                "party": "",
                "party_kind": "",
                "employer": "",
                "languages": ["mandarin"],
            }
            | {
                "week": bytes(42),
                "places": 1,
                "limits": [],
                "registered_on": date(2026, 1, 1),
                "state": "active",
                "version": 1,
            }
            for at in range(2 * third, people)
        ),
    )
    return names


def named(name: str, table: str) -> dict[str, object]:
    """A name with its keys, and a phone of its own."""
    phone = f"+8613{next(_numbers):09d}"
    return {
        "name": name,
        "name_keys": name_keys.keys_of(name),
        "phone": crypto.seal(phone, f"{table}.phone"),
        "phone_key": accounts.phone_key(phone),
        "tail_key": accounts.tail_key(phone),
    }


def copy(connection: psycopg.Connection, table: str, rows: Iterable[dict[str, object]]) -> None:
    """Write the rows by COPY."""
    first, *rest = rows
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(first)}) FROM STDIN") as into:
        for row in (first, *rest):
            into.write_row(tuple(row.values()))


def questions(names: Sequence[str], count: int) -> dict[str, list[str]]:
    """What an office types, by how it asks."""
    dice = random.Random(5)
    chosen = [dice.choice(names) for _ in range(count)]
    spelt = [name_keys.keys_of(name).split() for name in chosen]
    return {
        "whole name": chosen,
        "two characters": [name[-2:] for name in chosen],
        "one character": [name[0] for name in chosen],
        "full pinyin": [keys[1][1:] for keys in spelt],
        "initials": [keys[2][1:] for keys in spelt],
        "one letter": [keys[1][1] for keys in spelt],
        "last four digits": [f"{dice.randrange(10_000):04d}" for _ in chosen],
    }


def measure(
    app: Flask, report: Report, community_id: int, staff: uuid.UUID, names: list[str], count: int
) -> None:
    """Each way of asking through the service and through the page; beside them the least that either costs."""
    actor = Actor(staff, community_id, frozenset({"staff"}))
    scope.enter(community_id)
    asked = questions(names, count)
    for way, texts in {"SELECT 1": [""] * count, **asked}.items():
        for one in texts:
            db.session.rollback()
            with report.timed("service", way) as step:
                if way == "SELECT 1":
                    db.session.execute(text("SELECT 1"))
                else:
                    step.count, step.of = len(search.find(actor, text=one).hits), "found by the last"
    db.session.rollback()
    scope.leave()
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{staff}.0", True
    for way, texts in {"nothing asked": [""] * count, **asked}.items():
        for one in texts:
            with report.timed("page, as one types", way) as step:
                answer = client.post(
                    "/c/register-1/register/", data={"text": one}, headers={"HX-Request": "true"}
                )
            assert answer.status_code == 200, answer.status
            step.count, step.of = len(answer.data), "bytes"
    for part, peer in (("service", "SELECT 1"), ("page, as one types", "nothing asked")):
        least = p99(report, part, peer)
        for way in asked:
            report.compare(f"{part}: {way}, p99 / {peer}, p99", p99(report, part, way), least)


def p99(report: Report, part: str, name: str) -> float:
    """The 99th percentile of a step's repetitions, in seconds."""
    return statistics.quantiles(report.steps[part, name].seconds, n=100)[98]


if __name__ == "__main__":
    main()

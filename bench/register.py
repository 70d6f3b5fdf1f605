"""The register's search: 30,000 people in one community, asked as an office asks.

    python -m bench.register [--quick] [--json FILE]

Peers in the same run: `SELECT 1` through the same session (what any statement costs), and the same page with nothing asked
(what the page costs around it). With --quick 3,000 people.
"""

import argparse
import random
import statistics
import time
import uuid
from collections.abc import Callable
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
# A third each: named for a household, living in one, a volunteer.
OTHERS = 50


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
        measure(app, report, alone, staff, names, 40 if chosen.quick else 400)
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

"""A thousand communities full of people, written by the superuser inside PostgreSQL.

In each a third of the people are heads of households, a third live with them, a third are volunteers. Names, phones, doors and what is sealed
come from short lists made by the product's own functions; which person has which is arithmetic. Foreign keys are not looked up row by row: every
row is made from the one it points to.
"""

import random
import uuid

import psycopg

from bench.register import GIVEN, SURNAMES
from bench.throughput.rows import communities
from services.core import crypto
from services.core.db import new_id
from services.people import accounts, name_keys

CODE = "web"
NAMES, PHONES = 20_000, 10_000
PASSWORD = "a bench has four legs"
KINDS = [
    "meal_delivery",
    "shopping",
    "clinic_escort",
    "company",
    "cleaning",
    "repairs",
    "haircut",
    "legal_advice",
    "phone_help",
    "health_check",
]
# Everything below reads `size`, and makes the tables `home` and `helper` that tell who is who.
PEOPLE = (
    """INSERT INTO building (community_id, id, estate, number, x, y, created_at)
    SELECT community_id, uuidv7(), '枣园', n::text, 150 * (n % 10), 150 * (n / 10), now()
    FROM size, generate_series(1, buildings) AS n""",
    """CREATE TEMP TABLE home AS SELECT size.community_id, n, uuidv7() AS id, building.id AS building_id
    FROM size CROSS JOIN generate_series(0, third - 1) AS n
    JOIN building ON building.community_id = size.community_id AND number = (1 + n % buildings)::text""",
    """CREATE TEMP TABLE helper AS SELECT size.community_id, n, uuidv7() AS id, building.id AS building_id
    FROM size CROSS JOIN generate_series(0, third - 1) AS n
    JOIN building ON building.community_id = size.community_id AND number = (1 + n * 7 % buildings)::text""",
    "ANALYZE home",
    "ANALYZE helper",
    """INSERT INTO household (community_id, id, name, name_keys, building_id, entrance, door, door_key, phone, phone_key, tail_key,
        categories, category_keys, languages, circumstances, gender_wish, places, state, version, created_at)
    SELECT community_id, id, name, keys, building_id, (1 + home.n % 4)::text, door, encode(sha256(id::text::bytea), 'hex'),
        home_phone, phone_key, tail_key, categories, '{}', '{mandarin}', '{}', '', 1, 'active', 1, now()
    FROM home JOIN bench_name ON bench_name.n = (home.n * 7919 + community_id * 31) % %(names)s
    JOIN bench_phone ON bench_phone.n = (home.n + community_id * 97) % %(phones)s""",
    """INSERT INTO resident (community_id, id, household_id, name, name_keys, gender, head, created_at)
    SELECT community_id, uuidv7(), id, name, keys, '', head, now() FROM home CROSS JOIN (VALUES (true), (false)) AS who (head)
    JOIN bench_name ON bench_name.n = (home.n * CASE WHEN head THEN 7919 ELSE 6007 END + community_id * 31) % %(names)s""",
    """INSERT INTO consent (community_id, id, subject_kind, subject_id, purpose, given_on, evidence, created_at)
    SELECT community_id, uuidv7(), 'household', id, 'matching', current_date, 'paper', now() FROM home""",
    """INSERT INTO need (community_id, id, household_id, kind, hours, once, urgency, state, close_reason, created_at)
    SELECT community_id, uuidv7(), id, (%(kinds)s::text[])[1 + n / 2 % 10], 1, false, 1 + n % 5, 'open', '', now()
    FROM home WHERE n % 2 = 0""",
    """INSERT INTO volunteer (community_id, id, name, name_keys, gender, phone, phone_key, tail_key, building_id, party, party_kind,
        employer, languages, week, hours, places, reach, limits, registered_on, state, version, created_at)
    SELECT community_id, id, name, keys, '', helper_phone, phone_key, tail_key, building_id, '', '', '', '{mandarin}',
        decode(repeat('ff', 42), 'hex'), 4, 1, 250, '{}', current_date, 'active', 1, now()
    FROM helper JOIN bench_name ON bench_name.n = (helper.n * 4001 + community_id * 31) % %(names)s
    JOIN bench_phone ON bench_phone.n = (helper.n + community_id * 53) % %(phones)s""",
    """INSERT INTO volunteer_skill (community_id, id, volunteer_id, skill, level, created_at)
    SELECT community_id, uuidv7(), id, (%(kinds)s::text[])[1 + (n + other) % 10], 2, now()
    FROM helper CROSS JOIN (VALUES (0), (3)) AS skill (other)""",
    """INSERT INTO pairing (community_id, id, volunteer_id, household_id, kind, started_on, end_reason, stop_reason, created_at)
    SELECT community_id, uuidv7(), helper.id, home.id, 'primary', current_date, '', '', now()
    FROM home JOIN helper USING (community_id, n) WHERE n % 10 = 0""",
    """INSERT INTO plan (community_id, id, code, name, name_en, subject_kind, event, after_days, rule, on_holiday, owner, remind_days,
        late_days, late_to, active, created_at)
    SELECT community_id, uuidv7(), 'bench', '看一看', 'Have a look', 'pairing', 'bench', 0, '', 'same', 'helper', 1, 2, 'staff', true, now()
    FROM size""",
)


def fill(connection: psycopg.Connection, sizes: list[int]) -> dict[int, int]:
    """So many communities of so many people each: id → people."""
    made = dict(zip(communities(connection, CODE, len(sizes)), sizes, strict=True))
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("CREATE TEMP TABLE size (community_id int, third int, buildings int)")
        _copy(connection, "size", [(one, people // 3, max(5, people // 300)) for one, people in made.items()])
        _lists(connection)
        # No parameters are bound: what stands in the place of each is a list or a number of our own.
        words = {
            "names": str(NAMES),
            "phones": str(PHONES),
            "kinds": f"'{{{','.join(KINDS)}}}'",
        }
        for statement in PEOPLE:
            for name, value in words.items():
                statement = statement.replace(f"%({name})s", value)
            connection.execute(statement)
        connection.execute("DROP TABLE size, home, bench_name, bench_phone")
    return made


def _lists(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TEMP TABLE bench_name (n int, name text, keys text)")
    _copy(connection, "bench_name", [(n, one, name_keys.keys_of(one)) for n, one in enumerate(names())])
    connection.execute(
        "CREATE TEMP TABLE bench_phone (n int, home_phone bytea, helper_phone bytea, phone_key text, tail_key text, door bytea, "
        "categories bytea)"
    )
    rows = []
    for n in range(PHONES):
        phone = f"+8613{n:09d}"
        sealed = (crypto.seal(phone, f"{table}.phone") for table in ("household", "volunteer"))
        keys = accounts.phone_key(phone), accounts.tail_key(phone)
        door, categories = (
            crypto.seal(f"{n % 600}", "household.door"),
            crypto.seal('["living_alone"]', "household.categories"),
        )
        rows.append((n, *sealed, *keys, door, categories))
    _copy(connection, "bench_phone", rows)
    connection.execute("ANALYZE bench_name")
    connection.execute("ANALYZE bench_phone")


def names() -> list[str]:
    """The names there are, none twice."""
    dice, found = random.Random(5), dict[str, None]()
    while len(found) < NAMES:
        found[dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))] = None
    return list(found)


def _copy(connection: psycopg.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as into:
        for row in rows:
            into.write_row(row)


def sign_ins(connection: psycopg.Connection, community_id: int, role: str, count: int) -> list[str]:
    """So many accounts of a role; their logins. A volunteer is one who helps a household, with something to do in it."""
    password, logins = accounts.hash_password(PASSWORD), []
    for n in range(count):
        one, login = new_id(), f"{role}{n}.{community_id}@example.org"
        connection.execute(
            "INSERT INTO account (id, name, email, email_key, password_hash, language, big_text, active, epoch, created_at) "
            "VALUES (%s, %s, %s, %s, %s, 'zh_Hans', false, true, 0, now())",
            [one, login, crypto.seal(login, "account.email"), accounts.email_key(login), password],
        )
        connection.execute(
            "INSERT INTO membership (community_id, id, account_id, role, since, created_at) VALUES (%s, %s, %s, %s, '2026-01-01', now())",
            [community_id, new_id(), one, role],
        )
        if role == "volunteer":
            _duty(connection, community_id, one, 10 * n)
        logins.append(login)
    return logins


def _duty(connection: psycopg.Connection, community_id: int, account_id: uuid.UUID, n: int) -> None:
    where = [account_id, community_id, n]
    connection.execute(
        "UPDATE volunteer SET account_id = %s FROM helper WHERE helper.community_id = %s AND helper.n = %s "
        "AND volunteer.community_id = helper.community_id AND volunteer.id = helper.id",
        where,
    )
    connection.execute(
        "INSERT INTO follow_up (community_id, id, plan_id, occurrence, subject_kind, subject_id, owner_id, anchor_on, planned_on, due_on, "
        "state, reminders, postponed, escalations, ended, attempts, created_at) SELECT pairing.community_id, uuidv7(), plan.id, 1, "
        "'pairing', pairing.id, %s, current_date, current_date, current_date, 'open', 0, 0, 0, false, 0, now() "
        "FROM helper JOIN pairing ON pairing.community_id = helper.community_id AND pairing.volunteer_id = helper.id "
        "JOIN plan ON plan.community_id = helper.community_id AND plan.code = 'bench' "
        "WHERE helper.community_id = %s AND helper.n = %s",
        where,
    )


def settle(connection: psycopg.Connection) -> int:
    """Plan with what is there now, have it all in memory as far as the servers keep it; the size in bytes."""
    connection.execute("VACUUM ANALYZE")
    connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
    connection.execute(
        "SELECT pg_prewarm(oid, 'read') FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
    )
    found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(found[0]) if found else 0

"""Servers of our own, databases for each test process, and a transaction around each test that is taken back."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from app import create_app
from app.local.servers import Servers, servers
from services.core.db import db
from tests.factories import beginnings, world
from tests.factories.beginnings import Beginning
from tests.factories.full import Full

# Of this run alone: several runs may go on at once. xdist's processes inherit the name.
VAR = Path(os.environ.setdefault("LINLI_TEST_VAR", f"var/test-{os.getpid()}"))


# What shares a running Linli, or walks through a full community, goes to one process, and first, since it is long.
TOGETHER = {
    "tests/journeys/": "journeys",
    "tests/app/test_hostile_input.py": "walks",
    "tests/app/test_strangers.py": "walks",
}
LONG = [*TOGETHER, "tests/app/test_queries.py", "tests/app/demo/"]


class Scheduling(LoadScopeScheduling):
    """Tests one by one to whichever process is free, but for those that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((scope for start, scope in TOGETHER.items() if nodeid.startswith(start)), nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that all processes end at about the same time."""
    items.sort(
        key=lambda item: next((at for at, long in enumerate(LONG) if item.nodeid.startswith(long)), 99)
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Use it."""
    return Scheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the servers; the others are told where they are."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        started = servers(VAR, durable=False)
        config._linli = started  # type: ignore[attr-defined]
        running = started.__enter__()
        config._linli_servers = running  # type: ignore[attr-defined]
        os.environ.update(_shared(running))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if hasattr(config, "_linli"):
        config._linli.__exit__(None, None, None)
        shutil.rmtree(VAR, ignore_errors=True)


def _shared(running: Servers) -> dict[str, str]:
    # xdist's processes inherit the environment.
    return {
        "LINLI_TEST_ADMIN": running.admin_url,
        "LINLI_TEST_OWNER": running.owner_url,
        "LINLI_TEST_APP": running.app_url,
        "LINLI_TEST_SWEEPER": running.sweeper_url,
        "LINLI_TEST_REDIS": running.redis_url,
        **{f"LINLI_TEST_{name}": value for name, value in running.secrets.environment().items()},
    }


def _url(role: str, database: str) -> str:
    return (
        sqlalchemy.make_url(os.environ[f"LINLI_TEST_{role}"]).set(database=database).render_as_string(False)
    )


def settings(database: str, role: str = "APP", **more: object) -> dict[str, object]:
    """An application's settings on a test database as one of the three roles."""
    return {
        "TESTING": True,
        "SECRET_KEY": os.environ["LINLI_TEST_SECRET_KEY"],
        "SESSION_COOKIE_NAME": "linli",
        "SQLALCHEMY_DATABASE_URI": _url(role, database),
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "query_cache_size": 10_000},
        "REDIS_URL": os.environ["LINLI_TEST_REDIS"],
        "LINLI_KEYS": os.environ["LINLI_TEST_LINLI_KEYS"],
        "LINLI_LOOKUP_KEY": os.environ["LINLI_TEST_LINLI_LOOKUP_KEY"],
        "LINLI_VAR": VAR,
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAIL_SERVER": "",
        "MAIL_DEFAULT_SENDER": "Linli <noreply@localhost>",
        "LINLI_URL": "http://localhost:8000",
        # Nobody is reached by SMS but where a test has a gateway of its own.
        "LINLI_SMS_URL": "",
        "LINLI_SMS_TOKEN": "test-token",
        "LINLI_SMS_SECRET": "whsec_" + "dGVzdA==" * 4,
        "LINLI_PUSH_KEY": os.environ["LINLI_TEST_LINLI_PUSH_KEY"],
        **more,
    }


@contextmanager
def _admin() -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(os.environ["LINLI_TEST_ADMIN"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _make_database(name: str, template: str = "template0") -> None:
    owner = sqlalchemy.make_url(os.environ["LINLI_TEST_OWNER"]).username
    with _admin() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        locale = "ENCODING 'UTF8' LOCALE 'C.UTF-8'" if template == "template0" else ""
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE "{template}" {locale}')


def _drop_database(name: str) -> None:
    with _admin() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrate(database: str) -> None:
    """Bring a database to the newest migration, as its owner."""
    with create_app(settings(database, role="OWNER")).app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """This test process's name, part of its databases' names."""
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@pytest.fixture(scope="session")
def migrated(worker_name: str) -> Iterator[str]:
    """A migrated database nobody connects to, so that others can be copied from it."""
    name = f"linli_migrated_{worker_name}"
    _make_database(name)
    migrate(name)
    yield name
    _drop_database(name)


@pytest.fixture(scope="session")
def database(migrated: str, worker_name: str) -> Iterator[str]:
    """The database of this test process."""
    name = f"linli_test_{worker_name}"
    _make_database(name, template=migrated)
    yield name
    _drop_database(name)


@pytest.fixture(scope="session")
def _app(database: str) -> Iterator[Flask]:
    made = create_app(settings(database))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def _nothing(_app: Flask) -> Beginning:
    with _app.app_context():
        return Beginning(db.engine)


def _begins(name: str, make: beginnings.Make) -> Any:
    """A session's fixture: a database like `migrated`, in which `make` has made what is there when a test begins."""

    @pytest.fixture(scope="session", name=f"_{name}")
    def made(_app: Flask, migrated: str, worker_name: str) -> Iterator[Beginning]:
        database = f"linli_{name}_{worker_name}"
        _make_database(database, template=migrated)
        beginning = beginnings.begin(_app, database, make)
        yield beginning
        beginning.engine.dispose()
        _drop_database(database)

    return made


_one = _begins("one", beginnings.north)
_two = _begins("two", beginnings.both)
_full = _begins("full", beginnings.filled)
# By the fixture that needs it, the one that holds the most first.
BEGINNINGS = {"full_places": "_full", "south": "_two", "north": "_one"}


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    """What is there when this test begins."""
    wanted = (made for asked, made in BEGINNINGS.items() if asked in request.fixturenames)
    return request.getfixturevalue(next(wanted, "_nothing"))


@pytest.fixture
def app(_app: Flask, beginning: Beginning) -> Iterator[Flask]:
    """The application as its own role; all that a test writes, committed or not, is undone after it."""
    with _app.app_context():
        engines = db.engines
    usual = engines[None]
    connection = beginning.engine.connect()
    outer = connection.begin()
    engines[None] = connection  # type: ignore[assignment]
    yield _app
    engines[None] = usual
    outer.rollback()
    connection.close()


@pytest.fixture
def session(app: Flask) -> Iterator[None]:
    """An application context for tests of services; begin with `world.enter(…)`."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An English browser without scripts, nobody signed in; see `world.sign_in`."""
    made = app.test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def north(_one: Beginning, app: Flask, beginning: Beginning) -> world.Place:
    """A community with an office, English pages."""
    return beginning.there("north").place


@pytest.fixture
def south(_two: Beginning, app: Flask, beginning: Beginning) -> world.Place:
    """Another community, which must never be seen from the first."""
    return beginning.there("south").place


@pytest.fixture
def full_places(_full: Beginning, app: Flask, beginning: Beginning) -> tuple[Full, Full]:
    """Both communities with one of everything."""
    return beginning.there("north"), beginning.there("south")


@contextmanager
def committing(migrated: str, name: str) -> Iterator[Flask]:
    """An application on the database `name`, made for it, where commits are real."""
    _make_database(name, template=migrated)
    made = create_app(settings(name))
    yield made
    with made.app_context():
        db.engine.dispose()
    _drop_database(name)


@pytest.fixture
def live_app(migrated: str, worker_name: str) -> Iterator[Flask]:
    """An application on a database of its own where commits are real, for races and jobs."""
    with committing(migrated, f"linli_live_{worker_name}") as made:
        yield made


@pytest.fixture
def sweeper(live_app: Flask) -> Iterator[sqlalchemy.Engine]:
    """The live database as the sweeper's role."""
    database = sqlalchemy.make_url(live_app.config["SQLALCHEMY_DATABASE_URI"]).database
    engine = sqlalchemy.create_engine(settings(str(database), role="SWEEPER")["SQLALCHEMY_DATABASE_URI"])
    yield engine
    engine.dispose()

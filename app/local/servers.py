"""Both servers, embedded or given, behind one context manager: the supervisor and the tests use the same."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from app.local import database
from app.local.console import StartError, say
from app.local.places import only_supervisor, socket_directory
from app.local.postgres import admin_url as embedded_admin_url
from app.local.postgres import start_postgres
from app.local.processes import Child, end_marked, end_servers, server_user
from app.local.secrets import Secrets, load_secrets
from app.local.valkey import redis_url as embedded_redis_url
from app.local.valkey import start_valkey


@dataclass(frozen=True, repr=False)
class Servers:
    """Addresses of running servers. `admin_url` may create databases: the superuser's, or the given owner's."""

    owner_url: str
    app_url: str
    sweeper_url: str
    redis_url: str
    admin_url: str
    secrets: Secrets
    children: tuple[Child, ...] = ()


@contextlib.contextmanager
def servers(var: Path, *, durable: bool = True, environ: Mapping[str, str] = os.environ) -> Iterator[Servers]:
    """Run what `environ` does not give (DATABASE_URL, REDIS_URL) under `var`, with roles and database ready.

    `durable=False` trades safety against crashes for speed. Raises StartError with a reason for people.
    """
    var.mkdir(parents=True, exist_ok=True)
    var = var.resolve()
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_supervisor(var))
        end_marked(var)
        secrets = load_secrets(var, environ)
        given_database, given_redis = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
        children: list[Child] = []
        user = server_user()
        socket = var
        if not (given_database and given_redis):
            _require_linux()
            end_servers(var)
            socket = stack.enter_context(socket_directory(var, user))
        if given_database:
            urls = _given_urls(given_database, secrets, environ)
        else:
            say(
                "PostgreSQL …"
                if (var / "postgres").exists()
                else "PostgreSQL: first start, making the database …"
            )
            children.append(start_postgres(var, socket, user, secrets.admin_password, durable=durable))
            stack.callback(children[-1].stop)
            urls = _embedded_urls(embedded_admin_url(socket, secrets.admin_password), secrets)
        owner_url, app_url, sweeper_url, admin_url = urls
        database.prepare_database(owner_url, app_url, sweeper_url)
        if given_redis:
            _check_redis(given_redis)
        else:
            say("Valkey …")
            children.append(start_valkey(var, socket, user))
            stack.callback(children[-1].stop)
        redis_url = given_redis or embedded_redis_url(socket)
        yield Servers(owner_url, app_url, sweeper_url, redis_url, admin_url, secrets, tuple(children))


def _given_urls(given: str, secrets: Secrets, environ: Mapping[str, str]) -> tuple[str, str, str, str]:
    owner = database.sqlalchemy_url(given)
    app, sweeper = database.member_urls(owner, secrets)
    app = database.sqlalchemy_url(environ.get("DATABASE_APP_URL") or app)
    sweeper = database.sqlalchemy_url(environ.get("DATABASE_SWEEPER_URL") or sweeper)
    return owner, app, sweeper, owner


def _embedded_urls(admin: str, secrets: Secrets) -> tuple[str, str, str, str]:
    owner = database.create_owner(admin, secrets.owner_password)
    app = database.beside(owner, database.APP, secrets.app_password)
    sweeper = database.beside(owner, database.SWEEPER, secrets.sweeper_password)
    return owner, app, sweeper, admin


def _require_linux() -> None:
    if not Path("/proc/self/cwd").exists():
        raise StartError(
            "The embedded servers need Linux; set DATABASE_URL and REDIS_URL to servers of your own."
        )


def _check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except ValueError:
        raise StartError(
            "REDIS_URL must look like redis://host:6379/0 or unix:///path/to/socket?db=0"
        ) from None
    except redis.RedisError as error:
        raise StartError(f"The server of REDIS_URL cannot be reached: {type(error).__name__}") from None

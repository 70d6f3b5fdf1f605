"""Both servers, embedded or given, behind one context manager: the supervisor and the tests use the same."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    """Addresses of the servers. `admin_url` may create databases: the superuser's, or the given owner's."""

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
    embed_database, embed_redis = not environ.get("DATABASE_URL"), not environ.get("REDIS_URL")
    user = server_user()
    children: list[Child] = []
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_supervisor(var))
        end_marked(var)
        socket = var
        if embed_database or embed_redis:
            _require_linux()
            end_servers(var)
            socket = stack.enter_context(socket_directory(var, user))
        known = known_servers(var, environ)
        if embed_database:
            say(
                "PostgreSQL …"
                if (var / "postgres").exists()
                else "PostgreSQL: first start, making the database …"
            )
            children.append(start_postgres(var, socket, user, known.secrets.admin_password, durable=durable))
            stack.callback(children[-1].stop)
            database.create_owner(known.admin_url, known.owner_url)
        database.prepare_database(known.owner_url, known.app_url, known.sweeper_url)
        if embed_redis:
            say("Valkey …")
            children.append(start_valkey(var, socket, user))
            stack.callback(children[-1].stop)
        else:
            _look_at_redis(known.redis_url)
        yield replace(known, children=tuple(children))


def known_servers(var: Path, environ: Mapping[str, str] = os.environ) -> Servers:
    """Return the addresses `servers` uses for this var directory, starting nothing."""
    secrets = load_secrets(var, environ)
    socket = (var / "run").resolve()
    redis_url = environ.get("REDIS_URL") or embedded_redis_url(socket)
    if given := environ.get("DATABASE_URL"):
        owner = admin = database.sqlalchemy_url(given)
        app, sweeper = database.member_urls(owner, secrets)
        app = database.sqlalchemy_url(environ.get("DATABASE_APP_URL") or app)
        sweeper = database.sqlalchemy_url(environ.get("DATABASE_SWEEPER_URL") or sweeper)
    else:
        admin = embedded_admin_url(socket, secrets.admin_password)
        owner = database.beside(admin, database.OWNER, secrets.owner_password, database.DATABASE)
        app = database.beside(owner, database.APP, secrets.app_password)
        sweeper = database.beside(owner, database.SWEEPER, secrets.sweeper_password)
    return Servers(owner, app, sweeper, redis_url, admin, secrets)


def _require_linux() -> None:
    if not Path("/proc/self/cwd").exists():
        raise StartError(
            "The embedded servers need Linux; set DATABASE_URL and REDIS_URL to servers of your own."
        )


def _look_at_redis(url: str) -> None:
    """Say when the given queue is away: Linli starts all the same, since it holds nothing that could be lost."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except ValueError:
        raise StartError(
            "REDIS_URL must look like redis://host:6379/0 or unix:///path/to/socket?db=0"
        ) from None
    except redis.RedisError as error:
        say(
            f"The server of REDIS_URL cannot be reached ({type(error).__name__}): reminders wait until it is back."
        )

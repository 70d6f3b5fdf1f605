"""The database as every deployment needs it: three roles, a checked server. The same for embedded and given ones."""

import hashlib
import hmac
import time

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.local.console import StartError
from app.local.secrets import Secrets

OWNER, APP, SWEEPER = "linli_owner", "linli_app", "linli_sweeper"
DATABASE = "linli"
OLDEST = 15
# Roles are shared by all databases of a server, advisory locks are not: losers of a race try again.
RACES = (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation, psycopg.errors.InternalError_)
_LOCK = int.from_bytes(hashlib.sha256(b"linli roles").digest()[:8], "big", signed=True)


def sqlalchemy_url(url: str) -> str:
    """Return a PostgreSQL address as people give it (postgres://, postgresql://) in SQLAlchemy's form.

    Raises StartError for anything that is not a PostgreSQL address.
    """
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername.partition("+")[0] not in ("postgres", "postgresql"):
        raise StartError("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    return _text(parsed.set(drivername="postgresql+psycopg"))


def connect(url: str) -> psycopg.Connection:
    """Open a connection outside transactions to a SQLAlchemy-style address."""
    # By words, not as a text: SQLAlchemy writes a space in a socket's path as "+", which libpq leaves so.
    parsed = make_url(url)
    _, words = parsed.get_dialect()().create_connect_args(parsed)
    return psycopg.connect(**{"autocommit": True, "connect_timeout": 10, **words})


def member_urls(owner_url: str, secrets: Secrets) -> tuple[str, str]:
    """Return the app's and the sweeper's address beside a given owner's address.

    The passwords follow from the owner's, so that two machines given the same server agree on them.
    """

    def follow(role: str, own: str) -> str:
        key = str(make_url(owner_url).password or own)
        return beside(owner_url, role, hmac.new(key.encode(), role.encode(), hashlib.sha256).hexdigest())

    return follow(APP, secrets.app_password), follow(SWEEPER, secrets.sweeper_password)


def beside(url: str, role: str, password: str, name: str | None = None) -> str:
    """Return the address of the same database (or of `name` on the same server) for another role."""
    parsed = make_url(url)
    return _text(parsed.set(username=role, password=password, database=name or parsed.database))


def create_owner(admin_url: str, owner_url: str) -> None:
    """On the embedded server, make the owner's role (no superuser) and the database of its address."""
    owner = make_url(owner_url)
    role, name = sql.Identifier(owner.username or ""), sql.Identifier(owner.database or "")
    with connect(admin_url) as admin:
        exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner.username]).fetchone()
        statement = ("ALTER" if exists else "CREATE") + " ROLE {} LOGIN CREATEROLE PASSWORD {}"
        admin.execute(sql.SQL(statement).format(role, sql.Literal(owner.password)))
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [owner.database]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))


def prepare_database(owner_url: str, app_url: str, sweeper_url: str) -> None:
    """Check the server and make the app's and the sweeper's role with the passwords of their addresses.

    Raises StartError when the server cannot be reached, is too old, has a database without Chinese
    letters, or does not let the owner make the roles.
    """
    try:
        connection = connect(owner_url)
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise _unreachable(owner_url, str(error)) from None
    with connection:
        _check_server(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # released when the connection closes
        for url in (app_url, sweeper_url):
            _ensure_role(connection, url)


def shown(url: str) -> str:
    """Return an address fit to be shown: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _unreachable(url: str, words: str) -> StartError:
    return StartError(f"The database cannot be reached as {shown(url)}: {words.strip().splitlines()[0]}")


def _check_server(connection: psycopg.Connection) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        raise StartError(f"The database server is PostgreSQL {version}; Linli needs {OLDEST} or newer.")
    query = (
        "SELECT datctype, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
    )
    found = connection.execute(query).fetchone()
    assert found is not None
    if found[0] in ("C", "POSIX") or found[1] != "UTF8":
        raise StartError(
            f"The database has character type {found[0]} and encoding {found[1]}, where searching Chinese text fails. "
            "Make it with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )


def _ensure_role(connection: psycopg.Connection, url: str) -> None:
    """Make the address's role if missing and set its password if it does not fit; refuse a role too mighty."""
    role = make_url(url).username or ""
    for attempt in range(20):
        query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s"
        found = connection.execute(query, [role]).fetchone()
        if found and found[0]:
            raise StartError(
                f"The role {role} is a superuser or bypasses row-level security: Linli refuses it."
            )
        failure = _login_failure(url) if found else None
        if found and failure is None:
            return
        if failure is not None and "password authentication failed" not in failure:
            raise _unreachable(url, failure)
        try:
            _write_role(connection, "ALTER" if found else "CREATE", url)
        except RACES:
            time.sleep(0.05 * (attempt + 1))
    raise StartError(f"The role {role} could not be made: {shown(url)} refuses its password.")


def _write_role(connection: psycopg.Connection, verb: str, url: str) -> None:
    address = make_url(url)
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
    try:
        connection.execute(
            statement.format(sql.Identifier(address.username or ""), sql.Literal(address.password))
        )
    except psycopg.errors.InsufficientPrivilege:
        raise StartError(
            f"{connection.info.user} may not {verb.lower()} the role {address.username}: give it CREATEROLE, or make "
            "the role yourself and set DATABASE_APP_URL and DATABASE_SWEEPER_URL."
        ) from None


def _login_failure(url: str) -> str | None:
    try:
        connect(url).close()
    except psycopg.OperationalError as error:
        return str(error)
    return None

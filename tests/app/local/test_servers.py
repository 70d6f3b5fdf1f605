"""The embedded servers: data outlives stops and kills, roles are narrow, one supervisor at a time."""

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy.engine import make_url

from app.local.console import StartError
from app.local.database import connect, member_urls, prepare_database, sqlalchemy_url
from app.local.processes import _servers_in
from app.local.secrets import load_secrets
from app.local.servers import Servers, servers

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys, time
from pathlib import Path
from app.local.database import connect
from app.local.servers import servers
with servers(Path(sys.argv[1]), environ={}) as running, connect(running.owner_url) as owner:
    owner.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    n = 0
    while True:
        n += 1
        owner.execute("INSERT INTO kept VALUES (%s)", [n])
        print(n, flush=True)
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with servers(tmp_path_factory.mktemp("servers"), durable=False, environ={}) as started:
        yield started


def test_data_outlives_a_stop(tmp_path: Path) -> None:
    with servers(tmp_path, environ={}) as first:
        with connect(first.owner_url) as owner:
            owner.execute("CREATE TABLE kept AS SELECT '枣园东里' AS name")
        redis.Redis.from_url(first.redis_url).set("hint", "1")
    assert not list(_servers_in(tmp_path.resolve()))
    assert not (tmp_path / "run").exists()
    with servers(tmp_path, environ={}) as second:
        with connect(second.owner_url) as owner:
            assert owner.execute("SELECT name FROM kept").fetchone() == ("枣园东里",)
        assert redis.Redis.from_url(second.redis_url).get("hint") == b"1"


def test_a_killed_supervisor_leaves_no_server_and_loses_no_row(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    told = 0
    for line in holder.stdout:
        told = int(line) if line.strip().isdigit() else told
        if told == 200:
            break
    assert list(_servers_in(tmp_path.resolve()))
    holder.send_signal(signal.SIGKILL)
    told = max([told, *(int(line) for line in holder.stdout.read().split())])
    holder.wait()
    deadline = time.monotonic() + 10
    while list(_servers_in(tmp_path.resolve())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not list(_servers_in(tmp_path.resolve()))
    with servers(tmp_path, environ={}) as again, connect(again.owner_url) as owner:
        rows = owner.execute("SELECT count(DISTINCT n) FROM kept WHERE n <= %s", [told]).fetchone()
        assert rows == (told,)


def test_a_killed_postgres_with_a_reused_process_id_starts_again(tmp_path: Path) -> None:
    with servers(tmp_path, environ={}) as first:
        child = first.children[0]
        assert child.process is not None
        child.process.kill()
        child.process.wait()
        pid_file = tmp_path / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    with servers(tmp_path, environ={}) as second, connect(second.app_url) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_a_second_supervisor_is_refused(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "sqlite://", "REDIS_URL": "redis://"}
    with (
        servers(tmp_path, durable=False, environ={}),
        pytest.raises(StartError, match=f"process {os.getpid()}"),
    ):
        servers(tmp_path, environ=given).__enter__()


@pytest.mark.parametrize("name", ["邻里-", "邻里 a b, c=d "])
def test_a_directory_with_any_name_works(name: str) -> None:
    with tempfile.TemporaryDirectory(prefix=name, dir="/tmp") as directory:
        var = Path(directory)
        var.chmod(0o755)  # the servers' user may come through, so that sockets could lie in it
        with servers(var, durable=False, environ={}) as started:
            for url in (started.owner_url, started.app_url, started.sweeper_url):
                with connect(url) as connection:
                    assert connection.execute("SELECT 1").fetchone() == (1,)
            # What a worker asks first.
            assert redis.Redis.from_url(started.redis_url).client_list()


def test_a_deep_directory_works_and_its_short_one_goes_away(tmp_path: Path) -> None:
    deep = tmp_path / ("很深" * 30) / "with a space"
    with servers(deep, durable=False, environ={}) as started:
        short = (deep / "run").readlink()
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        with connect(started.app_url) as app:
            assert app.execute("SELECT 1").fetchone() == (1,)
        assert redis.Redis.from_url(started.redis_url).ping()
    assert not short.exists()


def test_the_cluster_is_made_with_checksums_and_chinese_letters_and_without_tcp(running: Servers) -> None:
    with connect(running.owner_url) as owner:
        for name, value in {
            "data_checksums": "on",
            "listen_addresses": "",
            "server_encoding": "UTF8",
        }.items():
            assert owner.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert owner.execute("SELECT similarity('枣园东里北区', '枣园东里') > 0.3").fetchone() == (True,)


def test_roles_have_no_more_rights_than_they_need(running: Servers) -> None:
    with connect(running.owner_url) as owner:
        roles = owner.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolreplication FROM pg_roles "
            "WHERE rolname LIKE 'linli%%' ORDER BY rolname"
        ).fetchall()
        makers = owner.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'linli%%' AND rolcreaterole"
        ).fetchall()
    assert roles == [
        (name, False, False, False, False) for name in ("linli_app", "linli_owner", "linli_sweeper")
    ]
    assert makers == [("linli_owner",)]
    for url in (running.app_url, running.sweeper_url):
        with connect(url) as member, pytest.raises(psycopg.errors.InsufficientPrivilege):
            member.execute("CREATE TABLE public.mine ()")


def test_every_role_needs_its_password(running: Servers) -> None:
    for url in (running.admin_url, running.owner_url, running.app_url, running.sweeper_url):
        wrong = make_url(url).set(password="wrong").render_as_string(hide_password=False)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(wrong)


def test_secrets_are_private_stay_the_same_and_the_environment_wins(tmp_path: Path) -> None:
    first = load_secrets(tmp_path, {})
    assert load_secrets(tmp_path, {}) == first
    files = list((tmp_path / "secrets").iterdir())
    assert len(files) == 10
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert load_secrets(tmp_path, {"LINLI_KEYS": "2:given"}).keys == "2:given"
    assert not any(text in repr(first) for text in (first.secret_key, first.app_password, first.keys))


def test_no_secret_reaches_a_log_or_the_process_list(running: Servers) -> None:
    kept = running.secrets
    log_directory = running.children[0].log.parent
    seen = "".join(log.read_text() for log in log_directory.glob("*.log*"))
    seen += "".join(" ".join(child.command) for child in running.children)
    assert "ready to accept connections" in seen
    assert not [
        text for text in (kept.admin_password, kept.owner_password, kept.app_password) if text in seen
    ]


def test_given_servers_are_prepared_by_the_same_code(running: Servers, tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": running.owner_url.replace("postgresql+psycopg:", "postgres:"),
        "REDIS_URL": running.redis_url,
    }
    with servers(tmp_path, environ=given) as used:
        assert not used.children
        assert used.owner_url == running.owner_url
        for url, role in ((used.app_url, "linli_app"), (used.sweeper_url, "linli_sweeper")):
            with connect(url) as member:
                assert member.execute("SELECT current_user::text").fetchone() == (role,)
    elsewhere = load_secrets(tmp_path / "secrets", {})
    assert member_urls(used.owner_url, elsewhere) == (used.app_url, used.sweeper_url)
    prepare_database(
        running.owner_url, running.app_url, running.sweeper_url
    )  # a changed password is set again
    connect(running.app_url).close()


def test_a_mighty_role_and_a_database_without_chinese_are_refused(running: Servers) -> None:
    with pytest.raises(StartError, match="superuser"):
        prepare_database(running.owner_url, running.admin_url, running.sweeper_url)
    with connect(running.admin_url) as admin:
        admin.execute("CREATE DATABASE plain TEMPLATE template0 LOCALE 'C'")
    plain = make_url(running.admin_url).set(database="plain").render_as_string(hide_password=False)
    with pytest.raises(StartError, match="character type C "):
        prepare_database(plain, running.app_url, running.sweeper_url)


def test_servers_out_of_reach_are_named_without_their_password(
    tmp_path: Path, running: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, not listening: nobody else can answer there
        port = closed.getsockname()[1]
        nowhere = {
            "DATABASE_URL": f"postgresql://me:hidden@127.0.0.1:{port}/x",
            "REDIS_URL": running.redis_url,
        }
        with pytest.raises(StartError, match=f"127.0.0.1:{port}") as database_error:
            servers(tmp_path, environ=nowhere).__enter__()
        lost = {"DATABASE_URL": running.owner_url, "REDIS_URL": f"redis://:hidden@127.0.0.1:{port}/0"}
        with servers(tmp_path, environ=lost):
            said = capsys.readouterr().out
    assert "REDIS_URL cannot be reached (ConnectionError): reminders wait" in said
    assert "hidden" not in str(database_error.value) + said


@pytest.mark.parametrize(
    "given", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"]
)
def test_addresses_as_people_give_them(given: str) -> None:
    assert sqlalchemy_url(given) == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize("given", ["sqlite:///x", "", "nonsense", "mysql://u@h/d", "postgresql://h:port/d"])
def test_addresses_of_something_else_are_refused(given: str) -> None:
    with pytest.raises(StartError, match="DATABASE_URL must look like"):
        sqlalchemy_url(given)

"""A Linli of the benchmark's own: servers in a temporary directory, migrated, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.local.database import connect
from app.local.servers import Servers, servers
from app.local.supervisor import environment
from services.core.db import db


@contextmanager
def installation() -> Iterator[tuple[Flask, Servers]]:
    """The application as its own database role, on embedded servers that fsync as they do in service."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        os.chmod(folder, 0o755)  # the servers' own user comes through
        with servers(Path(folder), environ={}) as running:
            _as_role(Path(folder), running, running.owner_url)
            with create_app().app_context():
                upgrade()
                db.engine.dispose()
            _as_role(Path(folder), running, running.app_url)
            app = create_app()
            with app.app_context():
                yield app, running
                db.session.remove()
                db.engine.dispose()


def superuser(running: Servers) -> psycopg.Connection:
    """A connection that row-level security does not hold, to Linli's database; for peers only."""
    name = running.owner_url.rsplit("/", 1)[-1].partition("?")[0]
    address, _, query = running.admin_url.partition("?")
    address = address.rsplit("/", 1)[0]
    return connect(f"{address}/{name}" + (f"?{query}" if query else ""))


def _as_role(var: Path, running: Servers, url: str) -> None:
    os.environ.update(environment(var, running, url, {}))

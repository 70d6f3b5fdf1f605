"""How people reach Linli: pages, jobs and commands over the services.

`create_app` wires everything; each request is one transaction that commits when it answers; a refusal undoes what
was done before it.
"""

from pathlib import Path

from flask import Flask, Response
from flask_migrate import Migrate

from app import (
    auth,
    cli,
    config,
    errors,
    headers,
    health,
    language,
    logs,
    mailbox,
    parts,
    queue,
    tenancy,
    week_presets,
)
from app.areas import BLUEPRINTS
from app.assets import Assets
from services.core import crypto, scope
from services.core.db import db


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """The application with `settings` (from the environment when None).

    Raises ValueError for keys that are not right and RuntimeError for a route nobody is named for.
    """
    logs.configure()
    app = Flask(__name__)
    app.config.update(settings if settings is not None else config.load())
    crypto.configure(app.config["LINLI_KEYS"], app.config["LINLI_LOOKUP_KEY"])
    db.init_app(app)
    scope.install()
    Migrate(app, db, directory="migrations")
    language.init(app)
    parts.init(app)
    week_presets.init(app)
    headers.init(app)
    auth.init(app)
    tenancy.init(app)
    errors.init(app)
    queue.init(app)
    mailbox.init(app)
    health.init(app)
    cli.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.after_request(_end_transaction)
    auth.refuse_undeclared(app)
    static = Assets(app.wsgi_app, Path(app.config["LINLI_VAR"]) / "assets")
    static.add_files(app.static_folder, prefix="static/")
    app.wsgi_app = static  # type: ignore[method-assign]
    return app


def _end_transaction(response: Response) -> Response:
    # What a refusal undoes is undone where it is caught; a look at masked data on the page sent back stays on record.
    if response.status_code < 500:
        db.session.commit()
    else:
        db.session.rollback()
    if response.status_code < 400:
        queue.ring_all()
    return response

"""Runs the numbered migrations over the application's owner connection, one transaction for all of them."""

from alembic import context
from flask import current_app

from services.core.db import db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        # Two starts at once: the second waits and finds nothing left to do.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7041)")
        context.run_migrations()
    connection.commit()

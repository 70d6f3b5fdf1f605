"""`flask sweep`: one sweep by hand."""

import click

from app.cli.edge import command
from app.sweep import sweep as run_sweep
from services.core.db import db


@command("sweep", permission="followups.sweep")
def sweep() -> None:
    """Claim what is due in every community and ring for it. Runs as the sweeper's database role."""
    swept = run_sweep(db.engine)
    click.echo(f"{swept.claimed} claimed, queue {'told' if swept.rung else 'lost'}")

"""`flask pairings …`: a matching run and its publication by hand."""

import uuid

import click

from app.cli.edge import command, office
from services.pairings import runs


@command("pairings run", permission="pairings.run")
@click.argument("code")
def run(code: str) -> None:
    """Compute a matching run for the community CODE."""
    actor = office(code)
    asked = runs.request_run(actor)
    runs.compute(actor, asked.id)
    if asked.state == "failed":
        raise click.ClickException(f"run {asked.id} failed: {asked.error}")
    click.echo(
        f"run {asked.id}: {asked.covered} of {asked.households} households helped, "
        f"{asked.candidates} possible pairs, proven best, {asked.seconds} s"
    )


@command("pairings publish", permission="pairings.decide")
@click.argument("code")
@click.argument("run_id", required=False, type=click.UUID)
def publish(code: str, run_id: uuid.UUID | None = None) -> None:
    """Publish the drafts of RUN_ID, or of the latest run, of the community CODE."""
    actor = office(code)
    done = runs.publish(actor, run_id=run_id or runs.latest_run(actor).id)
    click.echo(f"{done.sent} proposals published, {done.withdrawn} taken back")

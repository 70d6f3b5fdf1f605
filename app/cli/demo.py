"""`flask demo …`: the demo district, for trying Linli and for a first look around."""

import click

from app.cli.edge import command
from app.demo import loading
from app.demo.district import OFFICES, PASSWORD, PEOPLE
from services.people import accounts


@command("demo load", permission="communities.create")
@click.option("--if-empty", is_flag=True, help="Only when no community is there, or a load was cut short.")
def load(if_empty: bool) -> None:
    """Load the demo district, or what is missing of it."""
    if not (loading.is_empty() or loading.begun()):
        if if_empty:
            return
        # Its password is known to everybody.
        raise click.ClickException(
            "The demo is not loaded beside real communities; it needs an empty database."
        )
    if not loading.missing():
        return
    click.echo("Loading the demo district (about a minute) …")
    loading.load(click.echo)


@command("demo sign-ins", permission="communities.create")
def sign_ins() -> None:
    """Print who can sign in to the demo district, and the password they share."""
    there = [person for person in (*PEOPLE, *OFFICES) if accounts.find(person.email)]
    if not there:
        return
    click.echo(f"\nDemo sign-ins, invented people all of them; password for each: {PASSWORD}\n")
    for person in there:
        places = ", ".join(where for _, where in person.offices)
        click.echo(f"  {person.email:34} {person.what_zh} {person.what} ({places})")

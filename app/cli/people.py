"""`flask people …`: the first people of a real installation, who then invite the others on pages."""

import secrets
import uuid

import click

from app.cli.edge import OPERATOR, command, office
from services.communities import regions
from services.core.actor import Actor
from services.people import accounts, memberships


@command("people add-admin", permission="people.members")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--login", required=True, help="The phone number or e-mail address to sign in with.")
def add_admin(code: str, name: str, login: str) -> None:
    """Make somebody the administrator of the community CODE. A new account's password is shown once."""
    actor = office(code)
    account_id = _account(name, login)
    memberships.grant(actor, account_id=account_id, role="admin", since=regions.today(actor.community_id))


@command("people add-official", permission="communities.create")
@click.argument("region")
@click.option("--name", required=True)
@click.option("--login", required=True, help="The phone number or e-mail address to sign in with.")
def add_official(region: str, name: str, login: str) -> None:
    """Give somebody an office in REGION (滨海市/清河区). A new account's password is shown once."""
    found = regions.find_region([part.strip() for part in region.split("/")])
    if found is None:
        raise click.ClickException(f"There is no region {region}; `flask communities add` makes them.")
    memberships.grant_region(
        Actor(None, None, OPERATOR),
        account_id=_account(name, login),
        region_id=found.id,
        role="official",
    )


def _account(name: str, login: str) -> uuid.UUID:
    """The account reached by `login`, opened with a random password when there is none."""
    found = accounts.find(login)
    if found:
        click.echo(f"{login} has an account already; its password stays as it is.")
        return found.id
    password = secrets.token_urlsafe(12)
    is_email = "@" in login
    account = accounts.open_account(
        name=name,
        phone=None if is_email else accounts.normal_phone(login),
        email=accounts.normal_email(login) if is_email else None,
        password_hash=accounts.hash_password(password),
    )
    click.echo(f"Password of {login}, shown this once: {password}\nIt can be changed under My account.")
    return account.id

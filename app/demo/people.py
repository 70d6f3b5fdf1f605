"""Accounts of the demo: the sign-in list, in the offices and memberships it names."""

from datetime import date, timedelta

from app.cli.edge import OPERATOR
from app.demo.district import OFFICES, PASSWORD, PEOPLE, Person, Place
from services.communities.models import Region
from services.core.actor import Actor
from services.people import accounts, memberships
from services.people.models import Account

__all__ = ["PASSWORD", "account_of", "add_members", "add_officials"]

MEMBER_DAYS = 300


def add_officials(places: dict[str, Region], password_hash: str) -> None:
    """Open the accounts of those whose office is a region."""
    operator = Actor(None, None, OPERATOR)
    for person in OFFICES:
        account = account_of(person, person.name, password_hash)
        for role, region in person.offices:
            memberships.grant_region(operator, account_id=account.id, region_id=places[region].id, role=role)


def add_members(actor: Actor, place: Place, password_hash: str, day: date) -> None:
    """Open the accounts of a community's people, with the roles they hold there."""
    for person in PEOPLE:
        roles = [role for role, code in person.offices if code == place.code]
        if not roles:
            continue
        account = account_of(person, person.name or person.what_zh, password_hash)
        for role in roles:
            memberships.enrol(
                actor, account_id=account.id, role=role, since=day - timedelta(days=MEMBER_DAYS)
            )


def account_of(person: Person, name: str, password_hash: str) -> Account:
    """The account of somebody on the list, opened when it is not there yet."""
    return accounts.find(person.email) or accounts.open_account(
        name=name, email=person.email, password_hash=password_hash, language=person.language
    )

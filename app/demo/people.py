"""Accounts of the demo: the sign-in list, and those of invented neighbours."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from app.demo.district import DOMAIN, OFFICES, PEOPLE, Person, Place
from services.communities.models import Region
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household
from services.people import accounts, memberships
from services.people.models import Account
from services.pledges.models import UnitPerson
from services.volunteers.models import Volunteer

MEMBER_DAYS = 300
OFFICE_ROLES = ("staff", "admin")


def add_officials(operator: Actor, places: dict[str, Region], password_hash: str) -> None:
    """Open the accounts of those whose office is a region."""
    for person in OFFICES:
        account = _account(person.email, person.name, password_hash)
        for role, region in person.offices:
            memberships.grant_region(operator, account_id=account.id, region_id=places[region].id, role=role)


@dataclass
class Members:
    """The accounts of one community; all of the demo's accounts share one password's hash, which is slow to make."""

    actor: Actor
    place: Place
    password_hash: str
    today: date
    given: set[str] = field(default_factory=set)
    _count: int = 0

    def add_office(self) -> None:
        """Let the people of the sign-in list into the office."""
        for person, role in self._listed():
            if role in OFFICE_ROLES:
                self._enrol(_account(person.email, person.name, self.password_hash), role)

    def listed(self, role: str) -> list[str]:
        """Logins of the sign-in list in that role here."""
        return [person.login for person, held in self._listed() if held == role]

    def give_account(self, row: Volunteer | Household | UnitPerson, role: str, login: str = "") -> Account:
        """Let the person behind a row sign in: by that login of the list, else by an address made up."""
        self._count += 1
        email = f"{login or f'{role}{self._count}.{self.place.code}'}@{DOMAIN}"
        account = _account(email, row.name, self.password_hash)
        row.account_id = account.id
        self._enrol(account, role)
        return account

    def office(self, role: str) -> Actor:
        """The community's member of staff, or its administrator, at work."""
        person = next(person for person, held in self._listed() if held == role)
        account = accounts.find(person.email)
        assert account is not None
        return Actor(account.id, self.actor.community_id, frozenset({role}), name=account.name)

    def acting(self, row: Volunteer | Household, role: str) -> Actor | None:
        """The person behind a row at work, when he signs in."""
        if row.account_id is None:
            return None
        return Actor(row.account_id, self.actor.community_id, frozenset({role}), name=row.name)

    def _listed(self) -> list[tuple[Person, str]]:
        return [
            (person, role) for person in PEOPLE for role, code in person.offices if code == self.place.code
        ]

    def _enrol(self, account: Account, role: str) -> None:
        since = self.today - timedelta(days=MEMBER_DAYS)
        memberships.enrol(self.actor, account_id=account.id, role=role, since=since)
        db.session.flush()


def _account(email: str, name: str, password_hash: str) -> Account:
    return accounts.find(email) or accounts.open_account(name=name, email=email, password_hash=password_hash)

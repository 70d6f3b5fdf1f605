"""A community with an office, and people in every role."""

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from app.auth import SignedIn
from services.communities import regions
from services.core import scope
from services.core.actor import Actor, system
from services.core.db import transaction
from services.people import accounts, memberships
from services.people.models import Account

SINCE = date(2026, 1, 1)
_numbers = itertools.count(1)


@dataclass
class Place:
    """A community as a test names it: its id and code, and the accounts made for its roles."""

    id: int
    code: str
    region_id: int
    accounts: dict[str, Account] = field(default_factory=dict)

    def path(self, rest: str = "") -> str:
        """An address inside the community."""
        return f"/c/{self.code}/{rest}"

    def actor(self, role: str) -> Actor:
        """Somebody acting in `role` here (the account of `make_place`, or one joined by `add_member`)."""
        account = self.accounts[role]
        return Actor(account.id, self.id, frozenset({role}), language="en", name=account.name)


def make_account(name: str) -> Account:
    """An account reached by a phone and an e-mail address of its own, without a password."""
    number = next(_numbers)
    return accounts.open_account(
        name=name, phone=f"+8619{number:09d}", email=f"person{number}@example.org", language="en"
    )


def make_place(code: str) -> Place:
    """A community under a fresh street, with a member of staff and an administrator; committed."""
    operator = Actor(None, None, frozenset({"operator"}))
    with transaction():
        scope.leave()
        city = regions.add_region(operator, kind="city", name="市", name_en="City")
        street = regions.add_region(operator, kind="street", name="街道", name_en="Street", parent=city)
        community = regions.add_community(
            operator, street=street, code=code, name=f"{code}社区", name_en=code.title()
        )
        place = Place(community.id, code, street.id)
        scope.enter(place.id)
        for role in ("staff", "admin"):
            add_member(place, role)
    return place


def add_member(place: Place, role: str) -> Account:
    """A fresh account holding `role` in the community the session serves."""
    account = make_account(f"{role} of {place.code}")
    memberships.enrol(system(place.id), account_id=account.id, role=role, since=SINCE)
    place.accounts[role] = account
    return account


def enter(place: Place) -> None:
    """Serve a place in this session, whatever it served before."""
    scope.leave()
    scope.enter(place.id)


@contextmanager
def inside(app: Flask, place: Place) -> Iterator[None]:
    """One committed piece of work in a place, as an edge would do it."""
    with app.app_context(), transaction():
        enter(place)
        yield


def sign_in(client: FlaskClient, account: Account) -> None:
    """Sign an account in on a test browser."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = SignedIn(account).get_id()
        cookie["_fresh"] = True


def some_id() -> uuid.UUID:
    """An id that nothing has."""
    return uuid.uuid4()

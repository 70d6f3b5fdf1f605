"""Whom Linli lets in of those a platform vouches for."""

import pytest

from services.core.errors import Forbidden
from services.people import accounts, oidc
from tests.factories import world

PLATFORM = oidc.Platform("https://id.example.org", "linli", "s", "滨海通")


@pytest.fixture
def person(session, north):
    world.enter(north)
    return north.accounts["staff"]


@pytest.fixture
def other(person, north):
    return north.accounts["admin"]


def verified(**claims):
    return claims | {f"{name}_verified": True for name in claims}


def test_by_either_or_both(person):
    for claims in (
        verified(email=person.email),
        verified(phone_number=person.phone),
        verified(email=person.email, phone_number=person.phone),
        # At the platform somebody may have another phone.
        verified(email=person.email, phone_number="+8613900000000"),
    ):
        assert oidc.admit(claims, platform=PLATFORM).id == person.id


@pytest.mark.parametrize("flag", [False, "true", 1, None])
def test_only_what_is_verified_counts(person, flag):
    for claims in (
        {"email": person.email, "email_verified": flag},
        {"phone_number": person.phone, "phone_number_verified": flag},
        {"email": person.email, "phone_number_verified": True},
    ):
        with pytest.raises(Forbidden) as refusal:
            oidc.admit(claims, platform=PLATFORM)
        assert refusal.value.code == "sign_in_unknown"


def test_an_address_and_a_phone_of_two_people_open_neither(person, other):
    with pytest.raises(Forbidden) as refusal:
        oidc.admit(verified(email=person.email, phone_number=other.phone), platform=PLATFORM)
    assert refusal.value.code == "sign_in_two_accounts"


def test_what_only_looks_like_somebody_is_nobody(person):
    accounts.open_account(name="Kim", email="kim@example.org")
    for strange in (
        {"email": person.phone},
        {"phone_number": person.email},
        # The sign of the Kelvin becomes a k in lower case.
        {"email": "\u212aim@example.org"},
        {"email": f"{person.email}\x00"},
        {"email": "\ud800@example.org"},
        {"email": [person.email]},
        {"email": 10**5000},
        {"email": ""},
        {"phone_number": "5" * 10_000},
        {"email": "a@b.c" * 10_000},
    ):
        with pytest.raises(Forbidden):
            oidc.admit(verified(**strange), platform=PLATFORM)

"""Accounts, roles, one-time links and consent."""

from datetime import date, timedelta

import pytest
import time_machine

from services.core import clock
from services.core.actor import Actor, guest
from services.core.errors import DomainError, Forbidden, NotFound
from services.people import accounts, consents, invitations, memberships, tokens
from tests.factories import world

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def place(session, north):
    world.enter(north)
    return north


def test_one_phone_one_account(place):
    accounts.open_account(name="A", phone="+8613900000001")
    with pytest.raises(DomainError, match="account_exists"):
        accounts.open_account(name="B", phone="+8613900000001")


def test_an_account_is_found_as_people_type_it(place):
    account = accounts.open_account(name="A", phone="+8613900000002", email="a@example.org")
    for typed in ("13900000002", "+86 139 0000 0002", " 139-0000-0002", "A@Example.org "):
        assert accounts.find(typed) == account
    assert accounts.find("13900000003") is None


def test_accounts_of_other_communities_are_not_seen(app, place, south):
    with world.inside(app, south):
        stranger = south.accounts["staff"].id
    world.enter(place)
    with pytest.raises(NotFound):
        accounts.get_account(stranger)
    assert accounts.get_account(place.accounts["admin"].id).name == "admin of north"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", ""])
def test_weak_passwords_are_refused(password):
    with pytest.raises(DomainError, match="password"):
        accounts.hash_password(password)


def test_staff_let_in_helpers_but_not_staff(place):
    account = world.make_account("New")
    memberships.grant(place.actor("staff"), account_id=account.id, role="volunteer", since=TODAY)
    with pytest.raises(Forbidden):
        memberships.grant(place.actor("staff"), account_id=account.id, role="staff", since=TODAY)
    with pytest.raises(DomainError):
        memberships.grant(place.actor("admin"), account_id=account.id, role="operator", since=TODAY)
    assert memberships.communities_of(account.id, TODAY) == {place.id: frozenset({"volunteer"})}


def test_a_role_ends_after_its_last_day(place):
    account = world.make_account("New")
    admin = place.actor("admin")
    membership = memberships.grant(admin, account_id=account.id, role="staff", since=TODAY)
    memberships.end(admin, membership_id=membership.id, last_day=TODAY + timedelta(days=3))
    assert memberships.communities_of(account.id, TODAY + timedelta(days=3))
    assert not memberships.communities_of(account.id, TODAY + timedelta(days=4))


def test_a_role_ended_on_its_first_day_is_over_at_once(place):
    account = world.make_account("New")
    admin = place.actor("admin")
    membership = memberships.grant(admin, account_id=account.id, role="staff", since=TODAY)
    memberships.end(admin, membership_id=membership.id, last_day=TODAY - timedelta(days=1))
    assert not memberships.communities_of(account.id, TODAY)


def test_the_last_administrator_stays(place):
    admin = place.actor("admin")
    own = memberships.members(admin, day=TODAY, role="admin").rows[0]
    with pytest.raises(DomainError, match="last_admin"):
        memberships.end(admin, membership_id=own.id, last_day=TODAY)
    leaving = world.make_account("Leaving")
    second = memberships.grant(admin, account_id=leaving.id, role="admin", since=TODAY)
    memberships.end(admin, membership_id=second.id, last_day=TODAY)
    other = Actor(leaving.id, place.id, frozenset({"admin"}))
    with pytest.raises(DomainError, match="last_admin"):
        memberships.end(other, membership_id=own.id, last_day=TODAY)


def test_administrators_do_not_lock_themselves_out(place):
    admin = place.actor("admin")
    own = memberships.members(admin, day=TODAY, role="admin").rows[0]
    memberships.grant(admin, account_id=world.make_account("New").id, role="admin", since=TODAY)
    with pytest.raises(DomainError, match="own_role"):
        memberships.end(admin, membership_id=own.id, last_day=TODAY)


def test_an_invitation_opens_one_account_once(place):
    subject = world.some_id()
    secret = invitations.invite(
        place.actor("staff"), role="volunteer", subject_kind="volunteer", subject_id=subject
    )
    token = invitations.look_up(secret, role="volunteer")
    assert token.subject_id == subject
    account = invitations.accept(
        guest(place.id),
        token=token,
        role="volunteer",
        name="Invited",
        login="13900000042",
        password="a good long sentence",
        language="en",
        day=TODAY,
    )
    assert memberships.communities_of(account.id, TODAY) == {place.id: frozenset({"volunteer"})}
    with pytest.raises(DomainError, match="link"):
        invitations.look_up(secret, role="volunteer")


def test_an_invitation_is_for_its_role_and_its_time(place):
    secret = invitations.invite(
        place.actor("staff"), role="resident", subject_kind="household", subject_id=world.some_id()
    )
    with pytest.raises(DomainError, match="link"):
        invitations.look_up(secret, role="volunteer")
    with time_machine.travel(clock.now() + timedelta(days=15)), pytest.raises(DomainError, match="link"):
        invitations.look_up(secret, role="resident")


def test_links_of_another_community_are_unknown(app, place, south):
    with world.inside(app, south):
        secret = tokens.issue(
            south.actor("staff"), purpose="x", subject_kind="household", subject_id=world.some_id(), days=1
        )
    world.enter(place)
    with pytest.raises(DomainError, match="link"):
        tokens.look_up(secret, purpose="x")


def test_consent_is_given_withdrawn_and_given_again(place):
    subject, actor = world.some_id(), place.actor("staff")
    of = {"subject_kind": "household", "subject_id": subject, "purpose": "matching"}
    first = consents.give(actor, **of, given_on=TODAY, evidence="paper")
    assert consents.give(actor, **of, given_on=TODAY, evidence="paper") is first
    consents.withdraw(actor, **of, day=TODAY)
    held = {"subject_kind": "household", "subject_ids": {subject}, "purpose": "matching"}
    assert not consents.current(**held)
    again = consents.give(actor, **of, given_on=TODAY, evidence="call")
    assert consents.current(**held) == {subject: again}


def test_a_changed_password_signs_out_elsewhere(place):
    with pytest.raises(DomainError, match="password"):
        accounts.change_password(place.actor("staff"), old="wrong", new="another long sentence")
    account = accounts.open_account(
        name="A", phone="+8613900000050", password_hash=accounts.hash_password("a good long sentence")
    )
    actor = world.Actor(account.id, place.id, frozenset({"volunteer"}))
    with world.scope.identity("account_id", account.id):
        accounts.change_password(actor, old="a good long sentence", new="another long sentence")
    assert account.epoch == 1
    assert accounts.sign_in(login="13900000050", password="another long sentence") == account

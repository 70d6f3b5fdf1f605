"""Who belongs to a community, and one's own account, for programs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from app.api.area import Area, needs_scope
from app.api.bodies import body
from app.auth import allow
from app.people.api_schemas import AccountSettingsSchema, MemberQuery, MemberRowSchema, OwnAccountSchema
from app.people.schemas import MemberEndSchema, MemberSchema
from app.volunteers.api_schemas import InvitationSchema
from services.communities import regions
from services.core.paging import Page
from services.households import invitation
from services.people import accounts, memberships
from services.people.models import Account, Membership

bp = Area("people", __name__, "Who belongs to the community in which role, and whom a request is by.")

MEMBER = "/members/<uuid:membership_id>"


@dataclass(frozen=True)
class Member:
    """A membership with the account's name."""

    row: Membership
    name: str | None


@dataclass(frozen=True)
class Own:
    """One's own account with one's roles here."""

    row: Account
    roles: list[str]


def _members(rows: Sequence[Membership]) -> list[Member]:
    names = accounts.names({row.account_id for row in rows})
    return [Member(row, names.get(row.account_id)) for row in rows]


@bp.lists("/members", MemberRowSchema, MemberQuery)
@allow("people.members")
def list_members(asked: dict[str, Any]) -> Page[Member]:
    """Who belongs to the community today, the newest first."""
    page = memberships.members(g.actor, day=regions.today(g.community.id), **asked)
    return Page(_members(page.rows), page.next)


@bp.creates("/members", MemberRowSchema, body(MemberSchema))
@allow("people.members")
def let_member_in(data: dict[str, Any]) -> Member:
    """Give a role to somebody who signs in already; one held already is kept."""
    return _members([memberships.let_in(g.actor, since=regions.today(g.community.id), **data)])[0]


@bp.shows(MEMBER, MemberRowSchema)
@allow("people.members")
def show_member(membership_id: uuid.UUID) -> Member:
    """A membership, also one that is over."""
    return _members([memberships.get_membership(g.actor, membership_id)])[0]


@bp.acts(f"{MEMBER}/end", MemberRowSchema, body(MemberEndSchema))
@allow("people.members")
def end_member(data: dict[str, Any], membership_id: uuid.UUID) -> Member:
    """End a membership; without a day, yesterday was the last one."""
    return _members([memberships.end(g.actor, membership_id=membership_id, **data)])[0]


@bp.acts("/households/<uuid:household_id>/invitation", InvitationSchema)
@allow("people.invite")
def invite_household(household_id: uuid.UUID) -> dict[str, str]:
    """Make a link by which the household opens an account."""
    secret = invitation.invite(g.actor, household_id=household_id)
    return {"url": url_for("households.join", secret=secret, _external=True)}


@bp.shows("/account", OwnAccountSchema)
@needs_scope("people:read")
@allow("signed_in")
def show_account() -> Own:
    """Whom this request is by, in which roles."""
    return Own(accounts.get_account(g.actor.account_id), sorted(g.actor.roles))


@bp.acts("/account/settings", OwnAccountSchema, body(AccountSettingsSchema, partial=True))
@needs_scope("people:write")
@allow("signed_in")
def set_account_settings(data: dict[str, Any]) -> Own:
    """Set one's language or text size, everywhere."""
    return Own(accounts.set_preferences(g.actor, **data), sorted(g.actor.roles))

"""Who belongs to a community, in which role, from when until when."""

import uuid
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Date, cast, func, or_, select

from services.communities.models import Community
from services.core import audit, clock, locks, paging, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.people import accounts
from services.people.models import Membership, RegionRole

COMMUNITY_ROLES = ("volunteer", "resident", "unit", "staff", "admin")


def living(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """A membership that holds on `day`."""
    return (Membership.since <= day) & or_(Membership.until.is_(None), Membership.until >= day)


def grant(actor: Actor, *, account_id: uuid.UUID, role: str, since: date) -> Membership:
    """Give an account a role in this community; an open one of the same role is kept.

    Staff may let in volunteers, residents and units; only an administrator lets in staff or administrators.
    Raises Forbidden, DomainError.
    """
    if role not in COMMUNITY_ROLES:
        raise DomainError("role", N_("There is no such role. Please choose one of the list."), field="role")
    permissions.require(actor, "people.members" if role in ("staff", "admin") else "people.invite")
    return enrol(actor, account_id=account_id, role=role, since=since)


def let_in(actor: Actor, *, login: str, role: str, since: date) -> Membership:
    """Give a role to whoever signs in with a phone or e-mail address. Raises Forbidden, DomainError when nobody does."""
    permissions.require(actor, "people.members")
    account = accounts.find(login)
    if account is None:
        raise DomainError(
            "no_account",
            N_(
                "Nobody signs in with this phone or e-mail address. Check it, or invite the person from the volunteer's, household's or unit's page."
            ),
            field="login",
        )
    return grant(actor, account_id=account.id, role=role, since=since)


def enrol(actor: Actor, *, account_id: uuid.UUID, role: str, since: date) -> Membership:
    """Record a role that another rule has already allowed (an accepted invitation, a registration)."""
    found = db.session.scalars(
        select(Membership)
        .where(
            Membership.account_id == account_id,
            Membership.role == role,
            or_(Membership.until.is_(None), Membership.until >= since, Membership.since == since),
        )
        .order_by(Membership.until.desc())  # an open one first
    ).first()
    if found:
        if found.until is not None and found.until < since:
            found.until = None  # given and taken back earlier on the same day
        return found
    membership = Membership(account_id=account_id, role=role, since=since)
    db.session.add(membership)
    db.session.flush()
    audit.record(actor, "membership.granted", "membership", membership.id, role=role)
    return membership


def withdraw(actor: Actor, *, account_id: uuid.UUID, role: str, day: date) -> None:
    """End a role from `day` on, as another rule has already decided (an application answered, a helper who left)."""
    held = db.session.scalars(
        select(Membership).where(
            Membership.account_id == account_id,
            Membership.role == role,
            or_(Membership.until.is_(None), Membership.until >= day),
        )
    ).all()
    for membership in held:
        membership.until = max(day, membership.since) - timedelta(days=1)
        audit.record(actor, "membership.ended", "membership", membership.id, role=role)
    db.session.flush()


def get_membership(actor: Actor, membership_id: uuid.UUID) -> Membership:
    """A membership of this community. Raises Forbidden, NotFound."""
    permissions.require(actor, "people.members")
    return locks.get(Membership, membership_id)


def end(actor: Actor, *, membership_id: uuid.UUID, last_day: date | None = None) -> Membership:
    """End a membership after `last_day`; without one yesterday was the last.

    Raises Forbidden, NotFound, DomainError for one's own or the last administration.
    """
    permissions.require(actor, "people.members")
    membership = locks.lock(Membership, membership_id)
    if last_day is None:
        zone = select(Community.zone).where(Community.id == membership.community_id)
        last_day = clock.today(db.session.scalars(zone).one()) - timedelta(days=1)
    if membership.role == "admin":
        _refuse_last(membership, last_day)
        if membership.account_id == actor.account_id:
            raise DomainError(
                "own_role",
                N_("You cannot end your own administration. Ask another administrator to end it for you."),
            )
    # A role given and taken on one day never held: it ends the day before it began.
    membership.until = max(last_day, membership.since - timedelta(days=1))
    audit.record(actor, "membership.ended", "membership", membership.id, role=membership.role)
    db.session.flush()
    return membership


def _refuse_last(membership: Membership, last_day: date) -> None:
    # Two administrators who end each other at once: the second waits here, and then is the last.
    locks.advisory("administrators", membership.community_id)
    staying = db.session.scalars(
        select(Membership.id).where(
            Membership.role == "admin",
            Membership.account_id != membership.account_id,
            Membership.since <= last_day + timedelta(days=1),
            or_(Membership.until.is_(None), Membership.until > last_day),
        )
    ).first()
    if staying is None:
        raise DomainError(
            "last_admin",
            N_(
                "This is the community's last administrator; without one nobody could give roles. "
                "Let another administrator in first, then end this role."
            ),
        )


def members(
    actor: Actor, *, day: date, role: str = "", after: str | None = None, limit: int = 50
) -> paging.Page[Membership]:
    """A page of the memberships that hold on `day`, the newest first; only those of `role` when one is named.

    Raises Forbidden.
    """
    permissions.require(actor, "people.invite")
    statement = select(Membership).where(living(day))
    if role:
        statement = statement.where(Membership.role == role)
    return paging.newest_first(statement, Membership.id, after=after, limit=limit)


def accounts_with_role(role: str, day: date) -> list[uuid.UUID]:
    """Ids of the accounts that hold `role` in this community on `day`, oldest membership first."""
    statement = (
        select(Membership.account_id).where(Membership.role == role, living(day)).order_by(Membership.id)
    )
    return list(db.session.scalars(statement))


def communities_of(account_id: uuid.UUID, day: date | None = None) -> dict[int, frozenset[str]]:
    """The communities an account belongs to, each with its roles there; for the account itself.

    On `day`, or on the present day where each community lies.
    """
    present = cast(func.timezone(Community.zone, clock.now()), Date)
    with scope.identity("account_id", account_id):
        rows = db.session.execute(
            select(Membership.community_id, Membership.role)
            .join(Community, Community.id == Membership.community_id)
            .where(Membership.account_id == account_id, living(day or present))
            .order_by(Membership.community_id)
            .execution_options(across="account_id")
        ).all()
    roles: dict[int, set[str]] = {}
    for community_id, role in rows:
        roles.setdefault(community_id, set()).add(role)
    return {community_id: frozenset(names) for community_id, names in roles.items()}


def standing(account_id: uuid.UUID, code: str) -> tuple[Community, frozenset[str]]:
    """The community whose address part is `code`, and the account's roles there today; for the account itself. Raises NotFound."""
    present = cast(func.timezone(Community.zone, clock.now()), Date)
    own = (Membership.community_id == Community.id) & (Membership.account_id == account_id) & living(present)
    with scope.identity("account_id", account_id):
        rows = db.session.execute(
            select(Community, Membership.role)
            .outerjoin(Membership, own)
            .where(Community.code == code)
            .execution_options(across="account_id")
        ).all()
    if not rows:
        raise NotFound()
    return rows[0][0], frozenset(role for _community, role in rows if role)


def regions_of(account_id: uuid.UUID) -> dict[int, frozenset[str]]:
    """The regions an account has an office in, each with its roles there."""
    with scope.identity("account_id", account_id):
        rows = db.session.execute(
            select(RegionRole.region_id, RegionRole.role).where(RegionRole.account_id == account_id)
        ).all()
    roles: dict[int, set[str]] = {}
    for region_id, role in rows:
        roles.setdefault(region_id, set()).add(role)
    return {region_id: frozenset(names) for region_id, names in roles.items()}


def grant_region(actor: Actor, *, account_id: uuid.UUID, region_id: int, role: str) -> RegionRole:
    """Give an account an office in a region ("official", "operator"); one it holds is kept. Raises Forbidden."""
    permissions.require(actor, "communities.create")
    with scope.identity("account_id", account_id):
        held = db.session.scalars(
            select(RegionRole).where(
                RegionRole.account_id == account_id,
                RegionRole.region_id == region_id,
                RegionRole.role == role,
            )
        ).one_or_none()
        office = held or RegionRole(account_id=account_id, region_id=region_id, role=role)
        db.session.add(office)
        db.session.flush()
    return office

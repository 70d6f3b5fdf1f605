"""Helpers' profiles: registering, changing, finding."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from services.communities import regions
from services.core import audit, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError, Forbidden
from services.people import finding
from services.volunteers import facts as known
from services.volunteers.facts import Facts
from services.volunteers.models import Credential, Exclusion, Volunteer, VolunteerSkill

STATES = ("pending", "active", "paused", "left", "declined")
PARTY_MEMBERS = ("party_member", "probationary")
REVEALABLE = ("phone", "birthday", "note")

Part = TypeVar("Part", VolunteerSkill, Credential, Exclusion)


def register_volunteer(
    actor: Actor,
    *,
    row_id: uuid.UUID | None = None,
    account_id: uuid.UUID | None = None,
    registered_on: date | None = None,
    **facts: Unpack[Facts],
) -> Volunteer:
    """Register a helper the office knows, by name at least: active at once. `registered_on` is today when left out,
    `row_id` the number he comes with from a file.

    Raises Forbidden, DomainError naming the field, Conflict for a phone that another helper here has.
    """
    permissions.require(actor, "volunteers.write")
    volunteer = new(actor, state="active", account_id=account_id, registered_on=registered_on)
    volunteer.id = row_id or volunteer.id
    known.write(actor, volunteer, facts)
    audit.record(actor, "volunteer.registered", "volunteer", volunteer.id)
    return volunteer


def new(
    actor: Actor, *, state: str, account_id: uuid.UUID | None = None, registered_on: date | None = None
) -> Volunteer:
    """A profile without facts, not yet in the session."""
    return Volunteer(
        id=new_id(),
        account_id=account_id,
        registered_on=registered_on or regions.today(actor.community_id),
        state=state,
    )


def update_volunteer(
    actor: Actor,
    *,
    volunteer_id: uuid.UUID,
    version: int | None = None,
    **facts: Unpack[Facts],
) -> Volunteer:
    """Change what the office knows about a helper; `version` is what the editor saw.

    Raises Forbidden, NotFound, DomainError naming the field, Conflict when somebody else changed it since.
    """
    permissions.require(actor, "volunteers.write")
    volunteer = locks.lock(Volunteer, volunteer_id)
    if volunteer.state == "merged":
        raise Conflict("merged", N_("This profile was put together with another one: change that one."))
    return _change(actor, volunteer, version, facts)


def update_own(
    actor: Actor,
    *,
    version: int | None = None,
    **facts: Unpack[Facts],
) -> Volunteer:
    """Change one's own profile. Raises Forbidden, DomainError naming the field, Conflict."""
    permissions.require(actor, "volunteers.own")
    own = own_volunteer(actor)
    if own is None or locks.lock(Volunteer, own.id).state in ("left", "declined"):
        raise Forbidden(
            "no_profile",
            N_(
                "You have no open volunteer's profile in this community. To help again, register once more or ask the office."
            ),
        )
    return _change(actor, own, version, facts)


def _change(actor: Actor, volunteer: Volunteer, version: int | None, facts: Facts) -> Volunteer:
    if version is not None and version != volunteer.version:
        raise Conflict("changed", N_("Somebody changed this while you were writing."))
    # Skills are rows of their own: the profile's version counts their changes too.
    if "skills" in facts and facts["skills"] != skills_of({volunteer.id}).get(volunteer.id, {}):
        flag_modified(volunteer, "name")
    known.write(actor, volunteer, facts)
    audit.record(actor, "volunteer.changed", "volunteer", volunteer.id, fields=sorted(facts))
    return volunteer


def own_volunteer(actor: Actor) -> Volunteer | None:
    """The actor's own profile in this community, whatever its state, or None."""
    return of_account(actor.account_id) if actor.account_id else None


def of_account(account_id: uuid.UUID) -> Volunteer | None:
    """The profile of an account in this community, whatever its state, or None."""
    return db.session.scalars(select(Volunteer).where(Volunteer.account_id == account_id)).one_or_none()


def get_volunteer(actor: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    """A helper's profile, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "volunteers.read")
    return locks.get(Volunteer, volunteer_id)


def names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of helpers, by id."""
    rows = db.session.execute(select(Volunteer.id, Volunteer.name).where(Volunteer.id.in_(ids)))
    return {row.id: row.name for row in rows}


def active() -> list[Volunteer]:
    """All helpers who can be matched, oldest first."""
    return list(
        db.session.scalars(select(Volunteer).where(Volunteer.state == "active").order_by(Volunteer.id))
    )


def search(
    actor: Actor,
    *,
    text: str = "",
    skill: str = "",
    state: str = "",
    among: Collection[uuid.UUID] | None = None,
    party: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> paging.Page[Volunteer]:
    """A page of helpers, newest first: by part of the name, a whole phone or its last four digits, by skill, by state,
    only those of `among`, only party members.

    Without a state those who left or were declined stay out. Raises Forbidden.
    """
    permissions.require(actor, "volunteers.read")
    statement = select(Volunteer)
    if state in STATES:
        statement = statement.where(Volunteer.state == state)
    else:
        statement = statement.where(Volunteer.state.not_in(("left", "declined", "merged")))
    if skill:
        holders = select(VolunteerSkill.volunteer_id).where(
            VolunteerSkill.community_id == actor.community_id, VolunteerSkill.skill == skill
        )
        statement = statement.where(Volunteer.id.in_(holders))
    if among is not None:
        statement = statement.where(Volunteer.id.in_(among))
    if party:
        statement = statement.where(Volunteer.party.in_(PARTY_MEMBERS))
    return paging.newest_first(
        statement.where(finding.by_text(Volunteer, text.strip())), Volunteer.id, after=after, limit=limit
    )


def count_pending(actor: Actor) -> int:
    """How many registrations wait for the office. Raises Forbidden."""
    permissions.require(actor, "volunteers.read")
    statement = select(func.count()).select_from(Volunteer).where(Volunteer.state == "pending")
    return db.session.scalars(statement).one()


def skills_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """For each helper who has any: skill → level."""
    return {
        volunteer_id: {row.skill: row.level for row in rows}
        for volunteer_id, rows in _parts(VolunteerSkill, ids).items()
    }


def all_skills() -> dict[uuid.UUID, dict[str, int]]:
    """For every helper who has any: skill → level."""
    found: dict[uuid.UUID, dict[str, int]] = {}
    for row in db.session.execute(
        select(VolunteerSkill.volunteer_id, VolunteerSkill.skill, VolunteerSkill.level)
    ):
        found.setdefault(row.volunteer_id, {})[row.skill] = row.level
    return found


def credentials_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Credential]]:
    """For each helper who showed any: the papers, in the order they were recorded."""
    return _parts(Credential, ids)


def exclusions_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Exclusion]]:
    """For each helper who has any: the households not to be paired with."""
    return _parts(Exclusion, ids)


def _parts(model: type[Part], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Part]]:
    rows = db.session.scalars(select(model).where(model.volunteer_id.in_(ids)).order_by(model.id))
    found: dict[uuid.UUID, list[Part]] = {}
    for row in rows:
        found.setdefault(row.volunteer_id, []).append(row)
    return found


def reveal(actor: Actor, *, volunteer_id: uuid.UUID, field: str, reason: str = "") -> str:
    """A helper's phone, birthday or note in clear, for the office; the audit row is written before it is given.

    Raises Forbidden, NotFound, DomainError for another field.
    """
    permissions.require(actor, "volunteers.read")
    if field not in REVEALABLE:
        raise DomainError("field", N_("Please choose from the list."), field="field")
    volunteer = locks.get(Volunteer, volunteer_id)
    audit.record(actor, "volunteer.revealed", "volunteer", volunteer.id, field=field, reason=reason[:30])
    return getattr(volunteer, field) or ""

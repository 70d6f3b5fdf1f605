"""Households: registering, changing, closing, finding."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Unpack

from sqlalchemy import select, update

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError
from services.households import facts as known
from services.households.facts import Facts
from services.households.models import Household, Need, Resident
from services.people import consents, memberships

CLOSE_REASONS = ("moved", "deceased", "closed")
STATES = ("active", *CLOSE_REASONS)
CONSENT = "matching"
EVIDENCE = ("paper", "call", "account")


def register_household(
    actor: Actor,
    *,
    row_id: uuid.UUID | None = None,
    gender: str = "",
    birthday: date | None = None,
    consent_on: date | None = None,
    evidence: str = "paper",
    **facts: Unpack[Facts],
) -> Household:
    """Register a household, by name, building and door at least; the name is its head's, who becomes its first resident.

    `row_id` is the number it comes with from a file; `consent_on` is the day it agreed to being matched (None: not yet). Raises Forbidden, DomainError naming the
    field, Conflict for a door where another active household is registered.
    """
    permissions.require(actor, "households.write")
    household = Household(id=row_id or new_id(), state="active", categories=[], category_keys=[], entrance="")
    known.write(actor, household, {"estate": "", "building": "", "door": "", **facts})
    audit.record(actor, "household.registered", "household", household.id)
    head = Resident(household_id=household.id, name=household.name, gender=gender, head=True)
    head.birthday = known_birthday(actor, birthday)
    db.session.add(head)
    db.session.flush()
    if consent_on:
        give_consent(actor, household_id=household.id, day=consent_on, evidence=evidence)
    return household


def known_birthday(actor: Actor, day: date | None) -> str | None:
    """A birthday as it is kept. Raises DomainError for one in the future."""
    if day is not None and not date(1900, 1, 1) <= day <= regions.today(actor.community_id):
        raise DomainError("birthday", N_("A birthday lies in the past."), field="birthday")
    return day.isoformat() if day else None


def update_household(
    actor: Actor, *, household_id: uuid.UUID, version: int | None = None, **facts: Unpack[Facts]
) -> Household:
    """Change what is known about a household; `version` is what the editor saw.

    Raises Forbidden, NotFound, DomainError naming the field, Conflict when somebody else changed it since or the
    door is taken.
    """
    permissions.require(actor, "households.write")
    household = locks.lock(Household, household_id)
    _not_merged(household)
    if version is not None and version != household.version:
        raise Conflict("changed", N_("Somebody changed this while you were writing."))
    known.write(actor, household, facts)
    if "name" in facts:
        # The household is named for its head: a corrected name is the head's.
        db.session.execute(
            update(Resident)
            .where(Resident.household_id == household.id, Resident.head.is_(True))
            .values(name=household.name, name_keys=household.name_keys)
        )
    audit.record(actor, "household.changed", "household", household.id, fields=sorted(facts))
    return household


def close_household(
    actor: Actor, *, household_id: uuid.UUID, reason: str, day: date | None = None
) -> Household:
    """Record that a household moved, that the person died, or that the office no longer serves it; its needs close.

    `reason` is one of CLOSE_REASONS. Raises Forbidden, NotFound, DomainError, Conflict when it is closed already.
    """
    permissions.require(actor, "households.write")
    if reason not in CLOSE_REASONS:
        raise DomainError("reason", N_("Please choose one of the list."), field="reason")
    if day is not None and day > regions.today(actor.community_id):
        raise DomainError("day", N_("This day is still to come."), field="day")
    household = locks.lock(Household, household_id)
    if household.state != "active":
        raise Conflict(
            "state", N_("This household is closed. If it needs help again, open it again on its page first.")
        )
    household.state = reason
    if household.account_id:
        today = regions.today(actor.community_id)
        memberships.withdraw(actor, account_id=household.account_id, role="resident", day=today)
    db.session.execute(
        update(Need)
        .where(Need.household_id == household.id, Need.state.in_(("open", "asked")))
        .values(state="closed", close_reason="household_closed")
    )
    db.session.flush()
    audit.record(
        actor, "household.closed", "household", household.id, reason=reason, day=str(day) if day else ""
    )
    return household


def reopen_household(actor: Actor, *, household_id: uuid.UUID) -> Household:
    """Take a mistaken closing back; needs are added anew. Raises Forbidden, NotFound, Conflict for a door taken since."""
    permissions.require(actor, "households.write")
    household = locks.lock(Household, household_id)
    _not_merged(household)
    if household.state != "active":
        known.claim_door(actor, household)
        household.state = "active"
        if household.account_id:
            today = regions.today(actor.community_id)
            memberships.enrol(actor, account_id=household.account_id, role="resident", since=today)
        db.session.flush()
        audit.record(actor, "household.reopened", "household", household.id)
    return household


def _not_merged(household: Household) -> None:
    if household.state == "merged":
        raise Conflict("merged", N_("This file was put together with another one: change that one."))


def get_household(actor: Actor, household_id: uuid.UUID) -> Household:
    """A household, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "households.read")
    return locks.get(Household, household_id)


def own_household(actor: Actor) -> Household | None:
    """The actor's own household in this community, whatever its state, or None."""
    return of_account(actor.account_id) if actor.account_id else None


def of_account(account_id: uuid.UUID) -> Household | None:
    """The household of an account in this community, whatever its state, or None."""
    return db.session.scalars(
        select(Household)
        .where(Household.account_id == account_id)
        .order_by(Household.state != "active", Household.id.desc())
    ).first()


def names(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of households, by id."""
    rows = db.session.execute(select(Household.id, Household.name).where(Household.id.in_(ids)))
    return {row.id: row.name for row in rows}


def active() -> list[Household]:
    """All households the office serves, oldest first."""
    return list(
        db.session.scalars(select(Household).where(Household.state == "active").order_by(Household.id))
    )


def give_consent(actor: Actor, *, household_id: uuid.UUID, day: date, evidence: str) -> None:
    """Record that a household agreed to be matched; `evidence` is one of EVIDENCE. Raises Forbidden, NotFound, DomainError."""
    household = _whose(actor, household_id)
    if evidence not in EVIDENCE:
        raise DomainError("evidence", N_("Please choose one of the list."), field="evidence")
    if day > regions.today(actor.community_id):
        raise DomainError("given_on", N_("This day is still to come."), field="given_on")
    consents.give(
        actor,
        subject_kind="household",
        subject_id=household.id,
        purpose=CONSENT,
        given_on=day,
        evidence=evidence,
    )


def withdraw_consent(actor: Actor, *, household_id: uuid.UUID) -> None:
    """Record that a household no longer agrees to be matched. Raises Forbidden, NotFound."""
    household = _whose(actor, household_id)
    consents.withdraw(
        actor,
        subject_kind="household",
        subject_id=household.id,
        purpose=CONSENT,
        day=regions.today(actor.community_id),
    )


def _whose(actor: Actor, household_id: uuid.UUID) -> Household:
    """The household, when the office asks or it is the actor's own."""
    own = own_household(actor)
    permissions.require(actor, "households.own" if own and own.id == household_id else "households.write")
    return locks.lock(Household, household_id)


def consented(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, consents.Consent]:
    """The consents to matching that hold, by household."""
    return consents.current(subject_kind="household", subject_ids=set(ids), purpose=CONSENT)


def agreed(ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the households that agreed to being matched."""
    return consents.holders(subject_kind="household", subject_ids=ids, purpose=CONSENT)

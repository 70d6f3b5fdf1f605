"""The six digits a household holds: typed by the helper at the door, they are the household's yes."""

import hmac
import secrets
import uuid

from sqlalchemy import select

from services.communities import regions
from services.core import audit, clock, crypto, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, Forbidden
from services.households.models import Household
from services.visits import confirmations, parties
from services.visits.models import HouseholdCode, Visit
from services.visits.parties import Parties

TRIES_A_DAY = 5


def issue_code(actor: Actor, *, household_id: uuid.UUID, after: int) -> str:
    """Give a household a fresh code and return it: it is shown this once. `after` is the issue it replaces (0: none).

    Raises Forbidden, NotFound, and Conflict when the code has been issued anew meanwhile.
    """
    permissions.require(actor, "households.write")
    locks.lock(Household, household_id)
    code = find_code(household_id, lock=True)
    if (code.issue if code else 0) != after:
        raise Conflict(
            "code_issued",
            N_("This household's code was issued a moment ago. Issue a new one only if it is lost."),
        )
    if code is None:
        code = HouseholdCode(household_id=household_id)
        db.session.add(code)
    digits = f"{secrets.randbelow(10**6):06d}"
    code.code_key = _key(household_id, digits)
    code.issue, code.issued_by, code.issued_at = after + 1, actor.account_id, clock.now()
    code.tries, code.tries_on = 0, None
    db.session.flush()
    audit.record(actor, "household.code_issued", "household", household_id, issue=code.issue)
    return digits


def enter_code(actor: Actor, *, visit_id: uuid.UUID, code: str) -> int | None:
    """The helper types the household's code: None when it is right, else how many tries are left today.

    A wrong try is counted, so the caller commits either way. Raises Forbidden, NotFound, Conflict, DomainError.
    """
    permissions.require(actor, "visits.confirm")
    visit = locks.lock(Visit, visit_id)
    there = parties.seen_by(actor, visit.pairing_id)
    if not there.is_helper(actor):
        raise Forbidden(
            "code_helper", N_("The code is for the helper at the door; staff ring the household.")
        )
    confirmations.check_open(visit, "household")
    left = try_code(visit, there, code)
    if left is None:
        confirmations.settle(actor, visit, there, side="household", how="code", by=None)
    return left


def may_enter(actor: Actor, visit: Visit, there: Parties) -> bool:
    """True when the actor is the helper of a visit that waits for a household with a code."""
    waits = confirmations.waits_for_household(visit) and there.is_helper(actor)
    return waits and find_code(there.household.id) is not None


def try_code(visit: Visit, there: Parties, code: str) -> int | None:
    """Compare a code with the household's; None when right, else the tries left today. Raises DomainError."""
    held = find_code(there.household.id, lock=True)
    if held is None:
        raise DomainError(
            "no_code", N_("This household has no code yet. Please ask the community office."), field="code"
        )
    if held.issued_by and held.issued_by in (visit.noted_by, visit.helper_by, there.volunteer.account_id):
        raise Forbidden(
            "own_code",
            N_("Who issued the code noted this visit too. Please let the office ring the household."),
        )
    today = regions.today(visit.community_id)
    if held.tries_on != today:
        held.tries, held.tries_on = 0, today
    if held.tries >= TRIES_A_DAY:
        raise DomainError(
            "too_many_tries",
            N_("Too many wrong codes today. Please try tomorrow, or ask the office to ring the household."),
            field="code",
        )
    if hmac.compare_digest(held.code_key, _key(there.household.id, code.strip())):
        return None
    held.tries += 1
    db.session.flush()
    return TRIES_A_DAY - held.tries


def find_code(household_id: uuid.UUID, *, lock: bool = False) -> HouseholdCode | None:
    """The code record of a household, or None; never the code itself."""
    statement = select(HouseholdCode).where(HouseholdCode.household_id == household_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one_or_none()


def household_for_code(actor: Actor, household_id: uuid.UUID) -> Household:
    """The household whose code staff are about to issue. Raises Forbidden, NotFound."""
    permissions.require(actor, "households.write")
    return locks.get(Household, household_id)


def _key(household_id: uuid.UUID, digits: str) -> str:
    return crypto.lookup_key("visit code", f"{household_id}:{digits}")

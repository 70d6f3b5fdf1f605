"""Who learns what about a household: labels anybody in the relation may see, and reveals that leave a trace."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from services.communities import catalogue
from services.communities.models import Building
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.audit import AuditEntry
from services.core.db import among, db
from services.core.errors import N_, DomainError, Forbidden
from services.households.models import Household, Resident

CLASSES = {
    "phone": "contact",
    "door": "door",
    "note": "sensitive",
    "birthday": "sensitive",
    "categories": "sensitive",
}
REASONS = ("call", "visit", "check", "emergency", "other")
LOOKS = ("household.revealed", "visit.revealed")


def reveal(
    actor: Actor,
    *,
    household_id: uuid.UUID,
    field: str,
    relation: str,
    reason: str = "",
    resident_id: uuid.UUID | None = None,
) -> str:
    """One masked fact of a household in clear ("" when it is not recorded); its audit row is flushed before it is given.

    `field` is a key of CLASSES; `relation` is "any" for the office, and the state of the pairing ("proposed", "living",
    "standing_in", "recent", "ended") for a volunteer, found out by the caller. `reason` is a code of REASONS or empty.
    `resident_id` says whose birthday (the head's when None). Raises Forbidden, NotFound, DomainError.
    """
    permissions.require(actor, "households.reveal")
    if field not in CLASSES:
        raise DomainError("field", N_("Please choose from the list."), field="field")
    if not any(CLASSES[field] in permissions.revealable(role, relation) for role in actor.roles):
        raise Forbidden(
            "reveal",
            N_(
                "This is open to the household's helper only while they are paired. If you need it, ask the community office."
            ),
        )
    household = locks.get(Household, household_id)
    text = _birthday(household, resident_id) if field == "birthday" else _text(actor, household, field)
    audit.record(
        actor,
        "household.revealed",
        "household",
        household.id,
        field=field,
        relation=relation,
        reason=reason if reason in REASONS else "",
    )
    return text


def _text(actor: Actor, household: Household, field: str) -> str:
    if field == "categories":
        return category_names(household, actor.language)
    return getattr(household, field) or ""


def _birthday(household: Household, resident_id: uuid.UUID | None) -> str:
    statement = select(Resident).where(Resident.household_id == household.id)
    if resident_id is None:
        statement = statement.where(Resident.head.is_(True))
    else:
        statement = statement.where(Resident.id == resident_id)
    resident = db.session.scalars(statement).first()
    return (resident.birthday or "") if resident else ""


def category_names(household: Household, language: str) -> str:
    """The household's categories in words, for somebody who may see them."""
    chinese = language.startswith("zh")
    terms = [catalogue.term(catalogue.HOUSEHOLD_CATEGORIES, code) for code in household.categories]
    return ("、" if chinese else ", ").join(term.zh if chinese else term.en for term in terms)


def place_label(household: Household, language: str) -> str:
    """Building and entrance only: what a helper may know before anybody has agreed."""
    return place_labels([household], language)[household.id]


def place_labels(households: Collection[Household], language: str) -> dict[uuid.UUID, str]:
    """Building and entrance of each household, in one query."""
    ids = {household.building_id for household in households}
    rows = db.session.execute(
        select(Building.id, Building.estate, Building.number).where(among(Building.id, ids))
    )
    places = {building_id: (estate, number) for building_id, estate, number in rows}
    return {
        household.id: _label(*places[household.building_id], household.entrance, language)
        for household in households
    }


def _label(estate: str, number: str, entrance: str, language: str) -> str:
    if language.startswith("zh"):
        return f"{estate}{number}号楼" + (f"{entrance}单元" if entrance else "")
    parts = [estate, f"building {number}", f"entrance {entrance}" if entrance else ""]
    return ", ".join(part for part in parts if part)


def looks(household_id: uuid.UUID, *, limit: int = 50) -> list[AuditEntry]:
    """Who saw masked facts of a household, newest first. The calling page has checked whose it is."""
    statement = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == "household",
            AuditEntry.subject_id == household_id,
            AuditEntry.action.in_(LOOKS),
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def history(actor: Actor, *, household_id: uuid.UUID, limit: int = 100) -> list[AuditEntry]:
    """Everything the audit says about a household, newest first. Raises Forbidden."""
    permissions.require(actor, "audit.read")
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject_kind == "household", AuditEntry.subject_id == household_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))

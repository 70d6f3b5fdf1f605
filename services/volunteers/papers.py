"""Papers a helper showed, and households he must not be paired with."""

import uuid
from datetime import date

from sqlalchemy import select

from services.communities import catalogue
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.core.free_text import without_id_numbers
from services.volunteers.models import Credential, Exclusion, Volunteer


def set_credential(
    actor: Actor,
    *,
    volunteer_id: uuid.UUID,
    kind: str,
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> Credential:
    """Record a paper the office has seen, or a newer one of the same kind; valid to and including `expires_on`.

    Raises Forbidden, NotFound, DomainError naming the field.
    """
    permissions.require(actor, "volunteers.write")
    catalogue.known(catalogue.CHECKS, [kind], field="kind")
    if issued_on and expires_on and expires_on < issued_on:
        raise DomainError("order", N_("A paper cannot expire before it was issued."), field="expires_on")
    locks.lock(Volunteer, volunteer_id)
    paper = db.session.scalars(
        select(Credential).where(Credential.volunteer_id == volunteer_id, Credential.kind == kind)
    ).one_or_none()
    if paper is None:
        paper = Credential(volunteer_id=volunteer_id, kind=kind)
        db.session.add(paper)
    paper.issued_on, paper.expires_on = issued_on, expires_on
    db.session.flush()
    audit.record(actor, "volunteer.paper_recorded", "volunteer", volunteer_id, kind=kind)
    return paper


def get_credential(actor: Actor, credential_id: uuid.UUID) -> Credential:
    """A paper the office has seen. Raises Forbidden, NotFound."""
    permissions.require(actor, "volunteers.read")
    return locks.get(Credential, credential_id)


def drop_credential(actor: Actor, *, credential_id: uuid.UUID) -> Credential:
    """Take a wrongly recorded paper away. Raises Forbidden, NotFound."""
    permissions.require(actor, "volunteers.write")
    paper = locks.lock(Credential, credential_id)
    db.session.delete(paper)
    db.session.flush()
    audit.record(actor, "volunteer.paper_dropped", "volunteer", paper.volunteer_id, kind=paper.kind)
    return paper


def add_exclusion(actor: Actor, *, volunteer_id: uuid.UUID, surname: str, building: str = "") -> Exclusion:
    """Never pair the helper with households of `surname` (in a building, or anywhere); one known already is kept.

    Raises Forbidden, NotFound, DomainError naming the field.
    """
    permissions.require(actor, "volunteers.write")
    surname, building = surname.strip(), building.strip()
    if not 0 < len(surname) <= 10:
        raise DomainError("surname", N_("Please give the surname only."), field="surname")
    without_id_numbers(building, field="building")
    locks.lock(Volunteer, volunteer_id)
    found = db.session.scalars(
        select(Exclusion).where(
            Exclusion.volunteer_id == volunteer_id,
            Exclusion.building == building,
            Exclusion.surname == surname,
        )
    ).one_or_none()
    if found:
        return found
    exclusion = Exclusion(volunteer_id=volunteer_id, building=building, surname=surname)
    db.session.add(exclusion)
    db.session.flush()
    audit.record(actor, "volunteer.exclusion_added", "volunteer", volunteer_id)
    return exclusion


def get_exclusion(actor: Actor, exclusion_id: uuid.UUID) -> Exclusion:
    """Households a helper is not paired with. Raises Forbidden, NotFound."""
    permissions.require(actor, "volunteers.read")
    return locks.get(Exclusion, exclusion_id)


def drop_exclusion(actor: Actor, *, exclusion_id: uuid.UUID) -> Exclusion:
    """Take an exclusion away. Raises Forbidden, NotFound."""
    permissions.require(actor, "volunteers.write")
    exclusion = locks.lock(Exclusion, exclusion_id)
    db.session.delete(exclusion)
    db.session.flush()
    audit.record(actor, "volunteer.exclusion_dropped", "volunteer", exclusion.volunteer_id)
    return exclusion

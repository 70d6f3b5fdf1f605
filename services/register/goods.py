"""What belongs to a household or a helper and goes over to the row that is kept."""

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from services.communities import regions
from services.core.db import CommunityRow, db
from services.followups.models import LIVING, FollowUp
from services.households.models import Household, Need, Resident
from services.pairings.models import Pairing, Proposal
from services.people.models import Consent
from services.pledges.models import Allocation, UnitPairing
from services.register.fields import Changes
from services.visits.models import Certificate
from services.volunteers.models import Credential, Exclusion, Volunteer, VolunteerSkill
from services.wishes.models import Wish, WishClaim

Row = TypeVar("Row", bound=CommunityRow)


def move(kept: Household | Volunteer, other: Household | Volunteer, changes: Changes) -> None:
    """Move everything that is not there twice from `other` to `kept`, in memory."""
    link = "household_id" if isinstance(kept, Household) else "volunteer_id"
    _own = _household if isinstance(kept, Household) else _volunteer
    _own(kept.id, other.id, changes)
    if isinstance(other, Volunteer) and kept.account_id and other.account_id:
        for claim in of(WishClaim, "account_id", other.account_id):
            changes.put(claim, account_id=kept.account_id)
    for model in (Proposal, Pairing):
        for row in of(model, link, other.id):
            changes.put(row, **{link: kept.id})


def of(model: type[Row], link: str, owner_id: uuid.UUID) -> Sequence[Row]:
    """The rows of `model` that belong to somebody, locked, the oldest first."""
    statement = select(model).where(getattr(model, link) == owner_id).order_by(model.id)
    return db.session.scalars(statement.with_for_update(key_share=True)).all()


def _household(kept_id: uuid.UUID, other_id: uuid.UUID, changes: Changes) -> None:
    there = {row.name for row in of(Resident, "household_id", kept_id)}
    for resident in of(Resident, "household_id", other_id):
        if resident.name not in there:
            changes.put(resident, household_id=kept_id, head=False)
    open_kinds = {row.kind for row in of(Need, "household_id", kept_id) if row.state in ("open", "asked")}
    for need in of(Need, "household_id", other_id):
        changes.put(need, household_id=kept_id)
        if need.state in ("open", "asked") and need.kind in open_kinds:
            changes.put(need, state="closed", close_reason="twice")
    if any(row.kind == "primary" for row in living(kept_id, "household_id")):
        for pairing in living(other_id, "household_id"):
            if pairing.kind == "primary":
                changes.put(pairing, kind="supporting")
    _looked_after(kept_id, other_id, changes)
    for model in (Allocation, Wish):
        for row in of(model, "household_id", other_id):
            changes.put(row, household_id=kept_id)
    if not consents_of(kept_id):
        for consent in consents_of(other_id):
            changes.put(consent, subject_id=kept_id)


def _looked_after(kept_id: uuid.UUID, other_id: uuid.UUID, changes: Changes) -> None:
    """The units of both; one that looks after both is in touch about one pairing from now on."""
    there = {row.unit_id for row in of(UnitPairing, "household_id", kept_id) if row.ended_on is None}
    for row in of(UnitPairing, "household_id", other_id):
        changes.put(row, household_id=kept_id)
        if row.ended_on is None and row.unit_id in there:
            changes.put(row, ended_on=regions.today(row.community_id), end_reason="twice")
            for follow_up in of(FollowUp, "subject_id", row.id):
                changes.put(follow_up, ended=True)
                if follow_up.state in LIVING:
                    changes.put(follow_up, state="closed", next_at=None)


def _volunteer(kept_id: uuid.UUID, other_id: uuid.UUID, changes: Changes) -> None:
    for model, names in (
        (VolunteerSkill, ("skill",)),
        (Credential, ("kind",)),
        (Exclusion, ("building", "surname")),
    ):
        there = {_named(row, names) for row in of(model, "volunteer_id", kept_id)}
        for row in of(model, "volunteer_id", other_id):
            if _named(row, names) not in there:
                changes.put(row, volunteer_id=kept_id)
    for certificate in of(Certificate, "volunteer_id", other_id):
        changes.put(certificate, volunteer_id=kept_id)


def _named(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def living(owner_id: uuid.UUID, link: str) -> list[Pairing]:
    """Somebody's living pairings."""
    return [row for row in of(Pairing, link, owner_id) if row.ended_on is None]


def consents_of(household_id: uuid.UUID) -> Sequence[Consent]:
    """Every consent of a household, whether it holds or was withdrawn."""
    statement = select(Consent).where(Consent.subject_kind == "household", Consent.subject_id == household_id)
    return db.session.scalars(statement.order_by(Consent.id).with_for_update(key_share=True)).all()

"""What has to be followed up about proposals and pairings, and how a follow-up names them."""

import uuid

from sqlalchemy import Select, select

from services.communities import regions
from services.core.actor import Actor
from services.core.db import db
from services.followups import absences, plans, subjects
from services.followups.subjects import Subject
from services.households.models import Household
from services.pairings import parties
from services.pairings.models import Pairing, Proposal

plans.declare(
    "proposal_answer",
    name="收齐双方答复",
    name_en="Collect the answers",
    subject_kind="proposal",
    event="published",
    after_days=3,
    owner="staff",
)
plans.declare(
    "offer_answer",
    name="答复志愿者的主动报名",
    name_en="Answer a helper's offer",
    subject_kind="proposal",
    event="offered",
    after_days=2,
    owner="staff",
)
plans.declare(
    "first_contact",
    name="首次联系",
    name_en="First contact",
    subject_kind="pairing",
    event="started",
    after_days=3,
)
plans.declare(
    "first_visit",
    name="首次上门",
    name_en="First visit",
    subject_kind="pairing",
    event="started",
    after_days=7,
)
plans.declare(
    "monthly_call",
    name="每月联系",
    name_en="Monthly call",
    subject_kind="pairing",
    event="started",
    after_days=30,
    rule="FREQ=MONTHLY",
)
plans.declare(
    "agreed_visit",
    name="约好的走访",
    name_en="Agreed visit",
    subject_kind="pairing",
    event="agreed",
    after_days=0,
    on_holiday="same",
)
plans.declare(
    "half_year_review",
    name="半年回访",
    name_en="Six-month review",
    subject_kind="pairing",
    event="started",
    after_days=180,
    rule="FREQ=MONTHLY;INTERVAL=6",
    owner="staff",
)
plans.declare(
    "helper_stops",
    name="志愿者请求结束结对",
    name_en="The helper asks to stop",
    subject_kind="pairing",
    event="stop_asked",
    after_days=1,
    owner="staff",
)


def describe_pairings(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    """Pairings as the actor may see them: both names for the office and, while it lives, for its two sides."""
    rows = db.session.scalars(select(Pairing).where(Pairing.id.in_(ids)))
    return _describe(actor, parties.of(rows), "pairings/{id}")


def describe_proposals(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    """Proposals, for the office alone."""
    if not _office(actor):
        return {}
    rows = db.session.scalars(select(Proposal).where(Proposal.id.in_(ids)))
    return _describe(actor, parties.of(rows), "pairings/proposals/{id}")


def pairings_in(building_id: uuid.UUID) -> Select[uuid.UUID]:
    """The pairings, living and past, of a building's households."""
    return select(Pairing.id).where(Pairing.household_id.in_(_households_in(building_id)))


def proposals_in(building_id: uuid.UUID) -> Select[uuid.UUID]:
    """The proposals to a building's households."""
    return select(Proposal.id).where(Proposal.household_id.in_(_households_in(building_id)))


def _households_in(building_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(Household.id).where(Household.building_id == building_id)


def _describe(actor: Actor, found: list, path: str) -> dict[uuid.UUID, Subject]:
    if not found:
        return {}
    base = f"/c/{regions.get_community(found[0].row.community_id).code}/"
    in_charge = absences.subjects_in_charge(actor, "pairing")
    named: dict[uuid.UUID, Subject] = {}
    for one in found:
        title = f"{one.volunteer.name} → {one.household.name}"
        if _office(actor):
            named[one.row.id] = Subject(title, base + path.format(id=one.row.id))
        elif one.row.ended_on is None and (one.side_of(actor) == "helper" or one.row.id in in_charge):
            named[one.row.id] = Subject(title, base + f"pairings/mine/{one.row.id}")
        elif one.row.ended_on is None and one.side_of(actor):
            named[one.row.id] = Subject(title, base + "pairings/mine")
    return named


def _office(actor: Actor) -> bool:
    return actor.has("staff", "admin", "system")


subjects.register("pairing", describe_pairings, pairings_in)
subjects.register("proposal", describe_proposals, proposals_in)

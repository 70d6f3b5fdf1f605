"""Follow-ups around visits: those of a pairing that a visit answers, and the one that a concern asks of staff."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select

from services.communities import regions
from services.core import clock
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.followups import appointments, life, plans, subjects
from services.followups.models import LIVING, FollowUp
from services.followups.subjects import Subject
from services.pairings.plans import pairings_in
from services.visits import notices, parties
from services.visits.models import Visit
from services.visits.parties import Parties

# A follow-up due by then is taken to be what today's visit was for.
SOON = timedelta(days=14)

plans.declare(
    "visit_concern",
    name="走访有疑虑，请处理",
    name_en="See to what a visit found",
    subject_kind="visit",
    event="concern",
    after_days=1,
    owner=plans.STAFF,
    remind_days=0,
    late_days=1,
)


def offered(actor: Actor, there: Parties) -> list[FollowUp]:
    """Open follow-ups of the pairing that a visit of its helper may answer, the earliest due first."""
    helper = {there.volunteer.account_id} if there.is_helper(actor) else {there.volunteer.account_id, None}
    return [
        follow_up
        for follow_up in life.of_subjects("pairing", {there.pairing.id})
        if follow_up.state in LIVING
        and follow_up.agreed_at is None
        and (follow_up.owner_id in helper or follow_up.deputy_id == actor.account_id)
    ]


def likely(follow_ups: Sequence[FollowUp], today: date) -> uuid.UUID | None:
    """The one a visit of today most likely answers: the earliest, when it is due soon."""
    return next((one.id for one in follow_ups if one.due_on <= today + SOON), None)


def answer(actor: Actor, visit: Visit, there: Parties, follow_up_id: uuid.UUID | None) -> None:
    """Have a new visit answer a follow-up of its pairing, and what was agreed for its day; an attempt only names it.

    Raises DomainError.
    """
    if visit.outcome != "absent":
        day = clock.day_of(visit.started_at, regions.zone_of(visit.community_id))
        appointments.kept(actor, subject_kind="pairing", subject_id=there.pairing.id, day=day)
    if follow_up_id is None:
        return
    if follow_up_id not in {one.id for one in offered(actor, there)}:
        raise DomainError(
            "follow_up", N_("This follow-up is no longer open. Please choose again."), field="follow_up_id"
        )
    visit.follow_up_id = follow_up_id
    if visit.outcome != "absent":
        life.finish(actor, follow_up_id=follow_up_id)
    db.session.flush()


def raise_concern(actor: Actor, visit: Visit) -> None:
    """Have staff see to what a visit found, by a follow-up of its own."""
    if visit.outcome == "concern":
        today = regions.today(actor.community_id)
        life.start(actor, event="concern", subject_kind="visit", subject_id=visit.id, day=today, owners={})


def drop_concern(actor: Actor, visit: Visit, reason: str) -> None:
    """Close what a visit asked of staff, when the visit is put right or taken back."""
    life.close_subject(actor, subject_kind="visit", subject_id=visit.id, reason=reason)


def _describe(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    if not parties.is_office(actor):
        return {}
    found = {}
    for visit, there in parties.of_visits(ids):
        day = clock.day_of(visit.started_at, regions.zone_of(visit.community_id))
        title = f"{there.volunteer.name} → {there.household.name} · {day}"
        found[visit.id] = Subject(title, notices.path_of(visit.community_id, visit.id))
    return found


def _in_building(building_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(Visit.id).where(Visit.pairing_id.in_(pairings_in(building_id)))


subjects.register("visit", _describe, _in_building)

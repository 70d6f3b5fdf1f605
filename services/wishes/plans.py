"""When somebody is asked about a wish: the office by follow-ups, who has taken it on by one reminder."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select

from services.communities import catalogue, regions
from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.core.db import db
from services.followups import calendar, plans, subjects
from services.followups.subjects import Subject
from services.households.models import Household
from services.wishes import notices
from services.wishes.models import Wish, WishClaim

REMIND = "wishes.remind"
REMINDED_AFTER = 30

plans.declare(
    "wish_unclaimed",
    name="微心愿无人认领",
    name_en="Nobody has taken on a small wish",
    subject_kind="wish",
    event="opened",
    after_days=14,
    owner=plans.STAFF,
    remind_days=0,
)
plans.declare(
    "wish_unclaimed_again",
    name="退回的微心愿无人认领",
    name_en="Nobody has taken on a small wish that was given back",
    subject_kind="wish_claim",
    event="given_back",
    after_days=14,
    owner=plans.STAFF,
    remind_days=0,
)
plans.declare(
    "wish_not_come",
    name="微心愿还没收到，请问一问",
    name_en="A small wish has not come, ask about it",
    subject_kind="wish_claim",
    event="not_come",
    after_days=1,
    owner=plans.STAFF,
    remind_days=0,
)
plans.declare(
    "wish_unfulfilled",
    name="认领的微心愿还没有实现",
    name_en="A small wish was taken on and not fulfilled",
    subject_kind="wish_claim",
    event="claimed",
    after_days=REMINDED_AFTER + 7,
    owner=plans.STAFF,
    remind_days=0,
)


def hold(actor: Actor) -> None:
    """Keep the plans of wishes as they are; to be called before a wish's follow-ups are locked, as a plan's change does."""
    for kind in ("wish", "wish_claim"):
        plans.hold(actor, kind)


def reminder(actor: Actor, claimed_on: date) -> datetime:
    """When somebody who took a wish on that day is reminded."""
    return calendar.moment(claimed_on + timedelta(days=REMINDED_AFTER), regions.zone_of(actor.community_id))


@jobs.job(REMIND, permission="wishes.remind")
def remind(actor: Actor, claim_id: uuid.UUID) -> None:
    """Remind gently who has taken a wish on, once."""
    # A wish is locked before its claim, as everywhere.
    wish = locks.lock(Wish, locks.get(WishClaim, claim_id).wish_id)
    claim = locks.lock(WishClaim, claim_id)
    claim.lease_until, claim.attempts = None, 0
    if claim.next_at is not None and claim.next_at <= clock.now():
        claim.next_at = None
        notices.tell_claimer(actor, "wish.reminder", wish, claim)
    db.session.flush()


# The same condition as the sweeper's policy in migration 0027.
jobs.sweep("wish_claim", due="next_at <= now()", order="next_at", job=REMIND)


def _describe_wishes(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    return _described(actor, select(Wish.id, Wish, Household).where(Wish.id.in_(ids)))


def _describe_claims(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, Subject]:
    of_claims = select(WishClaim.id, Wish, Household).join(
        Wish, (Wish.community_id == WishClaim.community_id) & (Wish.id == WishClaim.wish_id)
    )
    return _described(actor, of_claims.where(WishClaim.id.in_(ids)))


def _described(actor: Actor, statement: Select) -> dict[uuid.UUID, Subject]:
    if not actor.has("staff", "admin", "system"):
        return {}
    whose = (Household.community_id == Wish.community_id) & (Household.id == Wish.household_id)
    names = {term.code: term.en if actor.language == "en" else term.zh for term in catalogue.WISH_KINDS}
    return {
        row_id: Subject(
            f"{household.name} · {names.get(wish.kind, wish.kind)}", notices.path(actor, str(wish.id))
        )
        for row_id, wish, household in db.session.execute(statement.join(Household, whose))
    }


def _wishes_in(building_id: uuid.UUID) -> Select[uuid.UUID]:
    homes = select(Household.id).where(Household.building_id == building_id)
    return select(Wish.id).where(Wish.household_id.in_(homes))


def _claims_in(building_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(WishClaim.id).where(WishClaim.wish_id.in_(_wishes_in(building_id)))


subjects.register("wish", _describe_wishes, _wishes_in)
subjects.register("wish_claim", _describe_claims, _claims_in)

"""What happens around a household or a helper, each kind of it as one select with the same first columns.

The columns: `at` (when it happened; of what only has a day, a moment of it), `id` (of the row that tells of it), `about` (the row whose
page shows it), `volunteer_id` and `household_id`; whatever follows are its facts. Nothing that is sealed is read.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Select,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from services.followups.models import FollowUp, FollowUpEntry
from services.pairings.models import Pairing, Proposal
from services.pledges.models import Allocation, Delivery, Pledge
from services.visits.models import Visit
from services.wishes.models import Wish, WishClaim

# What is told of a follow-up; that it was planned, or closed with what it was about, goes without saying.
TOLD = ("reminded", "done", "postponed", "handed_over", "escalated")
ALMOST_A_DAY = timedelta(days=1, seconds=-1)


@dataclass(frozen=True)
class Around:
    """Whose timeline it is ("helper" or "household", by the ids of that side) and who reads it.

    `reader` is "office", or the side itself by its account: then it learns of the other side's answers and of the office's
    reasons no more than anywhere else.
    """

    side: str
    ids: Collection[uuid.UUID]
    reader: str
    account_id: uuid.UUID | None
    zone: str

    def of(self, row: type[Pairing] | type[Proposal]) -> ColumnElement[bool]:
        """The condition that a pairing or proposal is of that side."""
        return (row.household_id if self.side == "household" else row.volunteer_id).in_(self.ids)

    def may_see(self, side: str) -> bool:
        """True when the reader may see what `side` answered."""
        return self.reader in ("office", side)


def of(around: Around) -> list[tuple[str, Select]]:
    """Every source of a timeline, by the code of what happened."""
    found = [*_pairings(around), *_proposals(around), *_visits(around)]
    if around.reader != "household":
        found += [("followup", _entries(around, row)) for row in (Pairing, Proposal)]
        found.append(("followup", _visit_entries(around)))
    if around.side == "household":
        found += _wishes(around)
        found.append(("delivery", _deliveries(around)))
    return found


def _head(at: Any, row: Any, about: Any, between: Any) -> tuple[Any, ...]:
    return (
        at.label("at"),
        row.id.label("id"),
        about.label("about"),
        between.volunteer_id,
        between.household_id,
    )


def _midnight(day: Any, zone: str) -> ColumnElement:
    return func.timezone(zone, cast(day, DateTime(timezone=False)), type_=DateTime(timezone=True))


def _moment(day: Any, created_at: Any, zone: str) -> ColumnElement:
    """A day's moment: when it was entered on that very day, else its beginning."""
    entered_on = cast(func.timezone(zone, created_at), Date)
    return case((entered_on == day, created_at), else_=_midnight(day, zone))


def _pairings(around: Around) -> list[tuple[str, Select]]:
    begun = _moment(Pairing.started_on, Pairing.created_at, around.zone)
    ended = _midnight(Pairing.ended_on, around.zone) + ALMOST_A_DAY
    reason = Pairing.end_reason if around.reader == "office" else literal("")
    return [
        ("pairing.begun", select(*_head(begun, Pairing, Pairing.id, Pairing)).where(around.of(Pairing))),
        (
            "pairing.ended",
            select(*_head(ended, Pairing, Pairing.id, Pairing), reason.label("reason")).where(
                around.of(Pairing), Pairing.ended_on.is_not(None)
            ),
        ),
    ]


def _proposals(around: Around) -> list[tuple[str, Select]]:
    def told(at: Any, *facts: Any) -> Select:
        head = _head(at, Proposal, Proposal.id, Proposal)
        return select(*head, *facts).where(
            around.of(Proposal), Proposal.published_at.is_not(None), at.is_not(None)
        )

    found = [("proposal.asked", told(Proposal.published_at))]
    if around.may_see("helper"):
        answer = Proposal.helper_answer.label("answer")
        found.append(("proposal.helper", told(Proposal.helper_at, answer)))
    if around.may_see("household"):
        answer = Proposal.household_answer.label("answer")
        found.append(("proposal.household", told(Proposal.household_at, answer)))
    return found


def _visits(around: Around) -> list[tuple[str, Select]]:
    def told(at: Any, *conditions: ColumnElement[bool]) -> Select:
        facts = (Visit.kind, Visit.outcome, Visit.minutes, Visit.state, Visit.started_at)
        return (
            select(*_head(at, Visit, Visit.id, Pairing), *facts)
            .join(Pairing, and_(Pairing.community_id == Visit.community_id, Pairing.id == Visit.pairing_id))
            .where(around.of(Pairing), *conditions)
        )

    gone = ("corrected", "withdrawn")
    return [
        ("visit", told(Visit.started_at, Visit.state.not_in(gone))),
        ("visit.disputed", told(Visit.disputed_at, Visit.disputed_at.is_not(None))),
        ("visit.closed", told(Visit.closed_at, Visit.state.in_(gone), Visit.closed_at.is_not(None))),
    ]


def _entries(around: Around, row: type[Pairing] | type[Proposal]) -> Select:
    kind = "pairing" if row is Pairing else "proposal"
    return _followed(around, row, kind).join(
        row, and_(row.community_id == FollowUp.community_id, row.id == FollowUp.subject_id)
    )


def _visit_entries(around: Around) -> Select:
    return (
        _followed(around, Pairing, "visit")
        .join(Visit, and_(Visit.community_id == FollowUp.community_id, Visit.id == FollowUp.subject_id))
        .join(Pairing, and_(Pairing.community_id == Visit.community_id, Pairing.id == Visit.pairing_id))
    )


def _followed(around: Around, between: type[Pairing] | type[Proposal], kind: str) -> Select:
    entry = FollowUpEntry
    facts = (entry.action, entry.account_id, entry.to_id, entry.to_on, FollowUp.plan_id)
    statement = (
        select(*_head(entry.created_at, entry, FollowUp.id, between), *facts)
        .select_from(FollowUp)
        .join(entry, and_(entry.community_id == FollowUp.community_id, entry.follow_up_id == FollowUp.id))
        .where(FollowUp.subject_kind == kind, entry.action.in_(TOLD), around.of(between))
    )
    if around.reader == "office":
        return statement
    own = or_(FollowUp.owner_id == around.account_id, FollowUp.deputy_id == around.account_id)
    return statement.where(own)


def _deliveries(around: Around) -> Select:
    at = _moment(Delivery.delivered_on, Delivery.created_at, around.zone)
    nobody = cast(literal(None), Uuid).label("volunteer_id")
    head = (at.label("at"), Delivery.id, Allocation.id.label("about"), nobody, Allocation.household_id)
    same = Allocation.community_id == Delivery.community_id
    return (
        select(*head, Delivery.quantity, Pledge.item, Pledge.measure)
        .join(Allocation, and_(same, Allocation.id == Delivery.allocation_id))
        .join(Pledge, and_(Pledge.community_id == Allocation.community_id, Pledge.id == Allocation.pledge_id))
        .where(Allocation.household_id.in_(around.ids))
    )


def _wishes(around: Around) -> list[tuple[str, Select]]:
    """A household's small wishes by their kind, since their words are sealed; the office also reads whose claim it was."""
    nobody = cast(literal(None), Uuid).label("volunteer_id")
    kind = Wish.kind.label("wish_kind")

    def told(at: Any, row: Any, *facts: Any) -> Select:
        head = (at.label("at"), row.id, Wish.id.label("about"), nobody, Wish.household_id)
        return select(*head, kind, *facts).where(Wish.household_id.in_(around.ids))

    def claimed(at: Any, day: Any, *facts: Any) -> Select:
        if around.reader == "office":
            facts = (*facts, WishClaim.account_id)
        same = and_(WishClaim.community_id == Wish.community_id, WishClaim.wish_id == Wish.id)
        return told(at, WishClaim, *facts).join(WishClaim, same).where(day.is_not(None))

    def late(day: Any, steps: int) -> Any:
        # On one day they follow each other in this order.
        return _midnight(day, around.zone) + ALMOST_A_DAY + timedelta(seconds=steps - 2)

    taken, back, done = WishClaim.claimed_on, WishClaim.given_back_on, WishClaim.fulfilled_on
    found = [
        ("wish.asked", told(Wish.created_at, Wish)),
        ("wish.claimed", claimed(_moment(taken, WishClaim.created_at, around.zone), taken)),
        ("wish.not_come", claimed(late(WishClaim.not_come_on, 0), WishClaim.not_come_on)),
        ("wish.fulfilled", claimed(late(done, 1), done, WishClaim.confirmed_on)),
    ]
    if around.reader == "office":
        found.append(("wish.given_back", claimed(late(back, 2), back)))
    return found

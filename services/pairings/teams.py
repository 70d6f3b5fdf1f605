"""Everybody around one household: who helps, who is asked or drafted, and which needs nobody meets yet."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Need
from services.pairings import parties
from services.pairings.models import STANDING, Pairing, Proposal
from services.volunteers.models import Volunteer


@dataclass(frozen=True)
class Member:
    """A helper of the team. `state`: living, published (asked) or draft; `needs`: kinds of open need it is for."""

    volunteer: Volunteer
    row: Pairing | Proposal
    state: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Team:
    """The helpers of a household, the first helper in front, and the kinds of need that none of them meets."""

    members: tuple[Member, ...]
    unmet: tuple[str, ...]


def of_household(actor: Actor, *, household_id: uuid.UUID, run_id: uuid.UUID | None = None) -> Team:
    """The team around a household, with the drafts of a run when given. Raises Forbidden."""
    permissions.require(actor, "pairings.read")
    open_needs = db.session.scalars(
        select(Need)
        .where(Need.household_id == household_id, Need.state == "open")
        .order_by(Need.urgency.desc(), Need.id)
    ).all()
    living = db.session.scalars(
        select(Pairing).where(Pairing.household_id == household_id, Pairing.ended_on.is_(None))
    ).all()
    made_from = {row.proposal_id for row in living if row.proposal_id}
    proposals = db.session.scalars(
        select(Proposal).where(
            Proposal.household_id == household_id,
            or_(
                Proposal.id.in_(made_from),
                Proposal.state.in_(STANDING),
                (Proposal.state == "draft") & (Proposal.run_id == run_id),
            ),
        )
    ).all()
    wanted = {row.id: row.needs for row in proposals}
    members = [
        Member(
            one.volunteer,
            one.row,
            "living",
            _kinds(open_needs, wanted.get(one.row.proposal_id or one.row.id, ())),
        )
        for one in parties.of(living)
    ] + [
        Member(one.volunteer, one.row, one.row.state, _kinds(open_needs, one.row.needs))
        for one in parties.of([row for row in proposals if row.id not in made_from])
    ]
    members.sort(key=lambda one: (one.state == "draft", one.row.kind != "primary", one.row.id))
    met = {kind for one in members for kind in one.needs}
    return Team(
        tuple(members), tuple(dict.fromkeys(need.kind for need in open_needs if need.kind not in met))
    )


def _kinds(needs: Iterable[Need], ids: Iterable[uuid.UUID]) -> tuple[str, ...]:
    chosen = set(ids)
    return tuple(dict.fromkeys(need.kind for need in needs if need.id in chosen))

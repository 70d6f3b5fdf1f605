"""How often a no came between: who declines much, or is declined, may be asked for the wrong kind of help."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.pairings.models import Proposal
from services.volunteers.models import Volunteer

MANY = 3


@dataclass(frozen=True)
class Declines:
    """An active helper with the proposals he declined, and those a household declined."""

    volunteer_id: uuid.UUID
    name: str
    by_helper: int
    by_household: int


def of_helpers(actor: Actor, *, least: int = MANY) -> list[Declines]:
    """Active helpers with `least` declined proposals or more in all, the most first. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    own = func.count().filter(Proposal.declined_by == "helper")
    theirs = func.count().filter(Proposal.declined_by == "household")
    rows = db.session.execute(
        select(Volunteer.id, Volunteer.name, own, theirs)
        .join(
            Proposal,
            (Proposal.community_id == Volunteer.community_id) & (Proposal.volunteer_id == Volunteer.id),
        )
        .where(Volunteer.state == "active", Proposal.state == "declined")
        .group_by(Volunteer.community_id, Volunteer.id)
        .having(own + theirs >= least)
        .order_by((own + theirs).desc(), Volunteer.id)
    )
    return [Declines(*row) for row in rows]

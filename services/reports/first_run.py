"""How far a new community has come on its way from the office's ledgers to the first published pairing."""

import uuid
from dataclasses import dataclass

from sqlalchemy import exists, select

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household
from services.ledgers.models import LedgerImport
from services.pairings.models import MatchingRun, Pairing
from services.volunteers.models import Volunteer

IMPORT, CHECK, MATCH, PUBLISH = range(4)


@dataclass(frozen=True)
class FirstRun:
    """The step a community stands at, what exactly is to be done, and about which upload or run."""

    step: int
    code: str
    about: uuid.UUID | None = None


def where(actor: Actor) -> FirstRun | None:
    """Where a new community stands; None once it has published a run or has a pairing. Raises Forbidden."""
    permissions.require(actor, "reports.community")
    begun = select(
        exists().where(Pairing.community_id == actor.community_id)
        | exists().where(
            MatchingRun.community_id == actor.community_id, MatchingRun.published_at.is_not(None)
        )
    )
    if db.session.scalars(begun).one():
        return None
    upload = db.session.scalars(
        select(LedgerImport.id)
        .where(LedgerImport.state == "uploaded", LedgerImport.uploaded_by == actor.account_id)
        .order_by(LedgerImport.id.desc())
    ).first()
    if upload is not None:
        return FirstRun(CHECK, "check", upload)
    households, volunteers = db.session.execute(
        select(
            exists().where(Household.community_id == actor.community_id, Household.state == "active"),
            exists().where(Volunteer.community_id == actor.community_id, Volunteer.state == "active"),
        )
    ).one()
    if not (households and volunteers):
        missing = "volunteers" if households else "households" if volunteers else "import"
        return FirstRun(IMPORT, missing)
    return _matching()


def _matching() -> FirstRun:
    run = db.session.scalars(select(MatchingRun).order_by(MatchingRun.id.desc())).first()
    if run is None:
        return FirstRun(MATCH, "match")
    if run.state == "done":
        return FirstRun(PUBLISH, "publish" if run.covered else "nobody", run.id)
    return FirstRun(MATCH, "running" if run.state in ("queued", "running") else "failed", run.id)

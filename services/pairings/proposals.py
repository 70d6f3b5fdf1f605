"""Proposals: what each side and the office say to them."""

import uuid
from collections.abc import Iterable

from sqlalchemy import func, select

from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.core.paging import Page, newest_first
from services.followups import life
from services.households.models import Need
from services.pairings import acceptance, pair_locks, parties, reasons, telling
from services.pairings.models import STANDING, Proposal
from services.pairings.parties import SIDES, Parties
from services.people import tokens

OFFICE = ("staff", "admin")
# How staff came to know an answer they enter for somebody else.
STAFF_HOW = ("staff call", "paper")
LINK = "proposal.household"
LINK_DAYS = 14


def send(actor: Actor, found: Parties[Proposal]) -> None:
    """Ask both sides of a proposal, but for who has said yes already."""
    found.row.state, found.row.published_at = "published", clock.now()
    db.session.flush()
    life.start(
        actor,
        event="published",
        subject_kind="proposal",
        subject_id=found.row.id,
        day=regions.today(actor.community_id),
        owners={},
    )
    telling.published(actor, found)


def answer(
    actor: Actor, *, proposal_id: uuid.UUID, side: str, answer: str, how: str = "account", reason: str = ""
) -> Proposal:
    """One side's "yes" or "no" (with a coded reason): by its own account, or by staff for it (`how` "staff call" or "paper").

    The second yes makes the pairing. A proposal for which there is no room any more comes back "lost".
    Raises Forbidden, NotFound for what is not the actor's, DomainError, Conflict when it is no longer open ("taken", "closed").
    """
    permissions.require(actor, "pairings.answer")
    found = parties.locked(Proposal, proposal_id)
    if side not in SIDES or found.row.state in ("draft", "offered"):
        raise NotFound()
    return _record(actor, found, side, answer, _how(actor, found, side, how), reason)


def _how(actor: Actor, found: Parties[Proposal], side: str, how: str) -> str:
    if actor.account_id is not None and found.account_of(side) == actor.account_id:
        return "account"
    if not actor.has(*OFFICE):
        raise NotFound()
    if how not in STAFF_HOW:
        raise DomainError("how", N_("Please say how you know: by a call or on paper."), field="how")
    return how


def _record(
    actor: Actor, found: Parties[Proposal], side: str, answer: str, how: str, reason: str
) -> Proposal:
    proposal = found.row
    if answer not in ("yes", "no"):
        raise DomainError("answer", N_("Please say yes or no."), field="answer")
    if proposal.state == "lost":
        raise Conflict(
            "taken",
            N_(
                "Somebody else was first: this is taken. Please load the page again and choose from what is left."
            ),
        )
    if proposal.state == "accepted" and answer == "yes":
        return proposal
    if proposal.state != "published":
        raise Conflict(
            "closed",
            N_(
                "This proposal is no longer open: it was answered, taken back or has run out. If you wish otherwise, please tell the community office."
            ),
        )
    if answer == "no":
        reasons.require(reasons.BY_SIDE[side], reason)
        acceptance.decided_at(proposal, side, "no", how, actor)
        _decline(actor, found, side, reason)
    elif not acceptance.fits(found):
        _too_late(actor, found, side)
    else:
        acceptance.decided_at(proposal, side, "yes", how, actor)
        if proposal.helper_answer == proposal.household_answer == "yes":
            acceptance.begin(actor, found)
    db.session.flush()
    audit.record(
        actor, "proposal.answered", "proposal", proposal.id, side=side, answer=answer, how=how, reason=reason
    )
    return proposal


def _decline(actor: Actor, found: Parties[Proposal], side: str, reason: str) -> None:
    proposal = found.row
    proposal.state, proposal.declined_by, proposal.reason = "declined", side, reason
    life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="declined")
    for other in SIDES:
        if other != side:
            telling.over(actor, found, other)


def _too_late(actor: Actor, found: Parties[Proposal], side: str) -> None:
    acceptance.lose(actor, found)
    for other in SIDES:
        if other != side:
            telling.over(actor, found, other)


def refuse(actor: Actor, *, proposal_id: uuid.UUID, reason: str) -> Proposal:
    """The office takes a draft, an offer or a published proposal back; but for "not_now" the pair is not proposed again.

    Raises Forbidden, NotFound, DomainError, Conflict when it is over or locked.
    """
    permissions.require(actor, "pairings.decide")
    found = parties.locked(Proposal, proposal_id)
    proposal = found.row
    reasons.require(reasons.STAFF, reason)
    before = proposal.state
    if before not in ("draft", *STANDING):
        raise Conflict(
            "closed",
            N_(
                "This proposal is no longer open: it was answered, taken back or has run out. If you wish otherwise, please tell the community office."
            ),
        )
    pair_locks.require_free(proposal)
    proposal.state = "withdrawn" if reason == "not_now" else "declined"
    proposal.declined_by, proposal.reason = "staff", reason
    db.session.flush()
    if before in STANDING:
        life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="withdrawn")
    if before == "offered":
        telling.offer_declined(actor, found)
    elif before == "published":
        for side in SIDES:
            telling.over(actor, found, side)
    audit.record(actor, "proposal.refused", "proposal", proposal.id, reason=reason)
    return proposal


def make_link(actor: Actor, *, proposal_id: uuid.UUID) -> str:
    """A one-time secret by which a household without an account answers a published proposal; shown once.

    Raises Forbidden, NotFound, Conflict when the proposal is not waiting for the household.
    """
    permissions.require(actor, "pairings.decide")
    proposal = locks.lock(Proposal, proposal_id)
    if proposal.state != "published" or proposal.household_answer:
        raise Conflict(
            "closed",
            N_(
                "This proposal does not wait for the household's answer: it is answered, or the helper is asked first. Its page shows where it stands."
            ),
        )
    secret = tokens.issue(
        actor, purpose=LINK, subject_kind="proposal", subject_id=proposal.id, days=LINK_DAYS
    )
    audit.record(actor, "proposal.linked", "proposal", proposal.id)
    return secret


def open_link(actor: Actor, *, secret: str) -> Parties[Proposal]:
    """The proposal a household's link opens. Raises DomainError for a link unknown, used or too old."""
    permissions.require(actor, "pairings.answer")
    return parties.one(Proposal, tokens.look_up(secret, purpose=LINK).subject_id)


def answer_by_link(actor: Actor, *, secret: str, answer: str, reason: str = "") -> Proposal:
    """A household's answer by its link, which opens nothing afterwards. Raises as `answer`, and DomainError for a bad link."""
    permissions.require(actor, "pairings.answer")
    token = tokens.look_up(secret, purpose=LINK)
    proposal = _record(actor, parties.locked(Proposal, token.subject_id), "household", answer, "link", reason)
    tokens.use(token)
    return proposal


def get_proposal(actor: Actor, proposal_id: uuid.UUID) -> Parties[Proposal]:
    """A proposal with both sides, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "pairings.decide")
    return parties.one(Proposal, proposal_id)


def of_run(
    actor: Actor, *, run_id: uuid.UUID, state: str = "", after: str | None = None, limit: int = 50
) -> Page[Proposal]:
    """Proposals of a run, in one state when given. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    statement = select(Proposal).where(Proposal.run_id == run_id)
    if state:
        statement = statement.where(Proposal.state == state)
    return newest_first(statement, Proposal.id, after=after)


def waiting_for(actor: Actor) -> list[Parties[Proposal]]:
    """Published proposals in which the actor is one of the two sides, oldest first. Raises Forbidden."""
    permissions.require(actor, "pairings.own")
    rows = db.session.scalars(
        select(Proposal)
        .where(Proposal.state == "published", parties.is_side(Proposal, actor.account_id))
        .order_by(Proposal.id)
    )
    return parties.of(rows)


def published(actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[Proposal]:
    """All proposals that wait for an answer, newest first. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    waiting = select(Proposal).where(Proposal.state == "published")
    return newest_first(waiting, Proposal.id, after=after, limit=limit)


def count_by_state(actor: Actor, *, run_id: uuid.UUID) -> dict[str, int]:
    """How many proposals of a run are in each state. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    rows = db.session.execute(
        select(Proposal.state, func.count()).where(Proposal.run_id == run_id).group_by(Proposal.state)
    )
    return {state: count for state, count in rows}


def needs_by_proposal(rows: Iterable[Proposal]) -> dict[uuid.UUID, list[Need]]:
    """The needs each proposal would meet, the most urgent first."""
    wanted = list(rows)
    ids = {need_id for row in wanted for need_id in row.needs}
    found = db.session.scalars(
        select(Need).where(Need.id.in_(ids)).order_by(Need.urgency.desc(), Need.id)
    ).all()
    return {row.id: [need for need in found if need.id in row.needs] for row in wanted}

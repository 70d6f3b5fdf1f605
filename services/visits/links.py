"""One-time links by which a household answers for a visit without signing in.

A link handed out by the helper, or by whoever noted the visit, could be opened by that person alone: with it the
household also types its code. One handed out by other staff opens by itself, like their call.
"""

import uuid

from sqlalchemy import select

from services.core import audit, clock, crypto, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, Forbidden, NotFound
from services.people import tokens
from services.people.models import Token
from services.visits import codes, confirmations, parties
from services.visits.models import Visit
from services.visits.parties import Parties

PURPOSE = "visit.answer"
DAYS = 14


def issue_link(actor: Actor, *, visit_id: uuid.UUID) -> str:
    """A fresh secret that lets the household answer for a visit. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "visits.note")
    visit = locks.get(Visit, visit_id)
    there = parties.seen_by(actor, visit.pairing_id)
    if not (parties.is_office(actor) or there.is_helper(actor)):
        raise NotFound()
    confirmations.check_open(visit, "household")
    secret = tokens.issue(actor, purpose=PURPOSE, subject_kind="visit", subject_id=visit.id, days=DAYS)
    audit.record(actor, "visit.link_issued", "visit", visit.id)
    return secret


def open_link(actor: Actor, *, secret: str) -> tuple[Visit, Parties, bool, bool]:
    """The visit behind a link, its parties, whether it still waits for an answer, and whether a code is asked.

    Raises Forbidden, DomainError for a link that is unknown or too old; a used one opens, to say so.
    """
    permissions.require(actor, "visits.confirm")
    token = _token(secret)
    visit = locks.get(Visit, token.subject_id)
    there = parties.of_pairing(visit.pairing_id)
    waiting = token.used_at is None and visit.state == "noted" and visit.household_at is None
    return visit, there, waiting, needs_code(token, visit, there)


def answer_link(actor: Actor, *, secret: str, right: bool, code: str = "", reason: str = "") -> int | None:
    """Answer for the household: None when done, else how many tries of the code are left today.

    Raises Forbidden, Conflict, DomainError.
    """
    permissions.require(actor, "visits.confirm")
    token = tokens.look_up(secret, purpose=PURPOSE)
    visit = locks.lock(Visit, token.subject_id)
    there = parties.of_pairing(visit.pairing_id)
    if comes_from_helper(actor.account_id, visit, there):
        raise Forbidden("own_link", N_("This link is for the household. Please let the household answer."))
    if not right:
        confirmations.write_dispute(actor, visit, reason=reason, how="link")
    else:
        confirmations.check_open(visit, "household")
        if needs_code(token, visit, there):
            left = codes.try_code(visit, there, code)
            if left is not None:
                return left
        confirmations.settle(
            actor, visit, there, side="household", how="link", by=None, link_by=token.created_by
        )
    tokens.use(token)
    return None


def needs_code(token: Token, visit: Visit, there: Parties) -> bool:
    """True when the link came from the helper's side, so that the household proves itself by its code."""
    return comes_from_helper(token.created_by, visit, there)


def comes_from_helper(account_id: uuid.UUID | None, visit: Visit, there: Parties) -> bool:
    """True when this account stands on the helper's side of a visit: it helped, noted it or gave the helper's word."""
    return account_id in _insiders(visit, there)


def _insiders(visit: Visit, there: Parties) -> set[uuid.UUID | None]:
    return {there.volunteer.account_id, visit.noted_by, visit.helper_by} - {None}


def _token(secret: str) -> Token:
    token = db.session.scalars(
        select(Token).where(Token.digest == crypto.digest(secret), Token.purpose == PURPOSE)
    ).one_or_none()
    if token is None or token.expires_at <= clock.now():
        raise DomainError(
            "link",
            N_("This link has been used or is too old. Please ask the community office for a new one."),
        )
    return token

"""Numbered certificates of confirmed hours, and what anybody may ask about one.

A paper carries its number and a secret. The secret follows from the row's id and this installation's look-up key, so
it is kept nowhere, and the same paper can be printed again. A paper is never changed: it no longer stands once one of
the visits it counts no longer counts.
"""

import base64
import hmac
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select

from services.communities import regions
from services.core import audit, crypto, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.visits import hours, parties, statements
from services.visits.models import Certificate, Visit
from services.volunteers import profiles

# Compared with when there is no such number, so that the answer takes as long.
NUMBER = re.compile(r"[0-9]{4}-[0-9]{6,9}")
NOBODY = uuid.UUID(int=0)
STATES = ("stands", "fallen")
SHOWN = 20

_fallen = exists().where(
    Visit.community_id == Certificate.community_id,
    Visit.id == func.any(Certificate.visits),
    ~hours.counted(),
)


@dataclass(frozen=True)
class Issued:
    """A certificate, and whether it still stands."""

    certificate: Certificate
    stands: bool


@dataclass(frozen=True)
class Finding:
    """What anybody with the paper's address may know: as much as the paper says, and the name only so far as to compare it."""

    number: str
    name: str
    since: date
    until: date
    minutes: int
    issued_on: date
    stands: bool


def issue(actor: Actor, *, volunteer_id: uuid.UUID | None = None, since: date, until: date) -> Certificate:
    """A certificate of a helper's confirmed hours, for himself or the office; the same hours again give the same paper.

    Raises Forbidden, NotFound, DomainError.
    """
    # Days that have not been yet are not certified.
    today = regions.today(actor.community_id)
    until = min(until, today)
    statement = statements.of_helper(actor, volunteer_id=volunteer_id, since=since, until=until)
    helper, visits = statement.helper, [visit.id for visit in statement.counted]
    if not visits:
        raise DomainError(
            "no_hours",
            N_(
                "There are no confirmed hours in this period. Hours count once both sides have confirmed them."
            ),
        )
    # One at a time: numbers follow each other, and two taps are one paper.
    locks.advisory("certificate", helper.community_id)
    same = select(Certificate).where(
        Certificate.volunteer_id == helper.id,
        Certificate.since == since,
        Certificate.until == until,
        Certificate.name == helper.name,
        Certificate.visits == visits,
    )
    before = db.session.scalars(same).first()
    if before is not None:
        return before
    certificate = Certificate(
        number=_next_number(today.year),
        volunteer_id=helper.id,
        name=helper.name,
        since=since,
        until=until,
        minutes=statement.minutes,
        visits=visits,
        issued_on=today,
        issued_by=actor.account_id,
    )
    db.session.add(certificate)
    db.session.flush()
    audit.record(actor, "certificate.issued", "certificate", certificate.id, number=certificate.number)
    return certificate


def _next_number(year: int) -> str:
    last = db.session.scalar(
        select(func.max(Certificate.number)).where(Certificate.number.startswith(f"{year}-"))
    )
    return f"{year}-{int(last[5:]) + 1 if last else 1:06d}"


def get(actor: Actor, certificate_id: uuid.UUID) -> Issued:
    """A certificate, for its helper and the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "visits.certify")
    row = db.session.execute(_with_state().where(Certificate.id == certificate_id)).one_or_none()
    if row is None:
        raise NotFound()
    own = profiles.own_volunteer(actor)
    if not parties.is_office(actor) and (own is None or own.id != row[0].volunteer_id):
        raise NotFound()
    return _issued(*row)


def of_helper(actor: Actor, volunteer_id: uuid.UUID | None) -> Sequence[Issued]:
    """The latest certificates of a helper, for himself (also without an id) and the office, newest first. Raises Forbidden, NotFound."""
    helper = statements.helper_for(actor, volunteer_id)
    statement = _with_state().where(Certificate.volunteer_id == helper.id)
    rows = db.session.execute(statement.order_by(Certificate.id.desc()).limit(SHOWN))
    return [_issued(*row) for row in rows]


def search(
    actor: Actor,
    *,
    year: int | None = None,
    number: str = "",
    state: str = "",
    volunteer_id: uuid.UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> paging.Page[Issued]:
    """A page of the issued certificates, newest first, for the office; `state` is "stands" or "fallen". Raises Forbidden."""
    permissions.require(actor, "visits.read")
    statement = select(Certificate)
    if year:
        statement = statement.where(Certificate.number.startswith(f"{year}-"))
    if number:
        statement = statement.where(Certificate.number.endswith(number, autoescape=True))
    if state in STATES:
        statement = statement.where(_fallen if state == "fallen" else ~_fallen)
    if volunteer_id:
        statement = statement.where(Certificate.volunteer_id == volunteer_id)
    page = paging.newest_first(statement, Certificate.id, after=after, limit=limit)
    shown = [row.id for row in page.rows]
    fallen = set(db.session.scalars(select(Certificate.id).where(Certificate.id.in_(shown), _fallen)))
    return paging.Page([Issued(row, row.id not in fallen) for row in page.rows], page.next)


def secret_of(certificate: Certificate) -> str:
    """The secret that stands on the paper beside its number."""
    return _secret(certificate.community_id, certificate.id)


def verify(actor: Actor, *, paper: str) -> Finding | None:
    """What may be said about a paper by its "number-secret", to anybody; None when there is no such paper here."""
    permissions.require(actor, "public")
    number, _, secret = paper.strip().lower().rpartition("-")
    # What cannot be a number is looked up all the same: as one that nothing has.
    known = number if NUMBER.fullmatch(number) else ""
    found = db.session.execute(_with_state().where(Certificate.number == known)).one_or_none()
    row, fallen = found or (None, True)
    expected = _secret(actor.community_id or 0, row.id if row else NOBODY)
    if not hmac.compare_digest(expected.encode(), secret.encode(errors="replace")) or row is None:
        return None
    return Finding(row.number, masked(row.name), row.since, row.until, row.minutes, row.issued_on, not fallen)


def masked(name: str) -> str:
    """A name as far as it is needed to compare it with the one on the paper: 张**."""
    return f"{name[:1]}**"


def _secret(community_id: int, certificate_id: uuid.UUID) -> str:
    key = bytes.fromhex(crypto.lookup_key("certificate", f"{community_id}:{certificate_id}"))
    return base64.b32encode(key[:10]).decode().lower()


def _with_state() -> Select[Certificate, bool]:
    return select(Certificate, _fallen)


def _issued(certificate: Certificate, fallen: bool) -> Issued:
    return Issued(certificate, not fallen)

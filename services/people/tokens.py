"""One-time links: random, stored as a digest, bound to a purpose and a subject, expiring."""

import secrets
import uuid
from datetime import timedelta

from sqlalchemy import select

from services.core import clock, crypto
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError
from services.people.models import Token


def issue(actor: Actor, *, purpose: str, subject_kind: str, subject_id: uuid.UUID, days: int) -> str:
    """A fresh secret for `purpose` on a subject, valid `days` days. It is shown once and stored as a digest."""
    secret = secrets.token_urlsafe(18)
    db.session.add(
        Token(
            purpose=purpose,
            subject_kind=subject_kind,
            subject_id=subject_id,
            digest=crypto.digest(secret),
            expires_at=clock.now() + timedelta(days=days),
            created_by=actor.account_id,
        )
    )
    db.session.flush()
    return secret


def look_up(secret: str, *, purpose: str) -> Token:
    """The living token behind `secret`, locked. Raises DomainError when it is unknown, used up or too old."""
    token = db.session.scalars(
        select(Token).where(Token.digest == crypto.digest(secret), Token.purpose == purpose).with_for_update()
    ).one_or_none()
    if token is None or token.used_at is not None or token.expires_at <= clock.now():
        raise DomainError(
            "link",
            N_("This link has been used or is too old. Please ask the community office for a new one."),
        )
    return token


def use(token: Token) -> None:
    """Mark a token as used: it opens nothing again."""
    token.used_at = clock.now()
    db.session.flush()

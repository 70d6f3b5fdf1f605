"""Inviting somebody to sign in: the office hands over a link, the person chooses a password."""

import uuid
from datetime import date

from services.core.actor import Actor
from services.people import accounts, memberships, tokens
from services.people.models import Account, Token

PURPOSE = "invitation"
DAYS = 14


def invite(actor: Actor, *, role: str, subject_kind: str, subject_id: uuid.UUID) -> str:
    """A link's secret for the person behind a volunteer, household or unit person to open an account in `role`.

    The calling area has checked the permission and that the subject has no account yet.
    """
    return tokens.issue(
        actor, purpose=f"{PURPOSE} {role}", subject_kind=subject_kind, subject_id=subject_id, days=DAYS
    )


def look_up(secret: str, *, role: str) -> Token:
    """The living invitation behind a secret. Raises DomainError."""
    return tokens.look_up(secret, purpose=f"{PURPOSE} {role}")


def accept(
    actor: Actor, *, token: Token, role: str, name: str, login: str, password: str, language: str, day: date
) -> Account:
    """Open an account (or sign in to the person's own) and enrol it; uses the token up.

    Raises DomainError when the login is not a phone or e-mail address or the password does not do, Forbidden when it
    is not that of the person's own account or the account is closed.
    """
    found = accounts.find(login)
    if found:
        account = accounts.sign_in(login=login, password=password)
    else:
        is_email = "@" in login
        account = accounts.open_account(
            name=name,
            phone=None if is_email else accounts.normal_phone(login),
            email=accounts.normal_email(login) if is_email else None,
            password_hash=accounts.hash_password(password),
            language=language,
        )
    memberships.enrol(actor, account_id=account.id, role=role, since=day)
    tokens.use(token)
    return account

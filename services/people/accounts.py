"""Accounts: opening one, signing in, and what a person sets for himself."""

import re
import uuid

import phonenumbers
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from services.core import crypto, scope
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, DomainError, Forbidden, NotFound
from services.core.free_text import without_id_numbers
from services.people.models import Account

LANGUAGES = ("zh_Hans", "en")
PASSWORD_LENGTH = 10

_hasher = PasswordHasher()
# Compared with when there is no such account, so that both answers take the same time.
_nobody = _hasher.hash("nobody's password")


def normal_phone(text: str) -> str:
    """A phone number in E.164; a bare one is read as Chinese. Raises DomainError."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise DomainError(
            "phone", N_("This is not a phone number: 11 digits, such as 13800001234."), field="phone"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str:
    """An e-mail address in lower case. Raises DomainError."""
    email = text.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) or len(email) > 120:
        raise DomainError(
            "email", N_("This is not an e-mail address, such as name@example.org."), field="email"
        )
    return email


def phone_key(phone: str) -> str:
    """The look-up key of a whole phone number in E.164."""
    return crypto.lookup_key("phone", phone)


def tail_key(phone: str) -> str:
    """The look-up key of a phone's last four digits."""
    return crypto.lookup_key("phone tail", phone[-4:])


def email_key(email: str) -> str:
    """The look-up key of an e-mail address in lower case."""
    return crypto.lookup_key("email", email)


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Raises DomainError for one too short or too common."""
    if len(password) < PASSWORD_LENGTH or len(set(password)) < 5:
        raise DomainError(
            "password",
            N_("Please choose a longer password: at least %(length)s characters, not all the same."),
            field="password",
            length=PASSWORD_LENGTH,
        )
    return _hasher.hash(password)


def open_account(
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    password_hash: str | None = None,
    language: str = "zh_Hans",
) -> Account:
    """Open an account reached by a phone (E.164) or an e-mail address (lower case).

    Raises DomainError when neither is given or one of them already has an account.
    """
    if not phone and not email:
        raise DomainError(
            "no_contact", N_("An account needs a phone number or an e-mail address."), field="phone"
        )
    if (phone and _by_key(phone_key(phone))) or (email and _by_key(email_key(email))):
        raise DomainError(
            "account_exists",
            N_(
                "There is already an account with this phone or e-mail address. Sign in with it, or type another one."
            ),
        )
    without_id_numbers(name, field="name")
    account = Account(
        id=new_id(),
        name=name,
        phone=phone,
        phone_key=phone_key(phone) if phone else None,
        email=email,
        email_key=email_key(email) if email else None,
        password_hash=password_hash,
        language=language,
    )
    with scope.identity("account_id", account.id):
        db.session.add(account)
        db.session.flush()
    return account


def sign_in(*, login: str, password: str) -> Account:
    """The active account with that phone or e-mail address and password.

    Raises Forbidden with one answer for every way to be wrong.
    """
    account = find(login)
    try:
        _hasher.verify((account and account.password_hash) or _nobody, password)
    except (VerificationError, InvalidHashError):
        account = None
    if account is None or not account.active or not account.password_hash:
        raise Forbidden(
            "sign_in", N_("The phone, e-mail address or password is not right. Please try again.")
        )
    return account


def find(login: str) -> Account | None:
    """The account reached by a phone number or e-mail address as somebody typed it, or None."""
    try:
        key = email_key(normal_email(login)) if "@" in login else phone_key(normal_phone(login))
    except DomainError:
        return None
    return _by_key(key)


def _by_key(key: str) -> Account | None:
    with scope.identity("sign_in", key):
        return db.session.scalars(
            select(Account).where((Account.phone_key == key) | (Account.email_key == key))
        ).one_or_none()


def get_account(account_id: uuid.UUID) -> Account:
    """An account this session may see: its own, or a member of its community. Raises NotFound."""
    account = db.session.scalars(select(Account).where(Account.id == account_id)).one_or_none()
    if account is None:
        raise NotFound()
    return account


def names(account_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of the accounts among `account_ids` that this session may see."""
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}


def set_preferences(actor: Actor, *, language: str | None = None, big_text: bool | None = None) -> Account:
    """Change the actor's own language ("zh_Hans" or "en") or text size. Raises DomainError, NotFound."""
    if actor.account_id is None:
        raise NotFound()
    account = get_account(actor.account_id)
    if language is not None:
        if language not in LANGUAGES:
            raise DomainError("language", N_("Linli speaks Chinese and English."))
        account.language = language
    if big_text is not None:
        account.big_text = big_text
    db.session.flush()
    return account


def sign_out_elsewhere(actor: Actor) -> Account:
    """End every sign-in of the actor's own account; the caller starts a new one where it asks. Raises NotFound."""
    if actor.account_id is None:
        raise NotFound()
    account = get_account(actor.account_id)
    account.epoch += 1
    db.session.flush()
    return account


def change_password(actor: Actor, *, old: str, new: str) -> None:
    """Change the actor's own password; every other sign-in of the account ends. Raises DomainError, Forbidden."""
    if actor.account_id is None:
        raise NotFound()
    account = get_account(actor.account_id)
    try:
        _hasher.verify(account.password_hash or _nobody, old)
    except (VerificationError, InvalidHashError) as error:
        raise DomainError(
            "password",
            N_(
                "The present password is not right. Please type it once more; if you forgot it, ask your community office."
            ),
            field="old",
        ) from error
    account.password_hash = hash_password(new)
    account.epoch += 1
    db.session.flush()

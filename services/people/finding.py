"""Finding people as an office asks for them: by their name in characters, pinyin or initials, a whole phone, its last four digits."""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, literal, or_, true

from services.core.errors import DomainError
from services.people import accounts, name_keys


def by_text(model: Any, text: str) -> ColumnElement[bool]:
    """The condition on `model` (with `name_keys`, `phone_key`, `tail_key`) that `text` means; always true when empty."""
    if not text:
        return true()
    phone = by_phone(model, text)
    return by_name(model.name_keys, text) if phone is None else phone


def by_phone(model: Any, text: str) -> ColumnElement[bool] | None:
    """The condition that `text` means when it is a whole phone or the last four digits of one; else None."""
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"[0-9]{4}", digits):
        return model.tail_key == accounts.tail_key(digits)
    if re.fullmatch(r"\+?[0-9]{7,15}", digits):
        try:
            return model.phone_key == accounts.phone_key(accounts.normal_phone(digits))
        except DomainError:
            return false()
    return None


def by_name(keys: Any, text: str) -> ColumnElement[bool]:
    """The condition on a column of name keys: characters anywhere in the name, pinyin and initials from a syllable on."""
    asked = name_keys.fold(text)
    if not asked:
        return false()
    # What is folded holds letters and digits only: nothing of it means something to LIKE.
    anywhere = keys.like(f"%{asked}%")
    if not asked.isascii():
        return anywhere
    # Looking for a plain text first leaves few rows for the slower question where it stands.
    return and_(anywhere, or_(keys.like(f"%={asked}%"), keys.like(f"%-{asked}%")))


def nearness(keys: Any, text: str) -> ColumnElement[int]:
    """How near a found name is to what was asked: 0 the whole of it, 1 its beginning, 2 a part."""
    asked = name_keys.fold(text)
    return case(
        (keys.like(f"%={asked} %"), literal(0)), (keys.like(f"%={asked}%"), literal(1)), else_=literal(2)
    )

"""Finding people as an office asks for them: part of a name, a whole phone, its last four digits."""

import re
from typing import Any

from sqlalchemy import ColumnElement, false, true

from services.core.errors import DomainError
from services.people import accounts


def by_text(model: Any, text: str) -> ColumnElement[bool]:
    """The condition on `model` (with `name`, `phone_key`, `tail_key`) that `text` means; always true when empty."""
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"[0-9]{4}", digits):
        return model.tail_key == accounts.tail_key(digits)
    if re.fullmatch(r"\+?[0-9]{7,15}", digits):
        try:
            return model.phone_key == accounts.phone_key(accounts.normal_phone(digits))
        except DomainError:
            return false()
    return model.name.icontains(text, autoescape=True) if text else true()

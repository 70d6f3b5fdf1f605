"""Phone numbers to E.164."""

import re

import phonenumbers

from services.ledgers.cells.text import narrow
from services.ledgers.issues import Note

_DASHES = re.compile(r"[\s\-‐–—―−().·]+")
# phonenumbers knows which mobile prefixes are allotted today; offices meet new ones first, so the shape alone counts.
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[0-9]{10})")


def phone(text: str) -> tuple[str | None, list[Note]]:
    """A Chinese mobile, a landline with area code, or any valid number with a country code; E.164."""
    compact = _DASHES.sub("", narrow(text))
    if not compact:
        return None, []
    mobile = _MOBILE.fullmatch(compact)
    if mobile:
        return f"+86{mobile[1]}", []
    if re.fullmatch(r"\+?[0-9]{7,15}", compact):
        try:
            number = phonenumbers.parse(compact, "CN")
        except phonenumbers.NumberParseException:
            return None, [Note("phone_unclear", text)]
        has_area = compact.startswith(("0", "+"))
        if has_area and phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), []
    return None, [Note("phone_unclear", text)]

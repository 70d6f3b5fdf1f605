"""What may not stand in any text a person types: the numbers of identity cards."""

import re
import unicodedata

from services.core.errors import N_, DomainError

# 18 digits, the last perhaps X, written in one piece or with spaces or dashes between.
_ID_NUMBER = re.compile(r"(?<!\d)\d{6}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[0-9Xx](?!\d)")
_TYPED_SLOWLY = re.compile(r"(?<!\d)(?:\d[ -]?){17}[0-9Xx](?!\d)")
_BORN = re.compile(r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")


def has_id_number(text: str) -> bool:
    """True when an 18-digit identity number stands in `text`, also in full-width digits."""
    narrow = unicodedata.normalize("NFKC", text)
    if _ID_NUMBER.search(narrow):
        return True
    runs = (re.sub(r"[ -]", "", run).upper() for run in _TYPED_SLOWLY.findall(narrow))
    return any(_BORN.fullmatch(run) for run in runs)


def without_id_numbers(text: str, *, field: str) -> str:
    """`text` as it is. Raises DomainError on `field` when an identity number stands in it."""
    if has_id_number(text):
        raise DomainError(
            "id_number",
            N_("Identity numbers are not kept in Linli. Please leave the number out."),
            field=field,
        )
    return text

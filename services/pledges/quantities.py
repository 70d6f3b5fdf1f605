"""Quantities as people write them, and as the ledger keeps them: whole numbers of fen, minutes or pieces."""

import re
import unicodedata
from decimal import Decimal

from services.core.errors import N_, DomainError
from services.core.free_text import without_id_numbers

MONEY, MINUTES = "CNY", "minute"
LARGEST = 10**12

_SCALES = {MONEY: 100, MINUTES: 60}
_HOUR_WORDS = ("小时", "个小时", "钟头", "工时", "hour", "hours", "h")
_MONEY_WORDS = ("元", "块", "人民币", "cny", "rmb", "yuan")
_NUMBER = re.compile(r"(?P<number>\d{1,13}(?:\.\d{1,4})?)(?P<ten_thousand>万)?(?P<word>[^\d.]*)")


def measure_of(kind: str, written: str) -> str:
    """The stored measure for what somebody wrote beside a pledge of `kind`. Raises DomainError.

    Money is in CNY and hours and venues in minutes, whatever was written; a service may be in hours or in pieces.
    """
    word = unicodedata.normalize("NFKC", written).strip()
    if kind == "money":
        return MONEY
    if kind in ("hours", "venue") or (kind == "service" and word.lower() in _HOUR_WORDS):
        return MINUTES
    if not word or word.lower() in (*_MONEY_WORDS, *_HOUR_WORDS, MINUTES):
        raise DomainError(
            "measure",
            N_("Please say what is counted, such as pieces, boxes or visits."),
            field="measure",
        )
    return without_id_numbers(word, field="measure")


def read(written: str, measure: str) -> int:
    """The whole number of `measure` that `written` means: "20,000.50", "2万", "40 小时", "５". Raises DomainError."""
    plain = re.sub(r"[\s,，_¥￥]", "", unicodedata.normalize("NFKC", written)).lower()
    match = _NUMBER.fullmatch(plain)
    if match is None or match["word"] not in ("", *_words(measure)):
        raise DomainError("quantity", N_("Please write a number, such as 5 or 20000.50."), field="quantity")
    exact = Decimal(match["number"]) * (10_000 if match["ten_thousand"] else 1) * _SCALES.get(measure, 1)
    if exact != int(exact):
        raise DomainError("quantity_parts", _TOO_FINE.get(measure, _WHOLE), field="quantity")
    return checked(int(exact))


def checked(quantity: int) -> int:
    """`quantity` itself when it is above zero and within what the ledger keeps. Raises DomainError."""
    if quantity <= 0:
        raise DomainError("quantity_none", N_("The quantity must be more than zero."), field="quantity")
    if quantity > LARGEST:
        raise DomainError("quantity_large", N_("This quantity is too large to be meant."), field="quantity")
    return quantity


_WHOLE = N_("Please write a whole number: pieces are not divided.")
_TOO_FINE = {
    MONEY: N_("Money has two decimals at most."),
    MINUTES: N_("Please write hours that are whole minutes, such as 1.5."),
}


def _words(measure: str) -> tuple[str, ...]:
    known = {MONEY: _MONEY_WORDS, MINUTES: _HOUR_WORDS}
    return known.get(measure, (unicodedata.normalize("NFKC", measure).lower(),))


def number(quantity: int, measure: str) -> Decimal:
    """The quantity in yuan, hours or pieces, as it is shown and typed."""
    exact = Decimal(quantity) / _SCALES.get(measure, 1)
    return exact.quantize(Decimal("0.01")) if measure == MONEY else exact


def written(quantity: int, measure: str, language: str = "en") -> str:
    """A quantity in words: "¥20,000.50", "1.5 h", "5 boxes"; in Chinese "20,000.50 元", "1.5 小时", "5 台"."""
    amount = number(quantity, measure)
    shown = f"{amount:,.2f}"
    if measure != MONEY or amount == int(amount):
        shown = shown.rstrip("0").rstrip(".")
    chinese = language.startswith("zh")
    if measure == MONEY:
        return f"{shown} 元" if chinese else f"¥{shown}"
    if measure == MINUTES:
        return f"{shown} 小时" if chinese else f"{shown} h"
    return f"{shown} {measure}"

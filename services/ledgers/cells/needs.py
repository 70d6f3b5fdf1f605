"""Needs and skills: a kind from the catalogue, and how much of it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from services.communities.catalogue import NEED_KINDS, find, listed
from services.ledgers.cells.text import items, narrow
from services.ledgers.issues import Note

_WEEKS = {"天": Decimal(7), "日": Decimal(7), "周": Decimal(1), "星期": Decimal(1), "月": Decimal(12) / 52}
_AMOUNT = re.compile(
    r"(?P<kind>\D*?)\s*(?:(?P<once>一次|1次|临时|一次性)"
    r"|每(?:个)?(?P<per>天|日|周|星期|月)\s*(?P<number>\d{1,3}(?:\.\d)?|[一二两三四五六七])\s*(?:个)?(?P<measure>次|小时))"
)
_DIGITS = {c: str(n) for n, c in enumerate("一二三四五六七", 1)} | {"两": "2"}


@dataclass(frozen=True)
class Need:
    """A kind, and whole times a week or hours a week as the ledger says; neither when it does not say. `once` is a single time."""

    kind: str
    hours_per_week: Decimal | None = None
    times_per_week: int | None = None
    once: bool = False


def needs(text: str) -> tuple[tuple[Need, ...], list[Note]]:
    """A list such as 送餐每周3次、理发; a kind twice is named and kept once, unknown words are named."""
    found: dict[str, Need] = {}
    notes: list[Note] = []
    for item in _pieces(text):
        need, said = _need(item)
        notes += said
        if need is None:
            continue
        if need.kind in found:
            notes.append(Note("kind_repeated", item))
        else:
            found[need.kind] = need
    return tuple(found.values()), notes


def _pieces(text: str) -> list[str]:
    pieces = []
    for item in items(text):
        words = item.split()
        # "送餐 理发" is two needs; "送餐 每周3次" is one.
        pieces += words if len(words) > 1 and all(_need(word)[0] for word in words) else [item]
    return pieces


def _need(item: str) -> tuple[Need | None, list[Note]]:
    plain = narrow(item)
    term = find(NEED_KINDS, plain)
    if term:
        return Need(term.code), []
    match = _AMOUNT.fullmatch(plain)
    term = find(NEED_KINDS, match["kind"]) if match else None
    if match is None or term is None:
        starts = [t for t in listed(NEED_KINDS) for word in (t.zh, *t.synonyms) if plain.startswith(word)]
        if starts and re.search(r"\d|每", plain):
            return Need(starts[0].code), [Note("amount_unclear", item, starts[0].zh)]
        return None, [Note("word_unknown", item)]
    if match["once"]:
        return Need(term.code, once=True), []
    amount = Decimal(_DIGITS.get(match["number"], match["number"])) * _WEEKS[match["per"]]
    if match["measure"] == "小时" and Decimal("0.05") < amount <= 168:
        return Need(term.code, hours_per_week=amount.quantize(Decimal("0.1"))), []
    if match["measure"] == "次" and 0 < amount <= 50 and amount == int(amount):
        return Need(term.code, times_per_week=int(amount)), []
    return Need(term.code), [Note("amount_unclear", item, term.zh)]

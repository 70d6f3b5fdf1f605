"""Counts, hours and urgency."""

import re
from decimal import Decimal

from services.ledgers.cells.text import narrow
from services.ledgers.issues import Note

_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_URGENCY = {"低": 1, "中": 3, "高": 4, "紧急": 5, "low": 1, "medium": 3, "high": 4, "urgent": 5}


def count(text: str, *, least: int = 0, most: int = 99) -> tuple[int | None, list[Note]]:
    """People or households: "3", "3人", "三口"; of a range such as "1-2" the upper end, named."""
    plain = re.sub(r"\s*(?:人|口|户|个|名)$", "", narrow(text))
    if not plain:
        return None, []
    if plain in _CHINESE:
        plain = str(_CHINESE[plain])
    span = re.fullmatch(r"(\d{1,4})\s*[-~至到–—]\s*(\d{1,4})", plain)
    if span and least <= int(span[1]) <= int(span[2]) <= most:
        return int(span[2]), [Note("range_upper", text, str(int(span[2])))]
    if re.fullmatch(r"\d{1,4}", plain) and least <= int(plain) <= most:
        return int(plain), []
    return None, [Note("number_unclear", text)]


def hours(text: str, *, most: int = 168) -> tuple[Decimal | None, list[Note]]:
    """Hours a week: "2", "2小时", "1.5 h"."""
    plain = re.sub(r"(?i)\s*(?:个?小时|钟头|hours?|h)(?:/周|每周)?$", "", narrow(text))
    if not plain:
        return None, []
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,2})?", plain) and 0 < Decimal(plain) <= most:
        return Decimal(plain), []
    return None, [Note("number_unclear", text)]


def urgency(text: str) -> tuple[int | None, list[Note]]:
    """1 (can wait) to 5 (now); 低 is 1, 中 is 3, 高 is 4, 紧急 is 5."""
    plain = narrow(text).lower()
    if not plain:
        return None, []
    if plain in _URGENCY:
        return _URGENCY[plain], []
    if re.fullmatch(r"[1-5]", plain):
        return int(plain), []
    return None, [Note("urgency_unclear", text)]

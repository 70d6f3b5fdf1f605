"""What a unit pledges: kind, quantity and its measure, how often, and the hours of a room."""

import re
from dataclasses import dataclass
from decimal import Decimal

from services.communities.catalogue import NEED_KINDS, PLEDGE_KINDS, find
from services.core.week import read_week
from services.ledgers.cells.text import narrow

_NUMBER = r"(?P<number>\d{1,9}(?:\.\d{1,2})?)\s*(?P<ten_thousand>万)?"
_PERIOD = r"(?:\s*/\s*(?P<per>次|天|周|月|季度|季|年))?"
_QUANTITY = re.compile(
    rf"(?P<what>\D+?)\s*{_NUMBER}\s*(?P<measure>[^\d\s/,、;]{{1,6}}?){_PERIOD}(?:\s+(?P<when>.+))?"
)
_RHYTHM = re.compile(
    r"(?P<what>\D+?)\s*每(?P<per>天|周|月|季度|季|年)\s*(?P<number>\d{1,4})\s*(?P<measure>次|场|小时|人次)"
)
_ROOM = re.compile(r"(?P<what>\S+)\s+(?P<when>.+)")
_PERIODS = {"": "", "周": "week", "月": "month", "季度": "quarter", "季": "quarter"}
_MONEY = ("元", "块", "人民币", "rmb", "yuan")
_LONGEST = 80
_HOURS = ("小时", "个小时", "工时")


@dataclass(frozen=True)
class Promise:
    """What is promised. Money is in yuan; `per` is "", week, month or quarter; `week` a mask of half-hours."""

    kind: str
    what: str
    quantity: Decimal | None
    measure: str
    per: str = ""
    service: str | None = None
    week: int | None = None


def promise(text: str) -> Promise | None:
    """The promise in `text`; None when it is not understood whole."""
    plain = narrow(text)
    if len(plain) > _LONGEST:
        return None
    rhythm = _RHYTHM.fullmatch(plain)
    quantity = rhythm or _QUANTITY.fullmatch(plain)
    if quantity:
        found = _counted(quantity)
        if found:
            return found
    room = _ROOM.fullmatch(plain)
    if room and _kind(room["what"]) == "venue":
        week = read_week(room["when"])
        if week.mask and not week.unread and not week.rounded:
            return Promise("venue", room["what"], None, "", week=week.mask)
    return None


def _counted(match: re.Match[str]) -> Promise | None:
    parts = match.groupdict()
    what, measure = parts["what"].rstrip(":").strip(), parts["measure"]
    quantity = Decimal(parts["number"]) * (10000 if parts.get("ten_thousand") else 1)
    per = parts["per"] or ""
    if quantity <= 0 or per not in _PERIODS or not re.search(r"[^\W\d_]", what):
        return None
    service = find(NEED_KINDS, what)
    kind = _kind(what) or ("money" if measure.lower() in _MONEY else "service" if service else "goods")
    week = read_week(parts["when"]) if parts.get("when") else None
    if week and (week.unread or week.rounded or kind != "venue"):
        return None
    if (kind == "money") != (measure.lower() in _MONEY) or (kind == "hours" and measure not in _HOURS):
        return None
    code = service.code if kind == "service" and service else None
    # Ledgers are kept in whole fen, minutes and pieces.
    if quantity * {"money": 100, "hours": 60}.get(kind, 1) % 1:
        return None
    return Promise(kind, what, quantity, measure, _PERIODS[per], code, week.mask if week else None)


def _kind(word: str) -> str | None:
    term = find(PLEDGE_KINDS, word)
    return term.code if term else None

"""A volunteer's certificates with their days, and what a volunteer asks not to be given."""

import re
from dataclasses import dataclass
from datetime import date

from services.communities.catalogue import BARS, CHECKS, find
from services.ledgers.cells.dates import read_day
from services.ledgers.cells.text import items, narrow
from services.ledgers.issues import Note

_DAY = re.compile(r"\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日?|\d{4})")
_DISPUTE = re.compile(
    r"与?(?P<estate>.*?)(?P<building>[甲乙丙丁]?\d{1,4})(?:号楼|栋|幢)(?:的)?(?P<surname>[^\d\s的]{1,2})姓(?:住户|居民|人家)?(?:有|闹过)?(?:纠纷|矛盾)"
)


@dataclass(frozen=True)
class Credential:
    """A certificate; `issued` and `expires` are None when the ledger does not say."""

    kind: str
    issued: date | None = None
    expires: date | None = None


@dataclass(frozen=True)
class Dispute:
    """Households this volunteer must not meet: by surname and building, in any estate when `estate` is empty."""

    building: str
    surname: str
    estate: str = ""


@dataclass(frozen=True)
class Limits:
    """What a volunteer asks not to be given: coded bars, disputes, and the rest as text for staff."""

    bars: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    notes: str = ""


def credentials(text: str) -> tuple[tuple[Credential, ...], list[Note]]:
    """A list such as 急救证 2027-03-01到期; a day without 到期 is taken as the day of issue and named."""
    found: list[Credential] = []
    notes: list[Note] = []
    for item in re.split(r"[、,;\n]+", narrow(text)):
        if item.strip():
            credential, said = _credential(item.strip())
            notes += said
            if credential and credential not in found:
                found.append(credential)
    return tuple(found), notes


def _credential(item: str) -> tuple[Credential | None, list[Note]]:
    match = _DAY.search(item)
    words = item.replace(match[0], " ") if match else item
    expires = bool(re.search("到期|截止|有效期|有效|expires", words))
    label = re.sub(r"到期|截止|有效期至?|有效|至|签发|发证|expires|[()::\s]", "", words)
    term = find(CHECKS, label)
    if term is None:
        return None, [Note("check_unknown", item)]
    if match is None:
        return Credential(term.code), []
    on = read_day(match[0])
    if on is None:
        return None, [Note("check_day_unclear", item)]  # without its day it would count as valid for ever
    if expires:
        return Credential(term.code, expires=on), []
    said = [] if "签发" in words or "发证" in words else [Note("date_is_issue", item, on.isoformat())]
    return Credential(term.code, issued=on), said


def limits(text: str) -> tuple[Limits, list[Note]]:
    """A list of what a volunteer asks not to be given. What has no code is kept as text and named."""
    bars: list[str] = []
    disputes: list[Dispute] = []
    rest: list[str] = []
    for item in items(text):
        term = find(BARS, item)
        match = _DISPUTE.fullmatch(item)
        if term:
            bars.append(term.code)
        elif match:
            disputes.append(Dispute(match["building"], match["surname"], match["estate"]))
        else:
            rest.append(item)
    kept = Limits(tuple(dict.fromkeys(bars)), tuple(dict.fromkeys(disputes)), "、".join(rest))
    return kept, [Note("limit_text", item) for item in rest]

"""Estate, building, unit and door, in their own cells or in one."""

import re
from dataclasses import dataclass

from services.ledgers.cells.text import narrow

_BUILDING = r"(?P<building>[A-Za-z甲乙丙丁东西南北]?\d{1,4}[A-Za-z]?)\s*(?:号楼|栋|幢|#楼|#|座|楼)"
_UNIT = r"(?:(?P<unit>[A-Za-z0-9一二三四五六七八九十]{1,3})\s*单元)?"
_DOOR = r"(?:(?P<door>[A-Za-z]?\d{1,5}[A-Za-z]?)\s*(?:室|号|户)?)?"
_WHOLE = re.compile(rf"(?P<estate>.*?[^\d\s])\s*{_BUILDING}\s*{_UNIT}\s*{_DOOR}")
_PART = re.compile(
    r"([A-Za-z甲乙丙丁东西南北]?[0-9一二三四五六七八九十]{1,5}[A-Za-z]?)\s*(?:号楼|栋|幢|#楼|#|号|座|楼|单元|室|户)?"
)
_LONGEST = 60


@dataclass(frozen=True)
class Address:
    """Where somebody lives. Building, unit and door are short texts such as "10", "甲3" or "1203"."""

    estate: str
    building: str
    unit: str = ""
    door: str = ""


def part(text: str) -> str | None:
    """A building, unit or door without its word: "10号楼" is "10"; None when it is something else."""
    match = _PART.fullmatch(narrow(text))
    return match[1] if match else None


def whole(text: str) -> Address | None:
    """An address in one cell, such as 商品房小区2号楼3单元401; None when estate and building are not both there."""
    match = _WHOLE.fullmatch(narrow(text))
    if match is None or len(match["estate"]) > _LONGEST:
        return None
    return Address(match["estate"].strip(), match["building"], match["unit"] or "", match["door"] or "")

"""The keys a name is found by: its characters, its full pinyin and its initials, in every reading.

The keys of a name are one text, `=王秀英 =wangxiuying =wxy -xiuying -ying -xy `: after "=" stand keys of the whole name, after "-"
those that begin at a later syllable, and a space ends each. They say no more than the name does and are of its class.
"""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin

LONGEST = 500
# A name this long is rare, and its readings multiply.
_SYLLABLES, _READINGS = 6, 12
# ü is typed as v, u or yu.
_UMLAUT = ("v", "u", "yu")
# What is no Chinese character stands for itself.
_ALONE: Any = list
_APART: Any = lambda rest: [[one] for one in rest]  # noqa: E731


def fold(text: str) -> str:
    """A name or what somebody types for one, without case, width, tone marks, spaces and punctuation."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    apart = unicodedata.normalize("NFD", plain)
    return "".join(letter for letter in apart if letter.isalnum())


def keys_of(name: str) -> str:
    """All keys of a name, as they are kept beside it; "" for none."""
    whole = fold(name)
    found = [f"={whole} "] if whole else []
    if any(_is_chinese(letter) for letter in whole):
        found += _read_aloud(whole)
    else:
        found += [f"-{fold(word)} " for word in name.split()[1:] if fold(word)]
    return _short(dict.fromkeys(found))


def _is_chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff"


def _read_aloud(whole: str) -> list[str]:
    readings = _readings(whole[:_SYLLABLES])
    found = []
    for start in range(len(readings[0])):
        mark = "-" if start else "="
        for syllables in readings:
            rest = syllables[start:]
            found += [f"{mark}{''.join(rest)} ", f"{mark}{''.join(part[0] for part in rest)} "]
    return found


def _readings(name: str) -> list[Sequence[str]]:
    """Every way to read a name, the usual one first; only the surest when there are very many."""
    usual = [_one_word(part) for part in lazy_pinyin(name, errors=_ALONE)]
    every = [
        [spelt for reading in readings for spelt in _spellings(_one_word(reading))]
        for readings in pinyin(name, style=Style.NORMAL, heteronym=True, errors=_APART)
    ]
    # The surname is the one people look for by another reading.
    first: Iterator[Sequence[str]] = ([one, *usual[1:]] for one in every[0])
    return list(
        dict.fromkeys(map(tuple, [usual, *first, *itertools.islice(itertools.product(*every), _READINGS)]))
    )


def _one_word(reading: str) -> str:
    return fold(reading) or "?"


def _spellings(reading: str) -> list[str]:
    return [reading.replace("v", one) for one in _UMLAUT] if "v" in reading else [reading]


def _short(keys: dict[str, None]) -> str:
    kept = ""
    for key in keys:
        if len(kept) + len(key) <= LONGEST:
            kept += key
    return kept

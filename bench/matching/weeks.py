"""Made weeks: 336 half-hours as six words of 64 bits, bit 0 of word 0 = Monday 00:00."""

import numpy as np
from numpy.typing import NDArray

from matching.columns import WORDS

DAYS, HALF_HOURS = 7, 48
WHOLE = NDArray[np.int64]
CHUNK = 20_000  # rows unpacked to one byte a half-hour at a time

# Kinds of helpers' weeks: evenings and weekends, weekday daytime, mixed.
# For each: how likely a weekday's and a weekend day's block is, and from which half-hour to which it may begin.
WEEKDAY_SHARE = np.array([0.36, 0.40, 0.28])
WEEKEND_SHARE = np.array([0.45, 0.08, 0.33])
WEEKDAY_BEGIN = np.array([[35, 39], [16, 28], [16, 38]])
WEEKEND_BEGIN = np.array([[16, 30], [18, 28], [16, 36]])
LENGTH = np.array([[2, 6], [3, 7], [2, 6]])

# Windows of needs: share, days that may be in it, from, to; a window keeps each of its days with DAY_KEPT.
WINDOWS = (
    (0.12, range(7), 0, 48),  # any time: all bits
    (0.23, range(5), 17, 24),  # mornings
    (0.23, range(5), 26, 34),  # afternoons
    (0.21, range(7), 36, 43),  # evenings
    (0.21, (5, 6), 16, 40),  # weekends
)
DAY_KEPT = 0.6


def offered(rng: np.random.Generator, kinds: WHOLE) -> NDArray[np.uint64]:
    """The weeks of helpers of these kinds."""
    size = (kinds.size, DAYS)
    weekend = np.arange(DAYS) >= 5
    share = np.where(weekend, WEEKEND_SHARE[kinds][:, None], WEEKDAY_SHARE[kinds][:, None])
    there = rng.random(size) < share
    there[np.arange(kinds.size), rng.integers(0, DAYS, kinds.size)] |= ~there.any(axis=1)
    limits = np.where(weekend[:, None], WEEKEND_BEGIN[kinds][:, None], WEEKDAY_BEGIN[kinds][:, None])
    usual = rng.random((kinds.size, 1))  # somebody who begins early does so most days
    when = np.clip(usual + rng.normal(0, 0.2, size), 0, 1)
    begin = np.rint(limits[..., 0] + when * (limits[..., 1] - limits[..., 0])).astype(np.int64)
    length = rng.integers(LENGTH[kinds][:, :1], LENGTH[kinds][:, 1:] + 1, size)
    return pack(begin, np.where(there, np.minimum(begin + length, 45), begin))


def wanted(rng: np.random.Generator, count: int) -> NDArray[np.uint64]:
    """The windows of so many needs."""
    kind = np.minimum(
        np.searchsorted(np.cumsum([share for share, *_ in WINDOWS]), rng.random(count), side="right"),
        len(WINDOWS) - 1,
    )
    possible = np.array([[day in days for day in range(DAYS)] for _, days, _, _ in WINDOWS])[kind]
    kept = possible & ((rng.random((count, DAYS)) < DAY_KEPT) | (kind == 0)[:, None])
    kept = np.where(kept.any(axis=1)[:, None], kept, possible)
    begin = np.array([begin for _, _, begin, _ in WINDOWS])[kind][:, None] + np.zeros((1, DAYS), int)
    end = np.array([end for *_, end in WINDOWS])[kind][:, None]
    return pack(begin, np.where(kept, end, begin))


def pack(begin: WHOLE, end: WHOLE) -> NDArray[np.uint64]:
    """One block a day, ``begin <= half-hour < end``, as words."""
    words = np.zeros((len(begin), WORDS), dtype="<u8")
    hours = np.arange(HALF_HOURS)
    for first in range(0, len(begin), CHUNK):
        part = slice(first, first + CHUNK)
        bits = (hours >= begin[part, :, None]) & (hours < end[part, :, None])
        flat = np.packbits(bits.reshape(len(bits), -1), axis=1, bitorder="little")
        words[part].view(np.uint8)[:, : flat.shape[1]] = flat
    return words.astype(np.uint64)

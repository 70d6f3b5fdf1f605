"""Parts of a week that many people are free in, ticked or cleared by one tap."""

from flask import Flask
from flask_babel import gettext as _

from services.core.errors import N_
from services.core.week import FULL_WEEK, HALF_HOURS_A_DAY

# code: (words, days from Monday, first hour, last hour)
PRESETS: dict[str, tuple[str, str, int, int]] = {
    "weekday_mornings": (N_("Weekday mornings"), "01234", 9, 12),
    "weekday_afternoons": (N_("Weekday afternoons"), "01234", 14, 17),
    "weekday_evenings": (N_("Weekday evenings"), "01234", 18, 21),
    "weekend_daytime": (N_("Weekend daytime"), "56", 9, 18),
}
CLEAR = "clear"


def init(app: Flask) -> None:
    """Let the week grid offer them."""
    app.jinja_env.globals["week_presets"] = lambda: [
        (code, _(words), days, f"{first}-{last}") for code, (words, days, first, last) in PRESETS.items()
    ]


def turned(mask: int, code: str) -> int:
    """The week with a part ticked, or cleared when all of it was; "clear" empties it, another code changes nothing."""
    if code == CLEAR:
        return 0
    if code not in PRESETS:
        return mask
    _words, days, first, last = PRESETS[code]
    part = 0
    for day in map(int, days):
        for half_hour in range(2 * first, 2 * last):
            part |= 1 << (day * HALF_HOURS_A_DAY + half_hour)
    return mask & ~part & FULL_WEEK if mask & part == part else mask | part

"""The area of giving for programs, shared by its files."""

from app.api.area import Area

bp = Area(
    "pledges",
    __name__,
    "Units, what they promise, what of it is reserved and handed over, projects, and figures. "
    'A quantity is a whole number of the smallest part of its measure: fen for "CNY", minutes for "minute", else pieces.',
)

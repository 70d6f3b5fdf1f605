"""The area of messages for programs, shared by its files."""

from app.api.area import Area

bp = Area(
    "messages", __name__, "What people are told: one's inbox, how one is reached, what left, in which words."
)

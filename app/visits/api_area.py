"""The area of visits for programs, shared by its files."""

from app.api.area import Area

bp = Area(
    "visits", __name__, "What happened at households, what both sides say of it, and the hours it comes to."
)

VISIT = "/visits/<uuid:visit_id>"

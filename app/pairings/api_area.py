"""The area of matching for programs, shared by its files."""

from app.api.area import Area

bp = Area(
    "pairings",
    __name__,
    "Matching runs and their proposals, offers, and who helps whom. "
    "A `text` beside a code is in the reader's language, for people.",
)

RUN = "/matching-runs/<uuid:run_id>"
PROPOSAL = "/proposals/<uuid:proposal_id>"
PAIRING = "/pairings/<uuid:pairing_id>"

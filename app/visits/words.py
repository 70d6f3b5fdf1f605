"""What the pages call the codes of visits."""

from services.core.errors import N_
from services.visits.models import Visit

OUTCOMES = {
    "well": (N_("All well"), "good", "circle-check"),
    "concern": (N_("Something worries me"), "warn", "triangle-alert"),
    "absent": (N_("Nobody there"), "plain", "house"),
}
KINDS = {"visit": N_("Visit"), "call": N_("Phone call")}
STATES = {
    "noted": (N_("Waits for confirmation"), "wait"),
    "confirmed": (N_("Confirmed by both"), "good"),
    "attempt": (N_("Nobody was there"), "plain"),
    "disputed": (N_("Said not to be right"), "bad"),
    "corrected": (N_("Replaced by a correction"), "plain"),
    "withdrawn": (N_("Taken back"), "plain"),
}
HOW = {
    "account": N_("by own account"),
    "link": N_("by a link"),
    "code": N_("by the household's code"),
    "call": N_("in a phone call with the office"),
    "witness": N_("by a witness"),
}


def state_of(visit: Visit) -> tuple[str, str]:
    """The state in words (to be translated) and its tone; of a waiting visit, whose word is missing."""
    if visit.state == "noted" and visit.helper_at:
        return N_("Waits for the household"), "wait"
    if visit.state == "noted" and visit.household_at:
        return N_("Waits for the helper"), "wait"
    if visit.state == "noted":
        return N_("Waits for both sides"), "wait"
    return STATES[visit.state]

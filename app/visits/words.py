"""What the pages call the codes of visits."""

from flask_babel import gettext as _

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


# Why the minutes of a visit are no service hours, or not yet.
WHY_NOT = {
    "attempt": N_("Nobody was there: it shows that you came, and has no minutes"),
    "corrected": N_("A correction took its place"),
    "withdrawn": N_("Taken back"),
    "disputed": N_("Somebody says it was not so; the office looks into it"),
}


def length(minutes: int) -> str:
    """A length of time in hours and minutes."""
    if minutes < 60:
        return _("%(minutes)s min", minutes=minutes)
    if minutes % 60:
        return _("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)
    return _("%(hours)s h", hours=minutes // 60)


def state_of(visit: Visit) -> tuple[str, str]:
    """The state in words (to be translated) and its tone; of a waiting visit, whose word is missing."""
    if visit.state == "noted" and visit.helper_at:
        return N_("Waits for the household"), "wait"
    if visit.state == "noted" and visit.household_at:
        return N_("Waits for the helper"), "wait"
    if visit.state == "noted":
        return N_("Waits for both sides"), "wait"
    return STATES[visit.state]

"""What the pages call the codes of households, and the lists they offer."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.words import LOOK, look_reasons, named, options, said
from app.words import amount as amount
from app.words import plain as plain
from app.words import week as week
from services.communities import catalogue
from services.communities.models import Building
from services.core.audit import AuditEntry
from services.core.errors import N_
from services.households.models import Household

STATES = {
    "active": (N_("Served"), "good"),
    "moved": (N_("Moved away"), "plain"),
    "deceased": (N_("Deceased"), "plain"),
    "closed": (N_("Closed"), "plain"),
    "merged": (N_("Put together with another"), "plain"),
}
CLOSE = {
    "moved": N_("The household has moved away"),
    "deceased": N_("The person has died"),
    "closed": N_("The office no longer serves it"),
}
NEED_STATES = {
    "asked": (N_("Asked for by the household"), "wait"),
    "open": (N_("Not met yet"), "warn"),
    "met": (N_("Met"), "good"),
    "closed": (N_("Closed"), "plain"),
}
NEED_REASONS = {
    "met": N_("It has been met"),
    "no_longer": N_("It is no longer needed"),
    "elsewhere": N_("Somebody else helps"),
    "mistake": N_("Recorded by mistake"),
    "not_possible": N_("We cannot offer this"),
    "household_closed": N_("The household is closed"),
    "twice": N_("Recorded twice"),
}
EVIDENCE = {
    "paper": N_("Signed on paper"),
    "call": N_("Said in a call"),
    "account": N_("Given in the own account"),
}
URGENCY = {
    5: N_("5: now"),
    4: N_("4: this week"),
    3: N_("3: soon"),
    2: N_("2: when it fits"),
    1: N_("1: can wait"),
}
SHOW = {
    "in_need": N_("In need"),
    "paired": N_("With a helper"),
    "unpaired": N_("Without a helper"),
    "no_consent": N_("Without consent to matching"),
    "asking": N_("Asks for help"),
}
ACTIONS = {
    "household.registered": N_("Registered"),
    "household.changed": N_("Changed"),
    "household.closed": N_("Closed"),
    "household.reopened": N_("Opened again"),
    "household.invited": N_("Invitation made"),
    "household.account_linked": N_("Signs in from now on"),
    "household.resident_added": N_("Resident added"),
    "household.resident_removed": N_("Resident removed"),
    "household.merged": N_("Put together"),
    "household.merged_into": N_("Put together with another"),
    "household.unmerged": N_("Taken apart again"),
    "household.kept_apart": N_("These are two"),
    "visit.revealed": N_("Note of a visit"),
    "consent.given": N_("Consent recorded"),
    "consent.withdrawn": N_("Consent withdrawn"),
}
_LABELS = {
    "name": N_("Name"),
    "gender": N_("Gender"),
    "birthday": N_("Birthday"),
    "estate": N_("Estate"),
    "building": N_("Building"),
    "entrance": N_("Entrance"),
    "door": N_("Door"),
    "phone": N_("Phone"),
    "people": N_("People in the household"),
    "categories": N_("Circumstances the office knows"),
    "languages": N_("Languages"),
    "circumstances": N_("What a helper meets there"),
    "gender_wish": N_("Wish about the helper"),
    "places": N_("Helpers at most"),
    "note": N_("Note"),
    "kind": N_("What is needed"),
    "hours": N_("Hours a week"),
    "times": N_("Times a week"),
    "once": N_("Only once"),
    "week": N_("When it suits"),
    "urgency": N_("Urgency"),
    "consent_on": N_("Agreed to matching on"),
    "given_on": N_("Agreed on"),
    "evidence": N_("How"),
    "reason": N_("Reason"),
    "day": N_("Day"),
}
_ALL = {
    "kinds": catalogue.NEED_KINDS,
    "categories": catalogue.HOUSEHOLD_CATEGORIES,
    "languages": catalogue.LANGUAGES,
    "circumstances": catalogue.CIRCUMSTANCES,
    "gender_wish": catalogue.WISHED_GENDER,
    "genders": catalogue.GENDERS,
}


def choices() -> dict[str, Any]:
    """Every list that a household's forms offer, in the page's language."""
    return {
        **{name: options(terms) for name, terms in _ALL.items()},
        "urgencies": [(number, _(text)) for number, text in URGENCY.items()],
        "evidence": named(EVIDENCE),
        "need_reasons": [
            (code, text) for code, text in named(NEED_REASONS) if code not in ("household_closed", "twice")
        ],
        "close": named(CLOSE),
        "show": named(SHOW),
        "look": look_reasons(),
    }


def labels() -> dict[str, str]:
    """What the fields of a household are called."""
    return {name: _(text) for name, text in _LABELS.items()}


def one(which: str, code: str) -> str:
    """A code of the list `which` in words; "" for none."""
    return said(_ALL[which], [code])


def several(which: str, codes: list[str]) -> str:
    """Codes of the list `which` as one enumeration."""
    return said(_ALL[which], codes)


def looked_at(entry: AuditEntry) -> str:
    """What an audit entry is about, in words."""
    if entry.action == "household.revealed":
        return _(_LABELS.get(str(entry.details.get("field")), "?"))
    return _(ACTIONS[entry.action]) if entry.action in ACTIONS else entry.action


def look_reason(entry: AuditEntry) -> str:
    """What somebody looked for, in words; "" when it was not said."""
    code = str(entry.details.get("reason") or "")
    for words in (LOOK, CLOSE):
        if code in words:
            return _(words[code])
    return ""


def shown(household: Household, building: Building) -> dict[str, Any]:
    """A household as its form shows it before anything is typed; masked facts are left empty."""
    return {
        "name": household.name,
        "estate": building.estate,
        "building": building.number,
        "entrance": household.entrance,
        "door": "",
        "phone": "",
        "people": household.people or "",
        "languages": household.languages,
        "circumstances": household.circumstances,
        "gender_wish": household.gender_wish,
        "places": household.places,
    }


def differences(saved: dict[str, Any], form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Fields in which what was typed differs from what is saved now: (label, what is saved)."""
    found = []
    for name, value in saved.items():
        typed: Any = form.getlist(name) if isinstance(value, list) else form.get(name, "").strip()
        if name in ("door", "phone"):
            continue
        if typed != (value if isinstance(value, list) else str(value)):
            words = value if isinstance(value, list) else [str(value)]
            found.append((_(_LABELS[name]), several(name, words) if name in _ALL else ", ".join(words)))
    return found

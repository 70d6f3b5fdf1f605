"""What the pages call the codes of volunteers, and the lists they offer."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.forms import mask_of
from app.words import look_reasons as look_reasons
from app.words import options, plain, said
from app.words import week as week
from services.communities import catalogue, regions
from services.core.errors import N_
from services.volunteers.models import Volunteer

STATES = {
    "pending": (N_("Waits for the office"), "wait"),
    "active": (N_("Active"), "good"),
    "paused": (N_("On a break"), "plain"),
    "left": (N_("Has left"), "plain"),
    "declined": (N_("Not accepted"), "plain"),
    "merged": (N_("Put together with another"), "plain"),
}
DECLINE = {
    "unknown_person": N_("We could not find out who this is"),
    "not_now": N_("Not now"),
    "not_suitable": N_("Not suitable for this help"),
    "mistake": N_("Registered by mistake"),
}
LEVELS = {1: N_("can do"), 2: N_("does it well"), 3: N_("trained")}
_ALL = {
    "skills": catalogue.NEED_KINDS,
    "languages": catalogue.LANGUAGES,
    "limits": catalogue.BARS,
    "genders": catalogue.GENDERS,
    "parties": catalogue.POLITICAL_STATUS,
    "party_kinds": catalogue.PARTY_REGISTRATION,
    "checks": catalogue.CHECKS,
}
MASKED = ("phone", "birthday", "note")
_LABELS = {
    "name": N_("Name"),
    "gender": N_("Gender"),
    "phone": N_("Phone"),
    "email": N_("E-mail address"),
    "password": N_("Password"),
    "birthday": N_("Birthday"),
    "building": N_("Building"),
    "skills": N_("Can help with"),
    "well": N_("Especially good at"),
    "trained": N_("Trained in"),
    "languages": N_("Languages"),
    "week": N_("Free at"),
    "hours": N_("Hours a week"),
    "places": N_("Households at most"),
    "reach": N_("How far"),
    "limits": N_("Rather not"),
    "party": N_("Political status"),
    "party_kind": N_("Party membership"),
    "employer": N_("Works at"),
    "note": N_("Note"),
    "reason": N_("Reason"),
    "kind": N_("Paper"),
    "issued_on": N_("Issued on"),
    "expires_on": N_("Valid until"),
    "surname": N_("Surname"),
}
_LISTS = {
    "gender": "genders",
    "building": "buildings",
    "skills": "skills",
    "well": "skills",
    "trained": "skills",
    "languages": "languages",
    "limits": "limits",
    "party": "parties",
    "party_kind": "party_kinds",
}
REACHES = {
    300: N_("My own building and next to it (300 m)"),
    800: N_("A short walk (800 m)"),
    2000: N_("A ride by bicycle (2 km)"),
    5000: N_("5 km"),
}


def choices() -> dict[str, Any]:
    """Every list that a profile's form offers, in the page's language."""
    return {
        **{name: options(terms) for name, terms in _ALL.items()},
        "reaches": [(metres, _(text)) for metres, text in REACHES.items()],
        "buildings": choices_of_buildings(),
    }


def place(estate: str, number: str) -> str:
    """A building in the page's language."""
    return _("%(estate)s building %(number)s", estate=estate, number=number).strip()


def masked_phone(phone: str | None) -> str:
    """A phone of which only the end is seen; "" for none."""
    return f"•••• {phone[-4:]}" if phone else ""


def shown(volunteer: Volunteer, skills: dict[str, int]) -> dict[str, Any]:
    """A profile as its form shows it before anything is typed."""
    return {
        "name": volunteer.name,
        "gender": volunteer.gender,
        "phone": volunteer.phone or "",
        "party": volunteer.party,
        "party_kind": volunteer.party_kind,
        "employer": volunteer.employer,
        "languages": volunteer.languages,
        "skills": list(skills),
        "well": [skill for skill, level in skills.items() if level == 2],
        "trained": [skill for skill, level in skills.items() if level == 3],
        "week": volunteer.week,
        "hours": plain(volunteer.hours),
        "places": volunteer.places,
        "reach": volunteer.reach or "",
        "limits": volunteer.limits,
        "building": str(volunteer.building_id or ""),
        "birthday": volunteer.birthday or "",
        "note": volunteer.note or "",
    }


def place_of(volunteer: Volunteer) -> str:
    """Where a helper lives, as far as it is known."""
    if volunteer.building_id is None:
        return ""
    return dict(choices_of_buildings())[str(volunteer.building_id)]


def choices_of_buildings() -> list[tuple[str, str]]:
    """The community's buildings, to choose from."""
    return [(str(row.id), place(row.estate, row.number)) for row in regions.buildings()]


def labels() -> dict[str, str]:
    """What the fields of a profile are called."""
    return {name: _(text) for name, text in _LABELS.items()}


def one(which: str, code: str) -> str:
    """A code of the list `which` in words; "" for none."""
    return said(_ALL[which], [code])


def several(which: str, codes: list[str]) -> str:
    """Codes of the list `which` as one enumeration."""
    return said(_ALL[which], codes)


def differences(saved: dict[str, Any], form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Fields in which what was typed differs from what is saved now: (label, what is saved)."""
    lists = choices()
    found = []
    for name, value in saved.items():
        typed: Any = form.getlist(name) if isinstance(value, list) else form.get(name, "")
        if name == "week":
            typed = mask_of(form, 0)
        elif not isinstance(value, list):
            value = str(value)
        if typed != value and name in _LABELS and (name not in MASKED or typed):
            found.append((_(_LABELS[name]), _in_words(name, value, lists)))
    return found


def _in_words(name: str, value: Any, lists: dict[str, Any]) -> str:
    if name == "week":
        return week(value)
    terms: dict[Any, str] = dict(lists.get(_LISTS.get(name, ""), []))
    if isinstance(value, list):
        return ", ".join(str(terms.get(one, one)) for one in value)
    return terms.get(value, value)

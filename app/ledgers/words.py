"""What the pages call kinds, outcomes and fields of ledgers, and how a value of each field is written."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.language import day, english, local, speech
from services.communities import catalogue
from services.core.errors import N_
from services.core.week import text_from_week
from services.ledgers import columns, issues, layout, steps
from services.ledgers.files.into import HIDDEN
from services.ledgers.files.register import KINDS as FILES
from services.ledgers.files.register import PREFIX, of_import
from services.ledgers.issues import Issue
from services.ledgers.steps import Change

KINDS = {
    columns.HOUSEHOLDS: N_("Household ledger"),
    columns.VOLUNTEERS: N_("Volunteer register"),
    columns.PLEDGES: N_("Pledge list"),
    **{PREFIX + key: kind.label for key, kind in FILES.items()},
}
# The kinds of file: ending and encoding, what it is called, what it is for.
FORMS = {
    "xlsx": (("xlsx", ""), N_("Excel (xlsx)"), N_("the best one to change and bring in again")),
    "csv": (("csv", "utf-8-sig"), N_("CSV file (UTF-8)"), N_("for other programs")),
    "csv-gb18030": (("csv", "gb18030"), N_("CSV file (GB18030)"), N_("for older Chinese programs")),
}
REASONS = {
    "change": N_("To be changed and brought in again"),
    "authority": N_("For an authority that may ask for it"),
    "keep": N_("To be kept safe"),
    "move": N_("To move to another community or system"),
    "other": N_("Another reason"),
}
OUTCOMES = {
    steps.NEW: (N_("Newly added"), "good"),
    steps.CHANGED: (N_("Updated"), "info"),
    steps.SAME: (N_("Already here"), "plain"),
    steps.LEFT: (N_("Left as it was"), "plain"),
    steps.REFUSED: (N_("Not imported"), "bad"),
    steps.DROPPED: (N_("No record"), "plain"),
}
SEVERITIES = {issues.ERROR: (N_("Not imported"), "bad"), issues.WARNING: (N_("Please check"), "warn")}
STATES = {
    "uploaded": (N_("Not imported yet"), "wait"),
    "reading": (N_("Being read"), "wait"),
    "read": (N_("Not imported yet"), "wait"),
    "importing": (N_("Being imported"), "wait"),
    "imported": (N_("Imported"), "good"),
    "given_up": (N_("Removed, not imported"), "plain"),
}
# Why the background gave a file back; other reasons are the general one.
ERRORS = {
    "ledger_changed": N_("Something changed since you looked at this page. Please look again, then import."),
    "forbidden": N_("You may no longer import ledgers here, so nothing was imported."),
    "failed": N_("This did not work, several times. Nothing was imported. Split the file and try its parts."),
}
# Facts that are called otherwise in the product than in the columns of a ledger.
_COLUMN = {
    "birthday": "birth",
    "note": "notes",
    "week": "times",
    "party": "political_status",
    "party_kind": "party_registration",
    "building": "address",
    "disputes": "limits",
    "conditions": "wishes",
}
_OWN = {
    "circumstances": N_("Circumstances at home"),
    "gender_wish": N_("Wishes for a helper who is"),
    "need": N_("Need"),
    "check": N_("Certificate or check"),
    "contact": N_("Contact person"),
}
_TERMS = {
    "gender": catalogue.GENDERS,
    "gender_wish": catalogue.GENDERS,
    "party": catalogue.POLITICAL_STATUS,
    "party_kind": catalogue.PARTY_REGISTRATION,
    "skills": catalogue.NEED_KINDS,
    "need": catalogue.NEED_KINDS,
    "check": catalogue.CHECKS,
    "languages": catalogue.LANGUAGES,
    "categories": catalogue.HOUSEHOLD_CATEGORIES,
    "circumstances": catalogue.CIRCUMSTANCES,
    "limits": catalogue.BARS,
    "organisation_kind": catalogue.UNIT_KINDS,
}
_DAYS = ("birthday", "consent", "registered_on")
_MASKED = ("birthday", "note", "categories")


def kinds() -> list[tuple[str, str]]:
    """What can be taken out, for a choice."""
    return [(key, _(kind.label)) for key, kind in FILES.items()]


def forms() -> list[tuple[str, str, str]]:
    """The kinds of file, for a choice."""
    return [(key, _(label), _(about)) for key, (_how, label, about) in FORMS.items()]


def reasons() -> list[tuple[str, str]]:
    """Why sealed columns leave, for a choice."""
    return [(code, _(label)) for code, label in REASONS.items()]


def field_label(kind: str, name: str) -> str:
    """What a fact is called: "Phone", "Need: Meal delivery"."""
    if own := of_import(kind):
        return _(own.field(name).label)
    name, _colon, part = name.partition(":")
    if name in _OWN:
        term = catalogue.find(_TERMS[name], part) if part and name in _TERMS else None
        label = _(_OWN[name])
        return _("%(label)s: %(part)s", label=label, part=local(term) if term else part) if part else label
    return _(columns.FIELDS[kind][_COLUMN.get(name, name)].label)


def value(name: str, given: Any) -> str:
    """A fact's value in the page's language; "" for none."""
    name = name.partition(":")[0]
    if given in (None, "", [], (), "-"):
        return ""
    if name in _DAYS:
        return day(date.fromisoformat(given))
    if name == "week":
        return text_from_week(given, speech().code)
    if name == "need":
        return _amount(given)
    if name == "check":
        return _paper(given)
    if name == "building":
        return _("%(estate)s, building %(number)s", estate=given[0], number=given[1])
    if name == "disputes":
        return _list([_("%(surname)s in building %(number)s", surname=s, number=n) for n, s in given])
    if name in _TERMS:
        return _list([_term(name, code) for code in ([given] if isinstance(given, str) else given)])
    return str(given)


def _term(name: str, code: str) -> str:
    found = catalogue.find(_TERMS[name], code)
    return local(found) if found else code


def _list(parts: list[str]) -> str:
    return (", " if english() else "、").join(parts)


def _amount(given: dict[str, Any]) -> str:
    parts = []
    once, hours, times = given.get("once"), given.get("hours"), given.get("times")
    if once and not hours and not times:
        parts.append(_("once"))
    if hours:
        parts.append(_("%(hours)s h a week", hours=Decimal(hours)))
    if times:
        parts.append(_("%(times)s × a week", times=times))
    if given.get("urgency"):
        parts.append(_("urgency %(urgency)s", urgency=given["urgency"]))
    if given.get("week"):
        parts.append(text_from_week(given["week"], speech().code))
    return _list(parts)


def _paper(given: dict[str, Any]) -> str:
    parts = []
    if given.get("issued_on"):
        parts.append(_("issued %(day)s", day=day(date.fromisoformat(given["issued_on"]))))
    if given.get("expires_on"):
        parts.append(_("expires %(day)s", day=day(date.fromisoformat(given["expires_on"]))))
    return _list(parts) or _("no day given")


def new_value(kind: str, change: Change) -> str:
    """What the file says instead."""
    return (change.new or _("nothing")) if of_import(kind) else value(change.field, change.new)


def old_value(kind: str, change: Change) -> str:
    """What Linli has, before a change; of what is sealed only so much as tells that there is something."""
    if of_import(kind):
        return _("something else (hidden)") if change.old == HIDDEN else (change.old or _("nothing"))
    name, old = change.field.partition(":")[0], change.old
    if old in (None, "", [], "-"):
        return _("nothing")
    if name in ("phone", "contact"):
        return f"…{str(old)[-4:]}"
    if name in _MASKED:
        return _("something else (hidden)")
    return value(change.field, old) or _("nothing")


def understood(kind: str, line: dict[str, Any]) -> list[tuple[str, str]]:
    """Everything that was understood of a row: what it is called, and the value."""
    said = line["understood"]
    if own := of_import(kind):
        shown = {one.key: one for one in own.fields if one.key not in ("id", *own.named)}
        return [(_(shown[key].label), cell) for key, cell in said.items() if key in shown]
    if kind == columns.PLEDGES:
        return _understood_pledge(said)
    return [
        (_("Address") if name == "address" else field_label(kind, name), value(name, given))
        for name, given in said.items()
        if name != "name"
    ]


def _understood_pledge(said: dict[str, Any]) -> list[tuple[str, str]]:
    pers = {"week": N_("each week"), "month": N_("each month"), "quarter": N_("each quarter")}
    per = pers.get(said["per"])
    kind = catalogue.find(catalogue.PLEDGE_KINDS, said["kind"])
    found = [
        (_("Type of unit"), value("organisation_kind", said["organisation_kind"])),
        (
            _("Pledge"),
            " ".join(filter(None, [local(kind), said["what"], said["amount"], _(per) if per else ""])),
        ),
        (_("Times available"), value("week", said["times"])),
        (_("Starts on"), day(date.fromisoformat(said["starts"])) if said["starts"] else ""),
        (_("Ends on"), day(date.fromisoformat(said["ends"])) if said["ends"] else ""),
        (_("Contact person"), said["contact"]),
        (_("Phone"), said["phone"]),
        (_("Hopes for in return"), said["wishes"]),
    ]
    return [(label, text) for label, text in found if text]


def message(issue: Issue) -> str:
    """What is said about a cell, in the page's language."""
    text, values = issue.message()
    if issue.code == "need_closed":
        values["understood"] = _term("need", issue.understood)
    if issue.code == "consent_withdrawn":
        values["understood"] = value("consent", issue.understood)
    return _(text, **values)


def reason(code: str, of_row: int | None) -> str:
    """Why a row is not a record."""
    return _(layout.REASONS[code], of_row=of_row)

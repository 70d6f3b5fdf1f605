"""What is said about a cell or a row: language-neutral codes, and the sentence each one becomes."""

from dataclasses import dataclass, field

from services.core.errors import N_, DomainError

ERROR, WARNING = "error", "warning"

# code: (severity, sentence). An error keeps the whole row out; with a warning the row comes in as the sentence says.
CODES: dict[str, tuple[str, str]] = {
    "missing": (ERROR, N_("%(title)s is empty. Please fill it in.")),
    "address_unclear": (
        ERROR,
        N_("“%(raw)s” is not an address we can place. Write estate, building, unit and door."),
    ),
    "pledge_unclear": (
        ERROR,
        N_("“%(raw)s” is not understood. Write what, how much and the unit, for example “Rice 60 bags”."),
    ),
    "dates_reversed": (
        ERROR,
        N_("The end, %(raw)s, is before the beginning, %(understood)s. Correct one of the two dates."),
    ),
    "term_unclear": (
        ERROR,
        N_(
            "“%(raw)s” is not a date. Write it like 2026-12-31; a pledge without an end leaves the end empty."
        ),
    ),
    "same_door": (
        ERROR,
        N_(
            "Row %(other_row)s has the same door, and these differ: %(differs)s. Correct one of the two rows."
        ),
    ),
    "same_person": (
        ERROR,
        N_(
            "Row %(other_row)s is the same person, and these differ: %(differs)s. Correct one of the two rows."
        ),
    ),
    "same_pledge": (
        ERROR,
        N_(
            "Row %(other_row)s is the same pledge, and these differ: %(differs)s. Correct one of the two rows."
        ),
    ),
    "same_unit": (ERROR, N_("Row %(other_row)s gives this unit another type. Correct one of the two rows.")),
    "phone_missing": (WARNING, N_("No phone. Imported without one.")),
    "phone_unclear": (WARNING, N_("“%(raw)s” is not a phone number. Imported without a phone.")),
    "phone_kept": (
        WARNING,
        N_("The same as row %(other_row)s without a usable phone (“%(raw)s”). That row's phone is kept."),
    ),
    "phone_shared": (
        WARNING,
        N_("Row %(other_row)s has the same phone under another name. Both are imported."),
    ),
    "phone_taken": (
        WARNING,
        N_("Row %(other_row)s has the same phone under another name. This phone is not taken over."),
    ),
    "phone_new": (
        WARNING,
        N_("The same person as row %(other_row)s with a new phone: %(understood)s replaces the old one."),
    ),
    "date_unclear": (WARNING, N_("“%(raw)s” is not a date. Left empty.")),
    "date_future": (WARNING, N_("%(understood)s is in the future. Left empty.")),
    "date_serial": (WARNING, N_("The number %(raw)s is read as the date %(understood)s.")),
    "date_is_issue": (
        WARNING,
        N_("“%(raw)s” does not say “expires”: %(understood)s is taken as the day of issue."),
    ),
    "number_unclear": (WARNING, N_("“%(raw)s” is not a number we can use here. Left empty.")),
    "range_upper": (WARNING, N_("“%(raw)s” is read as at most %(understood)s.")),
    "gender_unclear": (WARNING, N_("“%(raw)s” is not a gender we know. Left empty.")),
    "urgency_unclear": (
        WARNING,
        N_("“%(raw)s” is not an urgency (1 to 5, or low, medium, high, urgent). Left empty."),
    ),
    "word_unknown": (WARNING, N_("“%(raw)s” is not in the list of this column. Left out.")),
    "amount_unclear": (
        WARNING,
        N_("How much “%(raw)s” means is not understood. Only the kind is imported: %(understood)s."),
    ),
    "kind_repeated": (WARNING, N_("“%(raw)s” names the same kind again. Only the first is imported.")),
    "times_missing": (WARNING, N_("No times given. Please ask and fill them in.")),
    "times_unclear": (
        WARNING,
        N_("“%(raw)s” is not a time of the week. Left out; please fill it in by hand."),
    ),
    "times_rounded": (WARNING, N_("“%(raw)s” is cut to whole half-hours: %(understood)s.")),
    "hours_missing": (WARNING, N_("No hours a week given. Left empty.")),
    "places_missing": (WARNING, N_("Not said how many households. Left empty.")),
    "address_text": (WARNING, N_("“%(raw)s” is kept as text: no estate and building were found in it.")),
    "consent_unclear": (
        WARNING,
        N_("“%(raw)s” does not say whether consent was signed. Treated as not signed."),
    ),
    "consent_missing": (WARNING, N_("Nothing about consent. Treated as not signed.")),
    "check_unknown": (WARNING, N_("“%(raw)s” is not a certificate we know. Left out.")),
    "check_day_unclear": (
        WARNING,
        N_("“%(raw)s” has a day that does not exist. The certificate is left out."),
    ),
    "limit_text": (WARNING, N_("“%(raw)s” is kept as a note for staff; the matching cannot use it.")),
    "looks_like_formula": (WARNING, N_("“%(raw)s” looks like a formula. Kept as plain text.")),
    "looks_like_html": (WARNING, N_("“%(raw)s” looks like web page code. Kept as plain text.")),
    "id_number_removed": (WARNING, N_("An ID number stood in this cell. It was removed and is not stored.")),
    # What Linli has already, met by a row.
    "door_other": (
        ERROR,
        N_(
            "Linli knows another household at this door: %(understood)s. Close that one first, or correct the row."
        ),
    ),
    "household_elsewhere": (
        ERROR,
        N_(
            "Linli has a household of this name and phone behind another door. Change its address there, or correct the row."
        ),
    ),
    "same_subject": (ERROR, N_("Row %(other_row)s means the same one. Correct one of the two rows.")),
    "phone_held": (
        WARNING,
        N_("Linli has this phone under another name: %(understood)s. This phone is not taken over."),
    ),
    "phone_second": (
        WARNING,
        N_("An earlier row gives this contact another phone. This phone is not taken over."),
    ),
    "need_closed": (WARNING, N_("%(understood)s: this need was closed in Linli and stays closed.")),
    "consent_withdrawn": (
        WARNING,
        N_("The consent of %(understood)s was withdrawn since. It stays withdrawn."),
    ),
    "helper_left": (WARNING, N_("This helper has left. Nothing is changed.")),
    "unit_kind_missing": (ERROR, N_("Linli does not know this unit yet: please fill in its type.")),
    "pledge_differs": (
        ERROR,
        N_(
            "Linli has this pledge with another quantity or last day. Take that one back first, or correct the row."
        ),
    ),
    "rule": (ERROR, "%(understood)s"),
    "too_long": (ERROR, N_("This cell has more than %(understood)s characters.")),
}

LONGEST_RAW = 60


class LedgerError(DomainError):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Issue:
    """One thing said about one cell. `raw` is what stood there, shortened; `understood` is what was made of it.

    A rule that refused the row is `understood` in its own words, which `values` fill.
    """

    row: int
    letter: str
    title: str
    severity: str
    code: str
    raw: str = ""
    understood: str = ""
    other_row: int | None = None
    differs: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)

    def message(self) -> tuple[str, dict[str, str | int | None]]:
        """The English msgid and the values that fill it."""
        if self.code == "rule":
            return self.understood, dict(self.values)
        values: dict[str, str | int | None] = {
            "title": self.title,
            "raw": self.raw,
            "understood": self.understood,
            "other_row": self.other_row,
            "differs": "、".join(self.differs),
        }
        return CODES[self.code][1], values


@dataclass(frozen=True)
class Note:
    """What a cell parser says before it is known which row and column it was reading."""

    code: str
    raw: str = ""
    understood: str = ""


def shorten(text: str) -> str:
    """`text` short enough to show in a list of issues."""
    return text if len(text) <= LONGEST_RAW else text[: LONGEST_RAW - 1] + "…"

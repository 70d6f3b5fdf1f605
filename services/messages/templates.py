"""The words of messages, in both languages: registered at import by the area that speaks them."""

import string
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

LANGUAGES = {"zh_Hans": "zh", "en": "en"}


@dataclass(frozen=True)
class Text:
    """A message as a person reads it."""

    subject: str
    body: str


TEMPLATES: dict[str, dict[str, Text]] = {}


def register(code: str, *, zh: tuple[str, str], en: tuple[str, str]) -> None:
    """Register the subject and body of `code`, with placeholders such as {day}.

    Raises ValueError when the code is taken or the languages do not use the same plain placeholders.
    """
    if code in TEMPLATES:
        raise ValueError(f"message {code} is registered twice")
    if plain_names("\n".join(zh)) != plain_names("\n".join(en)):
        raise ValueError(f"message {code} says different things in its two languages")
    TEMPLATES[code] = {"zh": Text(*zh), "en": Text(*en)}


def placeholders(code: str) -> set[str]:
    """The names that the words of `code` leave open. Raises KeyError."""
    text = TEMPLATES[code]["en"]
    return plain_names(f"{text.subject}\n{text.body}")


def render(code: str, language: str, params: dict[str, str]) -> Text:
    """The words of `code` in an account's language ("zh_Hans", "en"), filled in. Raises KeyError.

    A message from before a placeholder was added goes without it.
    """
    text = TEMPLATES[code][LANGUAGES[language]]
    filled = dict.fromkeys(placeholders(code), "") | params
    return Text(text.subject.format(**filled), text.body.format(**filled))


def title(code: str, language: str) -> str:
    """What kind of message `code` is: its subject with what it leaves open left out; the code when its words are gone."""
    if code not in TEMPLATES:
        return code
    return TEMPLATES[code][LANGUAGES[language]].subject.format(**dict.fromkeys(placeholders(code), "…"))


def in_language(params: dict[str, object], language: str) -> dict[str, str]:
    """Values as text: a day is written out, and of a pair {"zh": …, "en": …} the reader's own is taken."""
    return {name: _plain(value, language) for name, value in params.items()}


def _plain(value: object, language: str) -> str:
    if isinstance(value, dict):
        return str(value[LANGUAGES[language]])
    if isinstance(value, date):
        return format_date(value, "long", locale=language)
    return str(value)


def plain_names(text: str) -> set[str]:
    """The placeholders of a text. Raises ValueError for any that is more than a name in braces, or a brace alone."""
    names = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is not None:
            if not name.isidentifier() or form or conversion:
                raise ValueError(f"not a plain placeholder: {name!r}")
            names.add(name)
    return names

"""The words a community says things in: its own where it has written some, else those of the area that speaks."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.core import audit, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.core.free_text import without_id_numbers
from services.messages import templates
from services.messages.models import Message, Wording
from services.messages.templates import Text

PERMISSION = "communities.settings"
SUBJECT_LENGTH, BODY_LENGTH = 120, 2000

# What a preview fills the placeholders with.
EXAMPLES: dict[str, object] = {
    "plan": {"zh": "首次走访", "en": "First visit"},
    "day": date(2026, 11, 30),
    "since": date(2026, 12, 1),
    "until": date(2026, 12, 14),
    "month": {"zh": "2026年11月", "en": "November 2026"},
    "building": {"zh": "枣园北里3号楼", "en": "building 3"},
    "needs": {"zh": "理发", "en": "haircut"},
    "need": {"zh": "理发", "en": "haircut"},
    "times": {"zh": "周六上午", "en": "Saturday morning"},
    "skills": {"zh": "理发", "en": "haircut"},
    "helper": {"zh": "王芳", "en": "Wang Fang"},
    "household": {"zh": "李奶奶家", "en": "the Li family"},
    "name": {"zh": "王芳", "en": "Wang Fang"},
    "who": {"zh": "王芳", "en": "Wang Fang"},
    "before": {"zh": "刘强", "en": "Liu Qiang"},
    "community": {"zh": "枣园社区", "en": "Zaoyuan"},
    "wish": {"zh": "生活用品", "en": "things for the home"},
    "item": {"zh": "大米", "en": "rice"},
    "project": {"zh": "社区办公用房添置", "en": "Fit out the office"},
    "so_far": {
        "zh": "今年以来，贵单位已交付3次，帮到2户居民。",
        "en": "This year so far you handed over 3 times, to 2 households.",
    },
    "quantity": {"zh": "5袋", "en": "5 bags"},
    "host": "hooks.example.org",
    "minutes": "60",
    "count": "3",
    "number": "3",
}


def spoken(messages: Sequence[Message]) -> list[Text | None]:
    """Messages as their readers see them; None for one whose words are gone."""
    own = _own(message.template for message in messages)
    return [_say(message, own) for message in messages]


def _say(message: Message, own: dict[tuple[str, str], Wording]) -> Text | None:
    wording = own.get((message.template, templates.LANGUAGES.get(message.language, "")))
    if wording is not None:
        # A template that has changed since may have other placeholders: then the original speaks.
        with suppress(KeyError, ValueError, IndexError):
            return _fill(wording, message.params)
    with suppress(KeyError):
        return templates.render(message.template, message.language, message.params)
    return None


def _fill(text: Text | Wording, params: dict[str, str]) -> Text:
    return Text(text.subject.format(**params), text.body.format(**params))


def codes(actor: Actor) -> list[tuple[str, bool]]:
    """Every template with words of its own kind, and whether the community has written others. Raises Forbidden."""
    permissions.require(actor, PERMISSION)
    own = {code for code, _ in _own(templates.TEMPLATES)}
    return [(code, code in own) for code in templates.TEMPLATES]


def current(actor: Actor, *, code: str) -> dict[str, Text]:
    """The words of a template as the community says them, by language. Raises Forbidden, NotFound."""
    permissions.require(actor, PERMISSION)
    _known(code)
    own = _own([code])
    return {
        language: Text(found.subject, found.body) if (found := own.get((code, language))) else original
        for language, original in templates.TEMPLATES[code].items()
    }


def preview(actor: Actor, *, code: str, language: str, text: Text) -> Text:
    """A wording filled with examples. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, PERMISSION)
    _known(code)
    _check(code, text, language)
    locale = {short: locale for locale, short in templates.LANGUAGES.items()}[language]
    examples = {name: EXAMPLES.get(name, f"…{name}…") for name in templates.placeholders(code)}
    return _fill(text, templates.in_language(examples, locale))


def save(actor: Actor, *, code: str, texts: dict[str, Text]) -> None:
    """Say a template in the community's own words. Words like the original's are the original.

    Raises Forbidden, NotFound, DomainError for placeholders that the template does not have.
    """
    permissions.require(actor, PERMISSION)
    _known(code)
    for language, text in texts.items():
        _check(code, text, language)
    _forget(code)
    rows = [
        {
            "community_id": scope.community_id(),
            "code": code,
            "language": language,
            "subject": text.subject,
            "body": text.body,
        }
        for language, text in texts.items()
        if text != templates.TEMPLATES[code][language]
    ]
    if rows:
        db.session.execute(insert(Wording).on_conflict_do_nothing(), rows)
    audit.record(actor, "wording.changed", "wording", None, code=code)


def restore(actor: Actor, *, code: str) -> None:
    """Go back to the original words. Raises Forbidden, NotFound."""
    permissions.require(actor, PERMISSION)
    _known(code)
    _forget(code)
    audit.record(actor, "wording.restored", "wording", None, code=code)


def _forget(code: str) -> None:
    db.session.execute(delete(Wording).where(Wording.code == code))


def _own(wanted: Iterable[str]) -> dict[tuple[str, str], Wording]:
    rows = db.session.scalars(select(Wording).where(Wording.code.in_(set(wanted))))
    return {(row.code, row.language): row for row in rows}


def _known(code: str) -> None:
    if code not in templates.TEMPLATES:
        raise NotFound()


def _check(code: str, text: Text, language: str) -> None:
    allowed = templates.placeholders(code)
    for field, part in ((f"subject_{language}", text.subject), (f"body_{language}", text.body)):
        without_id_numbers(part, field=field)
        try:
            unknown = templates.plain_names(part) - allowed
        except ValueError as error:
            raise DomainError(
                "braces",
                N_("Braces only go around a placeholder's name: {%(example)s}."),
                field=field,
                example=min(allowed, default="day"),
            ) from error
        if unknown:
            raise DomainError(
                "placeholder",
                N_("This message has no {%(name)s}. It has: %(known)s."),
                field=field,
                name=min(unknown),
                known=" ".join(f"{{{name}}}" for name in sorted(allowed)) or "—",
            )

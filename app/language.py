"""Which of the two languages a page speaks, and how it writes days and numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel, Domain, force_locale, format_date, format_time, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app import auth
from services.core.errors import DomainError
from services.people.accounts import LANGUAGES


def init(app: Flask) -> None:
    """Choose language and time zone per request."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel = Babel(app, default_locale="zh_Hans", locale_selector=_choose, timezone_selector=_zone)
    babel.domain_instance = _texts
    app.context_processor(_context)
    # Jinja's own looks up language and texts anew for each of a page's hundreds of words.
    app.jinja_env.globals["_"] = _say
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["month"] = month
    app.jinja_env.filters["weekday"] = weekday
    app.jinja_env.filters["moment"] = moment


class _Texts(Domain):
    """flask-babel's texts, looked up once for each request and not for each text."""

    def get_translations(self) -> Translations:
        return speech().texts

    def of_request(self) -> Translations:
        return super().get_translations()


_texts = _Texts()


class Speech(NamedTuple):
    """What a page speaks: the language's code, and the texts in it."""

    code: str
    texts: Translations


def speech() -> Speech:
    """What this request speaks, looked up once."""
    found: Speech | None = g.get("speech")
    if found is None:
        found = g.speech = Speech(str(get_locale()), _texts.of_request())
    return found


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Another language inside the block."""
    before = g.pop("speech", None)
    try:
        with force_locale(code):
            yield
    finally:
        g.speech = before


def _say(message: str, **values: Any) -> Markup:
    # As Jinja's "newstyle" gettext: what is put in is escaped.
    text = Markup(speech().texts.ugettext(message))
    return text % values if "%" in text else text


def english() -> bool:
    """Whether the page speaks English."""
    return speech().code == "en"


def _choose() -> str:
    if not g or not request:
        return "zh_Hans"
    account = auth.account()
    chosen = account.language if account else session.get("language")
    if chosen in LANGUAGES:
        return chosen
    return "en" if request.accept_languages.best_match(["zh", "en"], "zh") == "en" else "zh_Hans"


def _zone() -> str:
    community = g.get("community") if g else None
    return community.zone if community else "Asia/Shanghai"


def _context() -> dict[str, object]:
    account = auth.account()
    return {
        "locale": speech().code,
        "big_text": account.big_text if account else bool(session.get("big_text")),
        "local": local,
    }


def local(row: Any) -> str:
    """The name of a region, community, plan or catalogue term in the page's language."""
    return named_in(row, english())


def named_in(row: Any, in_english: bool) -> str:
    """The name of a row in one of the two languages; "" for none."""
    columns = ("name_en", "en", "name") if in_english else ("zh", "name")
    for column in columns:
        if name := getattr(row, column, ""):
            return name
    return ""


def say(error: DomainError) -> str:
    """A refusal in the page's language."""
    return _(error.message, **error.params)


def day(value: date | None) -> str:
    """A calendar day in the page's language; "" for none."""
    return format_date(value, "medium", rebase=False) if value else ""


def weekday(value: date | None) -> str:
    """A calendar day with its day of the week, in the page's language; "" for none."""
    return format_date(value, "full", rebase=False) if value else ""


def month(value: date) -> str:
    """A calendar month in the page's language."""
    return format_date(value, "MMMM y" if english() else "y年M月", rebase=False)


def moment(value: datetime | None) -> str:
    """An instant as the community's clock showed it; "" for none."""
    return f"{format_date(value, 'medium')} {format_time(value, 'HH:mm')}" if value else ""

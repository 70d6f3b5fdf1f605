"""Which of the two languages a page speaks, and how it writes days and numbers."""

from datetime import date, datetime
from typing import Any

from flask import Flask, g, request, session
from flask_babel import Babel, format_date, format_time, get_locale
from flask_babel import gettext as _

from app import auth
from services.core.errors import DomainError
from services.people.accounts import LANGUAGES


def init(app: Flask) -> None:
    """Choose language and time zone per request."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="zh_Hans", locale_selector=_choose, timezone_selector=_zone)
    app.context_processor(_context)
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["month"] = month
    app.jinja_env.filters["weekday"] = weekday
    app.jinja_env.filters["moment"] = moment


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
        "locale": str(get_locale()),
        "big_text": account.big_text if account else bool(session.get("big_text")),
        "local": local,
    }


def local(row: Any) -> str:
    """The name of a region, community, plan or catalogue term in the page's language."""
    columns = ("name_en", "en", "name") if str(get_locale()) == "en" else ("zh", "name")
    return next((name for column in columns if (name := getattr(row, column, ""))), "")


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
    return format_date(value, "MMMM y" if str(get_locale()) == "en" else "y年M月", rebase=False)


def moment(value: datetime | None) -> str:
    """An instant as the community's clock showed it; "" for none."""
    return f"{format_date(value, 'medium')} {format_time(value, 'HH:mm')}" if value else ""

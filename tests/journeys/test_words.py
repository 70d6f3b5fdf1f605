"""A walk over everybody's screens in both languages: no word of the other one is left, and every form can be sent as it is."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import url_for

from app.demo.district import DOMAIN
from services.people import accounts
from tests.app.crawler import Page, crawl
from tests.factories import world
from tests.journeys import screens, walking

CATALOGUE = Path(__file__).parents[2] / "app" / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
# Names, file kinds and signs that Chinese pages write in Latin letters too.
STAYS = {
    "Linli",
    "English",
    "xlsx",
    "xls",
    "csv",
    "Excel",
    "CSV",
    "UTF",
    "GB",
    "ID",
    "PDF",
    "MB",
    "QR",
    "km",
    "m",
    "Shift",
    "Asia",
    "Shanghai",
    "liuyuan",
    "Enter",
    "Escape",
    "wangxiuying",
    "wxy",
    "iPhone",
    "iPad",
    "Chrome",
    "Edge",
    "Firefox",
    "iCalendar",
    "FREQ",
    "MONTHLY",
    "BYDAY",
    "MAIL_SERVER",
    "JPEG",
    "PNG",
    "WebP",
}
# Where an administrator sees the words of both languages; what programmers read is in English.
BOTH = re.compile("/messages/settings/|/settings/words/|^/api/v1/")
# Not the letters inside a fingerprint's digits.
WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z_]+(?![A-Za-z0-9_])")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
LABELS = ("aria-label", "title", "placeholder", "alt")


class Told(HTMLParser):
    """All that a page says: its texts, folded parts and labels for screen readers included."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts, self._in = list[str](), ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        self.texts += [value for name, value in attrs if name in LABELS and value]

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in not in ("script", "style", "title") and data.strip():
            self.texts.append(data.strip())


@cache
def chinese_texts() -> frozenset[str]:
    """The Chinese of every text that English pages say otherwise; the switch of language names Chinese in Chinese."""
    with CATALOGUE.open("rb") as file:
        held = [one for one in read_po(file) if one.id and isinstance(one.string, str)]
    return frozenset(one.string for one in held if one.string != one.id) - {"中文"}


@pytest.fixture
def client(demo):
    """A browser without scripts."""
    return demo.test_client()


def walk(demo, client, login, locale):
    """Every screen of somebody in that language, by address."""
    starts = ["/"]
    if login == screens.GUEST:
        starts = list(walking.OUTSIDE)
    else:
        with demo.app_context():
            world.sign_in(client, accounts.find(f"{login}@{DOMAIN}"))
    with demo.test_request_context():
        speak = url_for("people.language")
    client.post(speak, data={"locale": locale, "next": "/"})
    found = crawl(demo, client, starts, each=1)
    return {
        url: answer.text
        for url, answer in found
        if answer.mimetype == "text/html" and answer.status_code == 200
    }


# All that staff see an administrator sees too.
@pytest.mark.parametrize("login", sorted(screens.PEOPLE.keys() - {"staff.liuyuan", "volunteer"}))
def test_screens_speak_one_language_and_forms_can_be_sent(demo, client, login):
    english = walk(demo, client, login, "en")
    chinese = walk(demo, client, login, "zh_Hans")
    assert chinese and english
    left = {url: found for url, text in chinese.items() if not BOTH.search(url) and (found := latin(text))}
    wrong = {
        url: found
        for url, text in english.items()
        if not BOTH.search(url) and (found := chinese_texts() & set(Told(text).texts))
    }
    stuck = {url: found for url, text in chinese.items() if (found := unsendable(url, text))}
    assert (left, wrong, stuck) == ({}, {}, {})


def latin(text: str) -> set[str]:
    """The words of a page that are not Chinese."""
    return set(WORD.findall(ADDRESS.sub(" ", " ".join(Told(text).texts)))) - STAYS


def unsendable(url: str, text: str) -> list[str]:
    """Forms that nobody can send without scripts: they have no address, or no button."""
    return [form.action for form in Page(url, text).forms if not (form.action and form.button)]

"""A walk over everybody's main pages in Chinese: no word of English is left, and no page is wider than its screen."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys import screens, steps
from tests.journeys.conftest import Window

# Names, file kinds and signs that Chinese pages write in Latin letters too.
STAYS = {"Linli", "English", "xlsx", "xls", "csv", "MB", "QR", "km", "m", "Shift", "Enter"}
# How a name is typed in the register.
STAYS |= {"wangxiuying", "wxy"}
# Not the letters inside a fingerprint's digits.
WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z_]+(?![A-Za-z0-9_])")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("login", [*screens.PAGES, *screens.REGIONS])
def test_pages_in_chinese_hold_no_english_and_fit_the_screen(window: Window, login: str, phone: bool) -> None:
    page = window(login, phone=phone)
    home = page.url.rstrip("/") + "/"
    english, wide = {}, {}
    for path in screens.PAGES.get(login, ("",)):
        screens.visit(page, home, path)
        if found := left_in_english(page):
            english[path] = found
        if (wider := steps.overflow(page)) > 0:
            wide[path] = wider
    assert (english, wide) == ({}, {})


def left_in_english(page: Page) -> set[str]:
    """The words of a page that are not Chinese, folded parts and labels for screen readers included."""
    texts = page.evaluate(
        """() => [document.body.textContent,
                  ...[...document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')].flatMap(
                      (one) => ['aria-label', 'title', 'placeholder', 'alt'].map((name) => one.getAttribute(name) || ''))]
                 .join(' ')"""
    )
    return set(WORD.findall(ADDRESS.sub(" ", texts))) - STAYS

"""What people do over and over."""

from pathlib import Path

from babel.support import Translations
from playwright.sync_api import Page, TimeoutError, expect

from app.demo.district import DOMAIN, PASSWORD

_CHINESE = Translations.load(Path(__file__).parents[2] / "app" / "translations", ["zh_Hans"])

# Sign-ins are limited to some a minute: a person who signed in once comes back with the same cookies.
_cookies: dict[str, list[dict[str, object]]] = {}


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page as somebody of the demo's list or by a whole login."""
    page.goto("/sign-in")
    page.fill("input[name=login]", address(login))
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")


def enter(page: Page, login: str, password: str = PASSWORD) -> None:
    """Be signed in and on one's first page."""
    if login in _cookies:
        page.context.add_cookies(_cookies[login])  # type: ignore[arg-type]
        page.goto("/")
    else:
        sign_in(page, login, password)
        page.wait_for_url(lambda url: "/sign-in" not in url)
        _cookies[login] = page.context.cookies()  # type: ignore[assignment]
    assert "/sign-in" not in page.url


def address(login: str) -> str:
    """The whole login of somebody of the demo's list."""
    return login if "@" in login else f"{login}@{DOMAIN}"


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def say(text: str, **params: object) -> str:
    """A text of the product in Chinese, as its pages show it."""
    translated = _CHINESE.gettext(text)
    return translated % params if params else translated


def press(page: Page, text: str, within: str = "main", **params: object) -> None:
    """Press the first button or link that says `text`."""
    wanted = say(text, **params)
    named = page.locator(f"{within} button, {within} summary, {within} a").filter(has_text=wanted)
    exact = [one for one in named.all() if one.is_visible() and one.inner_text().strip() == wanted]
    (exact[0] if exact else named.locator("visible=true").first).click()


def open_menu(page: Page, text: str) -> None:
    """Go to an entry of the main menu."""
    page.locator("nav.top-nav a", has_text=say(text)).first.click()
    expect(page.locator("h1")).to_be_visible()


def told(page: Page) -> str:
    """All that the page says."""
    return page.locator("main").inner_text()


def tick(page: Page, name: str, value: str) -> None:
    """Choose a tile of a choice: the label is what a finger meets, the input may be hidden under it."""
    page.locator(f"input[name={name}][value='{value}']").check(force=True)


def sees(page: Page, text: str, timeout: float = 20_000) -> None:
    """Wait until the page says `text`."""
    try:
        page.locator("main", has_text=text).first.wait_for(timeout=timeout)
    except TimeoutError as error:
        start = told(page)[:600]
        raise AssertionError(f"{text!r} is not on {page.url}, which begins:\n{start}") from error

"""What people do over and over."""

from playwright.sync_api import Page

from app.demo.district import DOMAIN, PASSWORD

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

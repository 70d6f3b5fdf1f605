"""`make screens`: a picture of every screen of every role, phone and desk, in both languages, into var/screens; and the guides'.

Each is also opened in big text, and looked at by axe each time. Says what axe found and which screens are wider than
a phone or a desk; then the exit code is 1.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.journeys import browser as chrome
from tests.journeys import product as linli
from tests.journeys import steps, walking

GUEST = "guest"
PICTURES = linli.ROOT / "docs" / "guide" / "pictures"
# Somebody of each role, and whose screens one has all besides one's own.
PEOPLE = {
    GUEST: "",
    "staff.liuyuan": "",
    "admin.liuyuan": "staff.liuyuan",
    "volunteer.liuyuan": "",
    "resident.liuyuan": "",
    "unit.liuyuan": "",
    "volunteer": "volunteer.liuyuan",
    "both": "volunteer.liuyuan",
    "operator": "",
    "district": "",
    "street": "district",
}
# The pictures of docs/guide: whose, which page, what is pressed there, and whether on a phone.
GUIDE: dict[str, tuple[str, str, tuple[str, ...], bool]] = {
    "volunteer-today": ("volunteer.liuyuan", "", (), True),
    "volunteer-find": ("volunteer.liuyuan", "pairings/find", (), True),
    "volunteer-note": ("volunteer.liuyuan", "pairings/mine", ("a[href*='/visits/new/']",), True),
    "household-mine": ("resident.liuyuan", "households/mine", (), True),
    "staff-today": ("staff.liuyuan", "", (), False),
    "staff-board": ("staff.liuyuan", "pairings/runs", ("main tbody th a", "a[href$='/board']"), False),
    "unit-pledges": ("unit.liuyuan", "pledges/mine", (), False),
    "admin-members": ("admin.liuyuan", "members/roles", (), False),
    "official-rollup": ("district", "", (), False),
}


@dataclass
class Look:
    """Screens as somebody sees them, and what was wrong with them."""

    browser: Browser
    address: str
    folder: Path
    wrong: list[str] = field(default_factory=list)
    # Kinds of screens by who has them.
    known: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def window(self, login: str, *, phone: bool, english: bool, big: bool) -> Iterator[Page]:
        """Somebody's window, in that language and size of text."""
        context = chrome.new_context(self.browser, phone=phone, english=english, address=self.address)
        page = context.new_page()
        complaints: list[str] = []
        chrome.watch(page, self.address, complaints)
        if login == GUEST:
            page.goto("/sign-in")
        else:
            steps.enter(page, login)
        choose(page, locale="en" if english else "zh_Hans")
        choose(page, big="1" if big else "0")
        yield page
        self.wrong += [f"{login}: {complaint}" for complaint in complaints]
        context.close()

    def screens_of(self, page: Page, login: str) -> list[str]:
        """The addresses to look at: the first page, and what whoever `PEOPLE` names has not shown yet."""
        found = walking.screens(page, walking.OUTSIDE if login == GUEST else ("/",))
        self.known[login] = [walking.kind(url) for url in found]
        shown = self.known.get(PEOPLE[login], [])
        return [url for url in found if walking.kind(url) not in shown[1:]]

    def take(self, page: Page, url: str, name: str, *, picture: bool) -> None:
        """Look at one screen, and keep its picture."""
        page.goto(url)
        if picture:
            page.screenshot(path=self.folder / f"{name}.png", full_page=True, timeout=60_000)
        if (wider := steps.overflow(page)) > 0:
            self.wrong.append(f"{name} {url}: {wider} px wider than the screen")
        self.wrong += [f"{name} {url}: {one}" for one in walking.violations(page)]


def choose(page: Page, **wanted: str) -> None:
    """Set language or size of text by the form in every page's head."""
    [(name, value)] = wanted.items()
    form = page.locator(f"form:has(input[name={name}][value='{value}'])")
    if form.count():
        with page.expect_navigation():
            form.first.evaluate("form => form.submit()")


def look(one: Look, login: str) -> None:
    """All of somebody's screens: phone and desk, both languages, normal and big text."""
    with one.window(login, phone=False, english=False, big=False) as page:
        urls = one.screens_of(page, login)
    for english, big, phone in product((False, True), repeat=3):
        kind = ("phone" if phone else "desk") + ("-en" if english else "-zh") + ("-big" if big else "")
        with one.window(login, phone=phone, english=english, big=big) as page:
            for url in urls:
                place = walking.kind(url).strip("/").replace("/", "_").replace("*", "one") or "first"
                one.take(page, url, f"{login}-{place}-{kind}", picture=not big)
    print(f"{login}: {len(urls)} screens", flush=True)


def keep_guide(one: Look, name: str, folder: Path) -> None:
    """The picture `name` of the guides, in both languages."""
    login, path, pressed, phone = GUIDE[name]
    for english in (False, True):
        with one.window(login, phone=phone, english=english, big=False) as page:
            page.goto("/")
            page.goto(page.url + path)
            for what in pressed:
                page.locator(what).first.click()
                page.wait_for_load_state()
            page.screenshot(path=folder / f"{name}-{'en' if english else 'zh'}.png")


def main() -> None:
    """Look at a Linli started for this, or at the one at --address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=linli.ROOT / "var" / "screens")
    parser.add_argument("--address", help="of a running Linli with the demo data")
    parser.add_argument("--only", default="", help="part of a sign-in name")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    executable = chrome.chromium()
    if executable is None:
        raise SystemExit("chromium is not installed")
    if given.address:
        wrong = look_at_all(executable, given.address, given.folder, given.only)
    else:
        with tempfile.TemporaryDirectory(prefix="linli-screens-") as var, linli.running(Path(var)) as running:
            wrong = look_at_all(executable, running.address, given.folder, given.only)
    print(f"pictures are in {given.folder}")
    if wrong:
        raise SystemExit("\n".join(dict.fromkeys(wrong)))


def look_at_all(executable: str, address: str, folder: Path, only: str) -> list[str]:
    """Everybody's screens; what is wrong with them."""
    with chrome.started(executable) as browser:
        one = Look(browser, address, folder)
        for login in PEOPLE:
            if only in login:
                look(one, login)
        for name, (login, *_) in GUIDE.items():
            if only in login:
                keep_guide(one, name, PICTURES)
    return one.wrong


if __name__ == "__main__":
    main()

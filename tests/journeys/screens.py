"""`make screens`: pictures of every role's main pages, phone and desk, in both languages, into var/screens."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.journeys import browser as chrome
from tests.journeys import product as linli
from tests.journeys import steps

# Role → where its pages begin, and the pages worth looking at. " >" follows the first row of the list.
OFFICE = (
    "",
    "households/",
    "households/ >",
    "households/new",
    "register/",
    "register/twice/household",
    "register/twice/household >",
    "volunteers/",
    "volunteers/ >",
    "volunteers/new",
    "pairings/runs",
    "pairings/runs >",
    "pairings/proposals",
    "pairings/offers",
    "pairings/",
    "pairings/ >",
    "followups/",
    "followups/ >",
    "followups/plans/",
    "visits/",
    "visits/ >",
    "visits/certificates",
    "pledges/",
    "pledges/ >",
    "pledges/units",
    "pledges/allocations",
    "pledges/offer",
    "ledgers/",
    "ledgers/upload",
    "figures",
    "figures/month",
    "messages/",
    "messages/sent",
)
PAGES: dict[str, tuple[str, ...]] = {
    "staff.liuyuan": OFFICE,
    "admin.liuyuan": ("", "members", "members/roles", "settings"),
    "volunteer.liuyuan": (
        "",
        "pairings/find",
        "pairings/mine",
        "pairings/mine >",
        "visits/mine",
        "visits/hours",
        "messages/reach",
        "volunteers/own",
        "volunteers/own/edit",
        "volunteers/own/availability",
        "messages/",
        "followups/",
    ),
    "resident.liuyuan": (
        "",
        "households/mine",
        "households/mine/ask",
        "pairings/mine",
        "visits/mine",
        "pledges/received",
        "messages/",
    ),
    "unit.liuyuan": (
        "",
        "pledges/mine",
        "pledges/mine >",
        "pledges/market",
        "pledges/people",
        "pledges/offer",
        "messages/",
    ),
    "volunteer": ("", "volunteers/own"),
    "district": ("", "map", "gaps"),
}
REGIONS = ("operator", "street", "both")


def visit(page: Page, home: str, path: str) -> None:
    """Open a page below `home`; with " >" the first row of that list."""
    where, _, follow = path.partition(" ")
    page.goto(home + where if where else home)
    if follow:
        link = page.locator("main table tbody th a, main .card-part h2 a").first
        if link.count():
            link.click()
            page.wait_for_load_state()


def take(browser: Browser, address: str, folder: Path, login: str, *, phone: bool, english: bool) -> None:
    """Save a picture of each of a person's pages; say which are wider than the screen."""
    context = chrome.new_context(browser, phone=phone, english=english, address=address)
    page = context.new_page()
    complaints: list[str] = []
    chrome.watch(page, address, complaints)
    steps.enter(page, login)
    speak(page, english=english)
    page.goto("/")
    home = page.url if page.url.endswith("/") else page.url + "/"
    for path in PAGES.get(login, ("",)):
        visit(page, home, path)
        kind = ("phone" if phone else "desk") + ("-en" if english else "-zh")
        file = (
            folder / f"{login}-{path.replace(' >', 'one').strip('/').replace('/', '_') or 'first'}-{kind}.png"
        )
        page.screenshot(path=file, full_page=True)
        if (wider := steps.overflow(page)) > 0:
            print(f"{file.name}: {wider} px wider than the screen")
    for complaint in complaints:
        print(f"{login}: {complaint}")
    context.close()


def speak(page: Page, *, english: bool) -> None:
    """Set the account's language."""
    wanted = "en" if english else "zh_Hans"
    form = page.locator(f"form:has(input[name=locale][value={wanted}])")
    if form.count():
        form.first.evaluate("form => form.submit()")
        page.wait_for_load_state()


def main() -> None:
    """Take all pictures of a Linli started for this, or of the one at --address."""
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
        take_all(executable, given.address, given.folder, given.only)
        return
    with tempfile.TemporaryDirectory(prefix="linli-screens-") as var, linli.running(Path(var)) as running:
        take_all(executable, running.address, given.folder, given.only)


def take_all(executable: str, address: str, folder: Path, only: str) -> None:
    """Everybody's pages: the office on a desk, others on a phone too, in both languages."""
    with chrome.started(executable) as browser:
        for login in (*PAGES, *REGIONS):
            for english in (False, True):
                for phone in (False, True):
                    if only in login:
                        take(browser, address, folder, login, phone=phone, english=english)
    print(f"pictures are in {folder}")


if __name__ == "__main__":
    main()

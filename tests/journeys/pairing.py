"""From a matching run to a living pairing, each side on its own screen."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.steps import open_menu, press, say, sees, told

COMPUTED_WITHIN = 60_000


@dataclass(frozen=True)
class Asked:
    """A published proposal: its page, and who is asked."""

    url: str
    household: str
    helper: str
    household_url: str
    helper_url: str


def remind_at_once(staff: Page) -> None:
    """Edit the plan of first contacts: reminded two weeks before the day, so on the day the pairing begins."""
    open_menu(staff, "Follow-ups")
    press(staff, "Plans")
    staff.get_by_role("link", name="首次联系").click()
    staff.fill("input[name=remind_days]", "14")
    press(staff, "Save")
    sees(staff, say("The plan is changed."))


def compute(staff: Page) -> None:
    """Start a run and stay on its page until the worker has computed it."""
    open_menu(staff, "Matching")
    press(staff, "Start a run")
    proof = say("No other assignment helps more households, checked independently")
    sees(staff, proof, COMPUTED_WITHIN)


def refuse_the_first(staff: Page) -> str:
    """Refuse the first draft with a reason; the household's name."""
    row = staff.locator("table:has(details.confirm) tbody tr").first
    household = row.locator("th").inner_text().strip()
    row.locator("details.confirm > summary").click()
    row.locator("details.confirm select").select_option(index=1)
    row.locator("details.confirm form button").click()
    sees(staff, say("The proposal is taken back."))
    return household


def publish(staff: Page) -> int:
    """Publish all drafts; how many that were."""
    button = staff.locator("#publish button[value=all]")
    number = int(re.sub(r"\D", "", button.inner_text()))
    button.click()
    sees(staff, say("Asked about %(number)s proposals.", number=number))
    return number


def first_asked(staff: Page, *, skip: int = 0) -> Asked:
    """A proposal that waits for both sides."""
    open_menu(staff, "Pairings")
    press(staff, "Waiting for answers")
    links = staff.locator("table tbody tr").nth(skip).locator("a")
    found = [(link.inner_text().strip(), str(link.get_attribute("href"))) for link in links.all()]
    (household, household_url), (helper, helper_url), (_, url) = found
    return Asked(url, household, helper, household_url, helper_url)


def invitation(staff: Page, person_url: str) -> str:
    """Make the one-time link by which somebody opens an account."""
    staff.goto(person_url)
    press(staff, "Invitation link")
    return staff.locator("#f-link").input_value()


def join(page: Page, link: str, login: str, password: str) -> None:
    """Open an invitation, choose how to sign in, and begin."""
    page.goto(link)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    press(page, "Begin")
    expect(page.locator("h1")).to_be_visible()
    assert "/join/" not in page.url, told(page)


def helper_accepts(phone: Page) -> None:
    """The helper says yes on the phone."""
    phone.locator("nav.tabs a", has_text=say("My pairings")).click()
    press(phone, "Yes, I will help")
    sees(phone, say("You said yes"))


def household_link(staff: Page, asked: Asked) -> str:
    """Make the household's one-time link."""
    staff.goto(asked.url)
    press(staff, "Make a link")
    return staff.locator("#f-link").input_value()


def household_accepts(phone: Page, link: str, helper: str) -> None:
    """The household opens its link, sees who would come, and says yes."""
    phone.goto(link)
    sees(phone, helper)
    press(phone, "Yes, please")
    sees(phone, say("You are paired. Your helper will get in touch within a few days."))


def follow_ups(staff: Page, household: str) -> int:
    """How many follow-ups a household's living pairing has."""
    open_menu(staff, "Pairings")
    staff.locator("main table tbody tr", has_text=household).first.locator("th a").click()
    sees(staff, say("Living"))
    return staff.locator(".card-part li").filter(has_text=re.compile(r"\d+年\d+月")).count()


def until(page: Page, path: str, text: str, within: float = 45.0) -> None:
    """Look at a page again and again until it says `text`."""
    for _ in range(int(within * 2)):
        page.goto(path)
        if text in told(page):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{text!r} did not appear on {path} within {within} s:\n{told(page)}")

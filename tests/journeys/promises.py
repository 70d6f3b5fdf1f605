"""After the pairing: a visit noted and confirmed, a gift pledged, allocated and signed for."""

import time
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.steps import open_menu, press, say, sees, told


@dataclass(frozen=True)
class Noted:
    """How a visit was noted on a phone."""

    taps: int
    seconds: float


def note_a_visit(phone: Page) -> Noted:
    """From the helper's first page to a noted visit, by tapping only."""
    taps, began = 0, time.monotonic()
    phone.locator("nav.tabs a", has_text=say("My visits")).tap()
    phone.locator("main a.btn-primary").first.tap()
    phone.locator("label:has(input[name=outcome]), input[name=outcome] + label").first.tap()
    phone.locator("label:has(input[name=minutes]), input[name=minutes] + label").nth(1).tap()
    phone.get_by_role("button", name=say("Save the visit")).tap()
    taps = 5
    sees(phone, say("The visit is noted. Thank you."))
    return Noted(taps, time.monotonic() - began)


def household_code(staff: Page, household_url: str) -> str:
    """Issue the code a household confirms visits with: its six digits."""
    staff.goto(household_url)
    press(staff, "Household's code")
    press(staff, "Issue a code")
    return "".join(filter(str.isdigit, staff.locator(".display-4").inner_text()))


def confirm_at_the_door(phone: Page, code: str) -> None:
    """The helper types the household's code into the visit's page."""
    phone.fill("input[name=code]", code)
    press(phone, "Confirm with the code")
    sees(phone, say("Confirmed. Thank you."))


def hours_counted(phone: Page) -> str:
    """What the helper's page says was counted this month."""
    phone.locator("nav.tabs a", has_text=say("My visits")).tap()
    return phone.locator("#hours").inner_text()


def unit_invitation(staff: Page) -> tuple[str, str]:
    """A unit of the ledger, and the link by which its first person opens an account."""
    open_menu(staff, "Units and pledges")
    press(staff, "Units")
    staff.locator("main table tbody th a").first.click()
    name = staff.locator("h1").inner_text().strip()
    press(staff, "Invite")
    return name, staff.locator("#f-link").input_value()


def offer(page: Page, item: str, quantity: str, measure: str) -> None:
    """The unit's person promises goods."""
    page.goto(page.url.rpartition("/pledges/")[0] + "/pledges/mine")
    press(page, "Offer something")
    page.locator("label:has(input[value=goods]), input[value=goods] + label").first.click()
    page.fill("input[name=item]", item)
    page.fill("input[name=quantity]", quantity)
    page.fill("input[name=measure]", measure)
    press(page, "Promise this")
    sees(page, item)
    assert "/offer" not in page.url, told(page)


def allocate(staff: Page, item: str, household: str, quantity: str) -> None:
    """The office reserves part of a pledge for a household's need."""
    open_menu(staff, "Units and pledges")
    staff.locator("main table a", has_text=item).first.click()
    press(staff, "Allocate")
    staff.fill("input[name=name]", household)
    staff.locator("form.filters button").click()
    staff.locator("main table tbody tr", has_text=household).first.locator("a").click()
    staff.fill("input[name=quantity]", quantity)
    press(staff, "Reserve")
    sees(staff, household)


def sign_for(staff: Page, item: str) -> None:
    """The receiver draws a signature on the office's screen."""
    open_menu(staff, "Units and pledges")
    press(staff, "Allocations")
    staff.locator("main table tbody tr", has_text=item).first.get_by_role("link", name=say("Sign")).click()
    draw(staff)
    press(staff, "Delivered")
    sees(staff, say("Delivered and signed. Thank you!"))


def thanked(unit: Page, code: str) -> None:
    """The unit's page and the message to its person say what the year came to, with this delivery."""
    expect(unit.locator("main .notice.tone-good").first).to_contain_text("1")
    unit.goto(f"/c/{code}/messages/")
    sees(unit, "已交付1次")


def draw(staff: Page) -> None:
    """A signature in the box for it."""
    staff.locator("canvas").scroll_into_view_if_needed()
    box = staff.locator("canvas").bounding_box()
    assert box, "there is no box to sign in"
    staff.mouse.move(box["x"] + 20, box["y"] + 20)
    staff.mouse.down()
    for step in range(1, 12):
        staff.mouse.move(box["x"] + 20 + step * 15, box["y"] + 20 + (step % 3) * 25)
    staff.mouse.up()

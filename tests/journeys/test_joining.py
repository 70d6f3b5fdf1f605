"""A stranger offers help on an English phone; the office looks and accepts."""

from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.conftest import Window
from tests.journeys.steps import sees


def test_a_stranger_registers_in_english_and_is_accepted(window: Window) -> None:
    phone = window(phone=True, english=True)
    phone.goto("/c/heping-south/volunteers/register")
    expect(phone.locator("h1")).to_contain_text("Become a helper in Heping South")
    phone.fill("input[name=name]", "Anna Berg")
    phone.fill("input[name=email]", "anna@berg.example")
    phone.fill("input[name=password]", "short")
    phone.get_by_role("button", name="Register").click()
    sees(phone, "What you typed is still here")
    assert phone.locator("input[name=name]").input_value() == "Anna Berg", "nothing typed is lost"

    phone.fill("input[name=password]", "a sentence to remember")
    phone.locator("input[name=skills]").first.check(force=True)
    phone.get_by_role("button", name="Register").click()
    sees(phone, "The community office will look at your registration")
    assert steps.overflow(phone) <= 0

    staff = window("staff.heping")
    steps.open_menu(staff, "Volunteers")
    staff.goto("/c/heping-south/volunteers/?state=pending")
    staff.get_by_role("link", name="Anna Berg").click()
    steps.press(staff, "Accept")
    phone.goto("/c/heping-south/")
    sees(phone, "Anna Berg")
    sees(phone, "My pairings")

"""Linli in a browser that runs no scripts: the same work, by links and plain forms.

What is changed is taken back, or it happens where no other journey counts.
"""

import uuid

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.demo.district import HEPING, LIUYUAN, ZAOYUAN
from tests.journeys import neighbours, office, steps
from tests.journeys.conftest import Window
from tests.journeys.product import Product
from tests.journeys.steps import press, say, sees


def form(page: Page, action: str) -> Locator:
    """The first button of the first form whose address holds `action`."""
    return page.locator(f"main form[action*='{action}'] button").first


def test_a_volunteer_answers_ticks_hours_and_notes_a_visit(window: Window) -> None:
    page = window(phone=True, scripts=False)
    steps.sign_in(page, "volunteer.liuyuan")
    form(page, "/can").click()
    sees(page, say("You said that you can"))
    form(page, "/take-back").click()
    expect(form(page, "/can")).to_be_visible()
    tick_an_hour(page)
    note_a_visit(page)


def tick_an_hour(page: Page) -> None:
    """One hour more or less in the week, saved, and undone."""
    page.goto(f"/c/{LIUYUAN.code}/volunteers/own/availability")
    tick = page.locator("table.week").first.locator("input").first
    before = tick.is_checked()
    tick.set_checked(not before, force=True)
    page.locator("form.availability .submit-row button").click()
    sees(page, say("Your availability is saved."))
    assert tick.is_checked() != before
    form(page, "availability/undo").click()
    assert tick.is_checked() == before


def note_a_visit(page: Page) -> None:
    """A note with nothing chosen comes back with what was typed; then it is saved, and taken back."""
    page.goto(f"/c/{LIUYUAN.code}/visits/mine")
    page.locator("main a[href*='/visits/new/']").first.click()
    page.fill("#f-note", "老人精神好，送了药")
    page.locator("form.brief .submit-row button").click()
    expect(page.locator("#f-note")).to_have_value("老人精神好，送了药")
    page.locator("input[name=outcome]").first.check(force=True)
    page.locator("input[name=minutes]").first.check(force=True)
    page.locator("form.brief .submit-row button").click()
    sees(page, say("The visit is noted. Thank you."))
    page.locator("details.confirm summary", has_text=say("Take it back")).click()
    form(page, "/withdraw").click()
    sees(page, say("Taken back"))


def test_staff_register_find_and_publish(
    window: Window, two_barbers: uuid.UUID, product: Product, demo: Flask
) -> None:
    page = window("staff.heping", scripts=False)
    by_a_program(page, product, neighbours.program(demo))
    home = register(page, "莫无脚")
    page.goto(f"/c/{HEPING.code}/register/")
    page.fill("#f-text", "mowujiao")
    page.locator("form.find button").click()
    page.locator("#found th a").first.click()
    assert page.url == home
    no_longer_served(page)
    choose_lock_and_publish(page, two_barbers)


def register(page: Page, name: str) -> str:
    """A household with a need; the address of its file."""
    page.goto(f"/c/{HEPING.code}/households/new")
    page.fill("#f-name", name)
    page.fill("#f-building", "77")
    page.fill("#f-door", "101")
    page.locator("form .submit-row button").click()
    expect(page.locator("h1")).to_contain_text(name)
    home = page.url
    page.locator("main a[href*='/needs/new']").first.click()
    page.locator("[name=kind]").first.select_option(index=1)
    page.locator("form .submit-row button").click()
    expect(page.locator("h1")).to_contain_text(name)
    return home


def by_a_program(page: Page, product: Product, token: str) -> None:
    """What another system registers by the command `linli` stands on the page, and what it closes is closed."""
    new = {"name": "莫程序", "building": "77", "door": "102"}
    home = product.linli(HEPING.code, token, "register_household", body=new)
    page.goto(f"/c/{HEPING.code}/households/{home['id']}")
    expect(page.locator("h1")).to_contain_text("莫程序")
    expect(page.locator("main a[href$='/close']").first).to_be_visible()
    at = f"household_id={home['id']}"
    product.linli(HEPING.code, token, "close_household", at, body={"reason": "moved"})
    page.reload()
    expect(page.locator("main a[href$='/close']")).to_have_count(0)


def no_longer_served(page: Page) -> None:
    """The household's file is closed again."""
    page.goto(page.url + "/close")
    page.locator("input[name=reason]").first.check(force=True)
    page.locator("form .submit-row button").click()
    page.locator("form .submit-row button").click()
    expect(page.locator("main a[href$='/close']")).to_have_count(0)


def choose_lock_and_publish(page: Page, household_id: uuid.UUID) -> None:
    """A run is waited for by its link; on the board another helper is chosen and locked, and the pair published."""
    page.goto(f"/c/{HEPING.code}/pairings/runs")
    form(page, "/runs").click()
    look_again_until(page, "main a[href$='/board']")
    page.goto(f"{page.url}/board?household={household_id}")
    household = page.locator("#chosen-title a").inner_text()
    helper = page.locator(".board-helpers li:has(form[action*='/choose'])").first
    name = helper.locator("b").first.inner_text()
    helper.locator("form[action*='/choose'] button").first.click()
    team = page.locator(".board-team li")
    mine = team.filter(has_text=name)
    mine.locator("form[action*='/lock'] button").click()
    expect(mine.locator("form[action*='/unlock']")).to_be_visible()
    page.locator(".page-header a.back-link").click()
    row = page.locator("main tbody tr", has_text=name).filter(has_text=household)
    row.locator("input[name=proposal]").check()
    page.locator("#publish button[value=selected]").click()
    expect(row.locator("input[name=proposal]")).to_be_hidden()


def look_again_until(page: Page, wanted: str) -> None:
    """Press "look again" until the page has what is waited for."""
    for _turn in range(300):
        if page.locator(wanted).count():
            return
        page.locator("main a", has_text=say("Look again")).click()
    raise AssertionError(f"{wanted} never came: {steps.told(page)[:300]}")


def test_a_ledger_is_read_previewed_and_removed(window: Window) -> None:
    page = window("staff.heping", scripts=False)
    page.goto(f"/c/{HEPING.code}/ledgers/upload")
    page.set_input_files("input[type=file]", office.LEDGERS / "共建单位认捐表.xlsx")
    press(page, "Look at the file")
    press(page, "Show the preview")
    look_again_until(page, ".tiles")
    assert office.figures(page)[say("Newly added")] > 5
    page.locator("details.confirm summary", has_text=say("Remove this file")).click()
    form(page, "/remove").click()
    expect(page.locator("main a[href$='/upload']").first).to_be_visible()


def test_a_unit_offers_and_the_receiver_signs_by_name(window: Window) -> None:
    unit, staff = window("unit", scripts=False), window("staff", scripts=False)
    unit.goto(f"/c/{ZAOYUAN.code}/pledges/market")
    unit.locator("#f-kind").select_option("haircut")
    unit.locator("form.filters button").click()
    unit.locator("main tbody a").first.click()
    unit.locator("#f-quantity").fill("1")
    form(unit, "/market/").click()
    sees(unit, say("Offered. The community looks at it and tells you. Thank you!"))

    staff.goto(f"/c/{ZAOYUAN.code}/pledges/allocations?state=offered")
    staff.locator("main tbody th a").first.click()
    staff.locator("main a[href*='/allocate']").click()
    form(staff, "/allocate").click()
    sees(staff, say("Reserved. Nobody else can be given this part."))
    staff.locator("main a[href$='/sign']").first.click()
    expect(staff.locator("canvas")).to_be_hidden()
    press(staff, "Delivered")
    expect(staff.locator(".error-summary, [role=alert]").first).to_be_visible()
    staff.locator("input[name=confirmed]").check()
    press(staff, "Delivered")
    sees(staff, say("Delivered and signed. Thank you!"))

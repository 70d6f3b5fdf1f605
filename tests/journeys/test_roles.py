"""Each role once through its most important pages: on its own device in Chinese, and on the other one in English.

What a journey changes it takes back, or it happens where no other journey counts.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from pypinyin import lazy_pinyin
from sqlalchemy import select

from app.demo.district import COMMUNITIES, HEPING, LIUYUAN, ZAOYUAN
from services.communities import regions
from services.core import scope
from services.core.db import db, transaction
from services.households.models import Household
from services.volunteers.models import Volunteer
from tests.journeys import promises, screens, steps
from tests.journeys.conftest import Window

Enter = Callable[[str], Page]
PHONE_FIRST = [pytest.param((True, False), id="phone-zh"), pytest.param((False, True), id="desk-en")]
DESK_FIRST = [pytest.param((False, False), id="desk-zh"), pytest.param((True, True), id="phone-en")]


@pytest.fixture
def enter(window: Window, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Opens somebody's window on the journey's device and in its language; at the end everybody reads Chinese again."""
    phone, english = request.param
    opened: list[Page] = []

    def open_window(login: str) -> Page:
        page = window(login, phone=phone, english=english)
        if english:
            screens.choose(page, locale="en")
            opened.append(page)
        expect(page.locator("html")).to_have_attribute("lang", re.compile("^en" if english else "^zh"))
        return page

    yield open_window
    for page in opened:
        screens.choose(page, locale="zh_Hans")


def sees(page: Page, text: str) -> None:
    """The page says `text` in its language."""
    english = str(page.locator("html").get_attribute("lang")).startswith("en")
    steps.sees(page, text if english else steps.say(text))


def form(page: Page, action: str) -> Locator:
    """The first button of the first form whose address holds `action`."""
    return page.locator(f"main form[action*='{action}'] button").first


def number(figure: Locator) -> int:
    """What a figure says."""
    return int(re.sub(r"\D", "", figure.inner_text()))


@pytest.mark.usefixtures("neighbour")
@pytest.mark.parametrize("enter", PHONE_FIRST, indirect=True)
def test_a_volunteer_answers_offers_plans_and_takes_a_certificate(enter: Enter, window: Window) -> None:
    page = enter("volunteer.liuyuan")
    say_whether_one_can(page)
    more_time(page)
    offer_and_take_back(page)
    page.goto(f"/c/{LIUYUAN.code}/volunteers/own/availability")
    form(page, "availability/undo").click()
    sees(page, "Undone: your availability is as it was.")
    check_certificate(page, window())


def say_whether_one_can(page: Page) -> None:
    """I can, undone; I cannot with a reason, undone."""
    whom = page.locator(".duty-whom").inner_text()
    form(page, "/can").click()
    sees(page, "You said that you can")
    form(page, "/take-back").click()
    page.locator("details.cannot summary").click()
    form(page, "/cannot").click()
    expect(page.locator(".notice.tone-warn")).to_contain_text(whom.strip())
    form(page, "/take-back").click()
    expect(form(page, "/can")).to_be_visible()


def more_time(page: Page) -> None:
    """From "all my places are taken" to one place more and more hours, by a quick choice and by keyboard."""
    page.goto(f"/c/{LIUYUAN.code}/pairings/find")
    expect(form(page, "/offer")).to_be_hidden()
    page.locator("main a[href$='availability#f-places']").click()
    page.locator("button[value=weekend_daytime]").click()
    ticks = page.locator("table.week").first.locator("tbody tr").nth(1).locator("input")
    ticks.nth(0).set_checked(True, force=True)
    ticks.nth(0).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(ticks.nth(1)).to_be_checked()
    places = page.locator("#f-places")
    places.fill(str(int(places.input_value()) + 1))
    page.locator("form.availability .submit-row button").click()
    sees(page, "Your availability is saved.")
    expect(ticks.nth(1)).to_be_checked()


def offer_and_take_back(page: Page) -> None:
    """A household that fits is offered help, which is taken back."""
    page.goto(f"/c/{LIUYUAN.code}/pairings/find")
    place = page.locator(".card-part:has(form[action$='/offer']) h2").first.inner_text()
    form(page, "/offer").click()
    expect(page.locator(".card-part:has(form[action$='/back'])")).to_contain_text(place)
    form(page, "/back").click()
    expect(form(page, "/back")).to_be_hidden()
    expect(form(page, "/offer")).to_be_visible()


def check_certificate(page: Page, stranger: Page) -> None:
    """A certificate of this year's hours; whoever scans its code reads that it is genuine, and no whole name."""
    page.goto(f"/c/{LIUYUAN.code}/visits/hours")
    form(page, "/certificates").click()
    paper = page.request.get(str(page.locator("main a[href$='.pdf']").get_attribute("href")))
    assert paper.ok and paper.body().startswith(b"%PDF")
    name = page.locator(".lead").inner_text()
    stranger.goto(urlsplit(page.locator("main p.text-break").inner_text()).path)
    sees(stranger, "Genuine: this certificate was issued here and stands.")
    assert name not in steps.told(stranger)


@pytest.mark.parametrize("enter", DESK_FIRST, indirect=True)
def test_staff_work_by_keyboard(enter: Enter, two_barbers: uuid.UUID) -> None:
    page = enter("staff.heping")
    page.goto(f"/c/{HEPING.code}/pairings/runs")
    form(page, "/runs").click()
    run = page.url
    name = lists_are_as_long_as_their_figures(page)
    find_by_pinyin(page, name)
    page.goto(f"/c/{HEPING.code}/pairings/coverage")
    cell = page.locator("#without td a").filter(has_text=re.compile("[1-9]")).first
    follow(page, cell, number(cell))
    page.goto(f"/c/{HEPING.code}/figures/month")
    downloads(page, ".pdf", b"%PDF")
    downloads(page, ".xlsx", b"PK")
    page.goto(run)
    page.locator("main a[href$='/board']").wait_for(timeout=60_000)
    page.goto(f"{run}/board?household={two_barbers}")
    choose_lock_and_publish(page)


def follow(page: Page, figure: Locator, expected: int) -> None:
    """By Enter a figure opens a list of that many rows."""
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(expected)


def downloads(page: Page, ending: str, begins: bytes) -> None:
    """The page's link to a file of that kind brings one."""
    file = page.request.get(str(page.locator(f"main a[href$='{ending}']").get_attribute("href")))
    assert file.ok and file.body().startswith(begins)


def lists_are_as_long_as_their_figures(page: Page) -> str:
    """Each figure that comes first on the work list opens a list of that many rows; a name from one of them."""
    page.goto(f"/c/{HEPING.code}/")
    first = page.locator(".key-figures").first.locator("a")
    for figure in (first.nth(at) for at in range(first.count())):
        follow(page, figure, number(figure.locator(".key-number")))
        page.go_back()
    page.goto(f"/c/{HEPING.code}/households/?show=unpaired&urgency=5")
    return page.locator("main tbody th a").first.inner_text().strip()


def find_by_pinyin(page: Page, name: str) -> None:
    """The slash, pinyin, an arrow and Enter: the household's file."""
    page.goto(f"/c/{HEPING.code}/register/")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("".join(lazy_pinyin(name)))
    expect(page.locator("#found th a", has_text=name).first).to_be_visible()
    found = page.locator("#found th a").first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(found)


def choose_lock_and_publish(page: Page) -> None:
    """Another helper is chosen by his number and locked, and this pair alone published."""
    household = page.locator("#chosen-title a").inner_text()
    page.locator(".board-line[aria-current]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".htmx-request")).to_have_count(0)
    helper = page.locator(".board-helpers li:has(button[data-key])").first
    name = helper.locator("b").first.inner_text()
    page.keyboard.press(helper.locator("kbd").inner_text())
    mine = page.locator(".board-team li", has_text=name)
    mine.locator("form[action*='/lock'] button").click()
    expect(mine.locator("form[action*='/unlock']")).to_be_visible()
    page.locator(".page-header a.back-link").click()
    row = page.locator("main tbody tr", has_text=name).filter(has_text=household)
    row.locator("input[name=proposal]").check()
    page.locator("#publish button[value=selected]").click()
    expect(row.locator("input[name=proposal]")).to_be_hidden()
    expect(row).to_be_visible()


@pytest.mark.parametrize("enter", DESK_FIRST, indirect=True)
def test_a_unit_offers_and_sees_what_came(enter: Enter) -> None:
    unit, staff = enter("unit"), enter("staff")
    unit.goto(f"/c/{ZAOYUAN.code}/pledges/market?kind=haircut")
    unit.locator("main tbody a").first.click()
    unit.locator("#f-quantity").fill("2")
    form(unit, "/market/").click()
    sees(unit, "Offered. The community looks at it and tells you. Thank you!")

    accept_and_sign_for_a_part(staff)
    unit.goto(f"/c/{ZAOYUAN.code}/pledges/mine")
    part = unit.locator("main tbody tr", has=unit.locator("small")).first.locator("small")
    expect(part).to_have_text(re.compile(r"1.+1"))


def accept_and_sign_for_a_part(staff: Page) -> None:
    """The office reserves what was offered; the receiver signs for half of it, and the rest comes later."""
    base = f"/c/{ZAOYUAN.code}/pledges"
    staff.goto(f"{base}/allocations?state=offered")
    staff.locator("main tbody th a").first.click()
    staff.locator("main a[href*='/allocate']").click()
    form(staff, "/allocate").click()
    sees(staff, "Reserved. Nobody else can be given this part.")
    staff.goto(f"{base}/allocations?state=reserved")
    staff.locator("main tbody a[href$='/sign']").first.click()
    staff.locator("#f-quantity").fill("1")
    promises.draw(staff)
    staff.locator("form.narrow .submit-row button").click()
    expect(staff.locator(".notice.tone-good")).to_be_visible()


@pytest.mark.parametrize("enter", DESK_FIRST, indirect=True)
def test_an_administrator_renames_a_word(enter: Enter) -> None:
    page = enter("admin.heping")
    page.goto(f"/c/{HEPING.code}/members")
    page.locator("main a[href$='/roles']").first.click()
    sees(page, "may reveal with a reason")
    page.goto(f"/c/{HEPING.code}/settings")
    page.locator("main a[href$='/words/kinds']").click()
    word = page.locator("main th a[href$='/haircut']")
    word.click()
    before = rename(page, ("剪头发", "A haircut at home"))
    page.goto(f"/c/{HEPING.code}/volunteers/new")
    sees(page, "剪头发" if page.locator("html").get_attribute("lang") != "en" else "A haircut at home")
    page.goto(f"/c/{HEPING.code}/settings/words/kinds/haircut")
    rename(page, before)


def rename(page: Page, names: tuple[str, str]) -> tuple[str, str]:
    """Give a word other names; those it had."""
    fields = page.locator("#f-name"), page.locator("#f-name_en")
    before = fields[0].input_value(), fields[1].input_value()
    for box, name in zip(fields, names, strict=True):
        box.fill(name)
    page.locator("form.narrow .submit-row button").click()
    sees(page, "The word is changed, on every page and in every list.")
    return before


@pytest.mark.parametrize("enter", DESK_FIRST, indirect=True)
def test_an_official_sees_figures_and_nobody(enter: Enter, everybody: set[str]) -> None:
    page = enter("district")
    tabs = page.locator(".region-tabs a")
    for at in range(3):
        tabs.nth(at).click()
        expect(tabs.nth(at)).to_have_attribute("aria-current", "page")
        expect(page.locator("main table tbody tr").nth(2)).to_be_visible()
        sees(page, "withheld")
        assert steps.overflow(page) <= 0
        assert not page.locator("a[href*='/c/']").count()
        told = page.locator("body").inner_text()
        assert not [name for name in everybody if name in told]


@pytest.fixture(scope="module")
def everybody(demo: Flask) -> set[str]:
    """The names of all households and volunteers of the district."""
    names: set[str] = set()
    with demo.app_context():
        for place in COMMUNITIES:
            with transaction():
                scope.leave()
                scope.enter(regions.community_by_code(place.code).id)
                names |= {
                    *db.session.scalars(select(Household.name)),
                    *db.session.scalars(select(Volunteer.name)),
                }
        scope.leave()
    return names

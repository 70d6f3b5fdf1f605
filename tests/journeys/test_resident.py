"""A household's own account on a phone, in Chinese and big text. What it changes it takes back, but a visit confirmed stays so."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.demo.district import DOMAIN, LIUYUAN
from services.communities import regions
from services.core import scope
from services.core.actor import Actor
from services.core.db import db, transaction
from services.households import registration
from services.households.models import Household
from services.people import accounts
from tests.journeys import screens, steps
from tests.journeys.conftest import Window
from tests.journeys.steps import press, say, sees

HERE = f"/c/{LIUYUAN.code}"


@pytest.fixture
def neighbours(demo: Flask) -> set[str]:
    """The names of all other households."""
    with demo.app_context(), transaction():
        scope.leave()
        account = accounts.find(f"resident.liuyuan@{DOMAIN}")
        place = regions.community_by_code(LIUYUAN.code)
        assert account
        scope.enter(place.id)
        own = registration.own_household(Actor(account.id, place.id, frozenset({"resident"})))
        assert own
        names = set(db.session.scalars(select(Household.name).where(Household.name != own.name)))
        scope.leave()
    return names


def test_a_household_knows_who_comes_and_asks_for_help(window: Window, neighbours: set[str]) -> None:
    helper, page = window("volunteer.liuyuan", phone=True), window("resident.liuyuan", phone=True)
    screens.choose(page, big="1")
    expect(page.locator("html")).to_have_class(re.compile("big"))
    plan_a_visit(helper)
    page.goto(f"{HERE}/")
    sees(page, "15:30")
    confirm_a_visit(page)
    ask_and_close(page)
    take_consent_back(page)
    for path in ("", "pairings/mine", "visits/mine", "households/mine", "timeline/my-household", "messages/"):
        page.goto(f"{HERE}/{path}")
        assert steps.overflow(page) <= 0, path
        assert not [name for name in neighbours if name in steps.told(page)], path
    for path in ("households/", "register/", "volunteers/", "figures"):
        assert page.request.get(f"{HERE}/{path}").status in (403, 404), path
    english_and_back(page)
    helper.locator("details.confirm summary", has_text=say("Not on that day")).click()
    helper.locator("main form[action$='/plan/drop'] button").click()


def plan_a_visit(helper: Page) -> None:
    """The helper says when the next visit is."""
    helper.goto(f"{HERE}/pairings/mine")
    press(helper, "Call, door, plan a visit")
    helper.fill("#f-at", "15:30")
    helper.locator("main form[action$='/plan'] button").click()
    expect(helper.locator(".next-when")).to_contain_text("15:30")


def confirm_a_visit(page: Page) -> None:
    """Of the visits that wait one is right."""
    page.goto(f"{HERE}/visits/mine")
    waiting = page.locator("main form[action$='/confirm']")
    before = waiting.count()
    if before:
        waiting.first.locator("button").tap()
        expect(waiting).to_have_count(before - 1)


def ask_and_close(page: Page) -> None:
    """Help is asked for by one choice alone, and no longer needed."""
    page.goto(f"{HERE}/households/mine")
    needs = page.locator("main form[action*='/needs/']")
    before = needs.count()
    press(page, "Ask for help")
    expect(page.locator("table.week").first).to_be_hidden()
    page.locator("input[name=kind][value=legal_advice]").check(force=True)
    press(page, "Ask")
    expect(needs).to_have_count(before + 1)
    asked = page.locator("main li", has_text=say("The office looks at it")).first
    asked.locator("summary").tap()
    asked.locator("form button").tap()
    expect(needs).to_have_count(before)


def take_consent_back(page: Page) -> None:
    """No helper is to be looked for; then again one is."""
    consent = page.locator("main form[action$='/consent']")
    page.locator("details:has(form[action$='/consent']) summary").tap()
    consent.locator("button").tap()
    press(page, "Yes, please")
    expect(page.locator("details:has(form[action$='/consent'])")).to_be_visible()


def english_and_back(page: Page) -> None:
    """The settings hold language and size of text."""
    page.goto(f"{HERE}/messages/reach")
    for choice, lang in (("en", "en"), ("zh_Hans", "zh")):
        page.locator(f"main form:has(input[value={choice}]) button").first.tap()
        expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{lang}"))
    page.locator("main form:has(input[name=big][value='0']) button").first.tap()
    expect(page.locator("html")).not_to_have_class(re.compile("big"))

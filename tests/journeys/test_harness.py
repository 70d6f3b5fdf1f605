"""What every journey stands on: the product runs whole, and people get in or are told why not."""

import time

import pytest

from tests.journeys import steps
from tests.journeys.conftest import Window
from tests.journeys.product import PARTS, Product, readiness

PEOPLE = ("staff.liuyuan", "admin.liuyuan", "volunteer.liuyuan", "resident.liuyuan", "unit.liuyuan", "street")


def test_every_part_runs(product: Product) -> None:
    whole = {"status": "ok", "database": "ok", "queue": "ok", "worker": "ok"}
    deadline = time.monotonic() + 30
    while readiness(product) != whole:
        assert time.monotonic() < deadline, readiness(product)
        time.sleep(0.5)
    assert all(product.part(name) for name in PARTS)


@pytest.mark.parametrize("login", PEOPLE)
def test_each_role_gets_its_first_page(window: Window, login: str) -> None:
    page = window(login, phone=login.startswith(("volunteer", "resident")))
    assert page.locator("h1").inner_text()
    assert steps.overflow(page) <= 0


def test_a_wrong_password_is_refused_in_words_and_nothing_typed_is_lost(window: Window) -> None:
    page = window()
    steps.sign_in(page, "staff.liuyuan", "not the password")
    assert "不正确" in page.locator("main").inner_text()
    assert page.locator("input[name=login]").input_value() == "staff.liuyuan@demo.example"

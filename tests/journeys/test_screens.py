"""The screens of those who live with phones: for every eye, no wider than the phone. `make screens` looks at all others too."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import screens
from tests.journeys.product import Product


@pytest.mark.parametrize("login", [screens.GUEST, "volunteer.liuyuan", "resident.liuyuan", "unit.liuyuan"])
def test_screens_are_for_every_eye(product: Product, browser: Browser, tmp_path: Path, login: str) -> None:
    look = screens.Look(browser, product.address, tmp_path)
    with look.window(login, phone=True, english=False, big=True) as page:
        urls = look.screens_of(page, login)
        for url in urls:
            look.take(page, url, login, picture=False)
        screens.choose(page, big="0")
    assert urls
    assert look.wrong == []

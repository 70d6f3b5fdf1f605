"""One real product and one real browser for all journeys; a person's window fails its test by any hidden complaint."""

import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app import create_app
from app.local.servers import known_servers
from services.core.db import db
from tests.conftest import settings
from tests.journeys import browser as chrome
from tests.journeys import neighbours, steps
from tests.journeys import product as linli
from tests.journeys.product import Product

Window = Callable[..., Page]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Everything here is a journey."""
    item.add_marker(pytest.mark.journey)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed journey shows the product's logs."""
    outcome: Any = yield
    report = outcome.get_result()
    product = getattr(item, "funcargs", {}).get("product")
    if report.failed and isinstance(product, Product):
        report.sections.append(("logs of Linli", product.logs()))


@pytest.fixture(scope="session")
def executable() -> str:
    """Chromium's program. Without it, each test that needs it is named with this reason."""
    found = chrome.chromium()
    if found is None:
        pytest.skip("chromium is not installed, and only root can: no browser journey is tried")
    return found


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Linli with its demo data, its worker and its sweeper."""
    with tempfile.TemporaryDirectory(prefix="linli-journeys-") as var, linli.running(Path(var)) as running:
        yield running


@pytest.fixture(scope="session")
def demo(product: Product) -> Iterator[Flask]:
    """An application of the test's own on the database of the running one."""
    known = known_servers(product.var, {})
    keys = {
        name: value
        for name, value in known.secrets.environment().items()
        if name in ("SECRET_KEY", "LINLI_KEYS", "LINLI_LOOKUP_KEY")
    }
    urls = {"SQLALCHEMY_DATABASE_URI": known.app_url, "REDIS_URL": known.redis_url}
    made = create_app(settings("linli", **keys, **urls))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def neighbour(demo: Flask) -> None:
    """A household that volunteer.liuyuan could help."""
    neighbours.near_the_volunteer(demo)


@pytest.fixture
def two_barbers(demo: Flask) -> uuid.UUID:
    """A household of Heping South for whom a run drafts a helper while another one is free."""
    return neighbours.with_two_barbers(demo)


@pytest.fixture(scope="session")
def browser(executable: str) -> Iterator[Browser]:
    """Chromium."""
    with chrome.started(executable) as running:
        yield running


@pytest.fixture
def window(product: Product, browser: Browser, tmp_path: Path) -> Iterator[Window]:
    """Opens windows: `window()`, `window("staff.liuyuan")` signed in, `phone=True`, `scripts=False`; no complaint may be left."""
    complaints: list[str] = []
    pages: list[Page] = []

    def open_window(
        login: str = "", *, phone: bool = False, english: bool = False, scripts: bool = True
    ) -> Page:
        context = chrome.new_context(
            browser, phone=phone, english=english, address=product.address, scripts=scripts
        )
        page = context.new_page()
        chrome.watch(page, product.address, complaints)
        pages.append(page)
        if login:
            steps.enter(page, login)
        return page

    yield open_window
    for number, page in enumerate(pages):
        page.screenshot(path=tmp_path / f"last-{number}.png", full_page=True)
        page.context.close()
    assert not complaints, "\n".join(complaints)

"""Chromium, and pages that remember every complaint a person would not see."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Chromium's own line about an answer that is not 2xx; answers are judged by their status in `_answered`.
STATUS_LINE = "Failed to load resource"


def chromium() -> str | None:
    """Where Debian's chromium is, installed first when missing and we are root; None when it cannot be had."""
    if shutil.which("chromium") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium", "fonts-noto-cjk"]):
            subprocess.run(["apt-get", *words], check=False, env=environment, stdin=subprocess.DEVNULL)
    return shutil.which("chromium")


@contextmanager
def started(executable: str) -> Iterator[Browser]:
    """A running headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS, headless=True)
        yield browser
        browser.close()


def new_context(
    browser: Browser, *, phone: bool, english: bool, address: str, scripts: bool = True
) -> BrowserContext:
    """A person's own browser window: a phone with touch or a desk's screen, in Chinese unless `english`."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
        has_touch=phone,
        is_mobile=phone,
        locale="en-GB" if english else "zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=address,
        accept_downloads=True,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(15_000)
    return context


def watch(page: Page, address: str, complaints: list[str]) -> None:
    """Write down script errors, refused content, requests to other hosts and broken answers of a page."""
    page.on("console", lambda message: _said(message, complaints))
    page.on("pageerror", lambda error: complaints.append(f"script error on {page.url}: {error}"))
    page.on("request", lambda request: _asked(request, address, complaints))
    page.on("response", lambda response: _answered(response, complaints))


def _said(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in ("error", "warning") and not message.text.startswith(STATUS_LINE):
        complaints.append(f"console {message.type}: {message.text}")


def _asked(request: Request, address: str, complaints: list[str]) -> None:
    parts = urlsplit(request.url)
    if parts.scheme in ("http", "https") and parts.netloc != urlsplit(address).netloc:
        complaints.append(f"request to another host: {request.url}")


def _answered(response: Response, complaints: list[str]) -> None:
    part_of_page = response.request.resource_type != "document"
    if response.status >= 500 or (part_of_page and response.status >= 400):
        complaints.append(f"{response.request.method} {response.url} answered {response.status}")

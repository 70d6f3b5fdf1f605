"""Every screen that somebody can reach, found by following links; and what is wrong with one for those who see little."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

from tests.app import crawler

AXE = (Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js").read_text()
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
# Where nobody is signed in.
OUTSIDE = ("/sign-in", "/c/liuyuan/volunteers/register")


def kind(url: str) -> str:
    """What addresses of one screen have in common: ids are left out, and what a list is filtered by."""
    return ID.sub("*", urlsplit(url).path)


def screens(page: Page, starts: tuple[str, ...] = ("/",)) -> list[str]:
    """The address of each screen that links lead to from `starts`, one of a kind."""
    waiting, asked, found = list(starts), set[str](), dict[str, str]()
    while waiting:
        url = waiting.pop(0)
        if kind(url) in asked or url.startswith("/static"):
            continue
        asked.add(kind(url))
        answer = page.context.request.get(url)
        if answer.ok and "text/html" in answer.headers["content-type"]:
            here = answer.url.removeprefix(_origin(answer.url))
            found.setdefault(kind(here), here)
            waiting += _links(answer.url, answer.text())
    return list(found.values())


def _links(url: str, text: str) -> list[str]:
    """Addresses on the same host that a page links to, without the host."""
    links = (urljoin(url, link).partition("#")[0] for link in crawler.Page(url, text).links)
    return [link.removeprefix(_origin(url)) for link in links if link.startswith(_origin(url) + "/")]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def violations(page: Page) -> list[str]:
    """What axe finds on the page: the rule, and where it is broken."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {', '.join(str(node['target'][0]) for node in one['nodes'][:4])}"
        for one in found["violations"]
    ]

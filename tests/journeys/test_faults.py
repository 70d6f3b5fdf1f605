"""What goes wrong in an office and in a machine room: each time a clear word, and nothing is lost."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.journeys import neighbours, pairing, steps
from tests.journeys.conftest import Window
from tests.journeys.product import Product, readiness
from tests.journeys.steps import sees, told

STAFF = "staff.liuyuan"
# A community for each: the plan of first contacts is changed once in each.
PLACES = {"queue": ("liuyuan", STAFF), "worker": ("heping-south", "staff.heping")}
REMINDER = "提醒：首次联系"


@contextmanager
def lost(product: Product, part: str) -> Iterator[None]:
    """Kill a part of the product; its supervisor is held, so that nobody starts it again before the block ends."""
    supervisor, victim = product.supervisor.pid, product.part(part)
    assert victim
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(victim, signal.SIGKILL)
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)


def pair_two(staff: Page) -> str:
    """The office enters both sides' yes to a proposal whose helper has no account: the reminder goes to the staff.

    The household's name.
    """
    steps.open_menu(staff, "Pairings")
    steps.press(staff, "Waiting for answers")
    nobody = steps.say("no account")
    row = staff.locator("main table tbody tr").filter(has=staff.locator("td").nth(3).filter(has_text=nobody))
    household = row.first.locator("th").inner_text().strip()
    row.first.locator("td a.btn").click()
    for side in ("household", "helper"):
        if not staff.locator(f"input[name=side][value={side}]").count():
            break
        steps.tick(staff, "side", side)
        steps.tick(staff, "answer", "yes")
        steps.press(staff, "Save the answer")
    sees(staff, steps.say("Both have said yes: they are paired now."))
    return household


def open_reminders(page: Page, code: str) -> dict[str, str]:
    """Open every new reminder in the inbox: what stands on the follow-ups' pages, by their addresses.

    The inbox, since three texts a day are the limit outside of it. No follow-up is reminded of twice.
    """
    found: dict[str, str] = {}
    new = page.locator("main .card-part").filter(has_text=REMINDER).filter(has_text=steps.say("New"))
    while True:
        page.goto(f"/c/{code}/messages/")
        if not new.count():
            return found
        new.first.locator("button").click()
        page.wait_for_url("**/followups/*")
        assert page.url not in found
        found[page.url] = told(page)


@pytest.fixture(scope="module")
def published(demo: Flask) -> None:
    """Proposals that wait for answers."""
    for code, login in PLACES.values():
        neighbours.asked(demo, code, login)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("part", "name"), [("queue", "valkey"), ("worker", "worker")])
def test_a_lost_part_is_started_again_and_the_reminder_comes_once(
    product: Product, window: Window, part: str, name: str
) -> None:
    code, login = PLACES[part]
    staff = window(login)
    pairing.remind_at_once(staff)
    staff.goto(f"/c/{code}/")
    with lost(product, part):
        household = pair_two(staff)
        for entry in ("Households", "Volunteers", "Figures"):
            steps.open_menu(staff, entry)
        if part == "queue":
            staff.goto(f"/c/{code}/")
            assert "无法连接消息队列" in staff.locator("main").inner_text()
        assert readiness(product)["queue"] == ("unreachable" if part == "queue" else "ok")
        known = open_reminders(staff, code)
        assert not any(household in words for words in known.values())
    deadline = time.monotonic() + 120
    while not any(household in words for words in known.values()):
        assert time.monotonic() < deadline, f"no reminder about {household} came"
        staff.wait_for_timeout(500)
        new = open_reminders(staff, code)
        assert not known.keys() & new.keys(), "no reminder comes twice"
        known |= new
    console = (product.var / "console.txt").read_text()
    assert f"{name} ended unexpectedly; starting it again" in console
    assert readiness(product)["status"] == "ok"


def test_a_run_asked_for_without_a_worker_waits_for_it(product: Product, window: Window) -> None:
    staff = window("staff.heping")
    steps.open_menu(staff, "Matching")
    with lost(product, "worker"):
        steps.press(staff, "Start a run")
        sees(staff, steps.say("You may leave this page; the run goes on."))
    proof = steps.say("No other assignment helps more households, checked independently")
    sees(staff, proof, 90_000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("合照.xlsx", b"\xff\xd8\xff\xe0 not a spreadsheet"),
        ("空.csv", b""),
        ("通知.csv", "各位居民：\n本周停水\n".encode("gb18030")),
    ],
    ids=["a photo", "an empty file", "a letter"],
)
def test_a_bad_file_is_refused_in_words(window: Window, tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    staff = window(STAFF)
    steps.open_menu(staff, "Ledgers")
    steps.press(staff, "Bring in a ledger")
    staff.set_input_files("input[type=file]", file)
    steps.press(staff, "Look at the file")
    assert len(staff.locator("#e-file, .field-error").first.inner_text().strip()) > 5
    expect(staff.locator("h1")).to_have_text(steps.say("Bring in a ledger"))

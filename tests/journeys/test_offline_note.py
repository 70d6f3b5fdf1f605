"""A volunteer without a network notes a visit on the phone; back online it arrives, once, by itself."""

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Window

MINE = "/c/liuyuan/visits/mine"
KEPT = "async () => (await (await caches.open('linli-kept')).keys()).map((one) => new URL(one.url).pathname)"
LINE = "一切都好，想要一本挂历"


def _own_visits(page: Page) -> int:
    page.goto(MINE)
    return page.locator("#visits ~ .table-scroll tbody tr").count()


def test_a_note_without_a_network_arrives_once(window: Window) -> None:
    page = window("volunteer.liuyuan", phone=True)
    before = _own_visits(page)
    page.wait_for_function(f"async () => (await ({KEPT})()).length > 1")

    page.context.set_offline(True)
    page.goto("/c/liuyuan/")
    steps.sees(page, steps.say("No network at the moment"))
    page.locator("[data-kept-pages] a").first.click()
    steps.tick(page, "outcome", "well")
    steps.tick(page, "minutes", "15")
    page.fill("input[name=note]", LINE)
    page.reload()
    expect(page.locator("input[name=note]")).to_have_value(LINE)
    page.locator(".submit-row .btn").click()
    steps.sees(page, steps.say("Kept on this phone, will be sent when there is a network"))
    assert steps.overflow(page) <= 0

    page.context.set_offline(False)
    steps.sees(page, steps.say("Sent"))
    assert page.evaluate("async () => (await linliNotes.all()).some((note) => note.fields)") is False
    page.evaluate("async () => linliNotes.sendAll()")
    assert _own_visits(page) == before + 1

    page.locator("form[action='/sign-out']").first.evaluate("form => form.submit()")
    page.wait_for_url("**/sign-in")
    page.wait_for_function("localStorage.getItem('linli-account') === null")
    assert page.evaluate(KEPT) == []

"""A volunteer without a network notes a visit on the phone; back online it arrives, once, by itself."""

from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Window

MINE = "/c/liuyuan/visits/mine"
READY = "Kept for when there is no network: visits can be noted then too."
KEPT = "async () => (await (await caches.open('linli-kept')).keys()).map((one) => new URL(one.url).pathname)"
# What the page of an account asks the service worker to keep, and whether all of it was.
ASKED = """([account, pages]) => new Promise((resolve) => {
  const line = new MessageChannel();
  line.port1.onmessage = ({ data }) => resolve(data);
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ account, pages, parts: [] }, [line.port2]));
})"""
LINE = "精神好，想要一本挂历"


def _own_visits(page: Page) -> int:
    page.goto(MINE)
    expect(page.get_by_text(steps.say(READY)).first).to_be_visible(timeout=20_000)
    return page.locator("#visits ~ .table-scroll tbody tr").count()


def _sees_nothing_kept(page: Page) -> None:
    """The name of the account goes last. (Pages allow no eval, so the waiting is done here.)"""
    for _ in range(200):
        if page.evaluate("localStorage.getItem('linli-account')") is None:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("localStorage.getItem('linli-account')") is None
    assert page.evaluate(KEPT) == []


def test_a_note_without_a_network_arrives_once(window: Window) -> None:
    page = window("volunteer.liuyuan", phone=True)
    before = _own_visits(page)

    page.context.set_offline(True)
    page.goto("/c/liuyuan/")
    steps.sees(page, steps.say("No network at the moment"))
    page.locator("[data-kept-pages] a").first.click()
    steps.tick(page, "outcome", "well")
    steps.tick(page, "minutes", "15")
    page.fill("input[name=note]", LINE)
    page.reload()
    expect(page.get_by_text(steps.say("What you had filled in is still here."))).to_be_visible()
    expect(page.locator("input[name=note]")).to_have_value(LINE)
    page.locator(".submit-row .btn").click()
    expect(
        page.get_by_text(steps.say("Kept on this phone, will be sent when there is a network"))
    ).to_be_visible()
    assert steps.overflow(page) <= 0

    page.context.set_offline(False)
    expect(page.get_by_text(steps.say("Sent"), exact=True)).to_be_visible(timeout=40_000)
    assert page.evaluate("async () => (await linliNotes.all()).some((note) => note.fields)") is False
    page.evaluate("async () => linliNotes.sendAll()")
    assert _own_visits(page) == before + 1

    page.locator("#visits ~ .table-scroll tbody th a").first.click()
    page.locator("details.confirm summary", has_text=steps.say("Take it back")).click()
    page.locator("form[action$='/withdraw'] button").click()
    steps.sees(page, steps.say("Taken back"))


def test_what_is_kept_goes_with_who_is_signed_in(window: Window) -> None:
    page = window("volunteer.liuyuan", phone=True)
    _own_visits(page)
    kept = page.evaluate(KEPT)
    assert len(kept) > 1 and "/offline" in kept

    # The office answers the browser of a volunteer who went without signing out: nothing of hers is left, and nothing is kept.
    staff = window("staff.liuyuan")
    page.context.clear_cookies()
    page.context.add_cookies(staff.context.cookies())  # type: ignore[arg-type]
    page.goto("/")
    _sees_nothing_kept(page)
    page.goto(next(path for path in kept if path != "/offline"))
    assert page.evaluate(ASKED, ["somebody", kept]) is False
    assert page.evaluate(KEPT) == []

    page.context.clear_cookies()
    steps.enter(page, "volunteer.liuyuan")
    _own_visits(page)
    page.locator("form[action='/sign-out']").first.evaluate("form => form.submit()")
    page.wait_for_url("**/sign-in")
    _sees_nothing_kept(page)

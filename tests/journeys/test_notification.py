"""A volunteer turns notifications on for his phone's browser, sees a neutral line, opens its page, and turns them off.

No push service can be reached from a test: the browser's subscription to it is made up, and what the service would
bring is handed to the real service worker by Chromium itself.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.factories.browsers import Browser
from tests.journeys import steps
from tests.journeys.conftest import Window
from tests.journeys.product import Product

REACH = "/c/liuyuan/messages/reach"
# What Chromium would answer had it reached its maker's service; the endpoint leads nowhere.
SUBSCRIBES = """(() => {
  const made = %s;
  const told = { endpoint: made.endpoint, keys: { p256dh: made.p256dh, auth: made.auth } };
  const kept = () => sessionStorage.getItem("subscribed") && { endpoint: made.endpoint, toJSON: () => told, options: {
    applicationServerKey: Uint8Array.from(JSON.parse(sessionStorage.getItem("subscribed"))).buffer } };
  PushManager.prototype.getSubscription = async () => kept() || null;
  PushManager.prototype.subscribe = async (options) => {
    if (sessionStorage.getItem("blocked")) throw new DOMException("no service", "AbortError");
    sessionStorage.setItem("subscribed", JSON.stringify([...options.applicationServerKey]));
    return kept();
  };
})()"""


@pytest.fixture
def phone(window: Window, product: Product) -> Page:
    """A volunteer's phone whose browser can be notified."""
    page = window("volunteer.liuyuan", phone=True)
    asks = Browser("https://fcm.googleapis.com/fcm/send/journey").asks
    page.context.add_init_script(SUBSCRIBES % json.dumps(asks))
    return page


def _deliver(page: Page, address: str, text: dict[str, str]) -> CDPSession:
    """Hand a text to the service worker as a push service would bring it."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            break
        page.wait_for_timeout(100)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": address, "registrationId": found[-1]["registrationId"], "data": json.dumps(text)},
    )
    return session


def _shown(page: Page) -> list[dict[str, str]]:
    script = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
        .map((one) => ({ title: one.title, body: one.body, tag: one.tag, lang: one.lang, path: one.data.path }))"""
    for _ in range(50):
        if found := page.evaluate(script):
            return list(found)
        page.wait_for_timeout(100)
    return []


def test_a_device_is_told_of_a_message_and_no_more(phone: Page, product: Product) -> None:
    phone.context.grant_permissions(["notifications"], origin=product.address)
    phone.goto(REACH)
    assert len(phone.locator("[data-push-key]").get_attribute("data-push-key") or "") == 87
    steps.press(phone, "Notify me on this device")
    steps.sees(phone, steps.say("This device notifies you from now on."))
    steps.sees(phone, steps.say("This device"))
    assert steps.overflow(phone) <= 0
    assert phone.evaluate(
        "async () => new URL((await navigator.serviceWorker.ready).active.scriptURL).pathname"
    ) == ("/sw.js")

    text = {"title": "邻里", "body": "您有一条消息", "language": "zh-Hans", "tag": "t1"}
    text["path"] = "/c/liuyuan/messages/"
    for _ in range(2):
        _deliver(phone, product.address, text)
    expected = {"title": "邻里", "body": "您有一条消息", "tag": "t1", "lang": "zh-Hans", "path": text["path"]}
    assert _shown(phone) == [expected], "a doubled one replaces itself"

    steps.press(phone, "No longer notify me on this device")
    steps.sees(phone, steps.say("That device notifies you no more."))
    assert phone.locator("tr[data-device]").count() == 0
    expect(phone.locator("[data-push-on]")).to_be_visible()


def test_a_refusal_and_a_blocked_service_are_said_in_words(phone: Page, product: Product) -> None:
    phone.goto(REACH)
    phone.evaluate("sessionStorage.setItem('blocked', '1')")
    phone.context.grant_permissions(["notifications"], origin=product.address)
    steps.press(phone, "Notify me on this device")
    expect(phone.locator("[data-push-state=failed]")).to_be_visible()
    phone.evaluate("sessionStorage.removeItem('blocked')")
    phone.locator("[data-push-again]").click()
    steps.sees(phone, steps.say("This device notifies you from now on."))
    steps.press(phone, "No longer notify me on this device")
    steps.sees(phone, steps.say("That device notifies you no more."))

    phone.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    phone.goto(REACH)
    expect(phone.locator("[data-push-state=denied]")).to_be_visible()
    expect(phone.locator("[data-push-on]")).to_be_hidden()


def test_a_browser_that_cannot_is_told_so(window: Window, product: Product) -> None:
    page = window("volunteer.liuyuan", english=True)
    page.context.add_init_script("delete window.PushManager")
    page.goto(REACH)
    expect(page.locator("[data-push-state=unable]")).to_be_visible()
    expect(page.locator("[data-push-on]")).to_be_hidden()

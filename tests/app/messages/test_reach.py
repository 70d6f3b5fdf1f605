"""How Linli reaches me, and a community's own words, as pages."""

from html import unescape

import pytest
from sqlalchemy import select

from services.core.actor import system
from services.core.db import db
from services.messages import preferences, receipts, waiting
from services.messages.models import Message, Preference, Wording
from services.people.models import Account
from tests.factories import letters, phones, world

GOOD = {
    "first": "sms",
    "second": "email",
    "third": "",
    "quiet_from": "21:30",
    "quiet_until": "07:00",
    "digest": "1",
    "language": "en",
    "chat_url": "",
}
WORDS = {
    "subject_zh": "您好，{who}",
    "body_zh": "{day}见",
    "subject_en": "Dear {who}",
    "body_en": "See you on {day}.",
}


@pytest.fixture
def reader(app, client, north):
    with world.inside(app, north):
        account = world.add_member(north, "volunteer")
    world.sign_in(client, account)
    return client


@pytest.fixture
def admin(app, client, north):
    world.sign_in(client, north.accounts["admin"])
    return client


def kept(app, north, model):
    with world.inside(app, north):
        return db.session.scalars(select(model)).all()


def test_it_is_linked_from_the_account_page(reader, north):
    assert f'href="{north.path("messages/reach")}"' in reader.get("/account").text


def test_what_is_saved_is_shown(reader, app, north):
    with phones.listening():
        answer = reader.post(north.path("messages/reach"), data=GOOD)
        assert (answer.status_code, answer.location) == (303, north.path("messages/reach"))
        page = reader.get(north.path("messages/reach")).text
    assert 'value="21:30"' in page and 'value="07:00"' in page
    assert 'name="first" value="sms" checked' in page and '<option value="email" selected>' in page
    (row,) = kept(app, north, Preference)
    assert (row.channels, row.digest) == (["sms", "email"], True)
    assert reader.post(north.path("messages/reach"), data={**GOOD, "language": "zh_Hans"}).status_code == 303
    assert "邻里怎么通知您" in reader.get(north.path("messages/reach")).text
    with world.inside(app, north):
        account = db.session.get(Account, north.accounts["volunteer"].id)
        assert account.language == "zh_Hans"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quiet_until": ""}, "Quiet hours need a beginning and an end."),
        ({"quiet_from": "25:00"}, "This is not a time of day, such as 21:30."),
        ({"quiet_from": "09:00+05:00"}, "This is not a time of day, such as 21:30."),
        ({"first": "pigeon"}, "Please choose one of the list."),
        ({"language": "fr"}, "Please choose one of the list."),
        ({"chat_url": "https://example.org/x"}, "This is not the address of a robot"),
    ],
)
def test_what_does_not_do_is_said_and_kept(reader, app, north, changes, words):
    answer = reader.post(north.path("messages/reach"), data={**GOOD, **changes})
    assert answer.status_code == 422
    assert words in answer.text
    assert kept(app, north, Preference) == []


def test_without_a_gateway_sms_is_said_to_be_missing(reader, north):
    assert "SMS (not set up here yet)" in reader.get(north.path("messages/reach")).text
    with phones.listening():
        assert "not set up" not in reader.get(north.path("messages/reach")).text


def test_a_bounced_channel_is_said_and_tried_again(reader, app, north):
    with world.inside(app, north):
        preferences.block(north.accounts["volunteer"].id, "email")
    page = reader.get(north.path("messages/reach")).text
    assert "E-mail does not work" in page
    assert "At present you are reached in Linli alone." in page
    answer = reader.post(north.path("messages/reach/again"), data={"channel": "email"})
    assert answer.status_code == 303
    assert "E-mail does not work" not in reader.get(north.path("messages/reach")).text
    assert reader.post(north.path("messages/reach/again"), data={"channel": "x"}).status_code == 400


def test_own_words_with_a_preview(admin, app, north):
    address = north.path("messages/settings/test.hello")
    assert "{who}" in admin.get(address).text
    answer = admin.post(f"{address}/preview", data=WORDS)
    assert "See you on November 30, 2026." in answer.text
    assert "<html" not in answer.text
    assert admin.post(address, data=WORDS).status_code == 303
    assert "This community’s own" in unescape(admin.get(north.path("messages/settings")).text)
    assert len(kept(app, north, Wording)) == 2
    assert admin.post(f"{address}/original").status_code == 303
    assert kept(app, north, Wording) == []


def test_wrong_words_are_said_and_kept(admin, app, north):
    address = north.path("messages/settings/test.hello")
    wrong = {**WORDS, "body_en": "<b>{nobody}</b>"}
    for answer in (admin.post(address, data=wrong), admin.post(f"{address}/preview", data=wrong)):
        assert "This message has no {nobody}. It has: {day} {who}." in answer.text
        assert "<b>{" not in answer.text
    assert admin.post(address, data=wrong).status_code == 422
    assert "&lt;b&gt;{nobody}" in admin.post(address, data=wrong).text
    assert kept(app, north, Wording) == []


def test_what_is_typed_stays_text(admin, north):
    typed = {**WORDS, "body_en": "<script>alert(1)</script>"}
    for part in ("", "/preview"):
        answer = admin.post(
            north.path(f"messages/settings/test.hello{part}"), data={**typed, "subject_zh": ""}
        )
        assert "<script>alert" not in answer.text


def test_the_rate(admin, app, north):
    address = north.path("messages/settings")
    assert 'value="300"' in admin.get(address).text
    assert admin.post(address, data={"messages_a_minute": "60"}).status_code == 303
    assert 'value="60"' in admin.get(address).text
    for wrong in ("0", "10001", "x", ""):
        assert admin.post(address, data={"messages_a_minute": wrong}).status_code == 422


def test_settings_are_the_administrator_s(client, north):
    world.sign_in(client, north.accounts["staff"])
    assert client.get(north.path("messages/settings")).status_code == 403
    assert "messages/settings" not in client.get(north.path("messages/sent")).text


@pytest.mark.parametrize("why", sorted(waiting.WAITS))
def test_the_list_says_until_when_and_why(admin, app, north, why):
    with world.inside(app, north):
        account = world.add_member(north, "volunteer")
        row = letters.tell(north, account.id)[1]
        row.error = why
    page = admin.get(north.path("messages/sent")).text
    assert "Until " in page
    assert waiting.WAITS[why] in page


def test_the_list_says_what_became_of_it(admin, app, north):
    with phones.listening(), world.inside(app, north):
        account = world.add_member(north, "volunteer")
        letters.prefer(north, channels=["sms", "email"])
        row = letters.tell(north, account.id)[1]
        letters.work(row.due_at)
        receipts.note(system(north.id), event="message.bounced", reference=row.id)
    page = admin.get(north.path("messages/sent")).text
    assert "The address does not exist, as its provider says." in page
    assert "Another way was tried instead." in page
    assert "SMS" in page
    assert "Send again" not in page
    # One message by all its ways; nothing has failed for good.
    assert "Shown: one message" in admin.get(north.path(f"messages/sent?message={row.id}")).text
    assert "does not exist" not in admin.get(north.path("messages/sent?state=failed")).text
    assert admin.get(north.path("messages/sent?message=x")).status_code == 200
    assert {one.channel for one in kept(app, north, Message)} == {"inbox", "sms", "email"}

"""Whatever somebody sends: no page breaks, nothing is half-applied, nobody reaches what is not theirs."""

import random
import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from markupsafe import escape
from werkzeug.test import TestResponse

from tests.app.crawler import Form, Pairs, Value, crawl, kind_of, send
from tests.app.walks import browser, starts
from tests.app.witness import KEPT, kept, rows, undone, writes
from tests.factories import full, world

# How many of the wicked submissions of each form one run tries; another seed tries others.
TRIED, SEED = 3, 20261122

SCRIPT = "<script>alert('here')</script>"
IMAGE = "<img src=x onerror=alert(1)>"
TAG = "<i id=x"
HOSTILE: list[Value] = [
    "",
    "x" * 10_000,
    "字" * 200,
    str(10**30),
    "-1",
    "0",
    "2147483648",
    "9223372036854775808",
    "NaN",
    "sNaN",
    "-Infinity",
    "1e999",
    "1e-999",
    "²",
    "١٢",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-11-22T10:00+99:99",
    "25:61",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    "\u202eabc\u200f\u2066",
    "\ufeff\u0085\u2028",
    "\r\nSet-Cookie: a=b",
    SCRIPT,
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE account; --",
    "%(name)s %s {0} {who}",
    "{{ 7 * 7 }}",
    "not-a-uuid",
    "no_such_code",
    "//elsewhere.example/x",
    "/\\elsewhere.example",
    "/\t/elsewhere.example",
    "//[",
    "/x\r\nSet-Cookie: a=b",
    "[]",
    '{"a": [1]}',
    "😀" * 50,
]


def _wicked(form: Form, chance: random.Random, foreign: list[str]) -> list[Pairs]:
    """The form's values as they are, and some with one thing wrong in each."""
    anything = [[(name, chance.choice(HOSTILE)) for name in form.fields], [], [*form.values, *form.values]]
    for name in sorted(form.fields.keys() - {"csrf_token"}):
        anything += [form.others(name), [*form.values, (name, SCRIPT)]]
        anything += [[*form.others(name), (name, value)] for value in (*HOSTILE, *foreign)]
    return [form.values, *chance.sample(anything, min(TRIED, len(anything)))]


def _wrong(answer: TestResponse) -> str:
    """What is wrong with an answer, or ""."""
    if answer.status_code >= 500:
        return "it broke"
    if answer.mimetype == "text/html" and (SCRIPT in answer.text or IMAGE in answer.text):
        return "what was typed became markup"
    if not re.match(r"/(?![/\\])", answer.location or "/") or "Set-Cookie" in (answer.location or ""):
        return "it leads elsewhere"
    return ""


def _extra(form: Form, other: world.Place) -> Pairs:
    """Fields that the form does not have."""
    values = (str(other.id), str(other.accounts["staff"].id), "active", "admin", "424242", "424242")
    wanted = {"id": str(world.some_id()), **dict(zip(KEPT, values, strict=True))}
    return [(name, value) for name, value in wanted.items() if name not in form.fields]


@pytest.mark.parametrize("role", ["guest", *full.ROLES])
def test_forms_with_anything_in_them(app, full_places, walked, role):
    here, other = full_places
    chance = random.Random(f"{SEED} {role}")
    with world.inside(app, other.place):
        foreign = [str(value) for value in other.ids()]
    forms = walked(role).forms
    before, untouched = rows(app, here.place), rows(app, other.place)
    assert forms
    for form in forms:
        for values in _wicked(form, chance, foreign):
            told = (role, form.method, form.action, values)
            with undone(app):
                written = writes(app)
                answer = send(browser(app, here.place, role), form, values)
                assert not _wrong(answer), (_wrong(answer), answer.status_code, *told)
                if writes(app) == written:
                    continue
                assert rows(app, other.place) == untouched, told
                if answer.status_code >= 400:
                    changed = {name for name, value in rows(app, here.place).items() if value != before[name]}
                    # Wrong codes are counted.
                    assert changed <= ({"household_code"} if "code" in form.fields else set()), (
                        changed,
                        *told,
                    )


@pytest.mark.parametrize("role", ["guest", *full.ROLES])
def test_fields_a_form_does_not_have_change_nothing(app, full_places, walked, role):
    here, other = full_places
    before = kept(app, here.place), kept(app, other.place)
    for form in walked(role).forms:
        after = []
        for values in (form.values, [*form.values, *_extra(form, other.place)]):
            with undone(app):
                written = writes(app)
                answer = send(browser(app, here.place, role), form, values)
                held = before
                if writes(app) != written:
                    held = kept(app, here.place), kept(app, other.place)
                after.append((answer.status_code, *held))
        assert after[0] == after[1], (role, form.action)


@pytest.mark.parametrize("role", ["guest", *full.ROLES])
def test_looking_changes_nothing(walked, role):
    walk = walked(role)
    assert walk.urls and not walk.changed


@pytest.mark.parametrize("role", ["guest", *full.ROLES])
def test_addresses_with_anything_behind_them(app, full_places, walked, role):
    here, other = full_places
    chance = random.Random(f"{SEED} {role}")
    with world.inside(app, other.place):
        anything = [*HOSTILE, *(str(value) for value in other.ids())]
    found = list({kind_of(app, url): url for url in reversed(walked(role).urls)}.values())
    names = {name for url in found for name in kind_of(app, url)[1:]} | {"after", "next", "month"}
    client = browser(app, here.place, role)
    for url in sorted({url.partition("?")[0] for url in found}):
        for asked in (["after"], *([name] for name in chance.sample(sorted(names), 2)), sorted(names)):
            query = urlencode([(name, chance.choice(anything)) for name in asked])
            answer = client.get(f"{url}?{query}")
            assert not _wrong(answer), (answer.status_code, role, url, query)


def test_what_was_typed_never_becomes_markup(app, full_places, walked):
    here, _other = full_places
    taken, written = set(), writes(app)
    for role in ("guest", *full.ROLES):
        for form in walked(role).forms:
            if form.method == "POST":
                taken |= {
                    (form.action, name) for name in form.written() if _typed(app, here, role, form, name)
                }
    assert len(taken) > 20 and writes(app) > written, taken
    escaped = 0
    for role in ("guest", *full.ROLES):
        for url, answer in crawl(app, browser(app, here.place, role), starts(here, role)):
            page = answer.text if answer.mimetype == "text/html" else ""
            assert IMAGE not in page and TAG not in page, (role, url)
            escaped += any(str(escape(markup)) in page for markup in (IMAGE, TAG))
    assert escaped >= 40, escaped


def _typed(app: Flask, here: full.Full, role: str, form: Form, name: str) -> bool:
    """True when a field took markup, the long one or the short one."""
    for markup in (IMAGE, TAG):
        values: Pairs = [*form.others(name), (name, markup)]
        answer = send(browser(app, here.place, role), form, values)
        assert not _wrong(answer), (role, form.action, name)
        if answer.status_code < 400:
            return True
    return False

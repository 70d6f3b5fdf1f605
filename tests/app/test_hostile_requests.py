"""Requests that no browser would send: bodies, files, headers, methods and addresses."""

import io

import pytest
from flask import session
from sqlalchemy.exc import IntegrityError

from services.core.db import db
from services.households.models import Need
from tests.app.witness import rows
from tests.factories import world

IMAGE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "way",
    [
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "//[",
        "http://[",
        "javascript:a",
        "/a\r\nSet-Cookie: b=c",
        "\u202e/a",
        "/a\u2028",
        "",
    ],
)
def test_the_way_back_stays_here(client, way):
    answer = client.post("/language", data={"locale": "en", "next": way})
    assert (answer.status_code, answer.location) == (302, "/")


def test_more_than_any_request_may_carry(client, north):
    world.sign_in(client, north.accounts["staff"])
    for address in ("/sign-in", north.path("households/new")):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
            answer = client.post(address, data=b"a=" + b"x" * 13 * 1024 * 1024, content_type=kind)
            assert answer.status_code == 413 and "<h1" in answer.text, (address, kind)


def test_other_methods_are_refused_by_name(client, north):
    world.sign_in(client, north.accounts["staff"])
    for address in ("/sign-in", north.path("households/new"), north.path("pairings/runs")):
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X" * 300):
            answer = client.open(address, method=method)
            assert answer.status_code == 405 and "POST" in answer.headers["Allow"], (address, method)
            assert "<h1" in answer.text


BODIES = (
    ("application/json", b'{"name": {"a": [1]}, "building": null}'),
    ("application/json", b"{"),
    ("application/json; charset=utf-99", b"[]"),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\na"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"'),
    ("multipart/form-data; boundary=" + "y" * 5000, b"--" + b"y" * 5000 + b"--"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000))),
    ("application/x-www-form-urlencoded", b"%%%=%zz&=&&names=%"),
    ("application/x-www-form-urlencoded", b"name=a%00b"),
    ("", b"\x00\xff"),
    ("\u00e9", b"name=a"),
)


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_bodies_that_are_no_form(app, client, north, kind, body):
    world.sign_in(client, north.accounts["staff"])
    before = rows(app, north)
    for address in ("households/new", "volunteers/new", "ledgers/upload", "pledges/offer", "households/"):
        answer = client.post(north.path(address), data=body, content_type=kind)
        assert answer.status_code < 500, address
    assert rows(app, north) == before


@pytest.mark.parametrize(
    "name",
    ["\u202excod.exe", "../../etc/passwd", "a" * 5000 + ".csv", "%00.csv", '"\r\nX: y', IMAGE + ".csv"],
)
@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 100, b"PK\x03\x04", b"\xed\xa0\x80,1\n", IMAGE.encode() + b",a\n1,2\n"]
)
def test_files_that_are_no_ledger(client, north, name, data):
    world.sign_in(client, north.accounts["staff"])
    answer = client.post(north.path("ledgers/upload"), data={"file": (io.BytesIO(data), name)})
    assert answer.status_code < 500
    if answer.location:
        page = client.get(answer.location)
        assert page.status_code < 500 and IMAGE not in page.text
        assert IMAGE not in client.get(north.path("ledgers/")).text


HEADERS = (
    ("Cookie", "session=garbage"),
    ("Cookie", "session=.eJw" + "x" * 4000 + "; remember_token=\u00ff|1"),
    ("Cookie", ";;==;\x01; session"),
    ("Accept-Language", "xx-" + "y" * 3000 + ";q=NaN, *;q=1e999, en;q=-1"),
    ("X-Forwarded-For", "'; DROP TABLE account; --, ::1"),
    ("Range", "bytes=-1-,9-0"),
    ("If-Modified-Since", "Mon, 99 Foo 0000 99:99:99 GMT"),
    ("If-None-Match", '"' + "x" * 3000),
    ("Content-Length", "-1"),
    ("Content-Type", "multipart/form-data; boundary"),
    ("Authorization", "Basic \u00ff"),
    ("Referer", "http://["),
    ("Host", "elsewhere.example:99999"),
)


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_headers_with_anything_in_them(app, north, name, value):
    for address in ("/", "/sign-in", north.path(), north.path("volunteers/register"), "/healthz"):
        answer = app.test_client().get(address, headers={name: value})
        assert answer.status_code < 500, address


@pytest.mark.parametrize(
    "address",
    [
        "/c/%00/",
        "/c/%ED%A0%80/",
        "/c/" + "x" * 5000 + "/",
        "/c/north/households/%2e%2e/",
        "/r/99999999999999999999/",
        "/c/north/households/" + "0" * 36,
        "/c/north/pairings/answer/%00",
        "/c/north/visits/answer/" + "%F0" * 99,
        "/static/..%2f..%2fapp/config.py",
        "/static/%00",
        "//elsewhere.example/%0d%0aX:y",
        "/r/2147483648/",
        "/r/-1/",
    ],
)
def test_addresses_that_lead_nowhere(client, north, address):
    for who in (None, "staff"):
        if who:
            world.sign_in(client, north.accounts[who])
        assert client.get(address).status_code in (302, 308, 400, 404, 422), who


def test_what_the_database_refuses_is_told_in_words(app, client, north):
    world.sign_in(client, north.accounts["staff"])
    with client.session_transaction() as cookie:
        who = dict(cookie)
    with app.test_request_context(north.path(), headers={"Accept-Language": "en"}):
        session.update(who)
        app.preprocess_request()
        db.session.add(Need(household_id=world.some_id(), kind="company"))
        with pytest.raises(IntegrityError) as refused:
            db.session.flush()
        body, status = app.handle_user_exception(refused.value)
    assert status == 409 and "same moment" in body

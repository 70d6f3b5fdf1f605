"""First pages are light: page, styles, scripts and pictures together, as they are sent."""

import re
from urllib.parse import urlsplit

from tests.factories import full, world

MOST = 150 * 1000
LOADED = re.compile(r"""<(?:link|script|img|use)\b[^>]*?\s(?:src|href)="(/[^"#]+)""")


def sent(client, url):
    """How many bytes come over the wire for an address."""
    answer = client.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert answer.status_code == 200, url
    return len(answer.data), answer


def weight(client, url):
    """How many bytes a page and all that it loads are."""
    own, page = sent(client, url)
    parts = set(LOADED.findall(page.text))
    assert len(parts) > 5
    return own + sum(sent(client, part)[0] for part in parts)


def test_first_pages_are_light(client, full_places):
    north = full_places[0].place
    weights = {"guest": weight(client, "/sign-in")}
    for role in ("staff", *full.ROLES):
        world.sign_in(client, north.accounts[role])
        weights[role] = weight(client, urlsplit(client.get("/").location).path)
    assert {role: bytes for role, bytes in weights.items() if bytes > MOST} == {}


def test_styles_are_sent_compressed_to_who_takes_it(client):
    url = "/static/vendor/bootstrap-5.3.9/bootstrap.min.css"
    plain, packed = client.get(url), client.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) * 5 < len(plain.data)

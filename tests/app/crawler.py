"""A small browser for tests: what links and forms a page has, and every page that can be reached by links."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

Value = str | bytes
Pairs = list[tuple[str, Value]]


def today() -> date:
    """The day in the communities' zone: forms refuse one that is over there."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@dataclass
class Field:
    """A field of a form: its kind, and the values it offers."""

    name: str
    kind: str
    offers: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form of a page as a browser would send it untouched."""

    action: str
    method: str
    files: bool
    fields: dict[str, Field] = field(default_factory=dict)
    values: Pairs = field(default_factory=list)
    button: bool = False  # it has one that sends it

    def has(self, name: str) -> bool:
        """True when the field has a value already."""
        return any(pair[0] == name for pair in self.values)

    def others(self, name: str) -> Pairs:
        """The values of all fields but `name`."""
        return [pair for pair in self.values if pair[0] != name]

    def written(self) -> list[str]:
        """The names of the fields people write into."""
        return [one.name for one in self.fields.values() if one.kind in ("text", "search", "textarea")]

    def fill(self) -> None:
        """Write something plausible into what is empty, so that more of the form is accepted."""
        self.values = [(name, value or _plausible(self.fields[name])) for name, value in self.values]


def _plausible(one: Field) -> str:
    if one.kind == "select":
        return next((offer for offer in one.offers if offer), "")
    if one.name == "birthday":  # today is nobody's
        return ""
    plain = {"text": "7", "search": "7", "textarea": "7", "number": "1", "date": today().isoformat()}
    return plain.get(one.kind, "")


class Page(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url, self.links, self.forms = url, list[str](), list[Form]()
        self._ids: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: Field | None = None
        self._first = False
        self._area: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.url, given["href"]))
        elif tag == "form":
            action = urljoin(self.url, given.get("action") or self.url)
            files = given.get("enctype") == "multipart/form-data"
            self._form = self._ids.setdefault(given.get("id", f"#{len(self._ids)}"), Form("", "", False))
            self._form.action, self._form.files = action, files
            self._form.method = given.get("method", "get").upper()
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea", "button"):
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            self._option(given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name = self._form, given.get("name", "")
        if "form" in given:  # it stands outside of its form, perhaps before it
            form = self._ids.setdefault(given["form"], Form("", "", False))
        if form is None:
            return
        kind = given.get("type", "text") if tag == "input" else tag
        form.button |= kind in ("submit", "image") or (
            kind == "button" and tag == "button" and given.get("type", "submit") == "submit"
        )
        if not name:
            return
        found = form.fields.setdefault(name, Field(name, kind))
        if tag == "select":
            self._select, self._first = found, True
        elif tag == "textarea":
            self._area = name
        elif kind in ("radio", "checkbox", "button"):
            found.offers.append(given.get("value", "on"))
            if kind == "radio" and "checked" in given:
                form.values = [*form.others(name), (name, found.offers[-1])]
            # A required choice that nothing is ticked of gets its first option, as people would do.
            elif "checked" in given or ((kind == "button" or "required" in given) and not form.has(name)):
                form.values.append((name, found.offers[-1]))
        elif kind != "file":
            form.values.append((name, given.get("value", "")))

    def _option(self, given: dict[str, str]) -> None:
        form, chosen = self._form, self._select
        assert form is not None and chosen is not None
        value = given.get("value", "")
        chosen.offers.append(value)
        if self._first or "selected" in given:
            form.values = [*form.others(chosen.name), (chosen.name, value)]
            self._first = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._typed("")

    def handle_data(self, data: str) -> None:
        self._typed(data.strip())

    def _typed(self, text: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.values.append((self._area, text))
        self._area = None


def kind_of(app: Flask, url: str, method: str = "GET") -> tuple[str, ...]:
    """What an address leads to: the endpoint and the names of its parameters."""
    parts = urlsplit(url)
    try:
        endpoint, _values = app.url_map.bind("localhost").match(parts.path, method=method)
    except HTTPException:
        endpoint = parts.path
    return (str(endpoint), *sorted({name for name, _value in parse_qsl(parts.query)}))


def crawl(
    app: Flask, client: FlaskClient, starts: list[str], each: int = 2
) -> Iterator[tuple[str, TestResponse]]:
    """The answers at every address that links lead to, at most `each` of a kind; static files stay out."""
    return ((url, answer) for url, answer, _page in read(app, client, starts, each))


def read(
    app: Flask, client: FlaskClient, starts: list[str], each: int = 2
) -> Iterator[tuple[str, TestResponse, Page]]:
    """The same, each with what is on its page."""
    waiting, seen, kinds = list(starts), set[str](), dict[tuple[str, ...], int]()
    while waiting:
        url = waiting.pop(0).partition("#")[0]
        parts = urlsplit(url)
        kind = kind_of(app, url)
        if url in seen or parts.netloc or parts.path.startswith("/static") or kinds.get(kind, 0) >= each:
            continue
        if parts.scheme not in ("", "http"):
            continue
        seen.add(url)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = client.get(url, follow_redirects=False)
        page = Page(url, answer.text if answer.mimetype == "text/html" else "")
        yield url, answer, page
        if answer.location:
            waiting.append(urljoin(url, answer.location))
        waiting += page.links


def send(client: FlaskClient, form: Form, values: Pairs) -> TestResponse:
    """Submit a form with these values; bytes go out as they are."""
    if form.method == "GET":
        return client.get(f"{form.action.partition('?')[0]}?{urlencode(values)}")
    return client.post(form.action, data=urlencode(values), content_type="application/x-www-form-urlencoded")

"""Chinese and English are both complete: every text of code and templates has its Chinese, with the same placeholders."""

import io
import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app" / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
# As the Makefile's `strings` collects them.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "lazy_gettext": None}
CHINESE = re.compile(r"[一-鿿]")


def _messages() -> set[str | tuple[str, ...]]:
    """Every text meant to be translated."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    return {
        message
        for folder in ("app", "services")
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS
        )
        if message
    }


@pytest.fixture(scope="module")
def catalogue():
    return read_po(io.BytesIO(CATALOGUE.read_bytes()))


def test_every_text_has_its_chinese(catalogue):
    texts = _messages()
    assert len(texts) > 1000
    missing = [text for text in texts if not (held := catalogue.get(text)) or not all(_forms(held.string))]
    assert missing == []


def test_no_translation_is_a_guess(catalogue):
    assert [held.id for held in catalogue if held.id and held.fuzzy] == []


def test_placeholders_are_the_same(catalogue):
    wrong = [
        (held.id, form)
        for held in catalogue
        if held.id
        for form in _forms(held.string)
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(_forms(held.id)[-1]))
    ]
    assert wrong == []


def test_the_chinese_is_chinese(catalogue):
    """A text of words that came back as it was is not translated; names and signs may stay."""
    stays = {"xlsx", "QR", "Linli"}
    same = [
        held.id
        for held in catalogue
        if isinstance(held.id, str)
        and not CHINESE.search(str(held.string))
        and re.search(r"[A-Za-z]{3,}", PLACEHOLDER.sub("", held.id))
        and held.id not in stays
    ]
    assert same == []


def _forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]

"""The guides name buttons and pages by the words that stand there."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app" / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
GUIDES = sorted((ROOT / "docs" / "guide").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_what_a_guide_prints_in_bold_stands_on_a_page(guide: Path) -> None:
    with CATALOGUE.open("rb") as file:
        texts = {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    known = set(texts.values() if guide.name.endswith(".zh.md") else texts)
    bold = re.findall(r"\*\*(.+?)\*\*", guide.read_text(), re.DOTALL)
    assert bold or guide.name == "README.md"
    assert not {word for text in bold if (word := " ".join(text.split()).rstrip(".。")) not in known}

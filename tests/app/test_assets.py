"""What is vendored is what its list says, and no template breaks the content policy or leaves our own address."""

import hashlib
import re
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
STATIC = APP / "static"
VENDOR = STATIC / "vendor"
VENDORED = pytest.mark.parametrize("vendor", [VENDOR, APP.parent / "tests" / "journeys" / "vendor"])
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("muted", "paper"), ("muted", "card"), ("green", "paper"), ("green-dark", "green-tint"),
    ("green", "green-tint"), ("cream", "green"), ("cream", "green-dark"), ("brick", "cream"), ("brick", "brick-tint"),
    ("amber", "amber-tint"), ("red", "red-tint"), ("red", "card"), ("blue", "blue-tint"),
]  # fmt: skip


def listed(vendor: Path) -> dict[str, str]:
    """Path to sha256 of every file that VERSIONS.txt names."""
    lines = (vendor / "VERSIONS.txt").read_text().splitlines()
    found = (re.fullmatch(r"([0-9a-f]{64})  (\S+)  \(.+\)", line) for line in lines)
    return {match[2]: match[1] for match in found if match}


def text_of(template: Path) -> str:
    """A template's markup without comments, statements and expressions, whose ">" would end a tag too early."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(), flags=re.S)


@VENDORED
def test_every_vendored_file_is_listed_with_its_hash(vendor: Path) -> None:
    files = {str(path.relative_to(vendor)): path for path in vendor.rglob("*") if path.is_file()}
    del files["VERSIONS.txt"]
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert hashes == listed(vendor)


@VENDORED
def test_every_package_says_version_licence_and_integrity(vendor: Path) -> None:
    blocks = (vendor / "VERSIONS.txt").read_text().split("package: ")[1:]
    assert len(blocks) == len([path for path in vendor.iterdir() if path.is_dir()])
    for block in blocks:
        assert re.search(r"^version: \d+\.\d+\.\d+$", block, re.M)
        assert re.search(r"^licence: \S+$", block, re.M)
        assert re.search(r"^integrity: sha512-[A-Za-z0-9+/]{86}==$", block, re.M)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(APP / "templates")))
def test_a_template_keeps_the_content_policy(template: Path) -> None:
    text = text_of(template)
    assert not re.search(r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", text, re.I), "an inline handler"
    assert not re.search(r"<[a-z][^>]*\sstyle\s*=", text, re.I), "an inline style"
    assert not re.search(r"javascript:", text, re.I), "a script as an address"
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", text, re.I | re.S):
        assert "nonce=" in tag, f"no nonce: {tag}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(APP / "templates")))
def test_a_template_loads_nothing_from_elsewhere(template: Path) -> None:
    loads = re.findall(
        r"""\b(?:src|href|action|poster|data-[\w-]+|hx-[a-z]+)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)""",
        text_of(template),
    )
    assert loads == []


def test_our_own_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    for path in [*STATIC.glob("*.css"), *STATIC.glob("*.js")]:
        assert not re.search(r"https?://|@import|url\(\s*[\"']?//", path.read_text()), path.name


def test_static_files_that_templates_name_exist() -> None:
    for template in TEMPLATES:
        for name in re.findall(r"\bstatic\('([^']+)'\)", template.read_text()):
            assert (STATIC / name).is_file(), f"{template.name}: {name}"


def test_icons_that_pages_name_are_in_the_sprite() -> None:
    sprite = (VENDOR / "lucide-static-1.62.0" / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for template in TEMPLATES
        for name in re.findall(
            r"""(?:\bicon\(|icon_name=|set mark = )["']([a-z0-9-]+)["']""", template.read_text()
        )
    }
    assert named and named <= drawn, named - drawn


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_stands_out_from_its_background(pair: tuple[str, str]) -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STATIC / "linli.css").read_text()))
    low, high = sorted(luminance(tokens[name]) for name in pair)
    assert (high + 0.05) / (low + 0.05) >= 4.5

"""A community office at work: what its staff do on their pages."""

import re
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.product import ROOT, Product
from tests.journeys.steps import open_menu, press, say, sees

LEDGERS = ROOT / "app" / "demo" / "zaoyuan"


@dataclass(frozen=True)
class Office:
    """A community made for a journey, with one administrator and nothing else in it."""

    code: str
    login: str
    password: str


def open_office(product: Product, code: str, name: str) -> Office:
    """Make a community and its administrator by the commands an installation is begun with."""
    street = ("--under", "滨海市/清河区/枣园街道", "--under-en", "Binhai/Qinghe District/Zaoyuan Street")
    product.flask("communities", "add", code, "--name", name, "--name-en", code.title(), *street)
    login = f"office@{code}.example"
    words = product.flask("people", "add-admin", code, "--name", "何静", "--login", login)
    found = re.search(r"shown this once: (\S+)", words)
    assert found, words
    return Office(code, login, found[1])


def bring_in(page: Page, file: str) -> dict[str, int]:
    """Upload a ledger, correct a column, come to the preview; its figures by label."""
    open_menu(page, "Ledgers")
    press(page, "Bring in a ledger")
    page.set_input_files("input[type=file]", LEDGERS / file)
    press(page, "Look at the file")
    expect(page.locator("h1")).to_have_text(say("What the columns hold"))
    correct_a_column(page)
    press(page, "Show the preview")
    expect(page.locator("h1")).to_have_text(say("Preview of the import"), timeout=60_000)
    return figures(page)


def name_a_bad_cell(page: Page) -> None:
    """The preview names a refused row's cell: row, column and why."""
    page.locator(".tiles a", has_text=say("Not imported")).first.click()
    row = page.locator("main table tbody tr").first
    expect(row.locator("th")).to_have_text(re.compile(r"\d+"))
    assert all(text.strip() for text in row.locator("td").all_inner_texts()), row.inner_text()


def finish_import(page: Page) -> dict[str, int]:
    """Import what the preview shows; the figures of the result by label."""
    press(page, "Import now")
    expect(page.locator("h1")).to_have_text(say("Result of the import"), timeout=60_000)
    return figures(page)


def correct_a_column(page: Page) -> None:
    """Say that a column is not to be read, see what is missed, and give it back."""
    select = page.locator("select[name^=column-]").nth(1)
    right = select.input_value()
    name = select.get_attribute("name")
    select.select_option("")
    press(page, "Show the preview")
    sees(page, say("Not read"))
    page.locator(f"select[name={name}]").select_option(right)


def figures(page: Page) -> dict[str, int]:
    """The key figures of a page by their labels."""
    found = {}
    for tile in page.locator(".tiles > *").all():
        lines = [line.strip() for line in tile.inner_text().splitlines() if line.strip()]
        numbers = [line for line in lines if line.replace(",", "").isdigit()]
        if numbers:
            label = next(line for line in lines if line not in numbers)
            found[label] = int(numbers[0].replace(",", ""))
    return found


def result_rows(page: Page, folder: Path) -> list[tuple[object, ...]]:
    """Download the result of the import just done and read it as a spreadsheet program would."""
    with page.expect_download() as waiting:
        press(page, "Result as a spreadsheet")
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))

"""The main job, from the office's ledgers to a signed delivery, and from a matching run to a reminder in the mailbox."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys import office, pairing, promises, steps
from tests.journeys.conftest import Window
from tests.journeys.office import Office
from tests.journeys.pairing import Asked
from tests.journeys.product import Product
from tests.journeys.steps import sees

PASSWORD = "a sentence to remember"
REMINDER = "提醒：首次联系"


def test_from_ledgers_to_a_signed_delivery(product: Product, window: Window, tmp_path: Path) -> None:
    place = office.open_office(product, "xinghe", "星河社区")
    staff = window()
    steps.enter(staff, place.login, place.password)
    ledgers(staff, tmp_path)
    asked, refused = run(staff)
    helper = both_say_yes(staff, window, asked)
    reminded(staff, helper, place, asked)
    visit(staff, helper, place, asked)
    gift(staff, window(), place, refused)


def ledgers(staff: Page, folder: Path) -> None:
    """The office's three ledgers come in; the same file twice changes nothing."""
    assert office.bring_in(staff, "困难户台账.xlsx")[steps.say("Newly added")] > 150
    office.name_a_bad_cell(staff)
    households = office.finish_import(staff)
    assert households[steps.say("Newly added")] > 150 and households[steps.say("Not imported")] > 0
    rows = office.result_rows(staff, folder)
    assert len(rows) == 1 + sum(households.values()), "every row of the ledger is accounted for"
    for file in ("志愿者登记表.csv", "共建单位认捐表.xlsx"):
        office.bring_in(staff, file)
        assert office.finish_import(staff)[steps.say("Newly added")] > 20
    office.bring_in(staff, "困难户台账.xlsx")
    assert office.figures(staff)[steps.say("Newly added")] == 0


def run(staff: Page) -> tuple[Asked, str]:
    """A run by the worker; one proposal is refused, the others published. One of these, and the household refused."""
    pairing.remind_at_once(staff)
    pairing.compute(staff)
    refused = pairing.refuse_the_first(staff)
    assert pairing.publish(staff) > 50
    asked = pairing.first_asked(staff)
    assert asked.household != refused
    return asked, refused


def both_say_yes(staff: Page, window: Window, asked: Asked) -> Page:
    """Both sides say yes, each on a phone; the household's link opens once. The helper's phone."""
    helper, household = window(phone=True), window(phone=True)
    pairing.join(helper, pairing.invitation(staff, asked.helper_url), "helper@xinghe.example", PASSWORD)
    pairing.helper_accepts(helper)
    link = pairing.household_link(staff, asked)
    pairing.household_accepts(household, link, asked.helper)
    household.goto(link)
    expect(household.locator("h1")).to_have_text(steps.say("This link does not open"))
    return helper


def reminded(staff: Page, helper: Page, place: Office, asked: Asked) -> None:
    """The pairing has its follow-ups, and the first reminder is in the helper's inbox and, once, in the mailbox."""
    assert pairing.follow_ups(staff, asked.household) >= 4
    pairing.until(helper, f"/c/{place.code}/messages/", REMINDER)
    pairing.until(staff, "/dev/mailbox", "helper@xinghe.example")
    letters = staff.locator("main .card-part").filter(has_text="helper@xinghe.example")
    expect(letters.filter(has_text=REMINDER)).to_have_count(1)


def visit(staff: Page, helper: Page, place: Office, asked: Asked) -> None:
    """A visit is noted in under a minute, confirmed by the household's code, and counted."""
    code = promises.household_code(staff, asked.household_url)
    helper.goto(f"/c/{place.code}/")
    noted = promises.note_a_visit(helper)
    assert noted.taps <= 6 and noted.seconds < 60
    promises.confirm_at_the_door(helper, code)
    assert "30" in promises.hours_counted(helper)


def gift(staff: Page, unit: Page, place: Office, household: str) -> None:
    """A unit pledges, the office allocates, the receiver signs, the unit sees it delivered and is thanked."""
    name, invitation = promises.unit_invitation(staff)
    pairing.join(unit, invitation, "unit@xinghe.example", PASSWORD)
    promises.offer(unit, "东北大米", "20", "袋")
    promises.allocate(staff, "东北大米", household, "2")
    promises.sign_for(staff, "东北大米")
    unit.goto(f"/c/{place.code}/pledges/mine")
    sees(unit, name)
    used = unit.locator("main table tbody tr", has_text="东北大米")
    expect(used).to_contain_text("2")
    expect(used).to_contain_text(steps.say("Delivered"))
    promises.thanked(unit, place.code)

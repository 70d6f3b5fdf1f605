"""The main job, from the office's ledgers to a signed delivery, and from a matching run to a reminder in the mailbox."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import office, pairing, promises, steps
from tests.journeys.conftest import Window
from tests.journeys.product import Product
from tests.journeys.steps import sees

PASSWORD = "a sentence to remember"
REMINDER = "提醒：首次联系"


def test_from_ledgers_to_a_signed_delivery(product: Product, window: Window, tmp_path: Path) -> None:
    place = office.open_office(product, "xinghe", "星河社区")
    staff = window()
    steps.enter(staff, place.login, place.password)

    # The office's three ledgers.
    assert office.bring_in(staff, "困难户台账.xlsx")[steps.say("Newly added")] > 150
    office.name_a_bad_cell(staff)
    households = office.finish_import(staff)
    assert households[steps.say("Newly added")] > 150 and households[steps.say("Not imported")] > 0
    rows = office.result_rows(staff, tmp_path)
    assert len(rows) == 1 + sum(households.values()), "every row of the ledger is accounted for"
    for file in ("志愿者登记表.csv", "共建单位认捐表.xlsx"):
        office.bring_in(staff, file)
        assert office.finish_import(staff)[steps.say("Newly added")] > 20
    office.bring_in(staff, "困难户台账.xlsx")
    assert office.figures(staff)[steps.say("Newly added")] == 0, "the same file twice changes nothing"

    # A run by the worker; one proposal refused, the others published.
    pairing.remind_at_once(staff)
    pairing.compute(staff)
    refused = pairing.refuse_the_first(staff)
    assert pairing.publish(staff) > 50
    asked = pairing.first_asked(staff)
    assert asked.household != refused

    # Both sides say yes, each on a phone.
    helper = window(phone=True)
    pairing.join(helper, pairing.invitation(staff, asked.helper_url), "helper@xinghe.example", PASSWORD)
    pairing.helper_accepts(helper)
    link = pairing.household_link(staff, asked)
    household = window(phone=True)
    pairing.household_accepts(household, link, asked.helper)
    household.goto(link)
    expect(household.locator("h1")).to_have_text(steps.say("This link does not open"))

    # The pairing lives, its follow-ups are there, and the first reminder goes out by the worker.
    assert pairing.follow_ups(staff, asked.household) >= 4
    waited = pairing.until(helper, f"/c/{place.code}/messages/", REMINDER)
    assert waited < 40
    pairing.until(staff, "/dev/mailbox", "helper@xinghe.example")
    letters = staff.locator("main .card-part").filter(has_text="helper@xinghe.example")
    assert letters.filter(has_text=REMINDER).count() == 1

    # A visit in under a minute, confirmed by the household's code, counted.
    code = promises.household_code(staff, asked.household_url)
    helper.goto(f"/c/{place.code}/")
    noted = promises.note_a_visit(helper)
    assert noted.taps <= 6 and noted.seconds < 60
    promises.confirm_at_the_door(helper, code)
    assert "30" in promises.hours_counted(helper)

    # A unit pledges, the office allocates, the receiver signs, the unit sees it.
    name, invitation = promises.unit_invitation(staff)
    unit = window()
    pairing.join(unit, invitation, "unit@xinghe.example", PASSWORD)
    promises.offer(unit, "东北大米", "20", "袋")
    promises.allocate(staff, "东北大米", refused, "2")
    promises.sign_for(staff, "东北大米")
    unit.reload()
    unit.goto(f"/c/{place.code}/pledges/mine")
    sees(unit, name)
    used = unit.locator("main table tbody tr", has_text="东北大米")
    expect(used).to_contain_text("2")
    expect(used).to_contain_text(steps.say("Delivered"))

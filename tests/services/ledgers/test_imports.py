"""The office's three ledgers into the database, again, changed, and by two people at once."""

import threading
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from services.core import audit
from services.core.actor import system
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.households import disclosure, facts, needs, registration
from services.households.models import Household, Need, Resident
from services.ledgers import background, imports, uploads
from services.ledgers.issues import Issue
from services.ledgers.models import LedgerImport
from services.people import consents
from services.pledges.models import Balance, Pledge, Unit, UnitPerson
from services.volunteers import profiles
from services.volunteers.models import Volunteer
from tests.factories import world

FOLDER = Path(__file__).parents[3] / "app" / "demo" / "zaoyuan"
HOUSEHOLDS, VOLUNTEERS, PLEDGES = "困难户台账.xlsx", "志愿者登记表.csv", "共建单位认捐表.xlsx"
HHEAD = "户主姓名,性别,出生日期,联系电话,小区,楼号,单元,门牌,类别,需求,紧急程度,希望时间,备注,同意书"
VHEAD = "姓名,出生日期,手机,住址,特长/技能,可服务时间,每周小时,证书/审查,回避事项,备注"


@pytest.fixture
def staff(session, north):
    world.enter(north)
    return north.actor("staff")


def csv(head, *rows):
    return "\n".join((head, *rows)).encode()


def look(staff, data, name="台账.csv"):
    row = uploads.upload(staff, data=data, filename=name)
    opened = uploads.open_upload(staff, import_id=row.id)
    return row, imports.preview(staff, opened.sheet, opened.layout)


def bring(staff, data, name="台账.csv", **options):
    row, seen = look(staff, data, name)
    return imports.bring_in(staff, import_id=row.id, digest=seen.digest, **options)


def office(name):
    return (FOLDER / name).read_bytes()


def outcomes(counts):
    return {name: number for name, number in counts.items() if number and name not in ("rows", "warned")}


def said(seen):
    return [(issue.row, issue.code) for issue in seen.issues if not issue.code.endswith("_missing")]


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize(
    ("name", "rows", "out"),
    [
        (HOUSEHOLDS, 177, {"refused": 3, "dropped": 11}),
        (VOLUNTEERS, 260, {"dropped": 8}),
        (PLEDGES, 27, {"dropped": 5}),
    ],
)
def test_the_same_ledger_twice_changes_nothing(staff, name, rows, out):
    first = bring(staff, office(name), name)
    assert outcomes(first.counts) == {"new": rows, **out}
    before = {model: count(model) for model in (Household, Need, Volunteer, Unit, UnitPerson, Pledge)}
    second = bring(staff, office(name), name)
    assert outcomes(second.counts) == {"same": rows, **out}
    assert before == {model: count(model) for model in before}
    assert [line["row"] for line in first.result] == list(range(1, first.counts["rows"] + 1))


def test_what_the_household_ledger_becomes(staff):
    row, seen = look(staff, office(HOUSEHOLDS), HOUSEHOLDS)
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    homes = registration.active()
    assert len(homes) == count(Resident) == 177
    entries = [step.entry for step in seen.steps]
    wanted = Counter(need.kind for entry in entries for need in entry.needs)
    assert Counter(need.kind for need in needs.open_needs()) == wanted
    agreed = consents.current(
        subject_kind="household", subject_ids={home.id for home in homes}, purpose="matching"
    )
    assert len(agreed) == sum(entry.consent_on is not None for entry in entries) > 100
    assert {one.evidence for one in agreed.values()} == {"paper"}
    one = entries[0]
    at = one.address
    key = facts.door_key(estate=at.estate, building=at.building, entrance=at.unit, door=at.door)
    home = next(row for row in homes if row.door_key == key)
    assert (home.name, home.phone, home.people) == (one.name, one.phone, one.people)
    assert sorted(home.categories) == sorted(one.categories)
    assert disclosure.place_label(home, "zh").startswith(one.address.estate)


def test_what_the_volunteer_register_becomes(staff):
    row, seen = look(staff, office(VOLUNTEERS), VOLUNTEERS)
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    entries = {step.entry.row: step.entry for step in seen.steps}
    helpers = {helper.phone: helper for helper in profiles.active()}
    assert len(profiles.active()) == 260
    known = helpers[entries[3].phone]
    assert (known.name, known.week, known.places) == (entries[3].name, entries[3].week, entries[3].places)
    assert sorted(profiles.skills_of({known.id})[known.id]) == sorted(entries[3].skills)
    papers = profiles.credentials_of([helper.id for helper in helpers.values()])
    assert sum(map(len, papers.values())) > 50
    barred = profiles.exclusions_of([helper.id for helper in profiles.active()])
    assert sum(map(len, barred.values())) == sum(len(entry.limits.disputes) for entry in entries.values())


def test_what_the_pledge_list_becomes(staff):
    bring(staff, office(PLEDGES), PLEDGES)
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    pledges = db.session.scalars(select(Pledge)).all()
    assert (len(units), len(pledges), count(Balance)) == (12, 27, 27)
    money = [pledge for pledge in pledges if pledge.kind == "money"]
    assert {(pledge.promised, pledge.measure) for pledge in money} == {(2_000_000, "CNY")}
    hours = [pledge for pledge in pledges if pledge.kind == "hours"]
    assert {(pledge.promised, pledge.measure, pledge.period) for pledge in hours} == {
        (2400, "minute", "quarter")
    }
    rooms = [pledge for pledge in pledges if pledge.kind == "venue"]
    assert {pledge.item for pledge in rooms} == {"活动场地 320平方米", "会议室"}
    assert all(pledge.week for pledge in rooms)
    assert count(UnitPerson) == 27


# By cell, all that the office reads of the pledge list beside what came in.
SAID_OF_PLEDGES = [("E20", "phone_missing", "No phone. Imported without one.")]
NO_PLEDGES = [(1, "title"), (2, "title"), (3, "header"), (31, "empty"), (32, "total")]
PLEDGED = {"service": 10, "goods": 7, "money": 4, "hours": 3, "venue": 3}


def test_every_text_of_the_pledge_list_is_understood_or_named(staff):
    row = bring(staff, office(PLEDGES), PLEDGES)
    said = [Issue(**one) for line in row.result for one in line["issues"]]
    assert [
        (f"{one.letter}{one.row}", one.code, one.message()[0] % one.message()[1]) for one in said
    ] == SAID_OF_PLEDGES
    kinds = Counter(pledge.kind for pledge in db.session.scalars(select(Pledge)))
    out = [(line["row"], line["reason"]) for line in row.result if line["outcome"] != "new"]
    assert (out, kinds) == (NO_PLEDGES, PLEDGED)


HOME = "张三,女,1946-04-13,19000000001,东里,10,2,101,独居老人,送餐每周3次、理发,高,周末全天,家中有犬,已签2026-03-01"


def home():
    return db.session.scalars(select(Household)).one()


def test_a_changed_ledger_changes_only_what_changed(staff):
    bring(staff, csv(HHEAD, HOME))
    changed = HOME.replace("19000000001", "19000000002").replace("每周3次", "每周5次")
    row, seen = look(staff, csv(HHEAD, changed))
    assert [change.field for change in seen.steps[0].changes] == ["phone", "need:meal_delivery"]
    version = home().version
    done = imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert outcomes(done.counts) == {"changed": 1, "dropped": 1}
    assert (home().phone, home().version) == ("+8619000000002", version + 1)
    assert {need.kind: need.times for need in needs.open_needs()} == {"meal_delivery": 5, "haircut": None}


def test_an_empty_cell_empties_nothing(staff):
    bring(staff, csv(HHEAD, HOME))
    done = bring(staff, csv(HHEAD, "张三,,1946-04-13,,东里,10号楼,2单元,101室,,,,,,"))
    assert outcomes(done.counts) == {"same": 1, "dropped": 1}
    assert (home().phone, home().note) == ("+8619000000001", "家中有犬")


def test_what_staff_changed_since_stays_unless_the_ledger_changes_too(staff):
    bring(staff, csv(HHEAD, HOME))
    registration.update_household(staff, household_id=home().id, phone="13900000000", note="怕生")
    assert outcomes(bring(staff, csv(HHEAD, HOME)).counts) == {"same": 1, "dropped": 1}
    row, seen = look(staff, csv(HHEAD, HOME.replace("19000000001", "19000000003")))
    assert [(change.field, change.old) for change in seen.steps[0].changes] == [("phone", "+8613900000000")]
    left = imports.bring_in(staff, import_id=row.id, digest=seen.digest, leave=True)
    assert outcomes(left.counts) == {"left": 1, "dropped": 1}
    assert (home().phone, home().note) == ("+8613900000000", "怕生")
    again = look(staff, csv(HHEAD, HOME.replace("19000000001", "19000000003")))[1]
    assert [change.field for change in again.steps[0].changes] == ["phone"]


def test_a_man_living_alone_is_known_as_one(staff):
    bring(staff, csv(HHEAD, HOME.replace("女", "男")))
    assert sorted(home().circumstances) == ["dog", "male_living_alone"]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("李四,女,1950-01-01,19000000009,东里,10,2,101,,,,,,", "door_other"),
        ("张三,女,1946-04-13,19000000001,东里,11,2,101,,,,,,", "household_elsewhere"),
    ],
)
def test_another_household_is_not_written_over(staff, other, code):
    bring(staff, csv(HHEAD, HOME))
    row, seen = look(staff, csv(HHEAD, other))
    assert (2, code) in said(seen)
    done = imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert outcomes(done.counts) == {"refused": 1, "dropped": 1}
    assert home().name == "张三"


def test_one_door_written_in_two_ways_is_one_door(staff):
    seen = look(
        staff,
        csv(
            HHEAD,
            HOME,
            "李四,女,,19000000009,东 里,10,2,101,,,,,,",
            "王五,女,,,东里,a1,,7b,,,,,,",
            "赵六,女,,,东里,A1,,7B,,,,,,",
        ),
    )[1]
    assert [code for _, code in said(seen) if code == "same_subject"] == ["same_subject"]


def test_a_need_that_was_met_is_not_opened_again(staff):
    bring(staff, csv(HHEAD, HOME))
    haircut = next(need for need in needs.open_needs() if need.kind == "haircut")
    needs.close_need(staff, need_id=haircut.id, reason="met")
    assert outcomes(bring(staff, csv(HHEAD, HOME)).counts) == {"same": 1, "dropped": 1}
    row, seen = look(staff, csv(HHEAD, HOME.replace("理发", "理发每月1次").replace("高", "低")))
    assert (2, "need_closed") in said(seen)
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert [(need.kind, need.urgency) for need in needs.open_needs()] == [("meal_delivery", 1)]


def test_a_withdrawn_consent_stays_withdrawn(staff):
    bring(staff, csv(HHEAD, HOME))
    registration.withdraw_consent(staff, household_id=home().id)
    row, seen = look(staff, csv(HHEAD, HOME.replace("03-01", "03-02")))
    assert (2, "consent_withdrawn") in said(seen)
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert not registration.consented({home().id})


HELPER = "王五,1990-05-06,19000000005,东里10号楼2单元101,理发、送餐,周末全天,2,急救证 2027-03-01到期,怕狗、与10号楼张姓有纠纷、怕黑,会做饭"


def helper():
    return db.session.scalars(select(Volunteer)).one()


def test_a_helper_with_all_that_is_said(staff):
    bring(staff, csv(VHEAD, HELPER))
    one = helper()
    assert (one.hours, one.limits, one.state) == (Decimal("2.0"), ["dog"], "active")
    assert "怕黑" in one.note and "会做饭" in one.note
    assert profiles.skills_of({one.id}) == {one.id: {"haircut": 1, "meal_delivery": 1}}
    assert [paper.expires_on for paper in profiles.credentials_of({one.id})[one.id]] == [date(2027, 3, 1)]
    assert [(x.building, x.surname) for x in profiles.exclusions_of({one.id})[one.id]] == [("10", "张")]
    assert outcomes(bring(staff, csv(VHEAD, HELPER)).counts) == {"same": 1, "dropped": 1}


def test_a_helper_with_a_new_phone_is_the_same_helper(staff):
    bring(staff, csv(VHEAD, HELPER))
    profiles.update_volunteer(staff, volunteer_id=helper().id, skills={"haircut": 3, "meal_delivery": 1})
    changed = HELPER.replace("19000000005", "19000000006").replace("理发、送餐", "理发、陪诊")
    row, seen = look(staff, csv(VHEAD, changed))
    assert [change.field for change in seen.steps[0].changes] == ["phone", "skills"]
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert helper().phone == "+8619000000006"
    assert profiles.skills_of({helper().id}) == {helper().id: {"haircut": 3, "clinic_escort": 1}}


def test_a_helper_without_birthday_is_found_by_name_and_building(staff):
    bring(staff, csv(VHEAD, HELPER))
    done = bring(staff, csv(VHEAD, "王五,,19000000007,东里10号楼,理发、送餐,,,,,"))
    assert outcomes(done.counts) == {"changed": 1, "dropped": 1}
    assert helper().phone == "+8619000000007"


def test_a_phone_stays_with_whom_linli_knows_by_it(staff):
    bring(staff, csv(VHEAD, HELPER))
    row, seen = look(staff, csv(VHEAD, "赵六,1980-01-01,19000000005,,送餐,,,,,"))
    assert (2, "phone_held") in said(seen)
    imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert {one.name: one.phone for one in profiles.active()} == {"王五": "+8619000000005", "赵六": None}
    assert outcomes(bring(staff, csv(VHEAD, "赵六,1980-01-01,19000000005,,送餐,,,,,")).counts)["same"] == 1


def test_a_helper_who_left_stays_gone(staff):
    bring(staff, csv(VHEAD, HELPER))
    helper().state = "left"
    row, seen = look(staff, csv(VHEAD, HELPER.replace("19000000005", "19000000006")))
    assert (2, "helper_left") in said(seen)
    done = imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert outcomes(done.counts) == {"left": 1, "dropped": 1}
    assert (helper().state, helper().phone) == ("left", "+8619000000005")


PHEAD = "单位名称,类型,联系人,电话,认捐内容,起,止,互惠意愿"
GIFT = "惠民超市,企业,王芳,19000000008,大米 60袋,2026-02-01,2026-12-31,挂牌宣传"


def test_a_changed_promise_is_refused_and_a_changed_contact_is_not(staff):
    bring(staff, csv(PHEAD, GIFT))
    more = look(staff, csv(PHEAD, GIFT.replace("60袋", "80袋")))[1]
    assert (2, "pledge_differs") in said(more)
    done = bring(staff, csv(PHEAD, GIFT.replace("19000000008", "19000000010"), GIFT.replace("60袋", "80袋")))
    assert outcomes(done.counts) == {"changed": 1, "new": 1, "dropped": 1}
    assert [person.phone for person in db.session.scalars(select(UnitPerson))] == ["+8619000000010"]
    assert sorted(db.session.scalars(select(Pledge.promised))) == [60, 80]


def test_a_unit_nobody_knows_needs_its_type(staff):
    seen = look(staff, csv(PHEAD, GIFT.replace("企业", "")))[1]
    assert [(issue.row, issue.code) for issue in seen.issues] == [(2, "unit_kind_missing")]


def test_a_promise_that_cannot_be_kept_is_refused_by_name(staff):
    seen = look(staff, csv(PHEAD, "惠民超市,企业,王芳,,会议室 2间,1950-02-01,,"))[1]
    assert (2, "rule") in said(seen)


def test_a_pledge_without_a_first_day_is_known_again(staff):
    bring(staff, csv(PHEAD, GIFT.replace("2026-02-01", "")))
    assert outcomes(bring(staff, csv(PHEAD, GIFT.replace("2026-02-01", ""))).counts) == {
        "same": 1,
        "dropped": 1,
    }


def test_text_that_looks_like_code_is_kept_as_text(staff):
    bring(staff, csv(HHEAD, HOME.replace("家中有犬", "<b>=1+1</b>")))
    assert home().note == "<b>=1+1</b>"


def test_nobody_agrees_to_what_he_has_not_seen(staff):
    row, seen = look(staff, csv(HHEAD, HOME))
    with pytest.raises(Conflict):
        imports.bring_in(staff, import_id=row.id, digest="0" * 64)
    assert count(Household) == 0
    bring(staff, csv(HHEAD, HOME.replace("19000000001", "19000000002")))
    with pytest.raises(Conflict):
        imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert home().phone == "+8619000000002"


def test_a_second_click_gives_the_same_import(staff):
    row, seen = look(staff, csv(HHEAD, HOME))
    first = imports.bring_in(staff, import_id=row.id, digest=seen.digest)
    assert imports.bring_in(staff, import_id=row.id, digest=seen.digest).counts == first.counts
    assert count(Household) == 1


def test_the_audit_tells_counts_and_no_person(staff):
    row = bring(staff, csv(HHEAD, HOME))
    entries = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.subject_id == row.id)).all()
    assert [entry.action for entry in entries] == ["ledger.imported"]
    assert entries[0].details["new"] == 1 and "张三" not in str(entries[0].details)


def test_the_file_is_sealed_and_dropped(staff):
    row = look(staff, csv(HHEAD, HOME))[0]
    content = db.session.execute(text("SELECT content, filename FROM ledger_import")).one()
    assert all("台账" not in bytes(part).decode("latin-1") for part in content)
    assert b"19000000001" not in bytes(content.content)
    uploads.give_up(staff, import_id=row.id)
    assert db.session.execute(text("SELECT content FROM ledger_import")).scalar_one() is None
    with pytest.raises(Conflict):
        uploads.open_upload(staff, import_id=row.id)


def test_what_nobody_imports_is_dropped_after_a_day(staff, north):
    row = look(staff, csv(HHEAD, HOME))[0]
    background.begin(system(north.id), row.id)
    assert row.state == "uploaded"
    row.due_at = row.created_at
    background.begin(system(north.id), row.id)
    assert (row.state, row.content) == ("given_up", None)


def test_what_is_to_be_mended_is_forgotten_in_time(staff, north):
    row = bring(staff, csv(HHEAD, HOME, HOME.replace("101", "")))
    assert any("cells" in line for line in row.result)
    background.begin(system(north.id), row.id)
    assert any("cells" in line for line in row.result)
    row.due_at = row.created_at
    db.session.flush()
    background.begin(system(north.id), row.id)
    assert (row.due_at, row.state) == (None, "imported")
    assert not any("cells" in line for line in row.result)


def test_whose_upload_it_is(staff, north, south):
    row = look(staff, csv(HHEAD, HOME))[0]
    with pytest.raises(NotFound):
        uploads.open_upload(north.actor("admin"), import_id=row.id)
    with pytest.raises(NotFound):
        uploads.give_up(north.actor("admin"), import_id=row.id)
    db.session.commit()
    world.enter(south)
    with pytest.raises(NotFound):
        uploads.get_import(south.actor("staff"), row.id)


@pytest.mark.parametrize("act", [uploads.imports, lambda actor: uploads.upload(actor, data=b"", filename="")])
def test_only_the_office_imports(staff, north, act):
    world.add_member(north, "volunteer")
    with pytest.raises(Forbidden):
        act(north.actor("volunteer"))


def test_columns_as_somebody_corrected_them(staff):
    data = csv("住户,片区,几号楼,房间,求助", "张三,东里,10,101,理发")
    with pytest.raises(DomainError) as refusal:
        uploads.upload(staff, data=data, filename="a.csv")
    assert refusal.value.code == "ledger_no_table"
    row = uploads.upload(
        staff, data=csv("姓名,小区,楼号,房间,求助", "张三,东里,10,101,理发"), filename="a.csv"
    )
    fields = {0: "name", 1: "estate", 2: "building", 3: "door", 4: "needs"}
    uploads.read_again(staff, import_id=row.id, kind="households", sheet=0)
    with pytest.raises(DomainError):
        uploads.choose_columns(staff, import_id=row.id, fields={**fields, 4: "door"})
    uploads.choose_columns(staff, import_id=row.id, fields=fields)
    opened = uploads.open_upload(staff, import_id=row.id)
    seen = imports.preview(staff, opened.sheet, opened.layout)
    assert seen.steps[0].entry.needs[0].kind == "haircut"


def test_two_people_at_once(live_app):
    with live_app.app_context():
        place = world.make_place("north")
    found, ready = [], threading.Barrier(2)

    def work(role):
        with world.inside(live_app, place):
            staff = place.actor(role)
            row, seen = look(staff, csv(HHEAD, HOME))
            db.session.commit()
            ready.wait(timeout=20)
            done = imports.bring_in(staff, import_id=row.id, digest=seen.digest)
            found.append(outcomes(done.counts))

    threads = [threading.Thread(target=work, args=(role,)) for role in ("staff", "admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(str, found)) == ["{'new': 1, 'dropped': 1}", "{'same': 1, 'dropped': 1}"]
    with world.inside(live_app, place):
        assert count(Household) == 1
        assert sorted(db.session.scalars(select(LedgerImport.state))) == ["imported", "imported"]

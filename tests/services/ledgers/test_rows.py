"""Rows to records: the three ledgers as the office keeps them, duplicates, layout, and that no row is lost."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.week import week_from_text
from services.ledgers import columns
from services.ledgers.cells.addresses import Address
from services.ledgers.cells.credentials import Credential, Dispute
from services.ledgers.cells.needs import Need
from services.ledgers.cells.text import ID_REMOVED
from services.ledgers.issues import CODES, LedgerError
from services.ledgers.layout import REASONS, Layout, find_table, guess, without_ids
from services.ledgers.reading import DROPPED, IMPORTED, REFUSED, understand
from services.ledgers.sheets import Sheet, read

TODAY = date(2026, 11, 22)
FOLDER = Path(__file__).parents[3] / "app" / "demo" / "zaoyuan"


def office(name: str):
    sheets = read((FOLDER / name).read_bytes(), name)
    index, guessed = find_table(sheets)
    assert guessed.unmapped == ()
    assert set(guessed.confidence.values()) == {1.0}
    return sheets[index], guessed.layout, understand(sheets[index], guessed.layout, today=TODAY)


@pytest.fixture(scope="module")
def households():
    return office("困难户台账.xlsx")


@pytest.fixture(scope="module")
def volunteers():
    return office("志愿者登记表.csv")


@pytest.fixture(scope="module")
def pledges():
    return office("共建单位认捐表.xlsx")


def said(understood) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for issue in understood.issues:
        rows.setdefault(issue.code, []).append(issue.row)
    return rows


def sheet(*rows: str) -> Sheet:
    cells = [row.split("|") for row in rows]
    width = max(map(len, cells))
    return Sheet("", tuple(tuple(row + [""] * (width - len(row))) for row in cells))


def account(understood, source) -> None:
    """Every row is exactly once imported, refused or dropped."""
    told = (
        [entry.row for entry in understood.entries]
        + list(understood.refused)
        + [r.row for r in understood.dropped]
    )
    assert sorted(told) == list(range(1, len(source.rows) + 1))
    assert all(row.reason in REASONS for row in understood.dropped)
    for issue in understood.issues:
        message, values = issue.message()
        assert message % values


def test_the_household_ledger(households):
    source, layout, understood = households
    account(understood, source)
    assert (layout.kind, layout.header_row, len(source.rows)) == ("households", 3, 191)
    assert Counter(understood.outcomes().values()) == {IMPORTED: 177, REFUSED: 3, DROPPED: 11}
    assert [(row.row, row.reason, row.of_row) for row in understood.dropped] == [
        (1, "title", None),
        (2, "title", None),
        (3, "header", None),
        (184, "duplicate", 106),
        (185, "duplicate", 177),
        (186, "duplicate", 54),
        (187, "duplicate", 72),
        (188, "duplicate", 90),
        (189, "duplicate", 167),
        (190, "empty", None),
        (191, "total", None),
    ]
    assert understood.refused == (13, 73, 150)
    rows = said(understood)
    assert rows.pop("missing") == [13]
    assert rows.pop("same_door") == [73, 150]
    assert rows.pop("date_unclear") == [11]
    assert rows.pop("phone_unclear") == [125, 165]
    assert rows.pop("looks_like_html") == [57, 61, 96]
    assert rows.pop("looks_like_formula") == [12, 74, 78, 101, 103, 110, 125, 140, 142, 144, 162]
    assert {code: len(where) for code, where in rows.items()} == {"consent_missing": 16, "times_missing": 5}


def test_households_as_understood(households):
    entries = {entry.row: entry for entry in households[2].entries}
    first = entries[4]
    assert (first.name, first.gender, first.birth, first.phone) == (
        "周平贤",
        "female",
        date(2012, 3, 19),
        "+8619000009334",
    )
    assert first.address == Address("搬迁楼", "10", "5", "101")
    assert (first.people, first.urgency, first.languages) == (1, 1, ("mandarin",))
    assert first.categories == ("left_behind_child", "living_alone")
    assert first.needs == (
        Need("legal_advice"),
        Need("counselling", times_per_week=1),
        Need("repairs", hours_per_week=Decimal(2)),
    )
    assert first.week == week_from_text("周日 13:00-14:00")
    assert (first.notes, first.consent_on) == ("子女在外地", date(2026, 7, 18))
    assert entries[5].wished_gender == "female"
    assert entries[9].circumstances == ("dog",)
    assert entries[9].urgency == 5
    assert entries[8].address.building == "1"  # a number in the ledger, not "1号楼"
    assert entries[11].birth is None
    assert entries[12].people == 3
    assert entries[12].notes == "-不要敲门,先电话"
    assert entries[21].name == "郭伟勇"
    assert entries[29].phone == "+8619000006046"
    assert entries[37].week == week_from_text("周末全天")
    assert entries[18].week is None
    assert entries[8].consent_on is None
    assert sum(entry.consent_on is None for entry in entries.values()) == 32
    assert sum(entry.phone is None for entry in entries.values()) == 2


def test_a_second_household_at_a_door_is_refused_with_what_differs(households):
    issue = next(issue for issue in households[2].issues if issue.row == 73)
    assert (issue.code, issue.other_row, issue.letter) == ("same_door", 31, "B")
    assert {"户主姓名", "联系电话", "需求"} <= set(issue.differs)
    assert "小区" not in issue.differs


def test_id_numbers_are_in_nothing_that_is_handed_on(households):
    source, layout, understood = households
    assert layout.fields[4] == columns.ID_NUMBER
    told = repr(source) + repr(understood)
    assert "999999" not in told
    assert {row[4] for row in without_ids(source, layout).rows[3:]} == {""}


def test_the_volunteer_register(volunteers):
    source, layout, understood = volunteers
    account(understood, source)
    assert (layout.kind, layout.header_row, len(source.rows)) == ("volunteers", 2, 268)
    assert Counter(understood.outcomes().values()) == {IMPORTED: 260, DROPPED: 8}
    assert [(row.row, row.reason, row.of_row) for row in understood.dropped] == [
        (1, "title", None),
        (2, "header", None),
        (263, "duplicate", 6),
        (264, "merged", 177),
        (265, "merged", 216),
        (266, "duplicate", 11),
        (267, "merged", 44),
        (268, "merged", 124),
    ]
    rows = said(understood)
    assert rows.pop("phone_missing") == [152, 225]
    assert rows.pop("phone_unclear") == [51, 93, 157, 168, 176]
    assert rows.pop("phone_new") == [264, 265, 267, 268]
    assert rows.pop("phone_kept") == [263, 266]
    assert {code: len(where) for code, where in rows.items()} == {
        "date_is_issue": 31,
        "hours_missing": 30,
        "range_upper": 14,
        "places_missing": 9,
        "times_missing": 7,
    }


def test_volunteers_as_understood(volunteers):
    entries = {entry.row: entry for entry in volunteers[2].entries}
    first = entries[3]
    assert (first.name, first.gender, first.birth, first.phone) == (
        "张春建",
        "male",
        date(1966, 7, 5),
        "+8619000003736",
    )
    assert (first.political_status, first.party_registration, first.party_member) == (
        "party_member",
        "mobile",
        True,
    )
    assert (first.skills, first.languages) == (("cleaning", "haircut"), ("mandarin", "cantonese"))
    assert first.week == week_from_text("周二 15:00-17:00、周一 08:00-10:00、周日 10:00-11:00")
    assert (first.hours_per_week, first.places, first.address) == (Decimal(2), 1, Address("商品房小区", "2"))
    assert (first.limits.bars, first.registered_on) == (("dog",), date(2024, 2, 16))
    assert entries[4].skills == ("sign_language", "company", "phone_help", "shopping")
    assert entries[4].credentials == (Credential("first_aid", expires=date(2027, 3, 1)),)
    assert entries[5].limits.bars == ("male_living_alone",)
    assert entries[7].credentials == (Credential("no_criminal_record", issued=date(2026, 5, 20)),)
    assert entries[7].limits.disputes == (Dispute("3", "王"),)
    assert entries[8].hours_per_week is None
    assert entries[12].places == 2
    assert entries[13].hours_per_week == 2
    assert not entries[4].party_member
    assert sum(entry.party_member for entry in entries.values()) == 155
    assert Counter(kind for e in entries.values() for kind in (c.kind for c in e.credentials)) == {
        "no_criminal_record": 31,
        "first_aid": 28,
        "counsellor": 24,
        "electrician": 15,
    }


def test_a_new_phone_replaces_the_old_and_a_bad_one_does_not(volunteers):
    entries = {entry.row: entry for entry in volunteers[2].entries}
    assert entries[177].phone == "+8619000002910"
    assert entries[11].phone == "+8619000005539"
    assert entries[6].phone == "+8619000009172"
    messages = {issue.row: issue for issue in volunteers[2].issues if issue.row > 262}
    assert (messages[264].other_row, messages[264].understood) == (177, "+8619000002910")
    assert (messages[266].other_row, messages[266].raw) == (11, "1900000233")


def test_the_pledge_list(pledges):
    source, layout, understood = pledges
    account(understood, source)
    assert (layout.kind, layout.header_row, len(source.rows)) == ("pledges", 3, 32)
    assert Counter(understood.outcomes().values()) == {IMPORTED: 27, DROPPED: 5}
    assert said(understood) == {"phone_missing": [20]}
    assert Counter(entry.promise.kind for entry in understood.entries) == {
        "service": 10,
        "goods": 7,
        "money": 4,
        "venue": 3,
        "hours": 3,
    }
    assert len({entry.organisation for entry in understood.entries}) == 12
    entries = {entry.row: entry for entry in understood.entries}
    assert (entries[4].starts, entries[4].ends) == (date(2026, 1, 1), date(2026, 12, 31))
    assert entries[8].ends is None
    assert entries[16].phone == "+8619000001330"
    assert entries[26].promise.week == week_from_text("周三 14:00-16:00")


@pytest.mark.parametrize("name", ["困难户台账.xlsx", "共建单位认捐表.xlsx"])
def test_a_page_of_instructions_is_not_a_table(name):
    assert [guess(page) is None for page in read((FOLDER / name).read_bytes(), name)] == [False, True]


HEAD = "户主姓名|电话|小区|楼号|单元|门牌|需求|备注"
VHEAD = "姓名|出生日期|手机|住址|技能|可结对户数"
PHEAD = "单位名称|类型|联系人|电话|认捐内容|起|止"


def taken(*rows: str):
    source = sheet(*rows)
    understood = understand(source, guess(source).layout, today=TODAY)
    account(understood, source)
    return understood


def test_totals_remarks_repeated_headers_and_empty_rows_are_named():
    understood = taken(
        HEAD,
        "张三|19000000001|A区|1|1|101|理发",
        "",
        HEAD,
        "小计|1",
        "李四|19000000002|A区|1|1|102|理发",
        "共计:2户",
        "制表人:王",
    )
    assert [(row.row, row.reason) for row in understood.dropped] == [
        (1, "header"),
        (3, "empty"),
        (4, "header"),
        (5, "total"),
        (7, "total"),
        (8, "remark"),
    ]
    assert [entry.row for entry in understood.entries] == [2, 6]


def test_an_id_number_in_a_note_is_removed_and_named():
    (source,) = read(
        f"{HEAD}\n张三|19000000001|A区|1|1|101|理发|证110105194912310021\n".replace("|", ",").encode(),
        "a.csv",
    )
    understood = understand(source, guess(source).layout, today=TODAY)
    assert [(issue.code, issue.letter, issue.severity) for issue in understood.issues] == [
        ("id_number_removed", "H", "warning")
    ]
    assert understood.entries[0].notes == f"证{ID_REMOVED}"


def test_a_column_full_of_id_numbers_is_recognised_by_its_cells():
    source = sheet(
        HEAD + "|号码",
        f"张三|19000000001|A区|1|1|101|理发||{ID_REMOVED}",
        f"李四|19000000002|A区|1|1|102|理发||{ID_REMOVED}",
    )
    assert guess(source).layout.fields[8] == columns.ID_NUMBER


def test_a_mistyped_id_number_cannot_be_brought_in_under_another_field():
    source = sheet("户主姓名|身份证号|小区|楼号|门牌|备注", "张三|12345|A区|1|101|")
    layout = Layout(columns.HOUSEHOLDS, 1, {0: "name", 1: "notes", 2: "estate", 3: "building", 4: "door"})
    assert understand(source, layout, today=TODAY).entries[0].notes == ""


def test_the_same_household_twice():
    again = "张三|{}|A区|1|1|101|{}"
    understood = taken(HEAD, again.format("19000000001", "理发"), again.format("190 0000 0001", "上门理发"))
    assert [(row.row, row.reason, row.of_row) for row in understood.dropped[1:]] == [(3, "duplicate", 2)]
    understood = taken(HEAD, again.format("19000000001", "理发"), again.format("19000000001", "送餐"))
    assert (understood.refused, understood.issues[-1].code, understood.issues[-1].differs) == (
        (3,),
        "same_door",
        ("需求",),
    )
    understood = taken(HEAD, again.format("19000000001", "理发"), again.format("19000000009", "理发"))
    assert understood.entries[0].phone == "+8619000000009"
    assert understood.dropped[-1].reason == "merged"
    understood = taken(HEAD, "张三|19000000001|A区|1|1|101|理发", "张三|19000000001|A区|2|1|101|理发")
    assert (understood.issues[-1].code, understood.issues[-1].differs) == ("same_person", ("楼号",))


def test_a_refused_row_does_not_stand_in_the_way_of_a_good_one():
    understood = taken(HEAD, "|19000000001|A区|1|1|101|理发", "张三|19000000001|A区|1|1|101|理发")
    assert (understood.refused, [entry.row for entry in understood.entries]) == ((2,), [3])


def test_a_phone_two_volunteers_share_stays_with_the_first():
    understood = taken(
        VHEAD,
        "张三|1950-01-01|19000000001|A区1号楼|理发|1",
        "李四|1951-01-01|19000000001|A区1号楼|理发|1",
        "王五|1952-01-01|19000000003|A区1号楼|理发|1",
        "王五|1952-01-01|19000000001|A区1号楼|理发|1",
    )
    assert [entry.phone for entry in understood.entries] == ["+8619000000001", None, "+8619000000003"]
    said = [(issue.row, issue.code, issue.other_row) for issue in understood.issues]
    assert said == [(3, "phone_taken", 2), (5, "phone_taken", 2)]
    assert understood.dropped[-1].reason == "duplicate"


def test_a_phone_two_households_share_is_kept_by_both():
    understood = taken(HEAD, "张三|19000000001|A区|1|1|101|理发", "李四|19000000001|A区|1|1|102|理发")
    assert [entry.phone for entry in understood.entries] == ["+8619000000001"] * 2
    assert [(issue.row, issue.code, issue.other_row) for issue in understood.issues] == [
        (3, "phone_shared", 2)
    ]


@pytest.mark.parametrize(("column", "length"), [(0, 61), (2, 61), (7, 2001)])
def test_a_cell_longer_than_its_field_is_refused(column, length):
    cells = ["张三", "19000000001", "A区", "1", "1", "101", "理发", ""]
    cells[column] = "长" * length
    understood = taken(HEAD, "|".join(cells))
    assert next(issue.code for issue in understood.issues) == "too_long"
    assert understood.refused == (2,)


def test_namesakes_with_other_birthdays_are_two_people():
    understood = taken(
        VHEAD, "张三|1950-01-01|19000000001|A区1号楼|理发|1", "张三|1951-01-01|19000000002|A区1号楼|理发|1"
    )
    assert (len(understood.entries), understood.issues) == (2, ())


def test_pledges_refused_by_name():
    understood = taken(
        PHEAD,
        "供电公司|企业|张三|19000000001|若干物资|2026-01-01|长期",
        "供电公司|企业|张三|19000000001|电脑 5台|2026-06-01|2026-01-01",
        "供电公司|企业|张三|19000000001|电脑 5台|2026-06-01|年底",
        "供电公司|企业|张三|19000000001|电脑 5台|2026-06-01|长期",
        "供电公司|学校|张三|19000000001|轮椅 1辆|2026-06-01|长期",
        "供电公司|企业|张三|19000000001|电脑 5台|2026-06-01|长期",
    )
    assert [issue.code for issue in understood.issues] == [
        "pledge_unclear",
        "dates_reversed",
        "term_unclear",
        "same_unit",
    ]
    assert understood.refused == (2, 3, 4, 6)
    assert (understood.dropped[-1].row, understood.dropped[-1].reason) == (7, "duplicate")


def test_columns_in_other_words_and_order_are_recognised():
    source = sheet(
        "备注|联系方式|家庭住址|户主|服务需求|奇怪的一列", "无|19000000001|A区1号楼2单元301|张三|理发|x"
    )
    guessed = guess(source)
    assert dict(guessed.layout.fields) == {0: "notes", 1: "phone", 2: "address", 3: "name", 4: "needs"}
    assert guessed.unmapped == (5,)
    assert understand(source, guessed.layout, today=TODAY).entries[0].address == Address(
        "A区", "1", "2", "301"
    )


def test_a_correction_by_the_user_is_followed():
    source = sheet("甲|乙|丙|丁|戊", "张三|A区|1|101|理发")
    assert guess(source) is None
    layout = Layout(columns.HOUSEHOLDS, 1, {0: "name", 1: "estate", 2: "building", 3: "door", 4: "needs"})
    assert understand(source, layout, today=TODAY).entries[0].needs == (Need("haircut"),)


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (Layout("households", 1, {0: "name"}), "ledger_columns_missing"),
        (Layout("households", 1, {0: "name", 9: "estate"}), "ledger_layout"),
        (Layout("households", 1, {0: "name", 1: "name"}), "ledger_layout"),
        (Layout("households", 1, {0: "skills"}), "ledger_layout"),
        (Layout("households", 7, {0: "name"}), "ledger_layout"),
        (Layout("households", 0, {0: "name"}), "ledger_layout"),
        (Layout("nonsense", 1, {0: "name"}), "ledger_layout"),
    ],
)
def test_a_layout_that_does_not_fit_is_refused(layout, code):
    with pytest.raises(LedgerError) as refusal:
        understand(sheet("a|b|c", "1|2|3"), layout, today=TODAY)
    assert refusal.value.code == code


CELL = st.sampled_from(
    ["", "张三", "合计", "理发", "19000000001", "1", "101", "A区", "电脑 5台", "2026-01-01", ID_REMOVED, "=1"]
) | st.text(max_size=12)


@settings(deadline=None)
@given(
    st.sampled_from([HEAD, VHEAD, PHEAD]),
    st.lists(st.lists(CELL, min_size=8, max_size=8).map(tuple), max_size=12),
)
def test_no_row_is_ever_lost(head, rows):
    titles = tuple((head.split("|") + [""] * 8)[:8])
    source = Sheet("", (titles, *rows))
    kind = {HEAD: columns.HOUSEHOLDS, VHEAD: columns.VOLUNTEERS, PHEAD: columns.PLEDGES}[head]
    understood = understand(source, guess(source, kind).layout, today=TODAY)
    account(understood, source)
    errors = {issue.row for issue in understood.issues if issue.severity == "error"}
    assert errors == set(understood.refused)


def test_every_code_has_a_severity_and_a_sentence():
    assert {severity for severity, _ in CODES.values()} == {"error", "warning"}

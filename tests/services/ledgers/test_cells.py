"""Cells to values: what is understood, what is refused by name, and that nothing crashes."""

from datetime import date, timedelta
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.communities.catalogue import BARS, CHECKS, LANGUAGES, NEED_KINDS, find
from services.ledgers import facts
from services.ledgers.cells import addresses, amounts, credentials, dates, needs, numbers, phones, text
from services.ledgers.cells.addresses import Address
from services.ledgers.cells.credentials import Credential, Dispute
from services.ledgers.cells.needs import Need
from services.ledgers.issues import CODES

TODAY = date(2026, 11, 22)

PARSERS = [
    phones.phone,
    dates.day,
    lambda cell: dates.past_day(cell, TODAY),
    lambda cell: dates.consent(cell, TODAY),
    numbers.count,
    numbers.hours,
    numbers.urgency,
    needs.needs,
    credentials.credentials,
    credentials.limits,
    facts.gender,
    facts.times,
    lambda cell: text.codes(LANGUAGES, cell),
]
CELLS = st.text() | st.text(
    "0123456789０１２.-+/年月日号楼单元室每周次小时到期已签怕狗、,;: 理发送餐一二三与姓住户有纠纷万元",
    max_size=60,
)


@given(CELLS, st.sampled_from(PARSERS))
def test_no_cell_crashes_and_every_note_has_words(cell, parse):
    _, notes = parse(text.written(cell))
    assert all(note.code in CODES for note in notes)


@given(CELLS)
def test_no_address_or_pledge_crashes(cell):
    addresses.part(cell), addresses.whole(cell), facts.wished_gender(cell), facts.circumstances(cell)
    promise = amounts.promise(cell)
    assert promise is None or promise.quantity is None or promise.quantity > 0


@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)
def test_every_kind_of_cell_can_be_written(value):
    assert isinstance(text.written(value), str)


@given(
    st.integers(10**10, 2 * 10**10 - 1), st.sampled_from(["{}", "+86{}", "86{}", "0086 {}", " {} ", "{}.0"])
)
def test_a_mobile_reads_back_in_every_form(number, form):
    cell = text.written(float(number)) if form == "{}.0" else form.format(number)
    assert phones.phone(cell) == (f"+86{number}", [])
    spaced = f"{str(number)[:3]}-{str(number)[3:7]} {str(number)[7:]}"
    assert phones.phone(spaced) == (f"+86{number}", [])


@given(st.sampled_from(["CN", "US", "GB", "JP", "HK", "DE"]))
def test_a_phone_with_its_country_code_reads_back(region):
    number = phonenumbers.format_number(
        phonenumbers.example_number(region), phonenumbers.PhoneNumberFormat.E164
    )
    assert phones.phone(number) == (number, [])


@pytest.mark.parametrize(
    "cell", ["1900000699", "190000006999", "12345", "110", "无", "19000006046/19000006047", "⟨ID⟩"]
)
def test_what_is_not_a_phone_is_named(cell):
    assert [note.code for note in phones.phone(cell)[1]] == ["phone_unclear"]
    assert phones.phone(cell)[0] is None


def test_landlines_need_their_area_code():
    assert phones.phone("0571-8765 4321")[0] == "+8657187654321"
    assert phones.phone("（010）65529988")[0] == "+861065529988"
    assert phones.phone("87654321")[0] is None


FORMS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y 年 %m 月 %d 日"]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(FORMS), st.booleans())
def test_a_day_reads_back_in_all_six_forms(day, form, wide):
    cell = day.strftime(form)
    if wide:
        cell = cell.translate({ord(c): 0xFF10 + int(c) for c in "0123456789"})
    assert dates.day(cell) == (day, [])


@given(st.dates(date(1960, 1, 1), date(2060, 1, 1)))
def test_a_spreadsheet_day_number_is_read_and_named(day):
    found, notes = dates.day(text.written(float((day - date(1899, 12, 30)).days)))
    assert found == day
    assert [note.code for note in notes] == ["date_serial"]


@pytest.mark.parametrize(
    "cell", ["1958-13-40", "2026-02-29", "20261301", "26-1-2", "1958年", "1958-05", "昨天", "0001-01-01"]
)
def test_impossible_days_are_named_and_not_guessed(cell):
    found, notes = dates.day(cell)
    assert (found, [note.code for note in notes]) == (None, ["date_unclear"])


def test_nobody_is_born_tomorrow():
    found, notes = dates.past_day((TODAY + timedelta(days=1)).isoformat(), TODAY)
    assert (found, [note.code for note in notes]) == (None, ["date_future"])


@pytest.mark.parametrize(
    ("cell", "day", "codes"),
    [
        ("2026/07/18已签", date(2026, 7, 18), []),
        ("20260213已签", date(2026, 2, 13), []),
        ("2026年7月10日已签", date(2026, 7, 10), []),
        ("已签 2026.3.9", date(2026, 3, 9), []),
        ("未签", None, []),
        ("", None, ["consent_missing"]),
        ("已签", None, ["consent_unclear"]),
        ("2026-13-01已签", None, ["consent_unclear"]),
        ("2027-01-01已签", None, ["date_future"]),
    ],
)
def test_consent(cell, day, codes):
    found, notes = dates.consent(cell, TODAY)
    assert (found, [note.code for note in notes]) == (day, codes)


def test_counts_hours_urgency():
    assert numbers.count("3人") == (3, [])
    assert numbers.count("３") == (3, [])
    assert numbers.count("两口") == (2, [])
    value, notes = numbers.count("1-2")
    assert (value, notes[0].code, notes[0].understood) == (2, "range_upper", "2")
    assert numbers.count("几个")[1][0].code == "number_unclear"
    assert numbers.count("2-1")[1][0].code == "number_unclear"
    assert numbers.count("-3")[1][0].code == "number_unclear"
    assert numbers.hours("2小时") == (Decimal(2), [])
    assert numbers.hours("1.5h") == (Decimal("1.5"), [])
    assert numbers.hours("200")[1][0].code == "number_unclear"
    assert [numbers.urgency(word)[0] for word in ("低", "中", "高", "紧急", "1", "5", "４")] == [
        1,
        3,
        4,
        5,
        1,
        5,
        4,
    ]
    assert numbers.urgency("6")[1][0].code == "urgency_unclear"


@pytest.mark.parametrize("separator", ["、", ",", ",", ";", "；", "/", "\n", " "])
def test_lists_in_every_separator(separator):
    found, notes = needs.needs(separator.join(["送餐每周3次", "聊天陪伴每周2小时", "理发"]))
    assert notes == []
    assert found == (
        Need("meal_delivery", times_per_week=3),
        Need("company", hours_per_week=Decimal(2)),
        Need("haircut"),
    )
    assert text.codes(NEED_KINDS, separator.join(["手语", "量血压"])) == (
        ("sign_language", "health_check"),
        [],
    )


def test_needs_that_are_not_plain():
    assert needs.needs("送餐每天1次")[0] == (Need("meal_delivery", times_per_week=7),)
    assert needs.needs("陪诊每月8小时")[0] == (Need("clinic_escort", hours_per_week=Decimal("1.8")),)
    found, notes = needs.needs("陪诊每月2次")  # not a whole number of times a week
    assert (found, notes[0].code) == ((Need("clinic_escort"),), "amount_unclear")
    assert needs.needs("理发一次")[0] == (Need("haircut", once=True),)
    assert needs.needs("通下水道、理发")[1][0].code == "word_unknown"
    found, notes = needs.needs("送餐每周很多次")
    assert (found, notes[0].code) == ((Need("meal_delivery"),), "amount_unclear")
    found, notes = needs.needs("聊天陪伴每周2小时、精神慰藉")
    assert (len(found), notes[0].code) == (1, "kind_repeated")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("送餐", "助餐"), ("代购代办", "买菜"), ("陪同就医", "陪诊"), ("聊天陪伴", "精神慰藉"), ("家政清洁", "打扫卫生"),
        ("水电维修", "修水电"), ("理发", "上门理发"), ("法律咨询", "法律援助"), ("作业辅导", "学业辅导"),
        ("手机使用", "数字助老"), ("手语沟通", "手语"), ("健康监测", "量血压"), ("心理疏导", "心理咨询"),
    ],
)  # fmt: skip
def test_words_that_mean_the_same(one, other):
    assert find(NEED_KINDS, one) == find(NEED_KINDS, other) is not None


def test_comfort_is_not_counselling():
    assert find(NEED_KINDS, "精神慰藉") != find(NEED_KINDS, "心理疏导")


@pytest.mark.parametrize("terms", [NEED_KINDS, LANGUAGES, CHECKS, BARS])
def test_no_word_of_the_catalogue_means_two_things(terms):
    words = [word for term in terms for word in {term.code, term.zh, *term.synonyms}]
    assert len(words) == len(set(words))


def test_credentials():
    assert credentials.credentials("急救证 2027-03-01到期") == (
        (Credential("first_aid", expires=date(2027, 3, 1)),),
        [],
    )
    found, notes = credentials.credentials("无犯罪记录证明 2026-05-20、电工证")
    assert found == (Credential("no_criminal_record", issued=date(2026, 5, 20)), Credential("electrician"))
    assert [note.code for note in notes] == ["date_is_issue"]
    # A certificate whose last day cannot be read must not count as valid for ever.
    assert credentials.credentials("急救证 2027-13-01到期")[0] == ()
    assert credentials.credentials("飞行执照")[1][0].code == "check_unknown"


def test_limits():
    found, notes = credentials.limits("怕狗、不上门男性独居户,与3号楼王姓住户有纠纷;不去五楼以上")
    assert found.bars == ("dog", "male_living_alone")
    assert found.disputes == (Dispute("3", "王"),)
    assert found.notes == "不去五楼以上"
    assert [note.code for note in notes] == ["limit_text"]


def test_addresses():
    assert addresses.part("10号楼") == addresses.part("10") == addresses.part("１０栋") == "10"
    assert addresses.part("甲3号楼") == "甲3"
    assert addresses.part("老槐树旁") is None
    assert addresses.whole("商品房小区2号楼") == Address("商品房小区", "2")
    assert addresses.whole("家属院10号楼3单元401室") == Address("家属院", "10", "3", "401")
    assert addresses.whole("10号楼") is None


def test_names_lose_their_spaces():
    assert text.name(" 郭伟勇") == text.name("\u3000郭 伟勇 ") == "郭伟勇"
    assert text.name(" John  Smith ") == "John Smith"


@pytest.mark.parametrize(
    ("cell", "kind", "quantity", "measure", "per", "service"),
    [
        ("理发 30人次/月", "service", 30, "人次", "month", "haircut"),
        ("健康讲座 4场", "service", 4, "场", "", "health_talk"),
        ("法律咨询 每月2次", "service", 2, "次", "month", "legal_advice"),
        ("电脑 5台", "goods", 5, "台", "", None),
        ("米面油 60份", "goods", 60, "份", "", None),
        ("资金 20000元", "money", 20000, "元", "", None),
        ("资金2万元", "money", 20000, "元", "", None),
        ("志愿服务 40小时/季度", "hours", 40, "小时", "quarter", None),
        ("活动场地 320平方米 周末", "venue", 320, "平方米", "", None),
    ],
)
def test_pledges(cell, kind, quantity, measure, per, service):
    found = amounts.promise(cell)
    assert (found.kind, found.quantity, found.measure, found.per, found.service) == (
        kind,
        quantity,
        measure,
        per,
        service,
    )


def test_rooms_have_their_hours():
    assert amounts.promise("会议室 每周三 14:00-16:00").week == facts.times("周三 14:00-16:00")[0]
    assert amounts.promise("活动场地 320平方米 周末").week == facts.times("周末全天")[0]


@pytest.mark.parametrize(
    "cell",
    [
        "若干物资",
        "会议室",
        "电脑 0台",
        "资金 5台",
        "-1台",
        "电脑 5台、打印机 1台",
        "会议室 看情况",
        "2026-01-01",
        "电脑 5台/年",
        "理发 30人次/天",
        "大米 2.5袋",
    ],
)
def test_pledges_that_are_not_plain_are_not_guessed(cell):
    assert amounts.promise(cell) is None


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-不要敲门,先电话", "@cmd", "=HYPERLINK(1)"])
def test_formula_like_text_is_named(cell):
    assert [note.code for note in text.suspicious(cell)] == ["looks_like_formula"]


@pytest.mark.parametrize("cell", ["<b>听力差</b>", "<img src=x onerror=1>", "a<script"])
def test_html_like_text_is_named(cell):
    assert [note.code for note in text.suspicious(cell)] == ["looks_like_html"]


@pytest.mark.parametrize("cell", ["+8619000006301", "-5", "3<5", "", "普通"])
def test_plain_text_is_not(cell):
    assert text.suspicious(cell) == []

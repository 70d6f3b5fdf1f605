"""Titles to fields: which ledger this is, and what each column holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.communities.catalogue import plain
from services.core.errors import N_

HOUSEHOLDS, VOLUNTEERS, PLEDGES = "households", "volunteers", "pledges"
NUMBER, ID_NUMBER = "number", "id_number"


@dataclass(frozen=True)
class Field:
    """A thing a column can hold: its name for people, the titles offices use, whether
    every row must fill it, and how many characters it may have."""

    label: str
    titles: tuple[str, ...]
    required: bool = False
    longest: int = 2000


_COMMON = {
    NUMBER: Field(N_("Number (not kept)"), ("序号", "编号", "No", "#")),
    ID_NUMBER: Field(
        N_("ID number (never stored)"), ("身份证号", "身份证", "身份证号码", "证件号码", "ID number")
    ),
    "gender": Field(N_("Gender"), ("性别", "gender")),
    "birth": Field(N_("Birth date"), ("出生日期", "出生年月", "出生年月日", "生日", "birth date")),
    "phone": Field(N_("Phone"), ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "phone")),
    "languages": Field(N_("Languages"), ("语言", "方言", "languages")),
    "notes": Field(N_("Notes"), ("备注", "说明", "notes")),
}
_PLACE = {
    "estate": Field(N_("Estate"), ("小区", "所在小区", "estate"), longest=60),
    "building": Field(N_("Building"), ("楼号", "楼栋", "楼", "栋", "幢", "building")),
    "unit": Field(N_("Building unit"), ("单元", "单元号")),
    "door": Field(N_("Door"), ("门牌", "门牌号", "室", "房号", "door")),
    "address": Field(N_("Address"), ("住址", "地址", "家庭住址", "居住地址", "address")),
}

FIELDS: dict[str, dict[str, Field]] = {
    HOUSEHOLDS: {
        **_COMMON,
        **_PLACE,
        "name": Field(N_("Head of household"), ("户主姓名", "户主", "姓名", "name"), required=True, longest=60),
        "people": Field(N_("People in the household"), ("人口", "人口数", "家庭人口", "人数", "people")),
        "categories": Field(N_("Categories"), ("类别", "困难类别", "人群类别", "困难类型", "categories")),
        "needs": Field(N_("Needs"), ("需求", "服务需求", "需要", "needs")),
        "urgency": Field(N_("Urgency"), ("紧急程度", "紧急", "urgency")),
        "times": Field(N_("Times wished"), ("希望时间", "服务时间", "方便时间", "times")),
        "consent": Field(N_("Consent"), ("同意书", "知情同意", "consent")),
    },
    VOLUNTEERS: {
        **_COMMON,
        "name": Field(N_("Name"), ("姓名", "志愿者姓名", "name"), required=True, longest=60),
        "political_status": Field(N_("Political status"), ("政治面貌",)),
        "party_registration": Field(N_("Party registration"), ("党员类型", "党员类别")),
        "employer": Field(N_("Employer"), ("工作单位", "单位", "employer"), longest=60),
        "skills": Field(N_("Skills"), ("特长/技能", "特长", "技能", "服务特长", "skills")),
        "times": Field(N_("Times available"), ("可服务时间", "服务时间", "空闲时间", "times")),
        "hours": Field(N_("Hours a week"), ("每周小时", "每周时长", "每周服务小时", "hours")),
        "places": Field(N_("Households taken on"), ("可结对户数", "结对户数", "places")),
        "address": _PLACE["address"],
        "credentials": Field(N_("Certificates and checks"), ("证书/审查", "证书", "资格证书", "审查")),
        "limits": Field(N_("Not to be given"), ("回避事项", "回避", "限制")),
        "registered_on": Field(N_("Registered on"), ("登记日期", "注册日期", "报名日期")),
    },
    PLEDGES: {
        NUMBER: _COMMON[NUMBER],
        ID_NUMBER: _COMMON[ID_NUMBER],
        "organisation": Field(N_("Co-building unit"), ("单位名称", "共建单位", "单位", "名称"), required=True, longest=80),
        "organisation_kind": Field(N_("Type of unit"), ("类型", "单位类型", "单位性质")),
        "contact": Field(N_("Contact person"), ("联系人", "负责人", "contact"), longest=60),
        "phone": _COMMON["phone"],
        "promise": Field(
            N_("Pledge"), ("认捐内容", "认捐", "资源", "资源内容", "服务项目", "pledge"), required=True
        , longest=80),
        "starts": Field(N_("Starts on"), ("起", "开始", "开始日期", "起始日期")),
        "ends": Field(N_("Ends on"), ("止", "结束", "截止", "结束日期", "截止日期")),
        "wishes": Field(N_("Hopes for in return"), ("互惠意愿", "需求", "单位需求"), longest=200),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A column's field and how sure we are: 1.0 the title is known, 0.6 it contains a known title."""

    field: str
    confidence: float


def recognise(header: Sequence[str], kind: str) -> dict[int, Match]:
    """The fields of a header row for one kind of ledger, by column index from 0. A field is given at most once."""
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for sure in (1.0, 0.6):
        for index, title in enumerate(header):
            field = _field(title, kind, exact=sure == 1.0)
            # Two ID columns are both ID columns: neither may be carried on.
            if field and index not in found and (field not in taken or field == ID_NUMBER):
                found[index] = Match(field, sure)
                taken.add(field)
    return dict(sorted(found.items()))


def _field(title: str, kind: str, *, exact: bool) -> str | None:
    wanted = plain(title)
    if not wanted:
        return None
    if names_id_numbers(title):
        return ID_NUMBER
    best: tuple[int, str] | None = None
    for code, field in FIELDS[kind].items():
        for known in map(plain, field.titles):
            fits = wanted == known if exact else len(known) > 1 and known in wanted
            if fits and (best is None or len(known) > best[0]):
                best = (len(known), code)
    return best[1] if best else None


def names_id_numbers(title: str) -> bool:
    """Whether a column with this title holds ID numbers, whatever anybody maps it to."""
    return any(word in plain(title) for word in ("身份证", "证件号", "公民身份", "idnumber"))


def letter(index: int) -> str:
    """The spreadsheet letter of a column index from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def missing(kind: str, columns: Mapping[int, str]) -> tuple[str, ...]:
    """Fields without which no row of this kind can be imported and that no column holds."""
    have = set(columns.values())
    lacking = [code for code, field in FIELDS[kind].items() if field.required and code not in have]
    if kind == HOUSEHOLDS and "address" not in have:
        lacking += [code for code in ("estate", "building", "door") if code not in have]
    return tuple(lacking)

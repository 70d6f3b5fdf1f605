"""The vocabulary every community begins with: skills and need kinds (one list), categories, languages, checks, units.

A community may change the lists in OPEN; whoever reads a list asks `listed`, or one of the functions below. A term has a code that never changes, a name in both languages and the other words offices use
for it. Codes are what is stored, compared and matched; words are only for people.

Synonyms are kept narrow: two words share a code when a helper who offers one may be sent for the other.
Comfort for the lonely (精神慰藉) is company here, while 心理疏导 and 心理咨询 are counselling, which needs a trained person.
"""

from collections.abc import Iterable
from functools import lru_cache

from services.communities import terms as own
from services.communities.terms import Term as Term
from services.communities.terms import plain as plain
from services.core.errors import N_, DomainError

NEED_KINDS = (
    Term("meal_delivery", "Meal delivery", "送餐", ("助餐", "送饭", "配餐")),
    Term("shopping", "Shopping and errands", "代购代办", ("买菜", "代购", "代办", "跑腿", "购物")),
    Term("clinic_escort", "Escort to the clinic", "陪同就医", ("陪诊", "陪医", "陪同看病", "助医")),
    Term("company", "Company and talk", "聊天陪伴", ("精神慰藉", "聊天", "陪伴", "陪聊", "探访")),
    Term("cleaning", "Cleaning", "家政清洁", ("打扫卫生", "保洁", "家政", "助洁")),
    Term("repairs", "Plumbing and electrical repairs", "水电维修", ("修水电", "维修")),
    Term("haircut", "Haircut", "理发", ("上门理发", "剪发")),
    Term("legal_advice", "Legal advice", "法律咨询", ("法律援助", "普法")),
    Term("homework", "Help with homework", "作业辅导", ("学业辅导", "课业辅导", "功课辅导")),
    Term("phone_help", "Help with phone and computer", "手机使用", ("数字助老", "智能手机", "手机教学")),
    Term("sign_language", "Sign language", "手语沟通", ("手语", "手语翻译")),
    Term("health_check", "Health checks", "健康监测", ("量血压", "测血压", "测血糖")),
    Term("counselling", "Counselling", "心理疏导", ("心理咨询", "心理辅导")),
    Term("personal_care", "Personal care", "生活照料", ("助浴", "日间照料", "照护")),
    Term("transport", "Transport", "接送", ("用车", "助行")),
    Term("paperwork", "Forms and paperwork", "代写文书", ("填表", "文书代办")),
    Term("reading", "Reading aloud", "读书读报", ("读报", "读书")),
    Term("moving", "Lifting and moving", "搬运", ("搬家", "搬东西")),
    Term("translation", "Interpreting", "翻译", ("口译",)),
    Term("rehabilitation", "Rehabilitation exercise", "康复训练", ("康复",)),
    Term("safety_check", "Home safety check", "居家安全检查", ("安全检查", "隐患排查")),
    Term("child_care", "Minding children", "看护儿童", ("托管", "照看孩子")),
    Term("health_talk", "Health talk", "健康讲座", ("健康宣教",)),
)

HOUSEHOLD_CATEGORIES = (
    Term("living_alone", "Older person living alone", "独居老人", ("独居",)),
    Term("empty_nest", "Older people without children near", "空巢老人", ("空巢",)),
    Term("disabled", "Disability", "残疾", ("残疾人", "残障")),
    Term("low_income", "Minimum living allowance", "低保", ("低保户", "低收入")),
    Term("serious_illness", "Serious illness", "重病", ("大病", "重大疾病")),
    Term("left_behind_child", "Child whose parents work away", "留守儿童", ()),
    Term("single_parent", "Single parent", "单亲家庭", ("单亲",)),
    Term("lost_only_child", "Lost an only child", "失独家庭", ("失独",)),
    Term("veteran", "Veteran", "退役军人", ("退伍军人", "复员军人")),
    Term("migrant_worker", "Migrant workers", "外来务工", ("外来务工人员", "流动人口", "农民工")),
    Term("retired_cadre", "Retired official", "老干部", ("离退休干部",)),
    Term("extreme_poverty", "Person in extreme hardship", "特困", ("特困人员", "五保户")),
    Term("disabled_by_age", "Older person who cannot manage alone", "失能老人", ("失能", "半失能")),
    Term("orphan", "Orphan", "孤儿", ("事实孤儿",)),
    Term("martyr_family", "Family of a martyr or soldier", "优抚对象", ("烈属", "军属")),
)

LANGUAGES = (
    Term("mandarin", "Mandarin", "普通话", ("国语", "汉语")),
    Term("cantonese", "Cantonese", "粤语", ("广东话", "白话")),
    Term("sichuanese", "Sichuanese", "四川话", ()),
    Term("shanghainese", "Shanghainese", "上海话", ("吴语",)),
    Term("hokkien", "Hokkien", "闽南语", ("闽南话",)),
    Term("hakka", "Hakka", "客家话", ()),
    Term("uyghur", "Uyghur", "维吾尔语", ("维语",)),
    Term("korean", "Korean", "朝鲜语", ("韩语",)),
    Term("mongolian", "Mongolian", "蒙古语", ("蒙语",)),
    Term("tibetan", "Tibetan", "藏语", ()),
    Term("english", "English", "英语", ()),
    Term("sign", "Sign language", "手语", ("手语沟通",)),
)

CHECKS = (
    Term(
        "no_criminal_record",
        "Certificate of no criminal record",
        "无犯罪记录证明",
        ("无犯罪记录", "无犯罪证明"),
    ),
    Term("first_aid", "First-aid certificate", "急救证", ("急救员证", "红十字急救证")),
    Term("electrician", "Electrician's certificate", "电工证", ("低压电工证",)),
    Term("counsellor", "Counsellor's certificate", "心理咨询师", ("心理咨询师证",)),
    Term("social_worker", "Social worker's certificate", "社工证", ("社会工作者证",)),
    Term("health", "Health certificate", "健康证", ()),
    Term("lawyer", "Lawyer's licence", "律师证", ("律师执业证",)),
    Term("driver", "Driving licence", "驾驶证", ("驾照",)),
)

UNIT_KINDS = (
    Term("enterprise", "Enterprise", "企业", ("公司",)),
    Term("school", "School", "学校", ()),
    Term("village", "Village", "村", ("村委会",)),
    Term("agency", "Public agency", "机关事业", ("机关", "事业单位", "机关事业单位", "政府机关")),
    Term("social_organisation", "Social organisation", "社会组织", ("社会团体", "协会", "民办非企业")),
    Term("shop", "Shop", "商户", ("个体工商户", "商铺")),
)

PLEDGE_KINDS = (
    Term("goods", "Goods", "物资", ("实物",)),
    Term("money", "Money", "资金", ("捐款", "现金", "善款")),
    Term("venue", "Venue", "场地", ("活动场地", "会议室", "活动室", "教室", "场所")),
    Term("hours", "Volunteer hours", "志愿服务", ("志愿时长", "义工服务")),
    Term("service", "Service", "服务", ()),
)

# What a pledge or a project is for in the neighbourhood's life.
THEMES = (
    Term("environment", "Environment", "环境", ("环境整治", "环保")),
    Term("service", "Services", "服务", ("民生服务", "便民服务")),
    Term("security", "Safety", "治安", ("平安", "安全")),
    Term("culture", "Culture", "文化", ("文体", "文化体育")),
)

# What a unit hopes for, or got, in return.
BENEFIT_KINDS = (
    Term("hiring", "Help with hiring", "招聘用工", ("招工", "招聘")),
    Term("parking", "Parking", "停车", ("车位", "错时停车")),
    Term("publicity", "Publicity", "宣传推广", ("宣传", "挂牌")),
    Term("other", "Something else", "其他", ()),
)

# What a small wish is about.
WISH_KINDS = (
    Term("home", "Things for the home", "生活用品", ("日用品", "家居用品")),
    Term("food", "Food", "食品", ("米面油",)),
    Term("clothes", "Clothes and shoes", "衣物鞋帽", ("衣服", "鞋子")),
    Term("study", "Books and study", "书本学习", ("文具", "书籍", "学习用品")),
    Term("health", "Health and seeing", "健康护理", ("老花镜", "眼镜")),
    Term("fixing", "A small repair", "小修小补", ("维修",)),
    Term("together", "Time together", "陪伴出行", ("陪伴", "出行")),
    Term("keepsake", "A photo or keepsake", "照片留念", ("拍照", "纪念")),
    Term("other", "Something else", "其他", ()),
)

# What a household's home or circumstances are, and what a helper may ask not to meet.
CIRCUMSTANCES = (
    Term("dog", "A dog at home", "家中有犬", ("家里有狗", "家中有狗", "有狗", "养狗")),
    Term("cat", "A cat at home", "家中有猫", ("家里有猫", "养猫")),
    Term("smoker", "Somebody smokes at home", "家中有人吸烟", ()),
    Term("male_living_alone", "A man living alone", "男性独居户", ("独居男性",)),
)

BARS = (
    Term("dog", "Not to homes with a dog", "怕狗", ("怕犬", "不去有狗的家")),
    Term("cat", "Not to homes with a cat", "怕猫", ("猫毛过敏",)),
    Term("smoker", "Not to homes where somebody smokes", "怕烟味", ()),
    Term(
        "male_living_alone",
        "Not to men living alone",
        "不上门男性独居户",
        ("不去男性独居户", "不服务男性独居户"),
    ),
)

WISHED_GENDER = (
    Term("female", "Wishes for a woman", "希望女志愿者", ("要求女志愿者", "女志愿者")),
    Term("male", "Wishes for a man", "希望男志愿者", ("要求男志愿者", "男志愿者")),
)

GENDERS = (
    Term("female", "Woman", "女", ("女性", "f", "female")),
    Term("male", "Man", "男", ("男性", "m", "male")),
)

POLITICAL_STATUS = (
    Term("party_member", "Party member", "中共党员", ("党员", "共产党员")),
    Term("probationary", "Probationary party member", "预备党员", ("中共预备党员",)),
    Term("youth_league", "Youth League member", "共青团员", ("团员",)),
    Term("none", "No affiliation", "群众", ()),
    Term("other_party", "Member of another party", "民主党派", ()),
)

PARTY_REGISTRATION = (
    Term("registered_here", "Party membership held here", "在册", ("在册党员",)),
    Term("reporting_here", "Works elsewhere, reports here", "在职", ("在职党员", "双报到")),
    Term("mobile", "Mobile party member", "流动", ("流动党员",)),
)


# The lists that a community may change.
OPEN = {"kinds": NEED_KINDS, "categories": HOUSEHOLD_CATEGORIES}
# All lists, by what programs call them.
LISTS = {
    **OPEN,
    "languages": LANGUAGES,
    "checks": CHECKS,
    "circumstances": CIRCUMSTANCES,
    "limits": BARS,
    "genders": GENDERS,
    "gender_wish": WISHED_GENDER,
    "party": POLITICAL_STATUS,
    "party_kind": PARTY_REGISTRATION,
    "unit_kinds": UNIT_KINDS,
    "pledge_kinds": PLEDGE_KINDS,
    "themes": THEMES,
    "benefit_kinds": BENEFIT_KINDS,
    "wish_kinds": WISH_KINDS,
}


def listed(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """A list as the community that the session serves has it, with its own names and terms, hidden ones included."""
    return next((own.changed(which, terms) for which, known in OPEN.items() if known is terms), terms)


@lru_cache(maxsize=512)
def _by_word(terms: tuple[Term, ...]) -> dict[str, Term]:
    return {
        plain(word): term
        for term in reversed(terms)
        for word in (term.code, term.en, term.zh, *term.synonyms)
    }


def find(terms: tuple[Term, ...], text: str) -> Term | None:
    """The term that `text` names exactly, by code, either name or a synonym."""
    return _by_word(listed(terms)).get(plain(text))


def term(terms: tuple[Term, ...], code: str) -> Term:
    """The term with this code; KeyError when there is none."""
    return {candidate.code: candidate for candidate in listed(terms)}[code]


def known(terms: tuple[Term, ...], codes: Iterable[str], *, field: str) -> list[str]:
    """`codes`, each once. Raises DomainError on `field` when one is not in `terms`."""
    codes_known = {candidate.code for candidate in listed(terms)}
    wanted = list(dict.fromkeys(codes))
    if not codes_known.issuperset(wanted):
        raise DomainError("code", N_("Please choose from the list."), field=field)
    return wanted

"""What the demo district consists of: regions, communities, and everybody on the sign-in list."""

from dataclasses import dataclass, field

# Everybody's, and only here: `flask demo sign-ins` prints it. Nothing but demo accounts ever gets it.
PASSWORD = "linli-demo-neighbours"
DOMAIN = "demo.example"

CITY = ("滨海市", "Binhai")
DISTRICT = ("清河区", "Qinghe District")
STREETS = {"zaoyuan": ("枣园街道", "Zaoyuan Street"), "heping": ("和平街道", "Heping Street")}


@dataclass(frozen=True)
class Place:
    """A community of the demo; `facts` are what its office states about itself."""

    code: str
    street: str
    name: str
    name_en: str
    seed: int
    facts: dict[str, object] = field(default_factory=dict)
    # What the community comes from: the office's own ledgers, or invention with or without a matching run.
    ledgers: bool = False
    with_run: bool = False


ZAOYUAN = Place(
    "zaoyuan-north",
    "zaoyuan",
    "枣园东里北区",
    "Zaoyuan Dongli North",
    1976,
    {
        "households_total": 1976,
        "people_total": 4920,
        "floating_total": 1410,
        "estates": ["商品房小区", "家属院", "搬迁楼"],
    },
    ledgers=True,
)
LIUYUAN = Place(
    "liuyuan",
    "zaoyuan",
    "柳园社区",
    "Liuyuan",
    2031,
    {
        "households_total": 1530,
        "people_total": 3980,
        "floating_total": 720,
        "estates": ["柳园新村", "化工宿舍"],
    },
    with_run=True,
)
HEPING = Place(
    "heping-south",
    "heping",
    "和平南里",
    "Heping South",
    3107,
    {
        "households_total": 1284,
        "people_total": 3310,
        "floating_total": 486,
        "estates": ["和平南里小区", "铁路宿舍"],
    },
)
COMMUNITIES = (ZAOYUAN, LIUYUAN, HEPING)


@dataclass(frozen=True)
class Person:
    """Somebody on the sign-in list: `login` at the demo's domain; `offices` are (role, community code or region)."""

    login: str
    name: str
    what: str
    what_zh: str
    offices: tuple[tuple[str, str], ...]
    language: str = "zh_Hans"

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.login}@{DOMAIN}"


OFFICES = (
    Person("operator", "高远", "runs the installation", "系统运维", (("operator", "city"),)),
    Person("district", "林晓", "district official", "区级干部", (("official", "district"),)),
    Person("street", "方敏", "street official, Zaoyuan Street", "街道干部", (("official", "zaoyuan"),)),
)
PEOPLE = (
    Person("admin", "赵书记", "community administrator", "社区管理员", (("admin", "zaoyuan-north"),)),
    Person("staff", "李娜", "community staff", "社区工作人员", (("staff", "zaoyuan-north"),)),
    Person("volunteer", "", "volunteer", "志愿者", (("volunteer", "zaoyuan-north"),)),
    Person("party", "", "volunteer, party member", "党员志愿者", (("volunteer", "zaoyuan-north"),)),
    Person("resident", "", "household in need", "居民(受助户)", (("resident", "zaoyuan-north"),)),
    Person("unit", "", "co-building unit", "共建单位联系人", (("unit", "zaoyuan-north"),)),
    Person("staff.liuyuan", "王芳", "community staff", "社区工作人员", (("staff", "liuyuan"),)),
    Person("admin.liuyuan", "周海", "community administrator", "社区管理员", (("admin", "liuyuan"),)),
    Person("volunteer.liuyuan", "", "volunteer with pairings", "结对中的志愿者", (("volunteer", "liuyuan"),)),
    Person("resident.liuyuan", "", "paired household", "已结对的居民", (("resident", "liuyuan"),)),
    Person("unit.liuyuan", "", "co-building unit", "共建单位联系人", (("unit", "liuyuan"),)),
    Person("staff.heping", "陈静", "community staff", "社区工作人员", (("staff", "heping-south"),)),
    Person("admin.heping", "吴健", "community administrator", "社区管理员", (("admin", "heping-south"),)),
    Person(
        "both",
        "孙明",
        "staff in one community, volunteer in another",
        "一处工作人员,另一处志愿者",
        (("staff", "heping-south"), ("volunteer", "liuyuan")),
    ),
)

"""Why somebody says no, and why a pairing ends: coded, so that a reason can be counted and nobody has to write an essay."""

from services.communities.catalogue import Term
from services.core.errors import N_, DomainError

HELPER = (
    Term("no_time", "I have no time at present", "近期没有时间"),
    Term("times_do_not_fit", "The times do not suit me", "时间不合适"),
    Term("too_far", "It is too far for me", "距离太远"),
    Term("not_my_skill", "I do not feel up to this kind of help", "不擅长这类帮助"),
    Term("know_each_other", "We know each other and I would rather not", "双方相识，不便上门"),
    Term("health", "My health does not allow it", "身体原因"),
    Term("other", "Another reason", "其他原因"),
)
HOUSEHOLD = (
    Term("not_needed", "Help is no longer needed", "已不需要帮助"),
    Term("times_do_not_fit", "The times do not suit us", "时间不合适"),
    Term("family_helps", "Family or friends help now", "亲友已在帮忙"),
    Term("know_each_other", "We know each other and would rather not", "双方相识，不便上门"),
    Term("somebody_else", "We wish for somebody else", "希望换一位志愿者"),
    Term("no_visitors", "We do not want visitors at home", "不希望有人上门"),
    Term("other", "Another reason", "其他原因"),
)
STAFF = (
    Term("not_now", "Not in this run (may be proposed again)", "本次不安排（以后仍可推荐）"),
    Term("do_not_get_on", "The two do not get on", "双方合不来"),
    Term("known_conflict", "There is a conflict the office knows of", "社区了解到双方有矛盾"),
    Term("not_suitable", "The helper is not suitable for this household", "该志愿者不适合这一户"),
    Term("already_helped", "The household is helped in another way", "该户已有其他帮扶"),
    Term("other", "Another reason", "其他原因"),
)
END = (
    Term("need_met", "The need is met", "需求已解决"),
    Term("helper_cannot", "The helper cannot go on", "志愿者无法继续"),
    Term("helper_left", "The helper has left", "志愿者已退出"),
    Term("household_wishes", "The household wishes it", "该户要求结束"),
    Term("moved", "The household has moved away", "该户已搬离"),
    Term("deceased", "The person has died", "服务对象去世"),
    Term("replaced", "Another helper takes over", "由其他志愿者接替"),
    Term("other", "Another reason", "其他原因"),
)
# Why a helper says he cannot go on.
STOP = (
    Term("no_time", "I have no time any more", "没有时间继续"),
    Term("health", "My health does not allow it", "身体原因"),
    Term("moving", "I am moving away", "我要搬走"),
    Term("too_hard", "It is more than I can do", "超出我的能力"),
    Term("do_not_get_on", "We do not get on", "相处不来"),
    Term("other", "Another reason", "其他原因"),
)
BY_SIDE = {"helper": HELPER, "household": HOUSEHOLD, "staff": STAFF}

# Nobody gets a letter about these: the office speaks to people itself.
QUIET = frozenset({"moved", "deceased"})


def require(reasons: tuple[Term, ...], code: str) -> str:
    """`code` when it is one of `reasons`. Raises DomainError naming the field."""
    if code not in {term.code for term in reasons}:
        raise DomainError("reason", N_("Please choose a reason from the list."), field="reason")
    return code


def find(reasons: tuple[Term, ...], code: str) -> Term | None:
    """The term of a stored code, or None for codes no person chose (a replaced draft)."""
    return next((term for term in reasons if term.code == code), None)

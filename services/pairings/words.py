"""What people are told about proposals and pairings. Before acceptance a helper reads the building, the kind of help and
the times; a household the helper's name and skills. Nothing else goes out."""

from services.messages import templates

templates.register(
    "proposal.helper",
    zh=(
        "有一户邻居需要您的帮助",
        "{building}有一户居民需要：{needs}。时间：{times}。请在三天内打开邻里，回复愿意或不便。回复之前，住户姓名、门牌和电话都不会显示。",
    ),
    en=(
        "A household near you asks for help",
        "Somebody in {building} needs: {needs}. Times: {times}. Please open Linli within three days and say yes or no. "
        "Name, door and phone are not shown before both sides have said yes.",
    ),
)
templates.register(
    "proposal.household",
    zh=(
        "社区为您找到一位志愿者",
        "志愿者{helper}愿意提供：{skills}。请在三天内打开邻里，回复同意或不同意；也可以直接告诉社区工作人员。",
    ),
    en=(
        "The community has found a helper for you",
        "{helper} offers: {skills}. Please open Linli within three days and say yes or no, or tell the community office.",
    ),
)
templates.register(
    "proposal.helper.over",
    zh=(
        "这次结对没有成功",
        "{building}那一户这次不需要您上门了。谢谢您愿意帮忙，有合适的邻居时我们再联系您。",
    ),
    en=(
        "This pairing does not come about",
        "The household in {building} does not need you this time. Thank you for being ready to help; we will ask again "
        "when somebody needs you.",
    ),
)
templates.register(
    "proposal.household.over",
    zh=("这位志愿者来不了了", "志愿者{helper}这次不能结对。社区会继续为您寻找合适的人。"),
    en=(
        "This helper is not available",
        "{helper} cannot come this time. The community goes on looking for somebody for you.",
    ),
)
templates.register(
    "proposal.helper.taken",
    zh=("这一户已有志愿者", "{building}那一户已由另一位志愿者结对。谢谢您愿意帮忙。"),
    en=(
        "This household has found its helper",
        "Somebody else was first to be paired with the household in {building}. Thank you for being ready to help.",
    ),
)
templates.register(
    "offer.passed_on",
    zh=(
        "社区已转达您的心意",
        "谢谢您主动报名。社区正在征求{building}那一户的意见，对方答复后我们马上告诉您。",
    ),
    en=(
        "The office has passed your offer on",
        "Thank you for offering. The office is asking the household in {building}; you hear from us as soon as it has answered.",
    ),
)
templates.register(
    "offer.declined",
    zh=(
        "谢谢您主动报名",
        "{building}那一户这次另有安排，不需要您上门。您的心意社区记下了；其他需要帮助的邻居在“找邻居”里。",
    ),
    en=(
        "Thank you for your offer",
        "The household in {building} is helped in another way this time, so you are not needed there. Other neighbours who "
        "need help stand under Find neighbours.",
    ),
)
templates.register(
    "pairing.helper",
    zh=(
        "结对成功",
        "{building}的{household}和您都同意了，结对从{day}开始。请在三天内联系。门牌和电话可在“我的结对”里查看。",
    ),
    en=(
        "You are paired",
        "You and {household} in {building} have both said yes; the pairing begins on {day}. Please get in touch within "
        "three days. Door and phone are under My pairings.",
    ),
)
templates.register(
    "pairing.household",
    zh=("结对成功", "志愿者{helper}和您都同意了，结对从{day}开始。志愿者会在几天内联系您。"),
    en=(
        "You are paired",
        "You and {helper} have both said yes; the pairing begins on {day}. Your helper will get in touch within a few days.",
    ),
)
templates.register(
    "pairing.helper.ended",
    zh=("结对已结束", "您与{household}的结对于{day}结束。谢谢您的付出。"),
    en=(
        "A pairing has ended",
        "Your pairing with {household} ended on {day}. Thank you for all you have done.",
    ),
)
templates.register(
    "pairing.household.ended",
    zh=("结对已结束", "志愿者{helper}与您的结对于{day}结束。如还需要帮助，请告诉社区。"),
    en=(
        "A pairing has ended",
        "Your pairing with {helper} ended on {day}. If you still need help, please tell the community office.",
    ),
)
templates.register(
    "pairing.helper.taken_over",
    zh=(
        "请您接手一次结对",
        "从{day}起，由您帮助{building}的{household}。社区已与双方商量好。请在三天内联系。门牌和电话可在“我的结对”里查看。",
    ),
    en=(
        "You take a pairing over",
        "From {day} on you help {household} in {building}, as agreed with the community office. Please get in touch within "
        "three days. Door and phone are under My pairings.",
    ),
)
templates.register(
    "pairing.household.taken_over",
    zh=("您的志愿者有变动", "从{day}起，由志愿者{helper}接替{before}帮助您。{helper}会在几天内联系您。"),
    en=(
        "Another helper comes to you",
        "From {day} on {helper} takes over from {before}, and will get in touch within a few days.",
    ),
)

"""What people read about follow-ups: the plan and the day, nothing about the household."""

from services.messages import templates

templates.register(
    "followup.reminder",
    zh=("提醒：{plan}", "请在{day}前完成跟进事项“{plan}”。\n完成后请点“已完成”；来不及可以改期或转交。"),
    en=(
        "Reminder: {plan}",
        "The follow-up “{plan}” is due on {day}.\n"
        "Please mark it as done afterwards; if you cannot make it, postpone it or hand it over.",
    ),
)
templates.register(
    "followup.late",
    zh=("已逾期：{plan}", "跟进事项“{plan}”应在{day}完成，至今未完成。\n请联系负责人，或自己跟进。"),
    en=(
        "Late: {plan}",
        "The follow-up “{plan}” was due on {day} and is not done.\n"
        "Please ask the person in charge, or see to it yourself.",
    ),
)
templates.register(
    "followup.cannot",
    zh=("{who}来不了：{plan}", "{who}说{day}的跟进事项“{plan}”来不了。\n请与居民商量改期，或代为跟进。"),
    en=(
        "{who} cannot: {plan}",
        "{who} says that the follow-up “{plan}” of {day} is not possible.\n"
        "Please see to it instead, or agree upon another day with the household.",
    ),
)
templates.register(
    "followup.can_after_all",
    zh=("{who}能来了：{plan}", "{who}说{day}的跟进事项“{plan}”能完成了，您不用再安排。"),
    en=(
        "{who} can after all: {plan}",
        "{who} says that the follow-up “{plan}” of {day} is possible after all: you need not see to it.",
    ),
)
templates.register(
    "followup.standing_in",
    zh=(
        "请您代班：{who}",
        "{who}在{since}至{until}期间不在，由您代为跟进，目前有{count}项。\n提醒会发给您，这些事项也会列在您的“跟进”里。",
    ),
    en=(
        "You stand in for {who}",
        "{who} is away from {since} to {until}, and you stand in: at present for {count} follow-ups.\n"
        "Their reminders come to you, and you find them among your follow-ups.",
    ),
)
templates.register(
    "followup.not_standing_in",
    zh=("不用代班了：{who}", "{who}原定{since}至{until}的外出已取消，您不用代为跟进了。谢谢您。"),
    en=(
        "You need not stand in for {who}",
        "{who} is not away from {since} to {until} after all: you need not stand in. Thank you.",
    ),
)
templates.register(
    "followup.handed_over",
    zh=("转交给您：{plan}", "跟进事项“{plan}”已转交给您，请在{day}前完成。"),
    en=("Handed over to you: {plan}", "The follow-up “{plan}” is now yours. It is due on {day}."),
)
templates.register(
    "followup.handed_over_many",
    zh=("转交给您：{number}项跟进", "有{number}项跟进已转交给您，最早的一项应在{day}前完成。"),
    en=(
        "Handed over to you: {number} follow-ups",
        "{number} follow-ups are now yours. The first is due on {day}.",
    ),
)

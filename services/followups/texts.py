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

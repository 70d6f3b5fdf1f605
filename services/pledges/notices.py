"""Telling a unit's people and the household what became of a pledge; a unit never reads whose need it was."""

import uuid
from datetime import date

from services.communities import regions
from services.communities.catalogue import NEED_KINDS, term
from services.core import locks
from services.core.actor import Actor
from services.households.models import Household, Need
from services.messages import outbox, templates
from services.people import accounts
from services.pledges import impact, quantities, units
from services.pledges.models import Allocation, Delivery, Pledge
from services.pledges.project_models import Project

templates.register(
    "pledge.allocated",
    zh=(
        "贵单位的认捐有了用处：{item}",
        "您好！贵单位认捐的“{item}”中，{quantity}已分配用于一户居民的“{need}”需求，计划在{month}交付。感谢贵单位！",
    ),
    en=(
        "Your pledge has found its use: {item}",
        "Of your pledge “{item}”, {quantity} is reserved for a household's need ({need}), to be handed over in {month}. Thank you!",
    ),
)
templates.register(
    "pledge.delivered",
    zh=(
        "贵单位的认捐已交付：{item}",
        "您好！贵单位认捐的“{item}”中，{quantity}已于{month}交付，居民已签收，用于“{need}”。感谢贵单位！{so_far}",
    ),
    en=(
        "Your pledge was delivered: {item}",
        "Of your pledge “{item}”, {quantity} was delivered in {month} and signed for ({need}). Thank you! {so_far}",
    ),
)
templates.register(
    "pledge.not_taken",
    zh=(
        "这次用不上贵单位的帮助：{item}",
        "您好！贵单位愿意用“{item}”（{quantity}）帮助的“{need}”需求，社区这次没有用上，认捐仍归贵单位支配。感谢贵单位的好意！",
    ),
    en=(
        "Not needed this time: {item}",
        "You offered “{item}” ({quantity}) for a need ({need}). The community did not take it up this time; it stays free for others. Thank you for offering!",
    ),
)
templates.register(
    "pledge.coming",
    zh=(
        "社区为您准备了：{item}",
        "您好！社区已为您家的“{need}”需求准备了{item}（{quantity}），计划于{day}送到。收到后请点击下面的页面签收。",
    ),
    en=(
        "Something is reserved for you: {item}",
        "For your need ({need}) the community has reserved {item} ({quantity}), planned for {day}. Please open the page and sign once you have received it.",
    ),
)


templates.register(
    "pledge.for_project",
    zh=(
        "贵单位的认捐有了用处：{item}",
        "您好！贵单位认捐的“{item}”中，{quantity}已用于社区实事项目“{project}”，计划在{month}交付。感谢贵单位！",
    ),
    en=(
        "Your pledge has found its use: {item}",
        "Of your pledge “{item}”, {quantity} is reserved for the community's project “{project}”, to be handed over in {month}. Thank you!",
    ),
)
templates.register(
    "pledge.came_for_project",
    zh=(
        "贵单位的认捐已交付：{item}",
        "您好！贵单位认捐的“{item}”中，{quantity}已于{month}交付，社区已签收，用于实事项目“{project}”。感谢贵单位！{so_far}",
    ),
    en=(
        "Your pledge was delivered: {item}",
        "Of your pledge “{item}”, {quantity} was delivered in {month} for the project “{project}”, and the community has signed for it. Thank you! {so_far}",
    ),
)
templates.register(
    "pledge.not_taken_for_project",
    zh=(
        "这次用不上贵单位的帮助：{item}",
        "您好！贵单位愿意用“{item}”（{quantity}）支持实事项目“{project}”，社区这次没有用上，认捐仍归贵单位支配。感谢贵单位的好意！",
    ),
    en=(
        "Not needed this time: {item}",
        "You offered “{item}” ({quantity}) for the project “{project}”. The community did not take it up this time; it stays free for others. Thank you for offering!",
    ),
)
FOR_PROJECT = {
    "pledge.allocated": "pledge.for_project",
    "pledge.delivered": "pledge.came_for_project",
    "pledge.not_taken": "pledge.not_taken_for_project",
}


def allocated(actor: Actor, pledge: Pledge, allocation: Allocation) -> None:
    """Tell the unit's people who sign in, and the household when it does."""
    what = (pledge, allocation, allocation.quantity, allocation.planned_on)
    _tell_unit(actor, "pledge.allocated", *what, about=allocation.id)
    household = locks.get(Household, allocation.household_id) if allocation.household_id else None
    if household and household.account_id and accounts.names({household.account_id}):
        outbox.tell(
            actor,
            account_id=household.account_id,
            template="pledge.coming",
            params={**_words(pledge, allocation, allocation.quantity), "day": allocation.planned_on},
            subject_kind="allocation",
            subject_id=allocation.id,
            key=f"pledge.coming {allocation.id}",
            path=_path(actor, "received"),
        )


def delivered(actor: Actor, pledge: Pledge, allocation: Allocation, delivery: Delivery) -> None:
    """Tell the unit's people who sign in that the receiver has signed."""
    what = (pledge, allocation, delivery.quantity, delivery.delivered_on)
    _tell_unit(actor, "pledge.delivered", *what, about=delivery.id, so_far=_so_far(actor, pledge))


def _so_far(actor: Actor, pledge: Pledge) -> dict[str, str]:
    """What the unit's year came to, with this delivery."""
    year = regions.today(actor.community_id).year
    times, households, projects = impact.reached(Pledge.unit_id == pledge.unit_id, year)
    if not times:
        return {"zh": "", "en": ""}
    often = "once" if times == 1 else f"{times} times"
    zh, en = [], []
    if households:
        zh.append(f"帮到{households}户居民")
        en.append(f"to {households} household{'s' if households > 1 else ''}")
    if projects:
        zh.append(f"用于{projects}个实事项目")
        en.append(f"for {projects} project{'s' if projects > 1 else ''}")
    return {
        "zh": f"今年以来，贵单位已交付{times}次，{'，'.join(zh)}。",
        "en": f"This year so far you handed over {often}, {' and '.join(en)}.",
    }


def not_taken(actor: Actor, allocation: Allocation) -> None:
    """Tell the unit's people who sign in that the office did not take up what they offered."""
    pledge = locks.get(Pledge, allocation.pledge_id)
    what = (pledge, allocation, allocation.quantity, allocation.planned_on)
    _tell_unit(actor, "pledge.not_taken", *what, about=allocation.id)


def _tell_unit(
    actor: Actor,
    template: str,
    pledge: Pledge,
    allocation: Allocation,
    quantity: int,
    day: date,
    *,
    about: uuid.UUID,
    so_far: dict[str, str] | None = None,
) -> None:
    month = {"zh": f"{day.year}年{day.month}月", "en": f"{day:%B %Y}"}
    words = {**_words(pledge, allocation, quantity), "month": month, "so_far": so_far or ""}
    if allocation.project_id:
        template = FOR_PROJECT[template]
        words["project"] = locks.get(Project, allocation.project_id).title
    # Somebody who has left the community is no longer seen, and no longer told.
    for account_id in accounts.names(set(units.accounts_of(pledge.unit_id))):
        outbox.tell(
            actor,
            account_id=account_id,
            template=template,
            params={name: words[name] for name in templates.placeholders(template)},
            subject_kind="pledge",
            subject_id=pledge.id,
            key=f"{template} {about} {account_id}",
            path=_path(actor, "mine"),
        )


def _words(pledge: Pledge, allocation: Allocation, quantity: int) -> dict[str, object]:
    need = term(NEED_KINDS, locks.get(Need, allocation.need_id).kind) if allocation.need_id else None
    return {
        "item": pledge.item,
        "quantity": {
            "zh": quantities.written(quantity, pledge.measure, "zh"),
            "en": quantities.written(quantity, pledge.measure, "en"),
        },
        "need": {"zh": need.zh if need else "其他", "en": need.en if need else "other"},
    }


def _path(actor: Actor, page: str) -> str:
    community = regions.get_community(actor.community_id or 0)
    return f"/c/{community.code}/pledges/{page}"

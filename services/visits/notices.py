"""What people are told about visits: the day and where to look, nothing of what was seen at the household."""

import uuid

from services.communities import regions
from services.core import clock
from services.core.actor import Actor
from services.messages import outbox, templates
from services.people import memberships
from services.visits.models import Visit
from services.visits.parties import OFFICE, Parties

templates.register(
    "visit.concern",
    zh=("有一次走访需要关注", "{day}的一次走访中，志愿者发现了让人担心的情况。请尽快打开查看并处理。"),
    en=(
        "A visit needs your attention",
        "On a visit of {day} the helper found something to worry about. Please open it and act soon.",
    ),
)
templates.register(
    "visit.confirmed",
    zh=("走访已确认", "您{day}的走访（{minutes}分钟）已经双方确认，计入服务时长。谢谢您！"),
    en=(
        "Your visit is confirmed",
        "Your visit of {day} ({minutes} minutes) is confirmed by both sides and counts. Thank you!",
    ),
)
templates.register(
    "visit.waiting",
    zh=("请确认一次走访", "志愿者{helper}记录了{day}到您家的走访，共{minutes}分钟。请打开确认是否属实。"),
    en=(
        "Please confirm a visit",
        "{helper} noted a visit to you on {day} of {minutes} minutes. Please open it and say whether that is right.",
    ),
)


def path_of(community_id: int, visit_id: uuid.UUID) -> str:
    """The address of a visit's page, without host."""
    return f"/c/{regions.get_community(community_id).code}/visits/{visit_id}"


def tell_noted(actor: Actor, visit: Visit, there: Parties) -> None:
    """Tell staff of a concern at once, and the household that its word is waited for."""
    if visit.outcome == "concern":
        _tell_office(actor, visit)
    if visit.state == "noted" and there.household.account_id:
        _tell(
            actor,
            visit,
            there.household.account_id,
            "visit.waiting",
            helper=there.volunteer.name,
            minutes=visit.minutes,
        )


def tell_confirmed(actor: Actor, visit: Visit, there: Parties) -> None:
    """Tell the helper that both sides have confirmed."""
    if there.volunteer.account_id:
        _tell(actor, visit, there.volunteer.account_id, "visit.confirmed", minutes=visit.minutes)


def _tell_office(actor: Actor, visit: Visit) -> None:
    today = regions.today(visit.community_id)
    office = dict.fromkeys(
        account_id for role in OFFICE for account_id in memberships.accounts_with_role(role, today)
    )
    for account_id in office:
        if account_id != actor.account_id:
            _tell(actor, visit, account_id, "visit.concern")


def _tell(actor: Actor, visit: Visit, account_id: uuid.UUID, template: str, **params: object) -> None:
    day = clock.day_of(visit.started_at, regions.zone_of(visit.community_id))
    outbox.tell(
        actor,
        account_id=account_id,
        template=template,
        params={"day": day, **params},
        subject_kind="visit",
        subject_id=visit.id,
        key=f"{template}:{visit.id}:{account_id}",
        path=path_of(visit.community_id, visit.id),
    )

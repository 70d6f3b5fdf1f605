"""Telling who took a wish on, and the household, what became of it; the claimer never reads whose it is."""

import uuid

from services.communities import regions
from services.communities.catalogue import WISH_KINDS, term
from services.core import locks
from services.core.actor import Actor
from services.households.models import Household
from services.messages import outbox, templates
from services.people import accounts
from services.wishes.models import Wish, WishClaim

templates.register(
    "wish.claimed",
    zh=("有人认领了您的微心愿", "您好！您家的微心愿（{wish}）有人认领了。东西到了，社区会联系您。"),
    en=(
        "Somebody has taken on your small wish",
        "Your small wish ({wish}) has been taken on. The community gets in touch when it is there.",
    ),
)
templates.register(
    "wish.reminder",
    zh=(
        "您认领的微心愿，还顺利吗？",
        "您好！您认领的微心愿（{wish}）还在等着。办好了请点开页面告诉我们；一时办不了也没关系，退回来，别人可以接着办。",
    ),
    en=(
        "The small wish you took on",
        "The small wish you took on ({wish}) still waits. If it is done, please open the page and say so. If you cannot do it now, that is all right: give it back, and somebody else can.",
    ),
)
templates.register(
    "wish.fulfilled",
    zh=(
        "您的微心愿实现了吗？",
        "您好！认领人说，您家的微心愿（{wish}）已经办好。收到了请点开页面，说声“收到了”。",
    ),
    en=(
        "Has your small wish come true?",
        "Your small wish ({wish}) has been fulfilled, we are told. If it came, please open the page and say so.",
    ),
)
templates.register(
    "wish.not_come",
    zh=(
        "您认领的微心愿，请再看一看",
        "您好！您认领的微心愿（{wish}）住户那边还没收到，也许还在路上。请帮忙看看东西到了哪里，送到了再点开页面告诉我们。一时办不了也没关系，退回来，别人可以接着办。谢谢您！",
    ),
    en=(
        "The small wish you took on: please look again",
        "The small wish you took on ({wish}) is not there yet; perhaps it waits somewhere on the way. Please look where it is, and say so on the page when it has arrived. If you cannot do it now, that is all right: give it back, and somebody else can. Thank you!",
    ),
)
templates.register(
    "wish.thanks",
    zh=("谢谢您，微心愿实现了", "您好！您认领的微心愿（{wish}）已经送到，住户收到了。谢谢您的心意！"),
    en=(
        "Thank you: the small wish has come true",
        "The small wish you took on ({wish}) has arrived. The household has it. Thank you!",
    ),
)
templates.register(
    "wish.over",
    zh=("您认领的微心愿不用办了", "您好！您认领的微心愿（{wish}）现在不需要您办了。谢谢您的心意！"),
    en=(
        "The small wish you took on is no longer yours to fulfil",
        "The small wish you took on ({wish}) no longer needs you. Thank you for having been ready!",
    ),
)


def tell_claimer(actor: Actor, template: str, wish: Wish, claim: WishClaim) -> None:
    """Tell who took the wish on."""
    # Somebody who has left the community is no longer seen, and no longer told.
    if accounts.names({claim.account_id}):
        _tell(actor, claim.account_id, template, wish, claim, "claims")


def tell_household(actor: Actor, template: str, wish: Wish, claim: WishClaim) -> None:
    """Tell the household, when it signs in."""
    account_id = locks.get(Household, wish.household_id).account_id
    if account_id and accounts.names({account_id}):
        _tell(actor, account_id, template, wish, claim, "ours")


def path(actor: Actor, page: str) -> str:
    """A page of wishes, without host."""
    return f"/c/{regions.get_community(actor.community_id or 0).code}/wishes/{page}"


def _tell(
    actor: Actor, account_id: uuid.UUID, template: str, wish: Wish, claim: WishClaim, page: str
) -> None:
    named = term(WISH_KINDS, wish.kind)
    # Said to be fulfilled a second time, the wish is told of anew.
    again = f" {claim.not_come_on}" if claim.not_come_on else ""
    outbox.tell(
        actor,
        account_id=account_id,
        template=template,
        params={"wish": {"zh": named.zh, "en": named.en}},
        subject_kind="wish",
        subject_id=wish.id,
        key=f"{template} {claim.id}{again}",
        path=path(actor, page),
    )

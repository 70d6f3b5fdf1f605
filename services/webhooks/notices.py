"""Telling the administrators that an endpoint is sent to no more."""

from urllib.parse import urlsplit

from services.communities import regions
from services.core import clock
from services.core.actor import Actor
from services.messages import outbox, templates
from services.people import memberships
from services.webhooks.models import WebhookEndpoint

templates.register(
    "webhook.gone",
    zh=(
        "数据推送已停止：{host}",
        "您好！{host}答复说这个地址已经不用了，邻里不再向它推送。如果是搬了家，请添加新地址；如果是误报，请打开页面重新开始。",
    ),
    en=(
        "Webhook stopped: {host}",
        "{host} says that nothing is there any more, so Linli has stopped sending to it. If it has moved, add the new address. If that was a mistake, start it again on its page.",
    ),
)
templates.register(
    "webhook.failing",
    zh=(
        "数据推送已停止：{host}",
        "您好！邻里连续五天没能把消息送到{host}，已经停止推送。请让对方的技术人员看一看；修好以后，请打开页面重新开始。",
    ),
    en=(
        "Webhook stopped: {host}",
        "Nothing has reached {host} for five days, so Linli has stopped sending to it. Ask whoever runs that system to look. Once it works again, start it on its page.",
    ),
)


def tell_administrators(actor: Actor, endpoint: WebhookEndpoint) -> None:
    """Tell every administrator of the community."""
    community = regions.get_community(endpoint.community_id)
    for account_id in memberships.accounts_with_role("admin", clock.today(community.zone)):
        outbox.tell(
            actor,
            account_id=account_id,
            template=f"webhook.{endpoint.reason}",
            params={"host": urlsplit(endpoint.url).hostname or ""},
            subject_kind="webhook_endpoint",
            subject_id=endpoint.id,
            key=f"webhook {endpoint.id} {endpoint.version} {account_id}",
            path=f"/c/{community.code}/settings/webhooks/{endpoint.id}",
        )

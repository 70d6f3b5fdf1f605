"""Chat: the robot of a person's group in WeCom, DingTalk or Feishu, by apprise.

Only these three, whose hosts are fixed: an address typed by somebody never makes this server call elsewhere.
"""

import re

from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from services.core.errors import N_, DomainError

_KEY = r"(?P<key>[A-Za-z0-9_-]{8,100})"
# As the app shows the address, or as apprise writes it; DingTalk's robots may sign with a secret.
_ADDRESSES = (
    ("wecombot", rf"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key={_KEY}"),
    ("dingtalk", r"https://oapi\.dingtalk\.com/robot/send\?access_token=(?P<key>[A-Za-z0-9]{8,100})"),
    ("feishu", rf"https://open\.feishu\.cn/open-apis/bot/v2/hook/{_KEY}/?"),
    ("wecombot", rf"wecombot://{_KEY}/?"),
    ("dingtalk", r"dingtalk://(?:(?P<secret>[A-Za-z0-9]{8,100})@)?(?P<key>[A-Za-z0-9]{8,100})/?"),
    ("feishu", rf"feishu://{_KEY}/?"),
)


def normal(text: str) -> str:
    """A robot's address as it is kept: "wecombot://key". Raises DomainError for any other address."""
    for schema, pattern in _ADDRESSES:
        if found := re.fullmatch(pattern, text):
            parts = found.groupdict()
            secret = f"{parts['secret']}@" if parts.get("secret") else ""
            return f"{schema}://{secret}{parts['key']}"
    raise DomainError(
        "chat_url",
        N_("This is not the address of a robot in WeCom, DingTalk or Feishu. Please copy it there whole."),
        field="chat_url",
    )


def send(address: str, text: str) -> bool:
    """Hand `text` to the robot behind an address of `normal`: whether it took it."""
    return bool(_robot(address).notify(body=text))


def _robot(address: str) -> NotifyWeComBot | NotifyDingTalk | NotifyFeishu:
    schema, _, rest = address.partition("://")
    secret, _, key = rest.rpartition("@")
    # These answer themselves; one that sends elsewhere is not followed.
    if schema == "wecombot":
        return NotifyWeComBot(key=key, redirect="no")
    if schema == "dingtalk":
        return NotifyDingTalk(token=key, secret=secret or None, redirect="no")
    return NotifyFeishu(token=key, redirect="no")

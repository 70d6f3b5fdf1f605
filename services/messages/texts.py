"""What leaves the product: one message as it is, several at once as a list, each with the link to its page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.messages.models import Message
from services.messages.templates import LANGUAGES, Text

# A long SMS is refused; all of it is in the inbox.
LISTED = 8
SENTENCE = re.compile(r".*?(?:[。！？]|[.!?](?=\s|$))|.+")

SEVERAL = {
    "zh": Text("邻里：{count}条消息", "您有{count}条消息："),
    "en": Text("Linli: {count} messages", "You have {count} messages:"),
}
# A locked screen shows it to whoever holds the device: it names nobody.
NEUTRAL = {
    "zh": ("邻里", "您有一条消息", "您有{count}条消息"),
    "en": ("Linli", "You have a message", "You have {count} messages"),
}
MORE = {"zh": "还有{count}条，请打开邻里查看。", "en": "And {count} more, in Linli."}

Said = Sequence[tuple[Message, Text]]


@dataclass
class Site:
    """Where the pages that messages link to are."""

    address: str = "http://localhost:8000"


_site = Site()


def configure(address: str) -> None:
    """Links in messages begin with `address` (scheme and host)."""
    _site.address = address.rstrip("/")


def host() -> str:
    """The host that links and Message-IDs name."""
    return urlsplit(_site.address).hostname or "localhost"


def link(message: Message) -> str:
    """The address of the page a message is about; "" for none."""
    return f"{_site.address}{message.path}" if message.path else ""


def long(said: Said) -> Text:
    """Messages to one reader as one e-mail."""
    message, text = said[0]
    if len(said) == 1:
        body = "\n\n".join(part for part in (text.body, link(message)) if part)
        return Text(_line(text.subject), body)
    several = SEVERAL[LANGUAGES[message.language]]
    subject, begin = several.subject.format(count=len(said)), several.body.format(count=len(said))
    items = ["\n".join(part for part in (f"• {_line(one.subject)}", link(row)) if part) for row, one in said]
    return Text(subject, "\n\n".join([begin, *items]))


def short(said: Said) -> str:
    """Messages to one reader as one SMS or line of chat: subjects and links, of a single one its first sentence too."""
    message, text = said[0]
    if len(said) == 1:
        first = next(iter(SENTENCE.findall(_line(text.body))), "")
        return "\n".join(part for part in (_line(text.subject), first.strip(), link(message)) if part)
    language = LANGUAGES[message.language]
    lines = [SEVERAL[language].body.format(count=len(said))]
    lines += [
        " ".join(part for part in (_line(one.subject), link(row)) if part) for row, one in said[:LISTED]
    ]
    if len(said) > LISTED:
        lines.append(MORE[language].format(count=len(said) - LISTED))
    return "\n".join(lines)


def neutral(said: Said, inbox: str) -> dict[str, str]:
    """Messages to one reader as one notification: how many there are and which page to open, never what they say."""
    message = said[0][0]
    title, one, several = NEUTRAL[LANGUAGES[message.language]]
    alone = len(said) == 1
    return {
        "title": title,
        "body": one if alone else several.format(count=len(said)),
        "path": message.path if alone and message.path else inbox,
        "language": "en" if message.language == "en" else "zh-Hans",
    }


def _line(text: str) -> str:
    # A line break in a name must not become a header or an item of its own.
    return " ".join(text.split())

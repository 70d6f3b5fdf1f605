"""Codes of messages as people read them."""

from services.core.errors import N_
from services.messages.templates import Text

CHANNELS = {
    "push": N_("Notification on my devices"),
    "email": N_("E-mail"),
    "sms": N_("SMS"),
    "chat": N_("Chat"),
}
# Whose push service a browser uses; many small ones use the first.
BROWSERS = {
    "google": N_("Chrome or a browser like it"),
    "mozilla": "Firefox",
    "microsoft": "Edge",
    "apple": "Safari",
}
STATES = {
    "queued": N_("Waiting"),
    "sent": N_("Sent"),
    "delivered": N_("Arrived"),
    "failed": N_("Failed"),
}
TONES = {"queued": "wait", "sent": "good", "delivered": "good", "failed": "bad"}
LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}


def parts(texts: dict[str, Text]) -> dict[str, str]:
    """A message's words as a form names them: subject_zh, body_zh, …"""
    return {
        f"{part}_{language}": getattr(text, part)
        for language, text in texts.items()
        for part in ("subject", "body")
    }


def texts(data: dict[str, str]) -> dict[str, Text]:
    """The words in each language of what a form says."""
    return {
        language: Text(data[f"subject_{language}"], data[f"body_{language}"].replace("\r\n", "\n"))
        for language in LANGUAGES
    }

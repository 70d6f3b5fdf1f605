"""Codes of messages as people read them."""

from services.core.errors import N_

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

"""Codes of messages as people read them."""

from services.core.errors import N_

CHANNELS = {"email": N_("E-mail"), "sms": N_("SMS"), "chat": N_("Chat")}
STATES = {
    "queued": N_("Waiting"),
    "sent": N_("Sent"),
    "delivered": N_("Arrived"),
    "failed": N_("Failed"),
}
TONES = {"queued": "wait", "sent": "good", "delivered": "good", "failed": "bad"}
LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}

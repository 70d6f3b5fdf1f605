"""The words of small wishes on pages."""

from flask_babel import gettext as _

from app.wishes.blueprint import bp
from app.words import named, options, said
from services.communities import catalogue
from services.core.errors import N_
from services.wishes import wishes

STATES = {
    "asked": (N_("To be looked at"), "wait"),
    "open": (N_("Not taken on yet"), "info"),
    "claimed": (N_("Taken on"), "wait"),
    "fulfilled": (N_("Fulfilled, to be confirmed"), "warn"),
    "confirmed": (N_("Came true"), "good"),
    "closed": (N_("Closed"), "plain"),
}
REASONS = {**wishes.REASONS, "household_closed": N_("The household is closed")}


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {
        "wish_kind": lambda code: said(catalogue.WISH_KINDS, [code]),
        "wish_kinds": lambda: options(catalogue.WISH_KINDS),
        "wish_state": lambda code: _(STATES[code][0]),
        "wish_tone": lambda code: STATES[code][1],
        "wish_states": lambda: [(code, _(name)) for code, (name, _tone) in STATES.items()],
        "wish_reason": lambda code: _(REASONS[code]) if code in REASONS else code,
        "wish_reasons": lambda: named(wishes.REASONS),
    }

"""The words and lists behind each figure: label, the list it counts, how it is meant."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from services.core.errors import N_

# code: (label, endpoint of the list, arguments, tone when it is not zero, icon)
FIGURES: dict[str, tuple[str, str, dict[str, str], str, str]] = {
    "households_in_need": (
        N_("Households in need"),
        "households.index",
        {"show": "in_need"},
        "plain",
        "house",
    ),
    "households_paired": (N_("With a helper"), "households.index", {"show": "paired"}, "good", "handshake"),
    "households_unpaired": (
        N_("Without a helper"),
        "households.index",
        {"show": "unpaired"},
        "warn",
        "house",
    ),
    "households_without_consent": (
        N_("Without consent to matching"),
        "households.index",
        {"show": "no_consent"},
        "warn",
        "file-text",
    ),
    "urgent_unpaired": (
        N_("Urgent and without a helper"),
        "households.index",
        {"show": "unpaired", "urgency": "5"},
        "bad",
        "house",
    ),
    "households_asking": (
        N_("Households that ask for help"),
        "households.index",
        {"show": "asking"},
        "warn",
        "hand",
    ),
    "volunteers": (N_("Volunteers"), "volunteers.index", {"state": "active"}, "plain", "users"),
    "volunteers_waiting": (
        N_("Registrations to approve"),
        "volunteers.index",
        {"state": "pending"},
        "warn",
        "users",
    ),
    "volunteers_helping": (
        N_("Volunteers helping a household"),
        "volunteers.index",
        {"show": "helping"},
        "good",
        "users",
    ),
    "party_members_helping": (
        N_("Party members helping a household"),
        "volunteers.index",
        {"show": "party_helping"},
        "good",
        "users",
    ),
    "pairings": (N_("Living pairings"), "pairings.index", {"state": "living"}, "good", "handshake"),
    "stops_asked": (N_("Helpers who ask to stop"), "pairings.index", {"state": "stop"}, "bad", "handshake"),
    "proposals_waiting": (
        N_("Proposals waiting for an answer"),
        "pairings.proposals",
        {},
        "warn",
        "hourglass",
    ),
    "offers_waiting": (N_("Helpers who offer themselves"), "pairings.offers", {}, "warn", "hand"),
    "followups_open": (N_("Open follow-ups"), "followups.index", {}, "plain", "bell"),
    "followups_late": (N_("Late follow-ups"), "followups.index", {"stage": "late"}, "bad", "bell"),
    "followups_escalated": (
        N_("Follow-ups nobody reacted to"),
        "followups.index",
        {"stage": "escalated"},
        "bad",
        "octagon-alert",
    ),
    "followups_done_this_month": (
        N_("Follow-ups done this month"),
        "followups.index",
        {"stage": "done"},
        "good",
        "bell",
    ),
    "visits_this_month": (
        N_("Visits this month"),
        "visits.index",
        {"month": "this"},
        "plain",
        "clipboard-list",
    ),
    "visits_waiting": (
        N_("Visits to be confirmed"),
        "visits.index",
        {"state": "noted"},
        "warn",
        "clipboard-list",
    ),
    "visits_disputed": (
        N_("Visits somebody disputes"),
        "visits.index",
        {"state": "disputed"},
        "bad",
        "clipboard-list",
    ),
    "confirmed_hours_this_month": (
        N_("Confirmed hours this month"),
        "visits.index",
        {"state": "confirmed", "month": "this"},
        "good",
        "clock",
    ),
    "messages_failed": (
        N_("Messages that did not arrive"),
        "messages.sent",
        {"state": "failed"},
        "bad",
        "mail",
    ),
    "units_pledging": (N_("Units with an open pledge"), "pledges.index", {"only": "open"}, "good", "gift"),
    "pledges_open": (N_("Open pledges"), "pledges.index", {"only": "open"}, "plain", "gift"),
    "allocations_to_deliver": (
        N_("To be handed over"),
        "pledges.allocations",
        {"state": "reserved"},
        "warn",
        "gift",
    ),
    "offers_to_answer": (
        N_("Units' offers to answer"),
        "pledges.allocations",
        {"state": "offered"},
        "warn",
        "hand",
    ),
    "wishes_asked": (
        N_("Small wishes to look at"),
        "wishes.index",
        {"state": "asked"},
        "warn",
        "sparkles",
    ),
    "wishes_claimed": (
        N_("Small wishes on their way"),
        "wishes.index",
        {"state": "claimed"},
        "plain",
        "sparkles",
    ),
    "wishes_fulfilled": (
        N_("Small wishes to confirm"),
        "wishes.index",
        {"state": "fulfilled"},
        "warn",
        "sparkles",
    ),
    "deliveries_this_month": (
        N_("Handed over this month"),
        "pledges.allocations",
        {"month": "this"},
        "good",
        "gift",
    ),
    "own_proposals": (N_("Proposals for you"), "pairings.mine", {}, "warn", "handshake"),
    "own_followups": (N_("What you have promised"), "followups.index", {"owner": "mine"}, "warn", "bell"),
    "standing_in": (
        N_("You stand in for others"),
        "followups.index",
        {"owner": "standing_in"},
        "warn",
        "users",
    ),
    "own_pairings": (N_("Households you help"), "pairings.mine", {}, "good", "house"),
    "home_proposals": (N_("A helper is proposed to you"), "pairings.mine", {}, "warn", "handshake"),
    "home_visits": (N_("Visits to confirm"), "visits.mine", {}, "warn", "clipboard-list"),
    "unit_allocations": (
        N_("Waiting to be handed over"),
        "pledges.own_uses",
        {"state": "reserved"},
        "warn",
        "gift",
    ),
    "unit_pledges": (N_("Our open pledges"), "pledges.mine", {}, "good", "gift"),
    "own_wishes": (N_("Wishes you fulfil"), "wishes.own_claims", {"show": "open"}, "warn", "sparkles"),
    "home_wishes": (N_("Wishes that may have come true"), "wishes.ours", {}, "warn", "sparkles"),
    "unmet_by_kind": (N_("Needs without a helper"), "households.index", {}, "warn", "house"),
}


def label(code: str) -> str:
    """A figure's name in the page's language."""
    return _(FIGURES[code][0])


def url(code: str, **more: str) -> str:
    """The list a figure counts, narrowed by `more`."""
    _label, endpoint, arguments, _tone, _icon = FIGURES[code]
    values: dict[str, Any] = {**arguments, **more}
    return url_for(endpoint, **values)


def card(code: str, number: int) -> dict[str, object]:
    """What the key-figure macro takes for one figure."""
    _label, _endpoint, _arguments, tone, icon = FIGURES[code]
    return {
        "number": number,
        "label": label(code),
        "url": url(code),
        "tone": tone if number else "plain",
        "icon_name": icon,
    }

"""The main menu of a role, in the order people need it."""

from dataclasses import dataclass, replace

from flask import current_app, request, url_for
from flask_babel import gettext as _

from app import auth
from services.communities.models import Community
from services.core import permissions
from services.core.actor import Actor
from services.core.errors import N_

# Endpoint, label, icon; shown when the actor may call the endpoint.
# The first four of a role are its tabs on a phone.
_MENU = (
    ("reports.home", N_("Today"), "house"),
    ("pairings.find", N_("Find neighbours"), "search"),
    ("pairings.mine", N_("My pairings"), "handshake"),
    ("visits.mine", N_("My visits"), "clipboard-list"),
    ("households.mine", N_("My household"), "house"),
    ("wishes.ours", N_("Our wishes"), "sparkles"),
    ("pledges.mine", N_("Our pledges"), "gift"),
    ("pledges.market", N_("Needs market"), "store"),
    ("wishes.open_wishes", N_("Small wishes"), "sparkles"),
    ("pledges.people", N_("Our people"), "users"),
    ("pairings.runs", N_("Matching"), "handshake"),
    ("followups.index", N_("Follow-ups"), "bell"),
    ("volunteers.own", N_("My profile"), "user"),
    ("register.index", N_("The register"), "search"),
    ("households.index", N_("Households"), "house"),
    ("volunteers.index", N_("Volunteers"), "users"),
    ("pairings.index", N_("Pairings"), "handshake"),
    ("visits.index", N_("Visits"), "clipboard-list"),
    ("pledges.index", N_("Units and pledges"), "gift"),
    ("pledges.projects", N_("Projects"), "flag"),
    ("wishes.index", N_("Small wishes"), "sparkles"),
    ("ledgers.index", N_("Ledgers"), "file-spreadsheet"),
    ("reports.community_figures", N_("Figures"), "chart-column"),
    ("messages.sent", N_("Messages sent"), "mail"),
    ("people.members", N_("Members"), "users"),
    ("communities.settings", N_("Settings"), "settings"),
)


@dataclass(frozen=True)
class Item:
    """One entry of the menu."""

    label: str
    url: str
    active: bool
    icon: str


def items(actor: Actor, community: Community | None) -> list[Item]:
    """The menu of `actor` in `community`; empty outside of a community."""
    if community is None or actor.has("guest"):
        return []
    shown: list[Item] = []
    for endpoint, label, icon in _MENU:
        view = current_app.view_functions.get(endpoint)
        if view is not None and permissions.allowed(actor, auth.permission_of(view)):
            shown.append(Item(_(label), url_for(endpoint, community=community.code), False, icon))
    # The page of a single thing belongs to its list: the longest address that begins this one, or the same area.
    first, *lists = shown
    area = url_for("reports.home", community=community.code) + f"{request.blueprint}/"
    near = [item for item in lists if request.path.startswith(item.url)]
    near = near or [item for item in lists if item.url.startswith(area)] or [first]
    here = max(near, key=lambda item: len(item.url))
    return [replace(item, active=item is here) for item in shown]

"""Everything so far: the timeline of a household and of a helper, for the office and for themselves."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from app.auth import allow
from app.language import day, local, moment
from app.pledges.words import quantity
from app.reports.blueprint import bp
from app.visits.words import OUTCOMES
from app.words import said
from services.communities import catalogue
from services.core.errors import N_
from services.core.paging import Page
from services.households import registration
from services.pairings import reasons
from services.reports import timeline
from services.reports.timeline import Line
from services.volunteers import profiles

SENTENCES = {
    "pairing.begun": N_("%(helper)s begins to help %(household)s"),
    "pairing.ended": N_("%(helper)s no longer helps %(household)s"),
    "proposal.asked": N_("%(helper)s is proposed to %(household)s"),
    "proposal.helper.yes": N_("%(helper)s says yes to helping %(household)s"),
    "proposal.helper.no": N_("%(helper)s says no to helping %(household)s"),
    "proposal.household.yes": N_("%(household)s says yes to %(helper)s"),
    "proposal.household.no": N_("%(household)s says no to %(helper)s"),
    "visit.visit": N_("%(helper)s visits %(household)s"),
    "visit.call": N_("%(helper)s calls %(household)s"),
    "visit.disputed": N_("Somebody says that the visit of %(day)s was not so"),
    "visit.closed.corrected": N_("The visit of %(day)s is put right"),
    "visit.closed.withdrawn": N_("The visit of %(day)s is taken back"),
    "followup.reminded": N_("Reminder: %(plan)s"),
    "followup.done": N_("Done: %(plan)s"),
    "followup.postponed": N_("Postponed to %(to_on)s: %(plan)s"),
    "followup.handed_over": N_("Handed over to %(to)s: %(plan)s"),
    "followup.escalated": N_("Overdue, others are told: %(plan)s"),
    "delivery": N_("%(household)s receives %(what)s"),
    "wish.asked": N_("%(household)s has a small wish: %(what)s"),
    "wish.claimed": N_("A small wish of %(household)s is taken on: %(what)s"),
    "wish.not_come": N_("A small wish of %(household)s has not come yet: %(what)s"),
    "wish.fulfilled": N_("A small wish of %(household)s is fulfilled: %(what)s"),
    "wish.given_back": N_("A small wish of %(household)s is given back: %(what)s"),
}
# The fact that says which sentence it is.
VARIANT = {
    "proposal.helper": "answer",
    "proposal.household": "answer",
    "visit": "kind",
    "visit.closed": "state",
    "followup": "action",
}
# Where a line leads the office, a helper, a household.
PAGES = {
    "office": {
        "pairing": ("pairings.show", "pairing_id"),
        "proposal": ("pairings.proposal", "proposal_id"),
        "visit": ("visits.show", "visit_id"),
        "followup": ("followups.show", "follow_up_id"),
        "delivery": ("pledges.allocation", "allocation_id"),
        "wish": ("wishes.show", "wish_id"),
    },
    "own": {
        "pairing": ("pairings.mine", ""),
        "proposal": ("pairings.mine", ""),
        "visit": ("visits.show", "visit_id"),
        "followup": ("followups.show", "follow_up_id"),
        "delivery": ("pledges.received", ""),
        "wish": ("wishes.ours", ""),
    },
}


@bp.get("/c/<community>/timeline/households/<uuid:household_id>")
@allow("households.read")
def household_timeline(household_id: uuid.UUID) -> str:
    """A household's, for the office."""
    row = registration.get_household(g.actor, household_id)
    page = timeline.of_household(g.actor, household_id=household_id, after=request.args.get("after"))
    return _page(
        page,
        "office",
        row.name,
        (row.name, url_for("households.show", household_id=row.id)),
        lambda **more: url_for("reports.household_timeline", household_id=row.id, **more),
    )


@bp.get("/c/<community>/timeline/volunteers/<uuid:volunteer_id>")
@allow("volunteers.read")
def volunteer_timeline(volunteer_id: uuid.UUID) -> str:
    """A helper's, for the office."""
    row = profiles.get_volunteer(g.actor, volunteer_id)
    page = timeline.of_volunteer(g.actor, volunteer_id=volunteer_id, after=request.args.get("after"))
    return _page(
        page,
        "office",
        row.name,
        (row.name, url_for("volunteers.show", volunteer_id=row.id)),
        lambda **more: url_for("reports.volunteer_timeline", volunteer_id=row.id, **more),
    )


@bp.get("/c/<community>/timeline/my-help")
@allow("volunteers.own")
def own_help_timeline() -> str:
    """A helper's own."""
    return _page(
        timeline.own_help(g.actor, after=request.args.get("after")),
        "own",
        _("As a volunteer"),
        (_("My profile"), url_for("volunteers.own")),
        lambda **more: url_for("reports.own_help_timeline", **more),
    )


@bp.get("/c/<community>/timeline/my-household")
@allow("households.own")
def own_household_timeline() -> str:
    """A household's own."""
    return _page(
        timeline.own_household(g.actor, after=request.args.get("after")),
        "own",
        _("My household"),
        (_("My household"), url_for("households.mine")),
        lambda **more: url_for("reports.own_household_timeline", **more),
    )


def _page(
    page: Page[Line], reader: str, lead: str, back: tuple[str, str], address: Callable[..., str]
) -> str:
    return render_template(
        "reports/timeline.html",
        lines=told(page.rows, reader),
        lead=lead,
        back=back,
        desk=reader == "office",
        next_url=address(after=page.next) if page.next else None,
        first_url=address() if request.args.get("after") else None,
    )


def told(rows: Sequence[Line], reader: str) -> list[tuple[str, str, str, str]]:
    """Lines as a page shows them: when, what happened, more about it, and the address it leads to."""
    return [(_when(line), sentence(line), _detail(line), _link(line, reader)) for line in rows]


def sentence(line: Line) -> str:
    """What happened, as a sentence."""
    facts = line.facts
    code = f"{line.code}.{facts[VARIANT[line.code]]}" if line.code in VARIANT else line.code
    return _(
        SENTENCES[code],
        helper=line.helper,
        household=line.household or _("a household"),
        day=day_of(facts.get("started_at")),
        plan=local(facts["plan"]) if facts["plan"] else "",
        to_on=day(facts.get("to_on")),
        to=facts["to"] or _("The staff"),
        what=_what(facts),
    )


def _what(facts: Mapping[str, Any]) -> str:
    if "item" in facts:
        return f"{facts['item']}, {quantity(facts['quantity'], facts['measure'])}"
    return said(catalogue.WISH_KINDS, [facts["wish_kind"]]) if "wish_kind" in facts else ""


def day_of(instant: object) -> str:
    """The community's day of an instant; "" for none."""
    return format_date(instant, "medium") if instant else ""


def _when(line: Line) -> str:
    return day_of(line.at) if line.by_day else moment(line.at)


def _detail(line: Line) -> str:
    """What more is to be said: how a visit went and how long it was, who did it, why a pairing ended."""
    facts = line.facts
    if line.code == "visit":
        words, *_look = OUTCOMES[facts["outcome"]]
        outcome = _(words)
        minutes = facts["minutes"]
        return f"{outcome} · {_('%(minutes)s min', minutes=minutes)}" if minutes else outcome
    if line.code == "pairing.ended":
        return said(reasons.END, [facts["reason"]])
    if line.code == "wish.fulfilled" and facts["confirmed_on"] is None:
        return _("Fulfilled, to be confirmed")
    if line.code.startswith("wish."):
        return facts["by"]
    return facts["by"] if line.code == "followup" and facts["action"] != "reminded" else ""


def _link(line: Line, reader: str) -> str:
    endpoint, name = PAGES[reader][line.code.partition(".")[0]]
    values: dict[str, Any] = {name: line.about} if name else {}
    return url_for(endpoint, **values)

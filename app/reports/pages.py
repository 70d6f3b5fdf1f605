"""First pages by role, the community's figures, and a region's."""

from flask import g, render_template
from flask_babel import format_date

from app.auth import allow
from app.reports import duty, monthly, officials, timeline, words
from app.reports.blueprint import bp
from services.communities import catalogue
from services.core import clock, permissions
from services.reports import figures, first_run, work

__all__ = ["bp", "monthly", "officials", "timeline"]

HOUSEHOLDS = (
    "households_in_need",
    "households_paired",
    "households_unpaired",
    "households_without_consent",
    "unpaired_by_urgency",
    "needs_by_kind",
    "unmet_by_kind",
)
HELPERS = ("volunteers", "volunteers_helping", "party_members_helping", "pairings")
PROMISES = (
    "followups_open",
    "followups_late",
    "followups_done_this_month",
    "visits_this_month",
    "confirmed_hours_this_month",
)
PLEDGES = ("units_pledging", "pledges_open", "allocations_to_deliver", "deliveries_this_month")


@bp.get("/c/<community>/")
@allow("signed_in")
def home() -> str:
    """What to do now, for each role the person has here."""
    at = figures.moment(clock.now(), g.community.zone)
    office = permissions.allowed(g.actor, "reports.community")
    return render_template(
        "reports/home.html",
        sections=work.by_role(g.actor),
        words=words,
        today=at.day,
        first=first_run.where(g.actor) if office else None,
        at_once=work.FIRST,
        then=work.THEN,
        duty=duty.next_up() if g.actor.has("volunteer") else None,
        expected=duty.expected() if permissions.allowed(g.actor, "households.own") else [],
    )


@bp.get("/c/<community>/figures")
@allow("reports.community")
def community_figures() -> str:
    """The community's figures; each leads to the list it counts."""
    at = figures.moment(clock.now(), g.community.zone)
    counted = figures.count(HOUSEHOLDS + HELPERS + PROMISES + PLEDGES, at)
    return render_template(
        "reports/figures.html",
        words=words,
        counted=counted,
        number=figures.number,
        groups=(HELPERS, PROMISES, PLEDGES),
        urgencies=_urgencies(counted),
        kinds=_kinds(counted),
        months=[
            (format_date(first, "yyyy-MM", rebase=False), hours)
            for first, hours in figures.hours_by_month(at)
        ],
    )


def _urgencies(counted: dict[str, figures.Parts]) -> list[tuple[str, int]]:
    return [
        (
            str(urgency),
            counted["unpaired_by_urgency"].get(str(urgency), 0),
        )
        for urgency in (5, 4, 3, 2, 1)
    ]


def _kinds(counted: dict[str, figures.Parts]) -> list[tuple[catalogue.Term, int, int]]:
    rows = [
        (
            term,
            counted["needs_by_kind"].get(term.code, 0),
            counted["unmet_by_kind"].get(term.code, 0),
        )
        for term in catalogue.listed(catalogue.NEED_KINDS)
    ]
    return sorted((row for row in rows if row[1]), key=lambda row: (-row[2], -row[1], row[0].code))

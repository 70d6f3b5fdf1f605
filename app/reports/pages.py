"""First pages by role, the community's figures, and a region's."""

from flask import g, render_template
from flask_babel import format_date

from app.auth import allow
from app.reports import timeline, words
from app.reports.blueprint import bp
from services.communities import catalogue
from services.core import clock, permissions
from services.reports import figures, roll_up, work

__all__ = ["bp", "timeline"]

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
    sections = []
    if g.actor.has("volunteer"):
        sections.append(("volunteer", work.volunteer(g.actor)))
    if permissions.allowed(g.actor, "households.own"):
        sections.append(("resident", work.resident(g.actor)))
    if permissions.allowed(g.actor, "pledges.own"):
        sections.append(("unit", work.unit(g.actor)))
    if permissions.allowed(g.actor, "reports.community"):
        sections.append(("office", work.office(g.actor, at=at)))
    return render_template(
        "reports/home.html",
        sections=sections,
        words=words,
        today=at.day,
        first=work.FIRST,
        then=work.THEN,
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
        for term in catalogue.NEED_KINDS
    ]
    return sorted((row for row in rows if row[1]), key=lambda row: (-row[2], -row[1], row[0].code))


@bp.get("/r/<int:region_id>/")
@allow("reports.region")
def region() -> str:
    """A region's figures, community by community in alphabetical order; small counts are hidden."""
    sheet = roll_up.sheet(g.actor, region=g.region)
    kinds = [term for term in catalogue.NEED_KINDS if term.code in sheet.parts]
    return render_template(
        "reports/region.html",
        region=g.region,
        sheet=sheet,
        metrics=[metric for metric in roll_up.METRICS if metric != "unmet_by_kind"],
        kinds=kinds,
        words=words,
    )

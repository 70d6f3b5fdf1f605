"""A unit's year sheet: what it gave and what it got, on a page and as a paper of one side; every unit's year for the office."""

import uuid
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import papers
from app.auth import allow
from app.language import day, local
from app.pledges import words
from app.pledges.blueprint import Page, bp
from app.words import said
from services.communities import catalogue, regions
from services.core.errors import NotFound
from services.pledges import impact as rules
from services.pledges import offers, standings, units
from services.pledges.impact import Impact, Part


@bp.get("/units/<uuid:unit_id>/impact")
@allow("pledges.offer")
def impact(unit_id: uuid.UUID) -> Page:
    """What a unit's pledges came to in a year."""
    found = rules.of_unit(g.actor, unit_id=unit_id, year=asked_year())
    return render_template(
        "pledges/impact.html",
        impact=found,
        office=g.actor.has("staff", "admin"),
        years=rules.years_of(g.actor, unit_id=unit_id),
        reached=_reached(found),
        how=how_counted(),
    )


@bp.get("/units/<uuid:unit_id>/impact/<int:year>.pdf")
@allow("pledges.offer")
def impact_pdf(unit_id: uuid.UUID, year: int) -> Response:
    """The same as a paper of one side."""
    found = rules.of_unit(g.actor, unit_id=unit_id, year=year)
    return papers.answer("impact", on_paper(found), filename=f"{g.community.code}-{year}.pdf")


def on_paper(found: Impact) -> dict[str, Any]:
    """What the layout of the impact sheet shows."""
    office = local(g.community)
    return {
        "title": _("What %(unit)s gave in %(year)s", unit=found.unit.name, year=found.year),
        "lead": office,
        "reached": _reached(found),
        "columns": [_("Pledge"), _("Theme"), _("Promised"), _("Delivered"), _("Households")],
        "rows": [_row(part) for part in found.parts],
        "nothing": _("Nothing was promised for this year."),
        "themes": {
            "title": _("By theme"),
            "columns": [_("Theme"), _("Promised"), _("Delivered")],
            "rows": [
                [
                    words.theme(one.of),
                    *(words.quantity(n, one.measure) for n in (one.promised, one.delivered)),
                ]
                for one in found.themes
            ],
        },
        "got": {
            "title": _("What it got in return"),
            "columns": [_("Day"), _("Kind"), _("What")],
            "rows": [
                [day(one.given_on), said(catalogue.BENEFIT_KINDS, [one.kind]), one.line]
                for one in found.benefits
            ],
        },
        "thanks": _("Thank you, on behalf of everybody who was helped."),
        "how": how_counted(),
        "office": office,
        "day": day(regions.today(g.community.id)),
        "foot": f"{office} · {found.unit.name} · {found.year}",
    }


def thanks(found: Impact) -> str:
    """Thanks for what was handed over in the year; "" before anything was."""
    if not found.handed_over:
        return ""
    return _("Thank you! In %(year)s so far: %(reached)s", year=found.year, reached=_reached(found))


@bp.get("/year")
@allow("pledges.read")
def year() -> Page:
    """What all units gave in a year, by theme and by unit."""
    chosen = asked_year()
    parts = rules.of_community(g.actor, year=chosen)
    rows = {row.id: row for row in units.all_units(g.actor)}
    return render_template(
        "pledges/year.html",
        year=chosen,
        before=chosen - 1 if chosen > rules.FIRST else None,
        after=chosen + 1 if chosen < regions.today(g.community.id).year else None,
        themes=rules.by_theme(parts),
        totals=rules.by_unit(parts, rows),
        theme_links={
            theme: url_for("pledges.index", theme=theme or standings.UNTHEMED)
            for theme in ("", *offers.THEMES)
        },
        unit_links={
            row.name: url_for("pledges.impact", unit_id=row.id, year=chosen) for row in rows.values()
        },
        how=how_counted(),
    )


def how_counted() -> str:
    """How the numbers of the sheet are meant."""
    return _(
        "Promised is what was pledged for the periods that have begun, less what was taken back. Delivered is what was "
        "signed for. Who the households are is known to the community office alone."
    )


def _row(part: Part) -> list[str]:
    pledge = part.pledge
    return [
        pledge.item,
        words.theme(pledge.theme),
        words.quantity(part.promised, pledge.measure),
        words.quantity(part.delivered, pledge.measure),
        str(part.households),
    ]


def _reached(found: Impact) -> str:
    if not found.handed_over:
        return _("Nothing has been handed over yet.")
    times = ngettext("Handed over once", "Handed over %(num)s times", found.handed_over)
    households = ngettext("%(num)s household", "%(num)s households", found.households)
    if not found.projects:
        return _("%(times)s, to %(households)s.", times=times, households=households)
    projects = ngettext("%(num)s project", "%(num)s projects", found.projects)
    if not found.households:
        return _("%(times)s, for %(projects)s.", times=times, projects=projects)
    return _(
        "%(times)s, to %(households)s and for %(projects)s.",
        times=times,
        households=households,
        projects=projects,
    )


def asked_year() -> int:
    """The year of the address, the present one when it names none. Raises NotFound."""
    typed = request.args.get("year", "")
    if not typed:
        return regions.today(g.community.id).year
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
        raise NotFound()
    return int(typed)

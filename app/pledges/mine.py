"""A unit's own pages: what it pledged and how that goes down, what became of it, its people."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.people import joining
from app.pledges import impact as sheets
from app.pledges import words
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import ColleagueSchema
from services.communities import regions
from services.core import locks
from services.core.errors import N_
from services.pledges import (
    burndown,
    impact,
    market,
    offers,
    project_market,
    standings,
    unit_pairings,
    units,
    uses,
)
from services.pledges.models import Pledge, Unit, UnitPerson

ONLY_NAMES = {
    "open": N_("Open"),
    "free": N_("Something is free now"),
    "expired": N_("Ended"),
    "withdrawn": N_("Taken back"),
}
ON_A_PAGE = 10


@bp.get("/mine")
@allow("pledges.own")
def mine() -> Page:
    """A unit's own pledges, each with how it goes down and what comes next."""
    unit = units.own_unit(g.actor)
    if unit is None:
        return render_template("pledges/no_unit.html")
    only = request.args.get("only", "")
    only = only if only in ONLY_NAMES else ""
    lines, following = standings.lines(
        g.actor, unit_id=unit.id, only=only, after=request.args.get("after"), limit=ON_A_PAGE
    )
    year = impact.of_unit(g.actor, unit_id=unit.id, year=regions.today(g.community.id).year)
    return render_template(
        "pledges/mine.html",
        unit=unit,
        pairings=unit_pairings.of_unit(g.actor, unit_id=unit.id),
        impact=year,
        thanks=sheets.thanks(year),
        lines=lines,
        only=only,
        only_names=words.named(ONLY_NAMES),
        totals=_totals(unit),
        burndowns=burndown.of_lines(g.actor, lines),
        helped=project_market.helped(g.actor),
        recent=uses.of_unit(g.actor, unit_id=unit.id, limit=5)[0],
        next_url=following and url_for("pledges.mine", only=only or None, after=following),
    )


def _totals(unit: Unit) -> dict[str, int]:
    """Numbers on top of the page; each is the length of the list it links to."""
    return {
        **uses.counts_of_unit(g.actor, unit_id=unit.id),
        "open": standings.open_of_unit(unit.id, regions.today(g.community.id)),
        "wishes": sum(market.counts(g.actor).values()),
    }


@bp.get("/mine/uses")
@allow("pledges.own")
def own_uses() -> Page:
    """What became of the unit's pledges, by state or pledge; never for whom."""
    unit = units.own_unit(g.actor)
    if unit is None:
        return render_template("pledges/no_unit.html")
    state, pledge = request.args.get("state", ""), request.args.get("pledge", "")
    chosen = offers.get_pledge(g.actor, locks.get(Pledge, pledge).id) if pledge else None
    kept: dict[str, Any] = {name: value for name, value in (("state", state), ("pledge", pledge)) if value}
    rows, following = uses.of_unit(
        g.actor,
        unit_id=unit.id,
        state=state if state in uses.STATES else "",
        pledge_id=chosen.id if chosen else None,
        after=request.args.get("after"),
    )
    return render_template(
        "pledges/own_uses.html",
        uses=rows,
        state=state,
        pledge=chosen,
        next_url=following and url_for("pledges.own_uses", after=following, **kept),
    )


@bp.route("/people", methods=["GET", "POST"])
@allow("pledges.own")
def people() -> Page:
    """Who speaks for the unit; let a colleague in."""
    unit = units.own_unit(g.actor)
    if unit is None:
        return render_template("pledges/no_unit.html")
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(ColleagueSchema)
            person = units.add_person(g.actor, unit_id=unit.id, name=data["person_name"])
            return invitation(person, units.invite_person(g.actor, person_id=person.id))
    helping, helpers = units.helpers_among(g.actor, unit_id=unit.id)
    page = render_template(
        "pledges/people.html",
        unit=unit,
        people=units.people_of(g.actor, unit.id),
        helping=helping,
        helpers=helpers,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def invitation(person: UnitPerson, secret: str) -> str:
    """A colleague's link to open an account by, shown once."""
    url = url_for("pledges.join", secret=secret, _external=True)
    return joining.invitation_page(name=person.name, url=url, back=_back(person))


def gone(person: UnitPerson) -> Page:
    """Back to where the unit's people are listed, after one was removed."""
    flash(_("This person no longer speaks for the unit."), "success")
    return redirect(_back(person)[1])


def _back(person: UnitPerson) -> tuple[str, str]:
    if g.actor.has("staff", "admin"):
        return _("Unit"), url_for("pledges.unit", unit_id=person.unit_id)
    return _("Our people"), url_for("pledges.people")

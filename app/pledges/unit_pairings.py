"""Units that look after the community, a household or a project: beginning and ending it."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import words
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import EndPairingSchema, UnitPairingSchema
from app.pledges.units import unit_page
from services.core import locks
from services.households.models import Household
from services.pledges import unit_pairings, units
from services.pledges.models import UnitPairing
from services.pledges.project_models import Project


@bp.route("/pairings/new", methods=["GET", "POST"])
@allow("pledges.allocate")
def pair_unit() -> Page:
    """Have a unit look after the community, or the household or project of the address."""
    errors: forms.Errors = {}
    wanted, meant = request.args.get("household", ""), request.args.get("project", "")
    household = locks.get(Household, wanted) if wanted else None
    project = locks.get(Project, meant) if meant else None
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(UnitPairingSchema)
            row = unit_pairings.pair(
                g.actor,
                unit_id=data["unit"],
                rhythm=data["rhythm"],
                household_id=household.id if household else None,
                project_id=project.id if project else None,
            )
            flash(_("Paired. The office is reminded when it is time to be in touch."), "success")
            return redirect(_back(row))
    page = render_template(
        "pledges/pair_unit.html",
        household=household,
        project=project,
        units=[(str(row.id), row.name) for row in units.all_units(g.actor)],
        rhythms=words.named(unit_pairings.RHYTHMS),
        form=request.form or {"unit": request.args.get("unit", "")},
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/pairings/<uuid:pairing_id>/end")
@allow("pledges.allocate")
def end_unit_pairing(pairing_id: uuid.UUID) -> Page:
    """A unit no longer looks after the community, a household or a project."""
    errors: forms.Errors = {}
    row = locks.get(UnitPairing, pairing_id)
    with forms.collect(errors):
        unit_pairings.end(g.actor, pairing_id=pairing_id, **forms.read(EndPairingSchema))
        flash(_("Ended. Nothing more is to be done about it."), "success")
        return redirect(url_for("pledges.unit", unit_id=row.unit_id))
    return unit_page(row.unit_id, errors)


def _back(row: UnitPairing) -> str:
    if row.household_id:
        return url_for("households.show", household_id=row.household_id, _anchor="units")
    if row.project_id:
        return url_for("pledges.project", project_id=row.project_id, _anchor="pairings")
    return url_for("pledges.unit", unit_id=row.unit_id)

"""What a unit gets in return: the office's entries, and taking a wrong one back."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import BenefitSchema
from app.words import options
from services.communities import catalogue, regions
from services.people import accounts
from services.pledges import benefits as rules
from services.pledges import units


@bp.route("/units/<uuid:unit_id>/benefits", methods=["GET", "POST"])
@allow("pledges.allocate")
def benefits(unit_id: uuid.UUID) -> Page:
    """Every entry of what a unit got; enter another."""
    errors: forms.Errors = {}
    unit = units.get_unit(g.actor, unit_id)
    if request.method == "POST":
        with forms.collect(errors):
            rules.give(g.actor, unit_id=unit_id, **forms.read(BenefitSchema))
            flash(_("Entered. The unit sees it too."), "success")
            return redirect(url_for("pledges.benefits", unit_id=unit_id))
    entries = rules.entries(g.actor, unit_id=unit_id)
    page = render_template(
        "pledges/benefits.html",
        unit=unit,
        entries=entries,
        gone={entry.counters for entry in entries if entry.counters},
        names=accounts.names({entry.account_id for entry in entries if entry.account_id}),
        kinds=options(catalogue.BENEFIT_KINDS),
        today=regions.today(g.community.id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/benefits/<uuid:benefit_id>/take-back")
@allow("pledges.allocate")
def take_back_benefit(benefit_id: uuid.UUID) -> Page:
    """Take an entry back that was a mistake."""
    row = rules.take_back(g.actor, benefit_id=benefit_id)
    flash(_("Taken back. Both entries stay on record."), "success")
    return redirect(url_for("pledges.benefits", unit_id=row.unit_id))

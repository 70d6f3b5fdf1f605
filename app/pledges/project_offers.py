"""A unit offers part of a pledge for what a project lacks."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import market, words
from app.pledges.blueprint import Page, bp
from services.pledges import project_market as rules


@bp.route("/market/projects/<uuid:part_id>", methods=["GET", "POST"])
@allow("pledges.own")
def help_project(part_id: uuid.UUID) -> Page:
    """Choose a pledge for what a project lacks and offer it; the office answers."""
    errors: forms.Errors = {}
    lacking = rules.one(g.actor, part_id=part_id)
    lines = rules.fitting(g.actor, part_id=part_id)
    wanted = request.values.get("pledge_id") or request.args.get("pledge")
    chosen = next((line for line in lines if str(line.pledge.id) == wanted), lines[0] if lines else None)
    if request.method == "POST":
        with forms.collect(errors):
            pledge, quantity = market.chosen_part()
            rules.offer(g.actor, part_id=part_id, pledge_id=pledge.id, quantity=quantity)
            flash(_("Offered. The community looks at it and tells you. Thank you!"), "success")
            return redirect(url_for("pledges.market"))
    most = min(lacking.part.missing, chosen.standing.free) if chosen else 0
    page = render_template(
        "pledges/help_project.html",
        lacking=lacking,
        chosen=chosen,
        others=[line for line in lines if line is not chosen],
        usual=words.typed(most, chosen.pledge.measure) if chosen else "",
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200

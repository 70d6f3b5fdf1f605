"""A unit offers part of a pledge, or a new one, for what a project lacks."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import market, words
from app.pledges.blueprint import Page, bp
from services.core import locks
from services.pledges import project_market as rules
from services.pledges import quantities
from services.pledges.models import Pledge
from services.pledges.project_market import Lacking
from services.pledges.project_models import ProjectPart


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


def asked() -> Lacking | None:
    """What of a project a unit makes a new pledge for, if any."""
    part = request.args.get("part", "")
    if not part or not g.actor.has("unit"):
        return None
    return rules.one(g.actor, part_id=locks.get(ProjectPart, part).id)


def prefilled(lacking: Lacking) -> dict[str, str]:
    """A pledge of what is missing, as the form would say it."""
    part = lacking.part.part
    return {
        "kind": part.kind,
        "item": part.item,
        "quantity": words.typed(lacking.part.missing, part.measure),
        "measure": part.measure if part.measure not in (quantities.MONEY, quantities.MINUTES) else "",
        "theme": lacking.project.theme,
    }


def give(lacking: Lacking, pledge: Pledge) -> None:
    """Offer all of a pledge that was made for it."""
    rules.offer(g.actor, part_id=lacking.part.part.id, pledge_id=pledge.id, quantity=pledge.promised)
